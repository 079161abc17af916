import type { Traits } from './kind.ts';

/** The page itself, and its invisible nodes. */
export interface PageKinds {
  /** `styles` is the address of the style sheet: a new one replaces the old one without loading the page again. */
  root: { readonly title?: string; readonly lang?: string; readonly styles?: string };
  /** A group of nodes without an HTML element of its own. `each`, `show` and `region` make it. */
  fragment: object;
  /** An invisible node that runs a function on the server repeatedly. */
  timer: object;
}

export const pageTraits: Traits<PageKinds> = {
  root: { core: true, internal: 'every page has one' },
  fragment: { core: true, internal: 'made by each, show and region' },
  timer: { core: true, visible: false },
};
