/** Directives of a Content-Security-Policy, each with its sources. */
export type ContentSecurityPolicy = Readonly<Record<string, readonly string[]>>;

/**
 * Returns the default policy of a page.
 * Scripts and styles come from the application's own files, and no inline script runs. So no text in a page
 * can become code. Style attributes are the exception: `.style()` sets them, and they run nothing.
 */
function defaultPolicy(url: URL): ContentSecurityPolicy {
  // Current browsers let 'self' cover WebSockets; the address is for those that do not.
  const socket = `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}`;
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'style-src-attr': ["'unsafe-inline'"],
    // No other host: the address of a picture could carry the page's content to the owner of that host.
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", socket],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'self'"],
  };
}

/** Returns the header's value: the default policy with the application's sources. Added sources replace a `'none'`. */
export function contentSecurityPolicy(url: URL, added: ContentSecurityPolicy = {}): string {
  const policy = { ...defaultPolicy(url) };
  for (const [directive, sources] of Object.entries(added)) {
    for (const part of [directive, ...sources]) {
      if (/[;,\s]/.test(part)) {
        throw new TypeError(
          `'${part}' cannot be part of a Content-Security-Policy: write each source as a text of its own, ` +
            "as in csp: { 'img-src': ['https://a.example', 'https://b.example'] }.",
        );
      }
    }
    policy[directive] = [...(policy[directive] ?? []), ...sources].filter(
      (source) => source !== "'none'" || sources.length === 0,
    );
  }
  return Object.entries(policy)
    .map(([directive, sources]) => [directive, ...new Set(sources)].join(' '))
    .join('; ');
}
