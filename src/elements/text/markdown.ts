import { marked, type Token, type Tokens, type TokensList } from 'marked';
import remend from 'remend';
import type { Json, Markup } from '../../protocol/index.ts';
import { type MaybeReactive, read, untracked } from '../../reactive/index.ts';
import { computed } from '../computed.ts';
import { each } from '../each.ts';
import { Element, type ElementOptions, isReactive } from '../element.ts';
import { textOf } from '../text-of.ts';
import { highlighted } from './highlight.ts';
import { parseMarkup } from './markup.ts';

/** Options of `ui.markdown`. */
export interface MarkdownOptions extends ElementOptions {
  /** True while the text still grows: what is half written, such as `**bo`, shows as it will be. @default false */
  readonly streaming?: MaybeReactive<boolean>;
}

/** A text in Markdown. */
export class Markdown extends Element {
  /** @internal */
  constructor(content: MaybeReactive<string>, options: MarkdownOptions = {}) {
    super('markdown', {}, options);
    const { streaming = false } = options;
    this.add(() => {
      let before: readonly Block[] = [];
      const blocks = computed(() => {
        const text = textOf('ui.markdown', read(content));
        before = blocksOf(read(streaming) ? remend(text) : text, before);
        return before;
      });
      const indexes = computed(() => [...blocks.value.keys()]);
      each(
        isReactive(content) || isReactive(streaming) ? indexes : untracked(() => indexes.value),
        (index) => index,
        (index) => new MarkdownBlock(() => blocks.value[index]?.content ?? []),
      );
    });
  }
}

/** One paragraph, heading, list or other block. Blocks are elements, so that a text that grows sends only its last one again. */
class MarkdownBlock extends Element {
  constructor(content: () => readonly Markup[]) {
    super('markdownBlock', { content: [] });
    this.bind('content', content as () => Json);
  }
}

/**
 * Shows a text in Markdown (GitHub's dialect): headings, lists, tables, links, pictures, highlighted code. The server turns it into
 * elements of an allow-list; HTML in it is shown as `ui.html` shows it. Indentation that all lines have is ignored.
 *
 * @example
 * ui.markdown(`
 *   ## Orders
 *   - **3** are new
 *   - see [all](/orders)
 * `);
 * ui.markdown(answer, { streaming: () => job.running.value });
 *
 * @param content the text, a signal of it, or a function that computes it.
 */
export function markdown(content: MaybeReactive<string>, options?: MarkdownOptions): Markdown {
  return new Markdown(content, options);
}

interface Block {
  readonly source: string;
  readonly content: readonly Markup[];
}

/** Returns the blocks of a text. Blocks that are as before are reused, so that a growing text costs its last block only. */
function blocksOf(text: string, before: readonly Block[]): readonly Block[] {
  const tokens = marked.lexer(dedent(text), { gfm: true });
  const { links } = tokens;
  return tokens
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map((token, index) => {
      const known = before[index];
      return known?.source === token.raw ? known : { source: token.raw, content: contentOf(token, links) };
    });
}

function contentOf(token: Token, links: TokensList['links']): Markup[] {
  if (token.type === 'code') {
    const { text, lang = '' } = token as Tokens.Code;
    const [language = ''] = lang.split(/\s/);
    return [['pre', { tabindex: '0' }, ['code', {}, ...(language ? highlighted(text, language) : [text])]]];
  }
  return parseMarkup(marked.parser(Object.assign([token], { links }))).map(coded);
}

/** Colours code in lists and quotes, which the parser has left as text. */
function coded(part: Markup): Markup {
  if (typeof part === 'string') return part;
  const [tag, attributes, ...children] = part;
  return [tag, tag === 'pre' ? { tabindex: '0' } : attributes, ...children.map(coded)];
}

/** Removes the indentation that all lines have, because a text in code is indented like the code. */
function dedent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  // The first line of a text that begins beside its quote has no indentation, and says nothing of the others.
  const least = Math.min(...(lines[0]?.trim() === '' ? indents : indents.slice(1)), Number.MAX_SAFE_INTEGER);
  if (least === 0 || least === Number.MAX_SAFE_INTEGER) return text;
  return lines.map((line) => (line.slice(0, least).trim() === '' ? line.slice(least) : line)).join('\n');
}
