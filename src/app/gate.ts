import { type EndReason, encode, limits } from '../protocol/index.ts';
import type { Visitor } from '../session/index.ts';

/** Path to which the browser of a page connects its socket. */
export const socketPath = '/_edgewise/socket';

/** The parameters of a WebSocket upgrade. */
export interface SocketRequest {
  readonly page: string;
  readonly path: string;
}

/** Returns true for an id that this framework could have made: 128 random bits as base64url or hex. */
export function isPageId(page: string): boolean {
  return /^[\w-]{22,32}$/.test(page);
}

/**
 * Returns true for a path and query that a URL parser would leave unchanged.
 * A parser changes a second slash, a backslash, a tab and `..`. Such a path could name one page or host to
 * the middleware and another page to the session.
 */
export function isOwnPath(path: string): boolean {
  if (path.length > limits.path || path.startsWith('//')) return false;
  const url = URL.parse(path, 'http://own');
  return url?.origin === 'http://own' && url.pathname + url.search === path;
}

/** Returns the parameters of an upgrade, or a sentence that says what is wrong with them. */
export function readSocketRequest(request: Request): SocketRequest | string {
  if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket')
    return 'This address takes WebSocket connections only.';
  const query = new URL(request.url).searchParams;
  const page = query.get('page') ?? '';
  const path = query.get('path') ?? '';
  if (!isPageId(page)) return 'The parameter `page` must be the id of a page: 22 to 32 letters, digits, `-` or `_`.';
  if (!isPageId(query.get('before') ?? page)) return 'The parameter `before` must be the id of a page, or absent.';
  if (!isOwnPath(path))
    return `The parameter \`path\` must be a path with its query, of at most ${limits.path} characters.`;
  return { page, path };
}

/** Returns the GET by which the socket's browser would load its page. The middleware's answer decides about access. */
export function loadRequest({ origin, path, headers }: Visitor): Request {
  return new Request(new URL(path, origin), {
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

/**
 * Accepts a socket only to end it with a reason, because a browser cannot read the status of a refused
 * upgrade.
 * Runs in the Worker; no object is called.
 */
export function endSocket(reason: EndReason, message: string): Response {
  const { 0: browser, 1: server } = new WebSocketPair();
  server.accept();
  server.send(encode(['x', reason, message]));
  server.close(4005, reason);
  return new Response(null, { status: 101, webSocket: browser });
}
