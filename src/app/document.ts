import manifest from '#manifest';
import { type Duration, milliseconds } from '../clock/index.ts';
import { type Paint, type ThemeColors, themeVariables } from '../protocol/index.ts';
import { partsOf, renderTree } from '../render/index.ts';
import { type ContentSecurityPolicy, contentSecurityPolicy, joinPolicies } from './csp.ts';
import { earlyClicks } from './early-clicks.ts';
import { type HeadOptions, headElements, headSources } from './head.ts';

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
  /** Elements to add to the head: style sheets and modules of other hosts, links, metadata. @default none */
  readonly head?: HeadOptions;
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

/**
 * Returns the document of a page: its first paint, and the data that the client needs to take over.
 *
 * @param returned true for a page that a tab has left, which a cookie named.
 */
export function pageDocument(
  paint: Paint,
  options: DocumentOptions,
  nonce: string | undefined,
  returned = false,
): string {
  return shell({
    options,
    nonce,
    ...themeOf(paint),
    title: titleOf(paint, options),
    script: earlyClicks,
    head: [
      ...preloads(paint, returned).map((path) => `<link rel="modulepreload" href="${escapeHtml(path)}">`),
      `<script type="module" src="${escapeHtml(manifest.client)}"></script>`,
    ],
    body: [
      `<div id="edgewise">${renderTree(paint.tree)}</div>`,
      ...corners,
      `<script type="application/json" id="edgewise-paint">${escapeJson({ ...pageData(paint, options), ...(returned && { returned }) })}</script>`,
    ],
  });
}

/** Returns what the client needs to take over a page, or to show it in the place of another one. */
export function pageData(paint: Paint, options: DocumentOptions): { readonly paint: Paint; readonly build: string } {
  return { paint, build: manifest.build, ...spreadOf(options) };
}

/** Returns what a document says of the page beside its body: its title and its theme. */
export function shownBy(paint: Paint, options: DocumentOptions): { readonly title: string; readonly theme: string } {
  return { title: titleOf(paint, options), theme: themeOf(paint).theme ?? options.theme ?? 'auto' };
}

function titleOf(paint: Paint, options: DocumentOptions): string {
  return paint.title || options.title || 'Edgewise';
}

/**
 * Returns the modules that the page needs at first. Without their names here, each would wait for the one that imports it.
 *
 * @param returned true for a tab that returns to the page: it asks what keeps a page over time before it takes the page over.
 */
function preloads({ tree }: Paint, returned: boolean): string[] {
  const filesOf = (name: string) => (Object.hasOwn(manifest.chunks, name) ? manifest.chunks[name] : []) ?? [];
  const parts = [...partsOf(tree)].flatMap(filesOf);
  return [
    ...new Set([
      ...manifest.preload,
      ...(parts.length > 0 ? filesOf('lazy') : []),
      ...parts,
      ...(returned ? filesOf('+lifecycle') : []),
    ]),
  ];
}

/** Returns what the page itself says of its theme. `ui.darkMode` and `ui.colors` are children of the root. */
function themeOf({ tree }: Paint): Pick<Shell, 'theme' | 'colors'> {
  const found: { theme?: string; colors?: ThemeColors } = {};
  for (const [, kind, props] of tree[3] ?? []) {
    if (kind === 'darkMode') found.theme = props?.value === null ? 'auto' : props?.value ? 'dark' : 'light';
    if (kind === 'colors') found.colors = props?.colors as ThemeColors;
  }
  return found;
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
  '<div id="edgewise-toast" class="edgewise-messages" popover="manual" aria-live="polite"></div>',
  '<div id="edgewise-status" class="edgewise-status" role="status"></div>',
  '<noscript><p class="edgewise-status">This page shows how things stand. To use it, allow JavaScript and load it again.</p></noscript>',
];

/** Parts of a {@link messageDocument} that not all have. */
interface MessageOptions {
  /** True offers to load the document again. */
  readonly retry?: boolean;
  /** A text that is shown as it is. */
  readonly detail?: string;
  /** See {@link documentNonce}. */
  readonly nonce?: string | undefined;
}

/**
 * Returns a document that is not a page. For unknown addresses and for errors. It has no scripts, unless Vite serves
 * it: then the client loads it again after the author's next save.
 */
export function messageDocument(
  title: string,
  lines: readonly string[],
  options: DocumentOptions,
  { retry = false, detail = '', nonce }: MessageOptions = {},
): string {
  return shell({
    options,
    nonce,
    title,
    head: nonce === undefined ? [] : [`<script type="module" src="${escapeHtml(manifest.client)}"></script>`],
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

/** Returns the nonce of the styles that Vite adds to a document which it serves. A built document needs none. */
export function documentNonce(): string | undefined {
  return manifest.served ? crypto.randomUUID() : undefined;
}

/** Returns the headers of every document of the application. */
export function documentHeaders(url: URL, options: DocumentOptions, nonce?: string): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentSecurityPolicy(
      url,
      joinPolicies(options.csp, headSources(options.head ?? {})),
      nonce,
    ),
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
  readonly nonce?: string | undefined;
  /** Code that runs before all else. The policy has its hash. */
  readonly script?: string;
  readonly head: readonly string[];
  readonly body: readonly string[];
  /** The theme of this page. @default that of the application */
  readonly theme?: string;
  /** Colours that this page replaces. */
  readonly colors?: ThemeColors;
}

function shell({
  options,
  title,
  nonce,
  script,
  head,
  body,
  theme = options.theme ?? 'auto',
  colors = {},
}: Shell): string {
  const { lang = 'en', icon = defaultIcon } = options;
  const variables = themeVariables(colors).map(([name, value]) => `${name}:${value}`);
  const scheme = theme === 'light' || theme === 'dark' ? theme : 'light dark';
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(lang)}"${theme === 'auto' ? '' : ` data-theme="${escapeHtml(theme)}"`}${variables.length === 0 ? '' : ` style="${escapeHtml(variables.join(';'))}"`}>`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="${scheme}">`,
    `<title>${escapeHtml(title)}</title>`,
    // Before the style sheets, for which any script after them waits.
    script && `<script>${script}</script>`,
    nonce && `<meta property="csp-nonce" nonce="${nonce}">`,
    `<link rel="stylesheet" href="${escapeHtml(manifest.styles)}" data-edgewise-styles>`,
    ...manifest.sheets.map((path) => `<link rel="stylesheet" href="${escapeHtml(path)}">`),
    ...headElements(options.head ?? {}).map(([tag, attributes]) => {
      const all = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
      return `<${tag}${all.join('')}>${tag === 'script' ? '</script>' : ''}`;
    }),
    `<link rel="icon" href="${escapeHtml(icon)}">`,
    manifest.licenses && `<link rel="license" href="${escapeHtml(manifest.licenses)}">`,
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
