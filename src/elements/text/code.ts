import type { Json } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';
import { highlighted } from './highlight.ts';

/** Options of `ui.code`. */
export interface CodeOptions extends ElementOptions {
  /** Language, such as `typescript`, `python`, `json`, `shell`, or its usual short name. @default 'typescript' */
  readonly language?: string;
  /** False shows no button that copies the code. @default true */
  readonly copy?: boolean;
}

/** Highlighted code. */
export class Code extends Element {
  readonly #language: string;

  /** @internal */
  constructor(content: MaybeReactive<string>, options: CodeOptions = {}) {
    const { language = 'typescript', copy } = options;
    const first = firstOf(content, [], (text) => highlighted(text, language));
    super(
      'code',
      own<'code'>({ content: first as unknown as Json as never, ...(copy === false && { copy }) }),
      options,
    );
    this.#language = language;
    if (typeof content !== 'string') this.set(content);
  }

  /** Replaces the code: by a text, a signal of it, or a function that computes it. */
  set(content: MaybeReactive<string>): this {
    return this.bind('content', content, (text) => highlighted(text, this.#language));
  }
}

/**
 * Shows code with its words in colours, and a button that copies it. The server colours it, so the browser loads no highlighter.
 *
 * @example
 * ui.code("print('Hello')", { language: 'python' });
 *
 * @param content the code, a signal of it, or a function that computes it.
 */
export function code(content: MaybeReactive<string>, options?: CodeOptions): Code {
  return new Code(content, options);
}
