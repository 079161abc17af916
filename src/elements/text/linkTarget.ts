import { Element, type ElementOptions, own } from '../element.ts';

/** A place of the page that links lead to. */
export class LinkTarget extends Element {
  /** @internal */
  constructor(name: string, build?: () => void, options?: ElementOptions) {
    if (!/^[a-z][\w-]*$/i.test(name) || /^(e\d|edgewise)/i.test(name)) {
      throw new TypeError(
        `ui.linkTarget was given the name ${JSON.stringify(name)}. Use letters, digits, - and _, a letter first; names such as e1 and edgewise… belong to the framework.`,
      );
    }
    super('linkTarget', own<'linkTarget'>({ name }), { key: name, ...options });
    if (build) this.add(build);
  }
}

/**
 * Makes a place that a link with `#NAME` leads to, also from another page.
 *
 * @example
 * ui.link('To the prices', '#prices');
 * ui.linkTarget('prices');
 * ui.heading('Prices');
 *
 * @param name the name: letters, digits, `-` and `_`, a letter first. A page has each name once.
 * @param build makes the elements inside, below each other.
 * @throws {TypeError} for another name, or one that the framework itself uses.
 */
export function linkTarget(name: string, build?: () => void, options?: ElementOptions): LinkTarget {
  return new LinkTarget(name, build, options);
}
