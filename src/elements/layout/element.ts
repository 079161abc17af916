import { isAllowedTag } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';

/** Options of `ui.element`. */
export interface HtmlElementOptions extends ElementOptions {
  /** A text at the start of the element, a signal of it, or a function that computes it. @default none */
  readonly text?: MaybeReactive<string | number>;
}

/** An HTML element. */
export class HtmlElement extends Element {
  /** @internal */
  constructor(tag: string, build?: () => void, options: HtmlElementOptions = {}) {
    if (!isAllowedTag(tag)) {
      throw new TypeError(
        `ui.element makes no <${tag}>. It makes elements that run no code and load no document, such as div, span, section, ul, table or svg.`,
      );
    }
    const { text } = options;
    const first = firstOf(text, undefined);
    super('element', own<'element'>({ tag, ...(first !== undefined && { text: String(first) }) }), options);
    if (typeof text === 'function' || typeof text === 'object') this.text = text;
    if (build) this.add(build);
  }

  /** The text at the start of the element. Assign a signal or a function to bind it. */
  get text(): string {
    return this.get('text') ?? '';
  }

  set text(text: MaybeReactive<string | number>) {
    this.bind('text', text, String);
  }
}

/**
 * Makes an HTML element, for what no element of `ui` does. Classes, styles, attributes and events are set as on all elements.
 *
 * @example
 * ui.element('section', () => {
 *   ui.element('h3', undefined, { text: 'Details' });
 *   ui.element('p', undefined, { text: () => chosen.value });
 * }).classes('rounded-box border p-4');
 *
 * @param tag name of the HTML or SVG element.
 * @param build makes the elements inside.
 * @throws {TypeError} for an element that runs code, loads a document or sends a form, such as `script`, `iframe` or `form`.
 */
export function element(tag: string, build?: () => void, options?: HtmlElementOptions): HtmlElement {
  return new HtmlElement(tag, build, options);
}
