import { type EndReason, encode, limits } from '../protocol/index.ts';
import type { Visitor } from '../session/index.ts';

/** Where the browser of a page connects its socket. */
export const socketPath = '/_edgewise/socket';

/** What a WebSocket upgrade asks for. */
export interface SocketRequest {
  readonly page: string;
  readonly path: string;
}

/** True for an id that this framework could have made: 128 random bits, as base64url or hex. */
export function isPageId(page: string): boolean {
  return /^[\w-]{22,32}$/.test(page);
}

/**
 * True for the path and query of an own address, exactly as a parser of URLs writes them. What a parser would change (a second
 * slash, a backslash, a tab, `..`) could be one page, or another host, to the check and another page to the session.
 */
export function isOwnPath(path: string): boolean {
  if (path.length > limits.path || path.startsWith('//')) return false;
  const url = URL.parse(path, 'http://own');
  return url?.origin === 'http://own' && url.pathname + url.search === path;
}

/** Reads the query of an upgrade, or says in a sentence what is wrong with it. */
export function readSocketRequest(request: Request): SocketRequest | string {
  if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket')
    return 'This address takes WebSocket connections only.';
  const query = new URL(request.url).searchParams;
  const page = query.get('page') ?? '';
  const path = query.get('path') ?? '';
  if (!isPageId(page)) return 'The parameter `page` is the id of a page: 22 to 32 letters, digits, `-` or `_`.';
  if (!isOwnPath(path)) return `The parameter \`path\` is a path with its query, of at most ${limits.path} characters.`;
  return { page, path };
}

/** Returns the request by which the browser of a socket would load its page again: what decides whether it may have the page. */
export function loadRequest({ origin, path, headers }: Visitor): Request {
  return new Request(new URL(path, origin), {
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

/**
 * Accepts a socket only to end it: a browser cannot read the status of a refused upgrade, but understands this. It happens in
 * the Worker, no object is touched.
 */
export function endSocket(reason: EndReason, message: string): Response {
  const { 0: browser, 1: server } = new WebSocketPair();
  server.accept();
  server.send(encode(['x', reason, message]));
  server.close(4005, reason);
  return new Response(null, { status: 101, webSocket: browser });
}
