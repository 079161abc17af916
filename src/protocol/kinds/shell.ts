import type { Rules, Traits } from './kind.ts';
import type { Look } from './look.ts';

/** Where a sticky part stands in the window. */
export type StickyPosition =
  | 'top-left'
  | 'top'
  | 'top-right'
  | 'left'
  | 'right'
  | 'bottom-left'
  | 'bottom'
  | 'bottom-right';

/** Parts around the content of a page. The page puts them there when they are its direct children. */
export interface ShellKinds {
  /** A bar at the top that stays while the page scrolls, unless `fixed` is false. */
  header: { readonly fixed?: boolean; readonly elevated?: boolean } & Pick<Look, 'color'>;
  /** A bar at the bottom, likewise. */
  footer: { readonly fixed?: boolean; readonly elevated?: boolean } & Pick<Look, 'color'>;
  /**
   * A column beside the content. In a narrow window it lies over the content. `open` is null until the browser has told which of
   * both the window is. Sends `open` with true, false, or null when a narrow window closed it.
   */
  drawer: {
    readonly side: 'left' | 'right';
    readonly open: boolean | null;
    /** True while it is closed because the window is narrow, and would be open in a wide one. */
    readonly narrowed?: boolean;
    readonly label: string;
    readonly bordered?: boolean;
    readonly elevated?: boolean;
  };
  /** Elements at a place of the window, `x` and `y` pixels from its edges. */
  pageSticky: { readonly position: StickyPosition; readonly x?: number; readonly y?: number };
  /** The same while the page is scrolled by more than `offset` pixels. A click scrolls it to its top. */
  pageScroller: {
    readonly position: StickyPosition;
    readonly x?: number;
    readonly y?: number;
    readonly offset: number;
  };
  /** The first link of the document, seen while it has the focus. It leads to the element of an id. */
  skipLink: { readonly text: string; readonly target: string };
}

export const shellRules: Rules<ShellKinds> = {
  drawer: { writes: ['open', 'narrowed'] },
};

export const shellTraits: Traits<ShellKinds> = {
  header: {},
  footer: {},
  drawer: {
    reveals: ({ open }) => open !== false,
    checks: {
      open: (value) => (value === null || typeof value === 'boolean' ? undefined : 'a drawer is open or closed'),
      narrowed: (value) => (typeof value === 'boolean' ? undefined : 'a window is narrow or wide'),
    },
  },
  pageSticky: {},
  pageScroller: {},
  skipLink: {},
};
