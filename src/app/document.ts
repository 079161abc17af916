import manifest from '#manifest';
import { type Duration, milliseconds } from '../clock/index.ts';
import type { Paint } from '../protocol/index.ts';
import { renderTree } from '../render/index.ts';
import { type ContentSecurityPolicy, contentSecurityPolicy } from './csp.ts';

/** Options of every document of an application. */
export interface DocumentOptions {
  /** Title of pages that set none. @default 'Edgewise' */
  readonly title?: string;
  /**
   * Language of the texts, such as `de` or `pt-BR`.
   *
   * @default 'en'
   */
  readonly lang?: string;
  /**
   * Colour theme. `auto` follows the visitor's system; `light`, `dark` or a daisyUI theme of the style sheet fixes it.
   *
   * @default 'auto'
   */
  readonly theme?: string;
  /**
   * Address of the icon.
   *
   * @default a small picture inside the document
   */
  readonly icon?: string;
  /**
   * Sources to add to the Content-Security-Policy, by directive. Browsers block pictures, media and scripts
   * of other hosts until a directive names the host.
   *
   * @default pictures and media of the application itself, `data:` and `blob:`; scripts and styles of the application itself.
   * @example
   * new App({ csp: { 'img-src': ['https://images.example'] } });
   */
  readonly csp?: ContentSecurityPolicy;
  /**
   * The time over which open pages reconnect after a deploy, which drops all connections at once.
   * Each page reconnects at a random moment of this time, or as soon as its visitor acts. Hidden pages take
   * up to 10 seconds more. One second per thousand visitors limits the rush to about a thousand connections a
   * second. At most 5 minutes.
   *
   * @default '250ms'
   */
  readonly reconnectSpread?: Duration;
}

/** Returns the document of a page: its first paint, and the data that the client needs to take over. */
export function pageDocument(paint: Paint, options: DocumentOptions): string {
  return shell({
    options,
    title: paint.title || options.title || 'Edgewise',
    head: [
      ...manifest.preload.map((path) => `<link rel="modulepreload" href="${escapeHtml(path)}">`),
      `<script type="module" src="${escapeHtml(manifest.client)}"></script>`,
    ],
    body: [
      `<div id="edgewise">${renderTree(paint.tree)}</div>`,
      ...corners,
      `<script type="application/json" id="edgewise-paint">${escapeJson({ paint, build: manifest.build, ...spreadOf(options) })}</script>`,
    ],
  });
}

/** @throws {RangeError} for more than 5 minutes: a visitor would look at a page that is not connected. */
export function spreadOf({ reconnectSpread }: DocumentOptions): { readonly spread?: number } {
  if (reconnectSpread === undefined) return {};
  const spread = milliseconds(reconnectSpread);
  if (spread <= 300_000) return { spread };
  throw new RangeError(`reconnectSpread is at most 5 minutes; it was given ${JSON.stringify(reconnectSpread)}.`);
}

/**
 * The regions where the client shows messages and the state of the connection.
 * They are in the first document, because a screen reader announces only what a page adds to an existing live
 * region.
 */
const corners = [
  '<div id="edgewise-toast" class="toast toast-end edgewise-toast" aria-live="polite"></div>',
  '<div id="edgewise-status" class="edgewise-status" role="status"></div>',
  '<noscript><p class="edgewise-status">This page shows how things stand. To use it, allow JavaScript and load it again.</p></noscript>',
];

/** Returns a document that is not a page, without scripts. For unknown addresses and for errors. */
export function messageDocument(
  title: string,
  lines: readonly string[],
  options: DocumentOptions,
  { retry = false, detail = '' } = {},
): string {
  return shell({
    options,
    title,
    head: [],
    body: [
      `<main class="mx-auto flex min-h-screen ${detail ? 'max-w-3xl' : 'max-w-xl'} flex-col justify-center gap-4 p-6">`,
      '<div class="card bg-base-100 shadow-sm"><div class="card-body">',
      `<h1 class="card-title text-2xl">${escapeHtml(title)}</h1>`,
      ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
      // Focusable, because the keyboard must be able to scroll it.
      detail &&
        `<pre tabindex="0" class="mt-2 max-h-96 overflow-auto rounded-box bg-base-200 p-4 text-xs">${escapeHtml(detail)}</pre>`,
      '<div class="card-actions mt-2">',
      // An empty `href` is the same address.
      retry ? '<a class="btn btn-primary" href="">Try again</a>' : '',
      `<a class="btn ${retry ? 'btn-ghost' : 'btn-primary'}" href="/">Go to the start</a>`,
      '</div>',
      '</div></div>',
      '</main>',
    ],
  });
}

/** Returns the headers of every document of the application. */
export function documentHeaders(url: URL, options: DocumentOptions): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentSecurityPolicy(url, options.csp),
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    ...defaultHeaders,
  };
}

/**
 * The headers of every answer that does not set them itself.
 * Most answers hold the state of one visitor, so no cache may store them. Browsers must not guess another
 * content type.
 */
const defaultHeaders = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };

/** Returns the answer with the default headers, or a copy that has them. */
export function withDefaultHeaders(response: Response): Response {
  // Returns the answer of an upgrade unchanged: no cache stores it, and a copy would lose the socket.
  if (response.status === 101) return response;
  const missing = Object.entries(defaultHeaders).filter(([name]) => !response.headers.has(name));
  if (missing.length === 0) return response;
  // Because the headers of `fetch` and `Response.redirect` answers are immutable.
  const copy = new Response(response.body, response);
  for (const [name, value] of missing) copy.headers.set(name, value);
  return copy;
}

interface Shell {
  readonly options: DocumentOptions;
  readonly title: string;
  readonly head: readonly string[];
  readonly body: readonly string[];
}

function shell({ options, title, head, body }: Shell): string {
  const { lang = 'en', theme = 'auto', icon = defaultIcon } = options;
  const scheme = theme === 'light' || theme === 'dark' ? theme : 'light dark';
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(lang)}"${theme === 'auto' ? '' : ` data-theme="${escapeHtml(theme)}"`}>`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="${scheme}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<link rel="stylesheet" href="${escapeHtml(manifest.styles)}">`,
    `<link rel="icon" href="${escapeHtml(icon)}">`,
    `<link rel="license" href="${escapeHtml(manifest.licenses)}">`,
    ...head,
    '</head>',
    '<body class="bg-base-200 text-base-content">',
    ...body,
    '</body>',
    '</html>',
    '',
  ]
    .filter(Boolean)
    .join('\n');
}

/** Part of the document, so that a visit causes no second request and no "not found" from the Worker. */
const defaultIcon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23422ad5'/%3E%3Cpath d='M4 8h5m0-3 3 3-3 3' fill='none' stroke='%23fff' stroke-width='1.6' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Returns JSON for the inside of a script element.
 * Escapes `<`, which alone could end the element or begin a comment. Escapes the two line separators, which
 * older JavaScript parsers reject.
 */
function escapeJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
