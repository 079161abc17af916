import { isAllowedTag, type Markup } from './markup.ts';
import { safeUrl } from './safe-url.ts';

/** Elements without content, which have no closing tag. */
export const emptyTags = /^(br|col|hr|img|source|wbr)$/;

/** The deepest nesting of HTML from a person. A browser has trouble with much more, and an attacker would send it. */
export const deepestMarkup = 64;

/** Returns true for an attribute that is no code, styles nothing, and cannot be confused with those of the page's own elements. */
export function isPlainAttribute(name: string, value: string): boolean {
  return isSafeAttribute(name, value) && !/^(class|style|id)$/.test(name);
}

/** Returns true for an attribute that is no code. */
export function isSafeAttribute(name: string, value: string): boolean {
  if (!/^[a-z][\w:-]*$/.test(name) || /^(on|form|srcdoc$|srcset$|name$|for$)/.test(name)) return false;
  if (/^(href|src|cite|poster|xlink:href)$/.test(name)) return safeUrl(value, name === 'src') !== undefined;
  return true;
}

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function plain(text: string): string {
  return text.replace(/&(\w+);/g, (_, name: string) => signs[name] as string);
}

/**
 * Returns the markup of HTML in the form of `formatRichText`; undefined for any other text, so nothing has to be guessed: also
 * for an element or an attribute that is not allowed.
 */
export function readRichText(html: string): Markup[] | undefined {
  const text = '(?:[^<>&"]|&(?:amp|lt|gt|quot);)';
  const token = new RegExp(`(${text}+)|</(\\w+)>|<(\\w+)((?: [\\w:-]+="${text}*")*)>`, 'y');
  const root: unknown[] = ['', {}];
  const open = [root];
  while (token.lastIndex < html.length) {
    const [, content, closed, tag = '', pairs = ''] = token.exec(html) ?? [];
    const top = open.at(-1);
    if (content) top?.push(plain(content));
    else if (closed) {
      if (open.pop()?.[0] !== closed) return undefined;
    } else {
      if (!isAllowedTag(tag) || open.length > deepestMarkup) return undefined;
      const attributes: Record<string, string> = {};
      for (const [, name = '', value = ''] of pairs.matchAll(/ ([\w:-]+)="([^"]*)"/g)) {
        attributes[name] = plain(value);
        if (!isPlainAttribute(name, plain(value))) return undefined;
      }
      const element = [tag, attributes];
      top?.push(element);
      if (!emptyTags.test(tag)) open.push(element);
    }
  }
  return open.length === 1 ? (root.slice(2) as Markup[]) : undefined;
}
