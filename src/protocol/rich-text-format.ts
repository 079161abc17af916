import type { Markup } from './markup.ts';
import { emptyTags } from './rich-text.ts';

/** Returns markup as HTML in the one form that `readRichText` takes: `<p>3 &lt; <a href="/a">four</a></p>`. */
export function formatRichText(content: readonly Markup[]): string {
  return content
    .map((part) => {
      if (typeof part === 'string') return escaped(part);
      const [tag, attributes, ...children] = part;
      const all = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
      return `<${tag}${all.join('')}>${emptyTags.test(tag) ? '' : `${formatRichText(children)}</${tag}>`}`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}

const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
