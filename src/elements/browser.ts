import { inBrowser } from './navigate.ts';

/** Options of `ui.browser.scrollTo`. */
export interface ScrollOptions {
  /** True moves there smoothly, unless the visitor prefers less motion. @default false */
  readonly smooth?: boolean;
}

/**
 * Actions of the browser that are not part of the page's state. Each happens once, also when the server dies meanwhile: the page
 * stores it until its browser has begun it. A browser that is away does it when it returns to the page.
 *
 * @example
 * ui.button('Copy the link', () => ui.browser.copy(address));
 */
export const browser = {
  /** Opens the dialog that prints the page. */
  print(): void {
    inBrowser('ui.browser.print', 'print');
  },

  /** Scrolls the page: to its top, to its bottom, or to a distance from the top in pixels. */
  scrollTo(where: 'top' | 'bottom' | number, { smooth = false }: ScrollOptions = {}): void {
    inBrowser('ui.browser.scrollTo', 'scrollTo', where, smooth);
  },

  /** Puts a text on the clipboard. A browser may refuse it when no click came just before. */
  copy(text: string): void {
    inBrowser('ui.browser.copy', 'copy', text);
  },

  /** Shows the page on the whole screen, or ends that. A browser may refuse it when no click came just before. */
  fullscreen(on = true): void {
    inBrowser('ui.browser.fullscreen', 'fullscreen', on);
  },

  /** Stores a text in the browser's own storage, for all pages of the application. `null` removes it. */
  store(key: string, text: string | null): void {
    inBrowser('ui.browser.store', 'store', key, text ?? false);
  },
};
