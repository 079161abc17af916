import { safeUrl } from '../../src/protocol/index.ts';

const urls = /^(href|src|action|formaction|poster|data|background|cite|ping|xlink:href)$/;
/** Attributes that are code, belong to the component, or have a meaning in Preact. */
const refused = /^(on.*|srcdoc|is|style|class|key|ref|children|dangerouslysetinnerhtml)$/;
/** Attributes of SVG that have no effect in lower case. */
const cased: { readonly [name: string]: string } = {
  viewbox: 'viewBox',
  preserveaspectratio: 'preserveAspectRatio',
  gradientunits: 'gradientUnits',
  gradienttransform: 'gradientTransform',
  clippathunits: 'clipPathUnits',
  pathlength: 'pathLength',
  textlength: 'textLength',
};

/**
 * Returns the safe attributes of `attrs`. Names become lower-case, as in HTML, so `innerHTML` is an unknown attribute instead of a
 * property.
 */
export function safeAttributes(attrs: {
  readonly [name: string]: string | number | boolean;
}): Record<string, string | number | boolean> {
  const safe: Record<string, string | number | boolean> = {};
  for (const [given, value] of Object.entries(attrs)) {
    const name = given.toLowerCase();
    if (!/^[a-z][\w:.-]*$/.test(name) || refused.test(name)) continue;
    if (urls.test(name) && safeUrl(String(value), name === 'src') === undefined) continue;
    safe[Object.hasOwn(cased, name) ? (cased[name] as string) : name] = value;
  }
  return safe;
}
