import { highlight } from 'sugar-high';
import { type Markup, markupText } from '../../protocol/index.ts';
import { parseMarkup } from './markup.ts';

/** Names by which authors call languages otherwise. */
const languages: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  js: 'javascript',
  jsx: 'javascript',
  py: 'python',
  sh: 'shell',
  bash: 'shell',
  yml: 'yaml',
  md: 'markdown',
  rs: 'rust',
  rb: 'ruby',
  'c++': 'cpp',
  'c#': 'csharp',
  text: 'plaintext',
};

/** Token types that have the colour of the text. */
const plain = new Set(['identifier', 'space', 'sign', 'break']);

/** Returns code as texts and coloured spans. Code in a language that the highlighter does not know has the colours of TypeScript. */
export function highlighted(source: string, language: string): Markup[] {
  const name = language.toLowerCase();
  const lang = (Object.hasOwn(languages, name) ? languages[name] : name) as never;
  const flat: Markup[] = [];
  for (const line of parseMarkup(highlight(source.replace(/\n$/, ''), { lang }), true)) {
    // Between two lines stands a line break, which is a text.
    const tokens = typeof line === 'string' ? [line] : (line.slice(2) as Markup[]);
    for (const token of tokens) append(flat, token);
  }
  return flat;
}

/** Appends a token; texts that follow each other, or spans of one type, become one. */
function append(flat: Markup[], token: Markup): void {
  const type = typeof token === 'string' ? undefined : /sh__token--(\w+)/.exec(token[1].class ?? '')?.[1];
  const text = typeof token === 'string' ? token : markupText([token]);
  // An empty text is a node that a browser does not read back.
  if (text === '') return;
  const last = flat.at(-1);
  if (type === undefined || plain.has(type)) {
    if (typeof last === 'string') flat[flat.length - 1] = last + text;
    else flat.push(text);
  } else if (Array.isArray(last) && last[1].class === `sh-${type}`) {
    flat[flat.length - 1] = ['span', last[1], `${last[2]}${text}`];
  } else flat.push(['span', { class: `sh-${type}` }, text]);
}
