import type { Context } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { Hono } from 'hono/tiny';
import type { Env } from 'hono/types';
import { serialize } from 'hono/utils/cookie';
import { tryDecodeURIComponent } from 'hono/utils/url';
import manifest from '#manifest';
import { env as bindings } from '#platform';
import { systemClock } from '../clock/index.ts';
import { limits, parseVisit, visitHeader, visitType } from '../protocol/index.ts';
import { checkResidency, type ObjectBindings, type Residency, revive } from '../rpc/index.ts';
import {
  type Admission,
  defaultPolicy,
  type Opened,
  type PageDefinition,
  type PageErrorHandler,
  type PageRequest,
  type SessionApplication,
  type SessionClass,
  type SessionHost,
  type SessionObject,
  type SessionPolicy,
  sessionClass,
  userPrefix,
  type Visitor,
  type VisitSurroundings,
  visitorOf,
} from '../session/index.ts';
import { type SharedClass, sharedClass } from '../shared/index.ts';
import { checkCellSize, encode } from '../storage/index.ts';
import { checkEventName, journal, run } from '../tasks/index.ts';
import { devPages } from './dev-pages.ts';
import { type DevelopmentBindings, isDevelopment } from './development.ts';
import {
  type DocumentOptions,
  documentHeaders,
  documentNonce,
  messageDocument,
  pageData,
  pageDocument,
  shownBy,
  spreadOf,
  withDefaultHeaders,
} from './document.ts';
import { filesPath, framePath, serveFile, takeFrame, takeUpload, uploadPath } from './files.ts';
import { endSocket, isOwnPath, isPageId, loadRequest, readSocketRequest, socketPath } from './gate.ts';
import { checkedHead, type HeadOptions, joinHeads } from './head.ts';
import { type PageBuilder, PageContext, type PageSurroundings } from './page-context.ts';
import { consume } from './queue-consumer.ts';
import {
  ConfigurationError,
  cookieValues,
  forgetIdentity,
  type Identity,
  type IdentityBindings,
  identify,
  isSameOrigin,
  knownIdentity,
  userSession,
} from './session-cookie.ts';
import { callSession } from './session-stub.ts';
import { type StaticSource, serveObject } from './static.ts';

/** Path of the page that shows, in development, why the object of the visitor's session stays in memory. */
const awakePath = '/_edgewise/awake';
/** Path below which the framework itself answers. */
const ownPath = '/_edgewise/';
/** Cookie that names the page of a reloading tab. The client sets it as the tab leaves. */
const returnCookie = 'edgewise_page';

/** Options of an {@link App}. */
export interface AppOptions<Bindings = unknown> extends DocumentOptions, Residency {
  /**
   * Retention of pages and sessions, limits for their memory, and how often an open page passes the middleware again.
   *
   * @default 24 hours for a page, 30 days for a session; see {@link SessionPolicy}
   */
  readonly session?: Partial<SessionPolicy>;
  /**
   * Name of the Durable Object binding of sessions.
   *
   * @default 'SESSION'
   */
  readonly binding?: string;
  /**
   * Name of the Durable Object binding of shared signals and jobs.
   *
   * @default 'SHARED'
   */
  readonly sharedBinding?: string;
  /**
   * Name of the R2 binding for the files of visitors. Without it, each session stores its files itself, of at most 10 MB each.
   *
   * @default 'FILES'
   */
  readonly filesBinding?: string;
  /**
   * Maps a request to a signed-in user. All devices of the user then share one session.
   * Return undefined for a visitor who is not signed in; the browser's own session serves that request. The
   * request comes from a stranger, so verify a signature here. A name has 1 to 256 characters; any other
   * result fails the request.
   *
   * @default none: each browser has its own session
   */
  readonly identify?: (request: Request, env: Bindings) => string | undefined | Promise<string | undefined>;
}

/** The bindings in an application's environment, or any bindings when the type names none. */
export type BindingsOf<E extends Env> = E extends { Bindings: infer Bindings extends object }
  ? Bindings
  : Readonly<Record<string, unknown>>;

type Load = (request: Request) => Response | Promise<Response>;

