import { Parser } from 'htmlparser2';
import { deepestMarkup, isAllowedTag, isPlainAttribute, isSafeAttribute, type Markup } from '../../protocol/index.ts';

/** Elements whose text is no text of the page. */
const silent = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'object',
  'embed',
  'textarea',
  'select',
  'math',
]);

/** Names of SVG that are not in lower case, which the parser makes of them. */
const cased = new Map(['linearGradient', 'radialGradient', 'clipPath'].map((name) => [name.toLowerCase(), name]));

/**
 * Returns HTML as markup: elements of the allow-list with attributes that are no code. The content of other elements stays, but
 * that of scripts, styles and embedded documents goes.
 *
 * @param trusted keeps the attributes class, style and id.
 */
export function parseMarkup(source: string, trusted = false): Markup[] {
  const root: Markup[] = [];
  // The parts that are open: a list to append to, or undefined inside an element whose text is no text of the page.
  const open: (Markup[] | undefined)[] = [root];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const into = open.at(-1);
        const tag = cased.get(name) ?? name;
        if (!into || silent.has(tag) || open.length > deepestMarkup) open.push(undefined);
        else if (!isAllowedTag(tag)) open.push(into);
        else {
          const element = [tag, safe(attributes, trusted)];
          into.push(element as unknown as Markup);
          open.push(element as unknown as Markup[]);
        }
      },
      ontext(text) {
        const into = open.at(-1);
        if (!into) return;
        const last = into.length - 1;
        // The parser splits texts at entities.
        if (typeof into[last] === 'string' && (into === root || last > 1)) into[last] += text;
        else into.push(text);
      },
      onclosetag() {
        open.pop();
      },
    },
    { decodeEntities: true },
  );
  parser.end(source);
  return root;
}

function safe(attributes: Readonly<Record<string, string>>, trusted: boolean): Record<string, string> {
  const fits = trusted ? isSafeAttribute : isPlainAttribute;
  return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => fits(name, value)));
}
