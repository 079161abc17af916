import { type JsonObject, safeUrl } from '../protocol/index.ts';
import { pageHost } from './page-host.ts';

/** Options of `ui.navigate.to`. */
export interface NavigateOptions {
  /** True opens the address in a new tab. A browser may block it when no click came just before. @default false */
  readonly newTab?: boolean;
}

/**
 * Navigation of the browser by code of a handler. Each call has its effect once. The page stores it until its browser has begun it,
 * so neither a kill of the server nor a lost connection loses it. A browser that is away navigates when it returns to the page.
 *
 * @example
 * ui.button('Open the order', () => ui.navigate.to(`/orders/${id}`));
 */
export const navigate = {
  /**
   * Opens another page of the application, or any http, https, mailto or tel address.
   *
   * @throws {TypeError} for an address that would run code.
   */
  to(address: string, { newTab = false }: NavigateOptions = {}): void {
    go('ui.navigate.to', address, newTab ? 'open' : 'push');
  },

  /**
   * Opens another page in the place of the present one in the browser's history, so that *back* skips the present one.
   *
   * @throws {TypeError} for an address that would run code.
   */
  replace(address: string): void {
    go('ui.navigate.replace', address, 'replace');
  },

  /**
   * Opens an address in a new tab. A browser may block it when no click came just before.
   *
   * @throws {TypeError} for an address that would run code.
   */
  open(address: string): void {
    go('ui.navigate.open', address, 'open');
  },

  /** Goes back in the browser's history, as its button does. */
  back(): void {
    inBrowser('ui.navigate.back', 'back');
  },

  /** Goes forward in the browser's history. */
  forward(): void {
    inBrowser('ui.navigate.forward', 'forward');
  },

  /** Loads the page again. What the page stores stays. */
  reload(): void {
    inBrowser('ui.navigate.reload', 'reload');
  },
};

function go(what: string, address: string, how: 'push' | 'replace' | 'open'): void {
  if (safeUrl(address) === undefined) {
    throw new TypeError(
      `${what} was given ${JSON.stringify(address)}. Use a path of the application, or an http, https, mailto or tel address.`,
    );
  }
  inBrowser(what, 'navigate', address, how);
}

/** Has the browser that shows the page do a named action once. */
export function inBrowser(what: string, action: string, ...args: (string | number | boolean | JsonObject)[]): void {
  const { tree } = pageHost.require(what);
  tree.call(tree.root, action, args);
}