interface RegisteredPage {
  readonly pattern: string;
  build(context: PageContext): unknown;
}

type RoutedPage = readonly [RegisteredPage, Readonly<Record<string, string>>];

/** What the routers find at a path and query. */
interface Place {
  /** The page there and its parameters: for development, and for visitors. None for a path that no browser asks for. */
  readonly pages: readonly [RoutedPage | undefined, RoutedPage | undefined];
  /** True when no middleware and no other route stands before the page: then everybody may load it. */
  readonly unguarded: boolean;
  /** The number of routes that there were. */
  readonly routes: number;
}

/** Paths of which an application knows the place. */
const mostPlaces = 100;

/**
 * An application: a Hono app that also has pages.
 * Middleware, routes, `notFound` and `onError` are Hono's. A page is a GET route. So middleware that was
 * registered before a page runs before it, also when the page's browser connects.
 */
export class App<E extends Env = Env> extends Hono<E> {
  #options: AppOptions<BindingsOf<E>>;
  readonly #pages = new TrieRouter<RegisteredPage>();
  readonly #patterns = new Set<string>();
  /** By path, because each wake asks twice, and to find a place takes a tenth of its time. */
  readonly #places = new Map<string, Place>();
  /** The route of every page. */
  readonly #painter = (c: Context<E>) => this.#paint(c);
  /** Requests that only check access to a page. `reached` turns true when the request passed the middleware. */
  readonly #checks = new WeakMap<Request, { reached: boolean }>();
  /** What page functions say of addresses where there is nothing. */
  readonly #messages = new WeakMap<Request, string>();
  /** Answers every request except upgrades, as Hono does. */
  readonly #load: Hono<E>['fetch'];
  /** Errors that the session has already logged. */
  readonly #logged = new WeakSet<Error>();
  #session: SessionClass<BindingsOf<E>> | undefined;
  #shared: SharedClass<BindingsOf<E>> | undefined;
  #onPageError: PageErrorHandler | undefined;
  /** Sessions that run outside the platform's objects; see {@link SessionApplication.attach}. */
  readonly #attached = new Map<string, (name: string, text: string) => Promise<void>>();

