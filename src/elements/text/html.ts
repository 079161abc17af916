import type { Json, Markup } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions } from '../element.ts';
import { firstOf } from '../first.ts';
import { textOf } from '../text-of.ts';
import { parseMarkup } from './markup.ts';

/** Options of `ui.html`. */
export interface HtmlOptions extends ElementOptions {
  /** True keeps classes, styles and ids. Set it for HTML that you wrote yourself. @default false */
  readonly trusted?: boolean;
}

/** A piece of HTML. */
export class Html extends Element {
  readonly #trusted: boolean;

  /** @internal */
  constructor(content: MaybeReactive<string>, options: HtmlOptions = {}) {
    const { trusted = false } = options;
    const first = firstOf(content, [], (text) => markupOf(text, trusted));
    super('html', { content: first as unknown as Json }, options);
    this.#trusted = trusted;
    if (typeof content !== 'string') this.set(content);
  }

  /** Replaces the content: by HTML, a signal of it, or a function that computes it. */
  set(content: MaybeReactive<string>): this {
    return this.bind('content', content, (text) => markupOf(text, this.#trusted));
  }
}

function markupOf(text: string, trusted: boolean): Markup[] {
  return parseMarkup(textOf('ui.html', text), trusted);
}

/**
 * Shows HTML. The server parses it and sends elements of an allow-list, so neither a script, nor an event attribute, nor a form
 * in it has an effect, and the browser never gets a text of HTML. Classes, styles and ids go, too, unless `trusted` is true.
 * SVG is allowed.
 *
 * @example
 * ui.html('This is <b>bold</b>, and this <a href="/there">a link</a>.');
 * ui.html('<svg viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" class="fill-primary"/></svg>', { trusted: true });
 *
 * @param content the HTML, a signal of it, or a function that computes it.
 */
export function html(content: MaybeReactive<string>, options?: HtmlOptions): Html {
  return new Html(content, options);
}
