/** A text, or an HTML element of the allow-list with its attributes and what is in it. */
export type Markup = string | readonly [tag: string, attributes: MarkupAttributes, ...children: Markup[]];

/** Attributes of an element, by lower-case names. */
export type MarkupAttributes = { readonly [name: string]: string };

const html =
  'a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn div dl dt em ' +
  'figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark menu meter nav ol p picture pre ' +
  'progress q rp rt ruby s samp search section small source span strong sub summary sup table tbody td tfoot th thead time tr ' +
  'u ul var wbr';
const svg =
  'svg g path circle ellipse rect line polyline polygon text tspan defs linearGradient radialGradient stop clipPath mask title desc';

/** Elements that neither run code, nor load a document, nor send a form. */
const allowed = /* @__PURE__ */ new Set(/* @__PURE__ */ `${html} ${svg}`.split(' '));

/** Returns true for the name of an element that a page may show as it is. */
export function isAllowedTag(tag: string): boolean {
  return allowed.has(tag);
}

/** Returns the text of markup without its elements. */
export function markupText(content: readonly Markup[]): string {
  return content
    .map((part) => (typeof part === 'string' ? part : markupText(part.slice(2) as unknown as Markup[])))
    .join('');
}
