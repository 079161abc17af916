const harmless = new Set(['http', 'https', 'mailto', 'tel', 'blob']);
const urls = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'poster',
  'data',
  'background',
  'cite',
  'ping',
  'xlink:href',
]);
/** Attributes that are code, belong to the component, or have a meaning in Preact. A pattern refuses `on…`. */
const refused = new Set(['srcdoc', 'is', 'style', 'class', 'key', 'ref', 'children', 'dangerouslysetinnerhtml']);

/**
 * Returns the URL when it cannot run code: relative, or of a harmless scheme; with `picture` also a `data:` image. It ignores
 * control characters in a scheme, because browsers do.
 */
export function safeUrl(url: string, picture = false): string | undefined {
  const plain = url.replace(/[\0-\x20]/g, '');
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(plain)?.[1]?.toLowerCase();
  if (scheme === undefined || harmless.has(scheme) || (picture && /^data:image\//i.test(plain))) return url;
  return undefined;
}

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
    if (!/^[a-z][\w:.-]*$/.test(name) || name.startsWith('on') || refused.has(name)) continue;
    if (urls.has(name)) {
      if (safeUrl(String(value), name === 'src') === undefined) continue;
    }
    safe[name] = value;
  }
  return safe;
}
