import type { StickyPosition } from '../../protocol/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.pageSticky`. */
export interface PageStickyOptions extends ElementOptions {
  /** The edge or corner of the window. @default 'bottom-right' */
  readonly position?: StickyPosition;
  /** Distance from the left or right edge, in pixels. @default 0 */
  readonly x?: number;
  /** Distance from the top or bottom edge, in pixels. @default 0 */
  readonly y?: number;
}

/** Elements that stay at a place of the window while the page scrolls. */
export class PageSticky extends Element {
  /** @internal */
  constructor(build?: () => void, options: PageStickyOptions = {}) {
    const { position = 'bottom-right', x, y } = options;
    super('pageSticky', own<'pageSticky'>({ position, ...(x && { x }), ...(y && { y }) }), options);
    if (build) this.add(build);
  }
}

/**
 * Shows elements at an edge or a corner of the window. They stay there while the page scrolls.
 *
 * @example
 * ui.pageSticky(() => ui.button('', add, { icon: 'add', label: 'Add', round: true }), { x: 20, y: 20 });
 *
 * @param build makes the elements inside.
 */
export function pageSticky(build?: () => void, options?: PageStickyOptions): PageSticky {
  return new PageSticky(build, options);
}
