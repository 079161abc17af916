import { type CookieOptions, parse, parseSigned, serialize, serializeSigned } from 'hono/utils/cookie';
import { userPrefix } from '../session/index.ts';
import { type DevelopmentBindings, isLoopback } from './development.ts';

/** Seconds that a session's cookie lasts without a visit. Each visit starts them anew. */
const lifetime = 30 * 24 * 3600;
/** Seconds after which a visit renews the cookie. Not at each request, because a response with a cookie cannot be shared. */
const renewal = 24 * 3600;
/** Signs cookies on the developer's own machine only. Never used for a host that others can reach. */
const developmentSecret = 'edgewise: a secret for this machine only';
const shortestSecret = 32;
/** Longest name of a user in characters. The name is part of object names and queue messages, which have limits. */
const longestUser = 256;
/** Cookies of one name that are verified. A browser holds one for each path and parent domain of an address. */
const mostCookies = 16;

/** The variables of the Worker that decide about identity. */
export interface IdentityBindings extends DevelopmentBindings {
  /** Signs the cookies. It may be absent only where the Worker answers nobody but the developer's own machine. */
  readonly SESSION_SECRET?: string;
  /** The secret before the last rotation. Cookies that it signed stay valid and are signed anew. @default none */
  readonly SESSION_SECRET_PREVIOUS?: string;
}

/** A mistake in the Worker's configuration. The message says what to do and holds no secret. */
export class ConfigurationError extends Error {
  /** Always `ConfigurationError`. */
  override name = 'ConfigurationError';
}

/** The session that a request belongs to. */
export interface Identity {
  /** Name of the session's Durable Object. */
  readonly session: string;
  /** A Set-Cookie header for the response, when the identity is new, a day old, or signed with the previous secret. */
  readonly cookie?: string;
}

/**
 * Returns the identity that a request proves by its signed cookie, whose name is 128 random bits.
 * Returns undefined when each cookie of the request is missing, forged, expired or of another application.
 *
 * @throws {ConfigurationError} when there is no usable secret.
 */
export async function knownIdentity(request: Request, env: IdentityBindings): Promise<Identity | undefined> {
  const url = new URL(request.url);
  const { current, previous } = secrets(url, env);
  const name = cookieName(url);
  for (const cookie of cookiePairs(request.headers.get('Cookie'), name)) {
    for (const secret of previous === undefined ? [current] : [current, previous]) {
      const value = (await parseSigned(cookie, secret, name))[name];
      if (!value) continue;
      // The leading word keeps other values signed with the same secret from passing as a session.
      const [, session, issued] = /^session\.([\w-]{22})\.(\d{1,12})$/.exec(value) ?? [];
      if (session === undefined || issued === undefined) continue;
      const age = seconds() - Number(issued);
      if (age > lifetime) continue;
      const stale = age > renewal || secret !== current;
      return stale ? { session, cookie: await makeCookie(url, session, current) } : { session };
    }
  }
  return undefined;
}

/** Returns the values of all cookies of a name, in the order of the header. */
export function cookieValues(header: string | null | undefined, name: string): string[] {
  return cookiePairs(header, name).flatMap((pair) => parse(pair, name)[name] ?? []);
}

/**
 * Returns the cookies of a name, each as `name=value`.
 * A browser sends several when a parent domain or another path has set one of the same name. Returns only a
 * few, because each costs a check of its signature.
 */
function cookiePairs(header: string | null | undefined, name: string): string[] {
  const pairs = (header ?? '').split(';').filter((pair) => pair.slice(0, pair.indexOf('=')).trim() === name);
  return pairs.slice(0, mostCookies);
}

/**
 * Returns the identity of a request, and a new one for a stranger.
 *
 * @throws {ConfigurationError} when there is no usable secret.
 */
export async function identify(request: Request, env: IdentityBindings): Promise<Identity> {
  const known = await knownIdentity(request, env);
  if (known) return known;
  const url = new URL(request.url);
  const session = randomName();
  return { session, cookie: await makeCookie(url, session, secrets(url, env).current) };
}

/**
 * Returns the session's name of a user that the application has identified.
 *
 * @throws {TypeError} when the user is neither a text nor undefined, or the empty text.
 * @throws {RangeError} when the name of the user is too long.
 */
export function userSession(user: unknown): string | undefined {
  if (user === undefined) return undefined;
  if (typeof user !== 'string' || user === '') {
    const given = user === '' ? 'an empty text' : user === null ? 'null' : `a value of type ${typeof user}`;
    throw new TypeError(
      `\`identify\` returned ${given}. It returns the name of a user, or undefined for a visitor that has not signed in; ` +
        'all visitors of one name share one session.',
    );
  }
  if (user.length > longestUser) {
    throw new RangeError(
      `\`identify\` returned a name of ${user.length} characters; a name has at most ${longestUser}. ` +
        "Return the user's id, not a token that proves it.",
    );
  }
  return userPrefix + user;
}

/** Returns a Set-Cookie header that removes the identity from the browser. */
export function forgetIdentity(request: Request): string {
  const url = new URL(request.url);
  return serialize(cookieName(url), '', { ...cookieOptions(url), maxAge: 0 });
}

/**
 * Returns true when a WebSocket upgrade comes from a page of the same origin.
 * Browsers send an Origin with each upgrade. `null` means a sandboxed or opaque page; a missing one means no
 * browser.
 */
export function isSameOrigin(request: Request): boolean {
  return request.headers.get('Origin') === new URL(request.url).origin;
}

function makeCookie(url: URL, session: string, secret: string): Promise<string> {
  return serializeSigned(cookieName(url), `session.${session}.${seconds()}`, secret, cookieOptions(url));
}

function cookieOptions(url: URL): CookieOptions {
  // `Lax`, not `Strict`, because a link from another site must return to the same session.
  return { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: lifetime, secure: isSecure(url) };
}

function cookieName(url: URL): string {
  // The prefix makes browsers refuse the cookie from a subdomain or over plain HTTP.
  if (isSecure(url)) return '__Host-edgewise';
  // Includes the port, because cookies ignore it: two applications in development must not overwrite each
  // other's.
  return url.port === '' ? 'edgewise' : `edgewise_${url.port}`;
}

function isSecure(url: URL): boolean {
  return url.protocol === 'https:';
}

function secrets(url: URL, env: IdentityBindings): { readonly current: string; readonly previous: string | undefined } {
  const current = env.SESSION_SECRET;
  if (current === undefined || current === '') {
    const { hostname } = url;
    if (isLoopback(hostname)) return { current: developmentSecret, previous: undefined };
    throw new ConfigurationError(
      `The Worker has no SESSION_SECRET, and without one it answers only on localhost, not on ${hostname}. ` +
        'Run `openssl rand -base64 32 | npx wrangler secret put SESSION_SECRET` and deploy again.',
    );
  }
  if (current.length < shortestSecret) {
    throw new ConfigurationError(
      `SESSION_SECRET has ${current.length} characters and needs at least ${shortestSecret}. ` +
        'Make one with `openssl rand -base64 32`.',
    );
  }
  return { current, previous: env.SESSION_SECRET_PREVIOUS || undefined };
}

/** Returns 128 random bits as 22 characters that need no escaping. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .slice(0, 22);
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