  /**
   * Makes an application without pages.
   *
   * @throws {TypeError} when an option is wrong.
   */
  constructor(options: AppOptions<BindingsOf<E>> = {}) {
    super();
    // Of Hono's routers, the one that knows every pattern, and that finds the pages too.
    this.router = new TrieRouter();
    this.#options = options;
    // Because a wrong value must fail at start, not at the first visit.
    spreadOf(options);
    checkResidency(options);
    checkedHead(options.head ?? {});
    this.notFound((c) => this.#missing(c));
    this.onError((error, c) => this.#failed(error, c));
    for (const page of devPages) {
      this.#pages.add('GET', page.pattern, page);
      this.get(page.pattern, (c, next) => (inDevelopment(c) ? this.#paint(c) : next()));
    }
    this.get(awakePath, (c, next) => (inDevelopment(c) ? this.#whyAwake(c) : next()));
    this.#load = this.fetch;
    this.fetch = async (request, env, ctx) => {
      const { pathname } = new URL(request.url);
      const own = pathname.startsWith(ownPath) && this.#own(pathname);
      const load: Load = (check) => this.#load(check, env, ctx);
      if (own) return withDefaultHeaders(await own(request, (env ?? {}) as BindingsOf<E>, load));
      return withDefaultHeaders(
        this.#isVisitOfNoPage(request) ? new Response(null, { status: 204 }) : await load(request),
      );
    };
  }

  /** Returns what answers a request to the framework itself; undefined for a page or a route. */
  #own(pathname: string): ((request: Request, env: BindingsOf<E>, load: Load) => Promise<Response>) | undefined {
    if (pathname === socketPath) return (...request) => this.#connect(...request);
    if (pathname.startsWith(uploadPath)) return (...request) => this.#files(takeUpload, ...request);
    if (pathname.startsWith(framePath)) return (...request) => this.#files(takeFrame, ...request);
    if (pathname.startsWith(filesPath)) return (...request) => this.#files(serveFile, ...request);
    return undefined;
  }

  /**
   * Adds elements to the head of every document: style sheets and modules of other hosts, links, metadata. The
   * hosts are added to the Content-Security-Policy. Styles and modules of the application itself belong into
   * `styles.css` and `client.ts`.
   *
   * @example
   * app.head({ styles: ['https://fonts.example/inter.css'], metas: [{ name: 'description', content: 'Orders' }] });
   *
   * @throws {TypeError} for an address that runs code, and for an attribute that is code.
   */
  head(head: HeadOptions): this {
    this.#options = { ...this.#options, head: joinHeads(this.#options.head ?? {}, checkedHead(head)) };
    return this;
  }

  /**
   * Adds a page. `builder` describes the page, once for each visitor and again at each rebuild. Patterns are
   * Hono's.
   *
   * @example
   * app.page('/report/:id', ({ params }) => {
   *   ui.label(`Report ${params.id}`);
   * });
   *
   * @throws {TypeError} without a path or a function; {Error} for a path that another page has.
   */
  page<const Pattern extends string>(pattern: Pattern, builder: PageBuilder<Pattern, BindingsOf<E>>): this {
    if (typeof pattern !== 'string' || typeof builder !== 'function') {
      throw new TypeError("app.page takes a path and a function, as in app.page('/orders', (page) => { … }).");
    }
    if (this.#patterns.has(pattern)) {
      throw new Error(
        `Two pages have the path '${pattern}', and nobody would see the second one. Give it another path.`,
      );
    }
    this.#patterns.add(pattern);
    const build = builder as unknown as RegisteredPage['build'];
    this.#pages.add('GET', pattern, { pattern, build });
    this.get(pattern as string, this.#painter);
    return this;
  }

  /**
   * Serves the files of an R2 bucket below a path, also in ranges, so browsers play long media from any position. Middleware that was
   * registered before guards them. Files of the project itself belong into the folder `public`, which the build copies: `public/logo.svg`
   * has the address `/logo.svg`.
   *
   * @example
   * app.static('/media', { bucket: 'MEDIA', prefix: 'public/' });
   * app.page('/', () => ui.video('/media/tour.mp4'));
   *
   * @param path the begin of the addresses, such as `/media`.
   * @throws {TypeError} for a path that does not begin with a slash, and for a folder.
   */
  static(path: string, source: StaticSource): this {
    if (typeof source === 'string') {
      throw new TypeError(
        `app.static serves a bucket, and got the folder ${JSON.stringify(source)}. Put files of the project into the folder public: ` +
          'public/logo.svg has the address /logo.svg.',
      );
    }
    if (!path.startsWith('/'))
      throw new TypeError(`The path of app.static begins with a slash; it got ${JSON.stringify(path)}.`);
    const { bucket: binding, prefix = '', cacheControl = 'no-cache' } = source;
    const base = path.replace(/\/+$/, '');
    this.get(`${base}/*`, async (c) => {
      const bucket = (c.env as Record<string, unknown>)[binding] as R2Bucket | undefined;
      if (!bucket) {
        throw new ConfigurationError(`The Worker has no R2 binding ${binding}, from which ${base} serves files.`);
      }
      const key = prefix + tryDecodeURIComponent(new URL(c.req.url).pathname.slice(base.length + 1));
      const found = key === '' ? undefined : await serveObject(c.req.raw, bucket, key, cacheControl);
      return found ?? c.notFound();
    });
    return this;
  }

  /**
   * Sets the handler of errors in the code of pages: page functions, handlers and timers.
   * The framework logs these errors and shows a notice in the page in any case. `onError` receives errors of
   * a request, which include a page function that fails at first paint.
   */
  onPageError(handler: PageErrorHandler): this {
    this.#onPageError = handler;
    return this;
  }

  /** Ends the session of a request: closes its pages at once and deletes their rows. Call it to sign a user out. */
  async revoke(c: Context<E>): Promise<void> {
    const env = c.env as BindingsOf<E>;
    const identity = await this.#known(c.req.raw, env);
    if (!identity) return;
    await this.#call(env, identity.session, (session) => session.revoke());
    c.header('Set-Cookie', forgetIdentity(c.req.raw), { append: true });
  }

  /**
   * Sends an event to a user, whose handlers wait for it with `run.event(name)`.
   * Any page, route, queue or schedule of the Worker may call it. The promise resolves when the event is
   * durable. The session stores an event without a waiting handler for the first handler that waits for its
   * name. In a handler the call is a `run.ioBound` call. A call that was cut off runs again, so the event may
   * arrive twice.
   *
   * @param user the name that `identify` returns, or the name of a session (`page.session`). Write `user:NAME`
   *   for a user whose name looks like a browser's session: 22 letters, digits, `-` and `_`.
   * @param name 1 to 200 characters, such as `paid:17`.
   * @param value plain data, as in a `ui.state`.
   * @throws {TypeError} for a name or a value that cannot be sent.
   *
   * @example
   * app.post('/webhooks/payment', async (c) => {
   *   const { user, order } = await verified(c.req);
   *   await app.send(user, `paid:${order}`, true);
   *   return c.text('ok');
   * });
   */
  async send(user: string, name: string, value?: unknown): Promise<void> {
    checkEventName(name, 'app.send');
    if (typeof user !== 'string' || user === '') {
      throw new TypeError(
        `app.send expects the name of a user or a session as its first argument; it got ${JSON.stringify(user)}.`,
      );
    }
    const text = encode(value, 'The value of app.send');
    checkCellSize(`the event ${name}`, text);
    const near = this.#attached.get(user);
    const send = () =>
      near ? near(name, text) : this.#call(bindings, sessionOf(user), (session) => session.sendEvent(name, text));
    await (journal.get() ? run.ioBound(send) : send());
  }

  /**
   * Consumes the queue of jobs and its dead letters.
   * An App that is a Worker's default export has this handler beside `fetch`. A Worker with further queues
   * calls it for the batches of the job queue.
   */
  readonly queue = (batch: MessageBatch<unknown>, env: BindingsOf<E>): Promise<void> =>
    consume(batch, env as Record<string, unknown>, this.#objects, systemClock, this.#bucketOf(env));

  /** The Durable Object class of sessions. Export it and bind it as `SESSION`. */
  get Session(): SessionClass<BindingsOf<E>> {
    this.#session ??= sessionClass<BindingsOf<E>>(this.sessions);
    return this.#session;
  }

  /** The Durable Object class of shared signals and jobs. Export it and bind it as `SHARED`. */
  get Shared(): SharedClass<BindingsOf<E>> {
    this.#shared ??= sharedClass<BindingsOf<E>>({
      build: manifest.code,
      objects: this.#objects,
    });
    return this.#shared;
  }

  /**
   * Returns the application as its sessions see it. For `edgewise/testing`, which runs sessions without a platform.
   * @internal
   */
  get sessions(): SessionApplication<BindingsOf<E>> {
    return {
      build: manifest.code,
      policy: { ...defaultPolicy, ...this.#options.session },
      development: (env, url) => isDevelopment(env as DevelopmentBindings, url),
      match: (path, surroundings) => this.#match(path, surroundings),
      attach: (session, send) => void this.#attached.set(session, send),
      objects: this.#objects,
      admits: (visitor, surroundings) => this.#admitsAgain(visitor, surroundings),
      isUnguarded: (path, session) =>
        !this.#options.identify && !session.startsWith(userPrefix) && this.#place(path).unguarded,
      onError: (error, where) => this.#onPageError?.(error, where),
      filesBinding: this.#filesBinding,
    };
  }

  get #objects(): ObjectBindings {
    const { binding = 'SESSION', sharedBinding = 'SHARED', jurisdiction, locationHint } = this.#options;
    return {
      session: binding,
      shared: sharedBinding,
      ...(jurisdiction && { jurisdiction }),
      ...(locationHint && { locationHint }),
    };
  }

  /** Answers a GET of a page with its first paint. */
  async #paint(c: Context<E>): Promise<Response> {
    const check = this.#checks.get(c.req.raw);
    if (check) {
      check.reached = true;
      return c.body(null, 204);
    }
    const url = new URL(c.req.url);
    const nonce = documentNonce();
    const headers = documentHeaders(url, this.#options, nonce);
    if (c.req.method === 'HEAD') return c.body(null, 200, headers);
    // Because a browser may never show a page that it prefetches, a prefetch neither creates a page nor
    // takes one from the tab that left it. The browser loads the page again when the visitor follows the link.
    if (/\bprefetch\b/.test(c.req.header('Sec-Purpose') ?? c.req.header('Purpose') ?? '')) {
      return c.body(null, 503, { Vary: 'Sec-Purpose' });
    }
    const path = url.pathname + url.search;
    if (path.length > limits.path)
      return c.text(
        `The address of a page may have at most ${limits.path} characters; this one has ${path.length}.`,
        414,
      );
    if (!isOwnPath(path)) return c.notFound();
    const env = c.env as BindingsOf<E>;
    const identity = (await this.#mapped(c.req.raw, env)) ?? (await identify(c.req.raw, env as IdentityBindings));
    const visit = parseVisit(c.req.header(visitHeader) ?? '');
    const left = cookieValues(c.req.header('Cookie'), returnCookie);
    const page = visit?.page ?? left.find(isPageId);
    const answer = await this.#call(env, identity.session, (session) =>
      session.open(path, page, inDevelopment(c), visit, visitorOf(c.req.raw, path)),
    );
    if (typeof answer !== 'string') {
      const error = revive(answer.failed);
      this.#logged.add(error);
      throw error;
    }
    const paint = JSON.parse(answer) as Opened;
    if (paint === 'missing') return c.notFound();
    if ('redirect' in paint) return c.redirect(paint.redirect);
    if ('notFound' in paint) {
      this.#messages.set(c.req.raw, paint.notFound);
      return c.notFound();
    }
    if (identity.cookie) c.header('Set-Cookie', identity.cookie, { append: true });
    if (!('tree' in paint)) return c.json(paint, 200, visitHeaders(headers));
    const [, , { status = 200 }] = paint.tree;
    if (visit) {
      const data = { ...pageData(paint, this.#options), ...shownBy(paint, this.#options) };
      return c.json(data, status as 200, visitHeaders(headers));
    }
    if (left.length > 0) {
      // Expires the cookie, because the next visit may come from another tab. A `;` would end the attribute,
      // here as in the client.
      const spent = serialize(returnCookie, '', {
        path: url.pathname.split(';')[0] ?? '/',
        maxAge: 0,
        sameSite: 'Lax',
      });
      c.header('Set-Cookie', spent, { append: true });
    }
    return c.body(pageDocument(paint, this.#options, nonce, paint.page === page), status as 200, headers);
  }

  /**
   * True for a client that wants to show an address without loading a document, where no page is registered. It loads the
   * document, so that a route of the author runs once.
   */
  #isVisitOfNoPage(request: Request): boolean {
    if (!request.headers.has(visitHeader)) return false;
    return this.#pages.match('GET', this.getPath(request))[0].length === 0;
  }

  /**
   * Connects a browser to its page.
   * Refuses three kinds of request before any object is called: a foreign origin, a stranger, and a visitor
   * whom the application's middleware would not let load the page. `load` answers a request.
   */
  async #connect(request: Request, env: BindingsOf<E>, load: Load): Promise<Response> {
    try {
      const wanted = readSocketRequest(request);
      if (typeof wanted === 'string') return new Response(wanted, { status: 400 });
      if (!isSameOrigin(request)) {
        return new Response('Pages of other origins may not connect to this application.', { status: 403 });
      }
      const identity = await this.#known(request, env);
      if (!identity) return endSocket('revoked', 'This browser has no valid session any more; load the page again.');
      const refusal = this.#place(wanted.path).unguarded
        ? undefined
        : await this.#refusal(loadRequest(visitorOf(request, wanted.path)), load);
      if (refusal !== undefined && refusal >= 500)
        return new Response('The application failed while it checked access to this page; try again in a moment.', {
          status: 503,
        });
      // The tab remembers its page, because a deploy without the page may be taken back.
      if (refusal === 404) return endSocket('reload', 'There is no page at this address any more.');
      if (refusal !== undefined)
        return endSocket('revoked', 'This page is not open to this visitor; load it again to see why.');
      const { session, cookie } = identity;
      const response = await this.#call(env, session, (stub) => stub.fetch(new Request(request)));
      if (cookie === undefined || response.status !== 101) return response;
      // Renews the cookie with the socket, because a page may stay open for weeks.
      const { webSocket } = response;
      return new Response(null, { status: 101, webSocket, headers: { 'Set-Cookie': cookie } });
    } catch (error) {
      console.error('A browser could not connect to its page:', error);
      return new Response('The application could not be reached; try again in a moment.', { status: 503 });
    }
  }

  get #filesBinding(): string {
    return this.#options.filesBinding ?? 'FILES';
  }

  #bucketOf(env: object): R2Bucket | undefined {
    return (env as Record<string, unknown>)[this.#filesBinding] as R2Bucket | undefined;
  }

  /** Answers a request about a file. The middleware decides as it would about the page that the file belongs to. */
  async #files(serve: typeof serveFile, request: Request, env: BindingsOf<E>, load: Load): Promise<Response> {
    try {
      const identity = await this.#known(request, env);
      return await serve(request, {
        session: identity && ((call) => this.#call(env, identity.session, call)),
        admits: (path) => this.#admits(loadRequest(visitorOf(request, path)), load),
        bucket: this.#bucketOf(env),
      });
    } catch (error) {
      console.error('A request about a file failed:', error);
      return new Response('The application could not be reached; try again in a moment.', { status: 503 });
    }
  }

  #place(path: string): Place {
    const routes = this.routes.length;
    const known = this.#places.get(path);
    // Because a page may be registered later.
    if (known?.routes === routes) return known;
    const routed = this.getPath({ url: `http://page${path}` } as Request);
    const pages = isOwnPath(path) ? this.#pages.match('GET', routed)[0] : [];
    const [[first]] = this.router.match('GET', routed);
    const there = pages.map(([page, captured]) => [page, decoded(captured as Record<string, string>)] as const);
    const place: Place = {
      pages: [there[0], there.find(([{ pattern }]) => !isForDevelopment(pattern))],
      unguarded: first?.[0][0] === this.#painter,
      routes,
    };
    if (this.#places.size >= mostPlaces) this.#places.clear();
    this.#places.set(path, place);
    return place;
  }

  /**
   * Asks the application's middleware whether a visitor may load a page. The page itself does not run.
   *
   * @returns undefined for one who may, otherwise the status of the answer.
   */
  async #refusal(check: Request, load: Load): Promise<number | undefined> {
    const state = { reached: false };
    this.#checks.set(check, state);
    const { status } = await load(check);
    return state.reached ? undefined : status;
  }

  /** Returns what {@link #refusal} says about the visitor. */
  async #admits(check: Request, load: Load): Promise<Admission> {
    const status = await this.#refusal(check, load);
    if (status === undefined) return 'admitted';
    // Because a failing database says nothing about the visitor.
    return status >= 500 ? 'unknown' : 'refused';
  }

  /** Checks again whether a connected visitor may still have the page and the session. */
  async #admitsAgain(visitor: Visitor, { env, session, ctx }: VisitSurroundings<BindingsOf<E>>): Promise<Admission> {
    try {
      const check = loadRequest(visitor);
      const mapped = await this.#mapped(check, env);
      // Ignores the cookie: revoking a session closes its sockets, and the cookie sent with this socket may be
      // old.
      if (mapped ? mapped.session !== session : session.startsWith(userPrefix)) return 'refused';
      return await this.#admits(check, (request) => this.#load(request, env, ctx));
    } catch (error) {
      console.error('The middleware failed while it checked whether a visitor may still have a page:', error);
      return 'unknown';
    }
  }

  /** Shows a developer what keeps the object of the own session in memory. */
  async #whyAwake(c: Context<E>): Promise<Response> {
    const env = c.env as BindingsOf<E>;
    const identity = await this.#known(c.req.raw, env);
    if (!identity) return c.text('This browser has no session yet; open a page first.\n', 404);
    const reasons = await this.#call(env, identity.session, async (session) => session.whyAwake());
    const text = reasons.length === 0 ? 'Nothing: it sleeps after about 10 s.' : reasons.join('\n');
    return c.text(`What keeps the object of your session in memory:\n\n${text}\n`);
  }

  /** Calls the object of a session. */
  #call<R>(env: object, session: string, call: (object: SessionObject) => Promise<R>): Promise<R> {
    return callSession(env as Record<string, unknown>, this.#objects, session, call, systemClock);
  }

  async #known(request: Request, env: BindingsOf<E>): Promise<Identity | undefined> {
    return (await this.#mapped(request, env)) ?? (await knownIdentity(request, env as IdentityBindings));
  }

  async #mapped(request: Request, env: BindingsOf<E>): Promise<Identity | undefined> {
    const session = userSession(await this.#options.identify?.(request, env));
    return session === undefined ? undefined : { session };
  }

  #match(path: string, surroundings: PageSurroundings<BindingsOf<E>>): ReturnType<SessionHost['match']> {
    const found = this.#place(path).pages[surroundings.development ? 0 : 1];
    if (!found) return undefined;
    const [{ pattern, build }, params] = found;
    const definition: PageDefinition = {
      pattern,
      build: (opened) => build(new PageContext(opened, surroundings)),
    };
    return { definition, request: new OpenedRequest(path, { ...params }) };
  }

  #missing(c: Context): Response {
    if (!wantsHtml(c)) return c.text('404 Not Found', 404);
    const nonce = documentNonce();
    const message = this.#messages.get(c.req.raw) ?? 'There is no page at this address.';
    const html = messageDocument('Page not found', [message], this.#options, { nonce });
    return c.body(html, 404, documentHeaders(new URL(c.req.url), this.#options, nonce));
  }

  #failed(error: Error, c: Context): Response {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse() as Response;
    if (!this.#logged.has(error)) console.error(error);
    // Everybody may read a configuration error: its message is for the person who deploys, and it holds no secret.
    const known = error instanceof ConfigurationError;
    if (!wantsHtml(c)) return c.text(known ? error.message : 'Internal Server Error', 500);
    const detail = inDevelopment(c) && !known ? describe(error) : '';
    const line = known
      ? error.message
      : detail
        ? 'Your code threw this error; the log shows it with the lines of your files. Visitors of the deployed application do not see it.'
        : 'The page could not be made. It is not your fault; try again in a moment.';
    const nonce = documentNonce();
    const html = messageDocument('Something went wrong', [line], this.#options, { retry: true, detail, nonce });
    return c.body(html, 500, documentHeaders(new URL(c.req.url), this.#options, nonce));
  }
}

/** The request of a page. Few ask for its query, so a wake parses none. */
class OpenedRequest implements PageRequest {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;

  constructor(path: string, params: Readonly<Record<string, string>>) {
    this.path = path;
    this.params = params;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(/\?.*$/s.exec(this.path)?.[0]);
  }
}

/** Returns the parameters of a path as its page gets them. */
function decoded(captured: Readonly<Record<string, string>>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(captured)) {
    if (value !== undefined) params[name] = tryDecodeURIComponent(value);
  }
  return params;
}

/** Returns the headers of the answer to a visit. */
function visitHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { ...headers, 'Content-Type': visitType, Vary: visitHeader };
}

function isForDevelopment(path: string): boolean {
  return devPages.some(({ pattern }) => pattern === path);
}

function inDevelopment(c: Context): boolean {
  return isDevelopment(c.env as DevelopmentBindings | undefined, new URL(c.req.url));
}

/** Returns the session of a user, or the session itself when its name is given. */
function sessionOf(user: string): string {
  return user.startsWith('user:') || /^[\w-]{22}$/.test(user) ? user : (userSession(user) ?? user);
}

function wantsHtml(c: Context): boolean {
  return (c.req.header('Accept') ?? '').includes('text/html');
}

function describe(error: Error): string {
  const own = error.stack?.includes(error.message)
    ? error.stack
    : `${error.name}: ${error.message}\n${error.stack ?? ''}`;
  return error.cause instanceof Error ? `${own}\nCaused by: ${describe(error.cause)}` : own;
}
