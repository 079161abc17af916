import { bytesBeside } from '../storage/index.ts';

/** Bytes of the headers that a socket stores; its attachment holds 16,384 bytes, and a path takes a quarter of them. */
const mostBytes = 8_192;

/** The connected visitor, as the application's middleware sees it. */
export interface Visitor {
  readonly origin: string;
  /** Path and query of the page. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The name of its time zone, when a cookie or the platform says it. */
  readonly timeZone?: string;
}

/** Prefix of the sessions of signed-in users. No name of a browser's session contains a colon. */
export const userPrefix = 'user:';

/** Returns the signed-in user whose session it is; undefined for that of a browser. */
export function userOf(session: string): string | undefined {
  return session.startsWith(userPrefix) ? session.slice(userPrefix.length) : undefined;
}

/** Cookie in which a browser says its time zone. */
const zoneCookie = /(?:^|;\s*)edgewise_zone=([\w/+-]{1,64})(?:;|$)/;

/** Returns the visitor of a request. What belongs to a socket alone is left out of the headers. */
export function visitorOf(request: Request, path: string): Visitor {
  const headers = [...request.headers].filter(([name]) => !/^(upgrade|connection|sec-.*)$/.test(name));
  const { cf } = request as { cf?: { timezone?: string } };
  const timeZone = zoneCookie.exec(request.headers.get('Cookie') ?? '')?.[1] ?? cf?.timezone;
  return { origin: new URL(request.url).origin, path, headers, ...(timeZone && { timeZone }) };
}

/**
 * Returns what a socket stores of its visitor, without the path, which it has anyway; undefined when that does not fit into its
 * attachment. It is a text, because each wake reads the attachment and few ask for the visitor.
 */
export function storedVisitor({ origin, headers, timeZone }: Visitor): string | undefined {
  const text = JSON.stringify({ origin, headers, timeZone });
  return bytesBeside(text) <= mostBytes ? text : undefined;
}
