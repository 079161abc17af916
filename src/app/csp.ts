import { earlyClicksSource } from './early-clicks.ts';

/** Directives of a Content-Security-Policy, each with its sources. */
export type ContentSecurityPolicy = Readonly<Record<string, readonly string[]>>;

/**
 * Returns the default policy of a page.
 * Scripts and styles come from the application's own files. One inline script runs, which the policy knows by its hash. So no
 * text in a page can become code. Style attributes are the exception: `.style()` sets them, and they run nothing.
 */
function defaultPolicy(url: URL): ContentSecurityPolicy {
  // Current browsers let 'self' cover WebSockets; the address is for those that do not.
  const socket = `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}`;
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'", earlyClicksSource],
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
    // No text becomes markup or code. Libraries may set texts without markup, by the policy in client/dom/trusted.ts.
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ['default'],
  };
}

/**
 * Returns the header's value: the default policy with the application's sources. Added sources replace a `'none'`.
 *
 * @param nonce of the styles that Vite adds while it serves the document. It also begins a worker from a `blob:`, which
 *   waits until the server is back.
 */
export function contentSecurityPolicy(url: URL, added: ContentSecurityPolicy = {}, nonce?: string): string {
  const policy: Record<string, readonly string[]> = { ...defaultPolicy(url) };
  if (nonce !== undefined) {
    // Vite's own script shows mistakes as markup.
    delete policy['require-trusted-types-for'];
    delete policy['trusted-types'];
    policy['style-src'] = ["'self'", `'nonce-${nonce}'`];
    policy['worker-src'] = ["'self'", 'blob:'];
  }
  // Because a hash would make it void.
  if (added['script-src']?.includes("'unsafe-inline'")) policy['script-src'] = ["'self'"];
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

/** Returns both policies as one. */
export function joinPolicies(
  one: ContentSecurityPolicy = {},
  other: ContentSecurityPolicy = {},
): ContentSecurityPolicy {
  const directives = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...directives]
      .map((directive): [string, string[]] => [directive, [...(one[directive] ?? []), ...(other[directive] ?? [])]])
      .filter(([, sources]) => sources.length > 0),
  );
}
