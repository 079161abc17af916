import manifest from '#manifest';
import {
  bindProp,
  type CallOptions,
  callInBrowser,
  connectEvent,
  disconnectEvent,
  type PageHost,
  type PathParams,
  pageHost,
} from '../elements/index.ts';
import type { Json } from '../protocol/index.ts';
import type { MaybeReactive } from '../reactive/index.ts';
import { type PageRequest, userOf } from '../session/index.ts';
import type { Tree } from '../tree/index.ts';

/** The session's data for a page. */
export interface PageSurroundings<Bindings> {
  readonly env: Bindings;
  readonly session: string;
  /** @default false */
  readonly development?: boolean;
}

/** The argument of a page function. Handlers may use it too, for as long as the page exists. */
export class PageContext<Pattern extends string = string, Bindings = unknown> {
  /** Decoded parameters of the path. */
  readonly params: PathParams<Pattern>;
  /** The bindings of the Worker. */
  readonly env: Bindings;
  /** Name of the visitor's session: the same for all pages of one browser, unique among visitors. */
  readonly session: string;
  /**
   * The signed-in user, as the application's `identify` has named it. Undefined while nobody has signed in.
   *
   * @example
   * ui.label(page.user ? `Signed in as ${page.user}` : 'Not signed in');
   */
  readonly user: string | undefined;
  /**
   * True on the developer's own machine: the local server runs the application and the visitor is on the same
   * machine. Never true in a deployment.
   */
  readonly development: boolean;
  readonly #host: PageHost;

  /**
   * Runs inside the page's scope only.
   * @internal
   */
  constructor(request: PageRequest, surroundings: PageSurroundings<Bindings>) {
    // Safe, because the router filled in every parameter of the pattern.
    this.params = request.params as PathParams<Pattern>;
    this.env = surroundings.env;
    this.session = surroundings.session;
    this.user = userOf(surroundings.session);
    this.development = surroundings.development ?? false;
    this.#host = pageHost.require('A page function');
    this.#tree.set(this.#tree.root, 'styles', manifest.styles, 'derived');
  }

  get #tree(): Tree {
    return this.#host.tree;
  }

  /** Path and query, such as `/report/7?year=2026`. A function of `ui` that reads it follows `ui.subPages`. */
  get path(): string {
    return this.#host.location.path;
  }

  /** Parameters of the query, likewise. */
  get query(): URLSearchParams {
    const { path } = this;
    const start = path.indexOf('?');
    return new URLSearchParams(start < 0 ? '' : path.slice(start));
  }

  /**
   * The headers of the request by which a browser last loaded the page or connected to it. Empty after a restart, until a browser
   * is back. Cookies that JavaScript cannot read are among them.
   */
  get headers(): Headers {
    return this.#host.headers;
  }

  /** The header `User-Agent` of the same request; empty without one. */
  get userAgent(): string {
    return this.headers.get('user-agent') ?? '';
  }

  /**
   * The visitor's language as a tag, such as `de-CH`. The browser corrects what its headers say; a function of `ui` follows it.
   * Read it in the page function first.
   *
   * @example
   * ui.label(() => new Date(order.date).toLocaleDateString(page.locale, { timeZone: page.timeZone }));
   */
  get locale(): string {
    return this.#host.visitor.facts.locale;
  }

  /** The visitor's time zone, such as `Europe/Zurich`, likewise. At a first visit it is a guess until the browser has connected. */
  get timeZone(): string {
    return this.#host.visitor.facts.timeZone;
  }

  /**
   * Calls the handler when a browser begins to show the page: at the first visit, and at a return after
   * {@link PageContext.onDisconnect}. Like every handler it survives a restart.
   *
   * @example
   * page.onConnect(() => online.update((names) => [...names, name]));
   * page.onDisconnect(() => online.update((names) => names.filter((one) => one !== name)));
   */
  onConnect(handler: () => unknown): void {
    this.#listen(connectEvent, handler);
  }

  /**
   * Calls the handler when no browser has shown the page for 5 seconds, so that a reload or a lost network is no departure. The page
   * itself stays until its policy ends it.
   */
  onDisconnect(handler: () => unknown): void {
    this.#listen(disconnectEvent, handler);
  }

  /**
   * Calls the handler when the page comes into the visitor's view: its tab is in front of the others again.
   *
   * @example
   * page.onHide(() => (away.value = true));
   * page.onShow(() => (away.value = false));
   */
  onShow(handler: () => unknown): void {
    this.#host.visitor.sees(true, handler);
  }

  /** Calls the handler when the page leaves the visitor's view: another tab is in front, or the browser is minimised. */
  onHide(handler: () => unknown): void {
    this.#host.visitor.sees(false, handler);
  }

  #listen(event: string, handler: () => unknown): void {
    this.#tree.listen(this.#tree.root, event, { hear: () => handler(), whileRunning: 'parallel', author: handler });
  }

  /**
   * Calls a function that the application's client module has exposed, in the browser that shows the page, and returns its result.
   * Call it in a handler. The wait survives a restart; a page that is loaded meanwhile calls the function again.
   *
   * @example
   * // client.ts: expose('screen', { width: () => window.innerWidth });
   * const width = await page.call<number>('screen.width');
   *
   * @param name names of the module and of its function, with a dot between them.
   * @param args plain data.
   * @throws {Error} outside of a handler.
   * @throws {TypeError} (rejects) for a name without a module.
   * @throws {Error} (rejects) when the function throws, or no client module exposes it.
   * @throws {TimeoutError} (rejects) when no browser answers within `timeout`.
   */
  call<T = Json>(name: string, args: readonly Json[] = [], options: CallOptions = {}): Promise<T> {
    return callInBrowser<T>(name, args, options);
  }

  /**
   * Number of the status of the document: 404 for a page of your own where there is nothing. From 200 to 599.
   *
   * @default 200
   */
  get status(): number {
    return Number(this.#tree.value(this.#tree.root, 'status') ?? 200);
  }

  set status(status: number) {
    this.#tree.set(this.#tree.root, 'status', status, 'passing');
  }

  /**
   * Title of the document. Assign a signal or a function to bind it.
   *
   * @example
   * page.title = () => (unread.value > 0 ? `(${unread.value}) Chat` : 'Chat');
   */
  get title(): string {
    const title = this.#tree.followed(this.#tree.root, 'title');
    return title === undefined ? '' : String(title);
  }

  set title(title: MaybeReactive<string>) {
    bindProp(this.#host, this.#tree.root, 'title', title, {
      to: (text) => text,
      changed: (text) => this.#host.location.titled(text as string),
    });
  }
}

/** A page function. It describes the page by calls of `ui`, runs again at each rebuild, and may be async. */
export type PageBuilder<Pattern extends string, Bindings> = (page: PageContext<Pattern, Bindings>) => unknown;
