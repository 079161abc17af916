import { Element, type ElementOptions } from '../element.ts';

/** Elements of the document that a selector finds. Classes and styles that are set on it are set on all of them. */
export class Query extends Element {
  /** @internal */
  constructor(selector: string, options?: ElementOptions) {
    super('query', { selector }, options, selector);
  }
}

/**
 * Finds elements of the document by a CSS selector, to give them classes, styles and attributes. Use it for what no element of the
 * page stands for, such as `body`. It shows no element of its own, and takes effect when the browser's code runs.
 *
 * @example
 * ui.query('body').classes('bg-base-100');
 */
export function query(selector: string, options?: ElementOptions): Query {
  return new Query(selector, options);
}
