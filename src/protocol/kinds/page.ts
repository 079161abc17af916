import type { Traits } from './kind.ts';

/** What a page consists of beside what a person looks at. */
export interface PageKinds {
  /** `styles` is the address of the style sheet: a new one replaces the old one without loading the page again. */
  root: { readonly title?: string; readonly lang?: string; readonly styles?: string };
  /** Groups nodes without an element of its own in the document: what `each`, `show` and `region` make. */
  fragment: object;
  /** Is not shown; runs a function on the server again and again. */
  timer: object;
}

export const pageTraits: Traits<PageKinds> = {
  root: { core: true, internal: 'every page has one' },
  fragment: { core: true, internal: 'made by each, show and region' },
  timer: { core: true, visible: false },
};
