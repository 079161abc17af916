import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, TextElement } from '../element.ts';

/** Options of `ui.heading`. */
export interface HeadingOptions extends ElementOptions {
  /** Rank of the heading, from 1 for the page's to 6. @default 2 */
  readonly level?: 1 | 2 | 3 | 4 | 5 | 6;
}

/** A heading. */
export class Heading extends TextElement {
  /** @internal */
  constructor(text: MaybeReactive<string | number>, options: HeadingOptions = {}) {
    const { level = 2 } = options;
    super('heading', text, { level }, options);
  }
}

/**
 * Shows a heading. Screen readers jump from one to the next.
 *
 * @example
 * ui.heading('Orders', { level: 1 });
 *
 * @param text the text, a signal of it, or a function that computes it.
 */
export function heading(text: MaybeReactive<string | number>, options?: HeadingOptions): Heading {
  return new Heading(text, options);
}
