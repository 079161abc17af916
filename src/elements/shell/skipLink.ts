import { type ElementOptions, own, TextElement } from '../element.ts';
import { inRoot } from '../page/in-root.ts';

/** Options of `ui.skipLink`. */
export interface SkipLinkOptions extends ElementOptions {
  /** The name of a `ui.linkTarget`. @default the content of the page, below its header and drawers */
  readonly target?: string;
}

/** A link to the content, before all else. */
export class SkipLink extends TextElement {
  /** @internal */
  constructor(text: string, { target = 'edgewise-main', ...options }: SkipLinkOptions = {}) {
    const { text: _, ...props } = own<'skipLink'>({ text, target });
    super('skipLink', text, props, options);
  }
}

/**
 * Makes the first link of the document, by which people at a keyboard skip the header and the navigation. It is seen while it has
 * the focus.
 *
 * @example
 * ui.skipLink();
 * ui.header(navigation);
 *
 * @param text the text of the link.
 */
export function skipLink(text = 'Skip to main content', options?: SkipLinkOptions): SkipLink {
  return inRoot('ui.skipLink', () => new SkipLink(text, options));
}
