import type { StickyPosition } from '../../protocol/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { button } from '../inputs/button.ts';

/** Options of `ui.pageScroller`. */
export interface PageScrollerOptions extends ElementOptions {
  /** The edge or corner of the window. @default 'bottom-right' */
  readonly position?: StickyPosition;
  /** Distance from the left or right edge, in pixels. @default 18 */
  readonly x?: number;
  /** Distance from the top or bottom edge, in pixels. @default 18 */
  readonly y?: number;
  /** Number of pixels that the page is scrolled by before it shows. @default 1000 */
  readonly offset?: number;
}

/** Elements that scroll the page to its top. */
export class PageScroller extends Element {
  /** @internal */
  constructor(build: () => void, options: PageScrollerOptions = {}) {
    const { position = 'bottom-right', x = 18, y = 18, offset = 1000 } = options;
    super('pageScroller', own<'pageScroller'>({ position, x, y, offset }), options);
    this.add(build);
  }
}

/**
 * Shows a button in a corner of the window once the page is scrolled down. A click on it scrolls the page to its top, smoothly unless
 * the visitor prefers less motion.
 *
 * @example
 * ui.pageScroller();
 * ui.pageScroller(() => ui.button('Back to the top'), { position: 'bottom', offset: 500 });
 *
 * @param build makes what is shown, in place of a round button with an arrow.
 */
export function pageScroller(build?: () => void, options?: PageScrollerOptions): PageScroller {
  return new PageScroller(build ?? arrow, options);
}

function arrow(): void {
  button('', undefined, { icon: 'arrow-up', label: 'Scroll to the top', round: true });
}
