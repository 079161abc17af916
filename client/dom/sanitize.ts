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
/** Attributes that are code, belong to the component, or are words of Preact. `on…` is refused by pattern. */
const refused = new Set(['srcdoc', 'is', 'style', 'class', 'key', 'ref', 'children', 'dangerouslysetinnerhtml']);

/**
 * The URL, when following or loading it runs no code: relative, or of a harmless scheme; with `picture` also a `data:` image.
 * Browsers skip control characters in a scheme, so does this.
 */
export function safeUrl(url: string, picture = false): string | undefined {
  const plain = url.replace(/[\0-\x20]/g, '');
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(plain)?.[1]?.toLowerCase();
  if (scheme === undefined || harmless.has(scheme) || (picture && /^data:image\//i.test(plain))) return url;
  return undefined;
}

/**
 * The attributes among `attrs` that are safe to set. Names become lower-case, as in HTML: `innerHTML` is then an unknown
 * attribute instead of a property.
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
