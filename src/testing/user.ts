import { type Duration, milliseconds } from '../clock/index.ts';
import type { TaskModule } from '../compute/index.ts';
import { filesPath } from '../file-ref/index.ts';
import { type Json, type MirrorNode, type Props, ruleOf, traitsOf, type UploadItem } from '../protocol/index.ts';
import { type SessionPolicy, userPrefix } from '../session/index.ts';
import { TestBrowser } from './browser.ts';
import { seeded, VirtualClock } from './clock.ts';
import { computeService } from './compute.ts';
import type { Pages } from './pages.ts';
import { find, inWords, print, type Query, texts, visible } from './query.ts';
import { TestServer } from './server.ts';
import { TestShared } from './shared.ts';

/** Options of {@link open}. */
export interface OpenOptions {
  /**
   * Compute Workers by the name of their binding. Each is a module of tasks, as for `compute`.
   *
   * @default none
   */
  readonly services?: Readonly<Record<string, TaskModule>>;
  /** The bindings that page functions see as `env`. @default {} */
  readonly env?: object;
  /**
   * The signed-in user, as `identify` would name it, for `page.user`. `identify` itself is not called.
   *
   * @default none: a visitor who has not signed in
   */
  readonly user?: string;
  /** The headers that the browser sends, such as `{ 'accept-language': 'de-CH' }`. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time zone of the browser, such as `Europe/Zurich`. @default 'UTC' */
  readonly timeZone?: string;
  /**
   * Another user, whose clock and shared objects this one shares. Both live at the same time, each in a session of their own.
   *
   * @default none: a clock of its own
   */
  readonly beside?: User;
  /**
   * Milliseconds that a message travels.
   *
   * @default 1
   */
  readonly latency?: number;
  /**
   * Seed of the random numbers. A failing test with random numbers should print it.
   *
   * @default 1
   */
  readonly seed?: number;
  /**
   * Retention of pages and sessions.
   *
   * @default the application's own
   */
  readonly policy?: Partial<SessionPolicy>;
  /**
   * False runs as in production: no warnings for authors, bland messages for users.
   *
   * @default true
   */
  readonly development?: boolean;
  /**
   * Kills the server once at each await of a handler and has the handler replayed.
   * A test that passes with it proves that its handlers survive a restart at any await. Calls of
   * `run.ioBound` that take more than 50 ms run twice, as after a real restart. Each await takes up to a second
   * more of virtual time, in which the browser reconnects.
   *
   * @default false
   *
   * @example
   * using user = await open(app, '/', { alwaysReplay: true });
   * user.find('Order').click();
   * await user.shouldSee('Paid', { within: '1m' });
   */
  readonly alwaysReplay?: boolean;
  /**
   * Evicts the object whenever it may sleep, so that it hibernates in the middle of whatever waits.
   * The platform waits about ten seconds before it does. A page whose object may not sleep stays in memory, as on
   * the platform; `server.whyAwake()` says why, and `server.evictions` counts.
   *
   * @default false
   *
   * @example
   * using user = await open(app, '/', { alwaysEvict: true });
   * user.find('Delete').click();
   * await user.shouldSee('Really?');
   * user.find('OK').click();          // its handler waited without an object
   * await user.shouldSee('Deleted');
   */
  readonly alwaysEvict?: boolean;
}

/** A file that a user uploads. */
export interface TestFile {
  /** Its name, as the browser says it. */
  readonly name: string;
  /** Its bytes, or the text that they encode. */
  readonly content: string | Uint8Array;
  /** The media type as a browser would say it. @default '' */
  readonly type?: string;
}

/** A file that the browser has saved. */
export interface SavedFile {
  /** The name under which it is saved. */
  readonly name: string;
  /** Its address. */
  readonly url: string;
  /** Returns its bytes. */
  bytes(): Promise<Uint8Array>;
  /** Returns its text. */
  text(): Promise<string>;
}

/** How long `shouldSee` and `shouldNotSee` wait. */
export interface WaitOptions {
  /** Virtual time. @default 5 seconds */
  readonly within?: Duration;
}

/**
 * Opens a page of an application as a user would.
 * Runs the real session and the real client without a platform or a network. The clock moves only when the
 * test says so.
 *
 * @example
 * using user = await open(app, '/');
 * user.find('Name').type('Ada');
 * user.find('Greet').click();
 * await user.shouldSee('Hello, Ada!');
 * user.server.kill();               // the page shows the same again
 * await user.shouldSee('Hello, Ada!');
 *
 * @param pages an `App`, or page functions by path.
 */
export async function open(pages: Pages, path = '/', options: OpenOptions = {}): Promise<User> {
  const {
    services = {},
    beside,
    latency = 1,
    seed = 1,
    policy,
    development,
    env,
    user,
    headers,
    timeZone,
    alwaysReplay,
    alwaysEvict,
  } = options;
  const clock = beside?.clock ?? new VirtualClock(seeded(seed));
  const modules = Object.entries(services).map(([name, tasks]) => [name, computeService(tasks, clock)] as const);
  const compute = Object.fromEntries(modules);
  const shared = beside?.shared ?? new TestShared({ clock, latency: () => latency, services: compute });
  const server = new TestServer({
    pages,
    clock,
    name: user === undefined ? `user ${shared.sessions + 1}` : userPrefix + user,
    shared,
    latency: () => latency,
    services: compute,
    ...(policy && { policy }),
    ...(env && { env }),
    ...(headers && { headers }),
    ...(timeZone && { timeZone }),
    ...(development !== undefined && { development }),
    ...(alwaysReplay && { alwaysReplay }),
    ...(alwaysEvict && { alwaysEvict }),
  });
  return User.open(server, clock, path, shared);
}

/** A person with one tab. Time stands still until the test awaits a method that returns a promise. */
export class User implements Disposable {
  /** The clock of the browser and the server. */
  readonly clock: VirtualClock;
  /** The server of the user's session: `evict`, `kill`, `deploy`, `whyAwake`, `log`, `errors`, `store`. */
  readonly server: TestServer;
  /** The tab itself, for actions that this class does not offer. */
  readonly browser: TestBrowser;
  /** The shared objects of this user and of those beside: `kill`, `evict`, `lose`, `stores`. Undefined in a server without. */
  readonly shared: TestShared | undefined;

  private constructor(server: TestServer, clock: VirtualClock, browser: TestBrowser, shared: TestShared | undefined) {
    this.server = server;
    this.clock = clock;
    this.browser = browser;
    this.shared = shared;
  }

  /** Opens a page in an existing server. */
  static async open(server: TestServer, clock: VirtualClock, path: string, shared?: TestShared): Promise<User> {
    return User.#begin(server, clock, during(clock, TestBrowser.open(server, clock, path)), shared);
  }

  static async #begin(
    server: TestServer,
    clock: VirtualClock,
    browser: Promise<TestBrowser>,
    shared: TestShared | undefined,
  ): Promise<User> {
    const user = new User(server, clock, await browser, shared);
    await user.settle();
    return user;
  }

  /** Opens one more tab in the same browser, in the same session. */
  tab(path = this.browser.path): Promise<User> {
    return User.open(this.server, this.clock, path, this.shared);
  }

  /** Duplicates the tab, as browsers offer it. The copy becomes a page of its own. */
  duplicate(): Promise<User> {
    return User.#begin(this.server, this.clock, during(this.clock, this.browser.duplicate()), this.shared);
  }

  // ---- looking

  /** Returns the one matching element. Each use looks it up anew, so it need not exist yet. */
  find(query: Query): Found {
    return new Found(this, () => this.browser.root, query);
  }

  /** Returns true when a matching element is visible now. */
  sees(query: Query): boolean {
    return find(this.browser.root, query).some(visible);
  }

  /**
   * Lets time pass until a matching element is visible.
   *
   * @throws {Error} when none appears; the message shows the page.
   */
  async shouldSee(query: Query, { within = '5s' }: WaitOptions = {}): Promise<void> {
    if (await this.#until(() => this.sees(query), milliseconds(within))) return;
    throw new Error(`Nobody sees ${inWords(query)} within ${String(within)}. ${this.#page()}`);
  }

  /**
   * Lets all messages under way arrive, then lets time pass until no matching element is visible.
   *
   * @throws {Error} when one stays; the message shows the page.
   */
  async shouldNotSee(query: Query, { within = '5s' }: WaitOptions = {}): Promise<void> {
    await this.settle();
    if (await this.#until(() => !this.sees(query), milliseconds(within))) return;
    throw new Error(`${inWords(query)} can still be seen after ${String(within)}. ${this.#page()}`);
  }

  /** The texts of the visible notifications, oldest first. */
  get notifications(): string[] {
    return find(this.browser.root, { kind: 'notification' }).map((node) => String(node.props.text));
  }

  /** The files that the page has had the browser save, oldest first. */
  get downloads(): SavedFile[] {
    return this.browser.downloads.map(({ url, name }) => {
      const id = url.slice(filesPath.length).split('/')[0] ?? '';
      const bytes = () => during(this.clock, this.server.read({ id }));
      return { name, url, bytes, text: async () => new TextDecoder().decode(await bytes()) };
    });
  }

  /** The page as indented text. */
  get page(): string {
    return print(this.browser.root);
  }

  // ---- time and the network

  /** Lets time pass. A number is in milliseconds. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.advance(milliseconds(duration));
  }

  /**
   * Lets time pass until every event is acknowledged, at most two seconds. Then the tab shows the immediate
   * effects of handlers.
   */
  async settle(): Promise<void> {
    const done = () => {
      const { state, pending } = this.browser.link.status;
      return state === 'live' && pending === 0;
    };
    await this.#until(done, 2_000);
  }

  /** Sends an event from outside, as `app.send` does. Lets time pass until it is durable. @throws {TypeError} (rejects) for a value that cannot be stored. */
  async send(name: string, value?: unknown): Promise<void> {
    await during(this.clock, this.server.send(name, value));
  }

  /** Cuts the connection. The client reconnects by itself. */
  cut(): void {
    this.browser.wire?.cut();
  }

  /** Takes the network away, until {@link User.online}. */
  offline(): void {
    this.browser.online = false;
  }

  /** Brings the network back. The client notices at once. */
  online(): void {
    this.browser.online = true;
  }

  /** Reloads the tab, which returns to the same page. */
  async reload(): Promise<void> {
    await during(this.clock, this.browser.reload());
    await this.settle();
  }

  /** Goes to another page of the application in the same tab, as a link does. @throws {Error} when there is no page for the path. */
  async goto(path: string): Promise<void> {
    await during(this.clock, this.browser.goto(path));
    await this.settle();
  }

  /** Types an address in the tab: another document, with a page of its own. @throws {Error} when there is no page for the path. */
  async load(path: string): Promise<void> {
    await during(this.clock, this.browser.load(path));
    await this.settle();
  }

  /** Goes back in the tab's history. @throws {Error} when there is nothing to go back to. */
  async back(): Promise<void> {
    await during(this.clock, this.browser.go(-1));
    await this.settle();
  }

  /** Goes forward in the tab's history. @throws {Error} when there is nothing to go forward to. */
  async forward(): Promise<void> {
    await during(this.clock, this.browser.go(1));
    await this.settle();
  }

  /** Closes the tab. Its page stays until the policy ends it. */
  close(): void {
    if (!this.browser.closed) this.browser.close();
  }

  /** Closes the tab and ends the server. Nothing of it runs after the test. */
  [Symbol.dispose](): void {
    this.close();
    this.server.stop();
  }

  async #until(holds: () => boolean, ms: number): Promise<boolean> {
    for (let left = ms; ; ) {
      if (holds()) return true;
      if (left <= 0) return false;
      left -= await this.clock.step(left);
    }
  }

  #page(): string {
    const errors = this.server.errors.map((error) => `\n  ${error instanceof Error ? error.message : String(error)}`);
    const trouble = errors.length > 0 ? `\nThe server logged errors:${errors.join('')}` : '';
    return `The page is:\n${this.page}${trouble}`;
  }
}

/**
 * An element of the page as the user finds it.
 * An action sends the same event as a browser. Await something to let the event arrive.
 */
export class Found {
  readonly #user: User;
  readonly #root: () => MirrorNode;
  readonly #query: Query;

  /** @internal */
  constructor(user: User, root: () => MirrorNode, query: Query) {
    this.#user = user;
    this.#root = root;
    this.#query = query;
  }

  /** Finds an element inside this one. */
  find(query: Query): Found {
    return new Found(this.#user, () => this.node, query);
  }

  /** Returns all matching elements, in the order of the page. */
  get all(): Found[] {
    return find(this.#root(), this.#query).map((node) => new Single(this.#user, node, this.#query));
  }

  /**
   * The matching element, as data.
   *
   * @throws {Error} when none or several match.
   */
  get node(): MirrorNode {
    const nodes = find(this.#root(), this.#query);
    const [first] = nodes;
    const seen = nodes.filter(visible);
    if (seen.length === 1) return seen[0] as MirrorNode;
    if (nodes.length === 1 && first) return first;
    const what = inWords(this.#query);
    const why =
      nodes.length === 0
        ? `There is no ${what}.`
        : `There are ${nodes.length} elements that fit ${what}; say the kind, a mark, or take one of \`all\`.`;
    throw new Error(`${why} The page is:\n${this.#user.page}`);
  }

  /** True when at least one element fits. */
  get exists(): boolean {
    return find(this.#root(), this.#query).length > 0;
  }

  /** True when a person could see a matching element. */
  get visible(): boolean {
    return find(this.#root(), this.#query).some(visible);
  }

  /** False when the element or an ancestor is disabled. */
  get enabled(): boolean {
    for (let at: MirrorNode | undefined = this.node; at; at = at.parent) if (at.props.disabled) return false;
    return true;
  }

  /** True while one of its handlers runs. */
  get busy(): boolean {
    return this.node.props.busy === true;
  }

  /** The element's props. */
  get props(): Props {
    return this.node.props;
  }

  /** Its text, or its label. */
  get text(): string {
    return texts(this.node)[0] ?? '';
  }

  /** Its value: of an input, a checkbox, a select, tabs, a progress. */
  get value(): Json | undefined {
    return this.node.props.value;
  }

  /**
   * Clicks the element. A checkbox changes its state, a link shows its page, a button with `submit` submits its form. The text of
   * a tab or of another choice chooses it. What opens a menu does nothing else: its items can be clicked at once.
   *
   * @throws {Error} when a user cannot click it: it is hidden, disabled, leads out of the tab, or nobody listens.
   */
  click(): this {
    const node = this.#actable();
    const click = traitsOf(node.kind).click?.(node.props);
    if (click) {
      this.#user.browser.emit(node, ...click);
      return this;
    }
    const { href, target } = node.props;
    if (typeof href === 'string' && !this.#hears(node, 'click')) {
      if (target === '_blank' || /^[a-z][a-z\d+.-]*:/i.test(href)) {
        throw new Error(
          `The link leads out of this tab, to ${href}. Open a page of the application with user.tab(path).`,
        );
      }
      this.#user.browser.follow(href);
      return this;
    }
    const text = typeof this.#query === 'object' && 'text' in this.#query ? this.#query.text : this.#query;
    const choices = traitsOf(node.kind).choices?.(node.props) ?? [];
    if (choices.some((one) => one.text === text)) return this.choose(text as string);
    if (opensMenu(node) && !this.#hears(node, 'click')) return this;
    const form = node.props.submit === true ? formOf(node) : undefined;
    if (!form || this.#hears(node, 'click')) this.#emit(node, 'click');
    if (form) this.#user.browser.emit(form, 'submit');
    return this;
  }

  /** Types at the end of the present text. @throws {Error} when a user cannot type into the element. */
  type(text: string): this {
    const node = this.#editable();
    const whole = `${String(node.props.value ?? '')}${text}`;
    const entered = this.#entered(node, whole);
    if (entered !== whole) this.#user.browser.edit(node, entered);
    else
      for (const char of text) {
        const before = this.#user.browser.get(node.id)?.props.value;
        this.#user.browser.edit(node, `${String(before ?? '')}${char}`);
      }
    return this;
  }

  /**
   * Replaces the present text, or sets a slider. @throws {Error} when a user cannot type into the element, or the element does not
   * take the text.
   */
  fill(text: string): this {
    const node = this.#editable();
    this.#user.browser.edit(node, this.#entered(node, text));
    return this;
  }

  /** Presses a key in the element: `Enter`, `Escape`, `a`. Enter in a field submits its form, as in a browser. @throws {Error} when a user cannot reach the element. */
  press(key: string): this {
    const node = this.#actable();
    const browser = this.#user.browser;
    if (key === 'Enter') browser.flush();
    for (const event of Object.keys((node.props.on as object | undefined) ?? {})) {
      const [type, ...modifiers] = event.split('.');
      if (type !== 'keydown' && type !== 'keyup') continue;
      const keys = modifiers.filter((one) => !['prevent', 'stop', 'once', 'capture', 'passive', 'self'].includes(one));
      if (keys.length === 0 || keys.includes(key.toLowerCase()))
        browser.emit(node, event, this.#fields(node, event, key));
    }
    const form = key === 'Enter' && (node.kind === 'input' || node.kind === 'number') ? formOf(node) : undefined;
    const [button] = form ? find(form, { kind: 'button' }).filter(({ props }) => props.submit === true) : [];
    if (form && !button?.props.disabled) browser.emit(form, 'submit');
    return this;
  }

  /** Chooses an option of a select or a tab by its text. @throws {Error} when there is no such option. */
  choose(text: string): this {
    const node = this.#actable();
    const choice = traitsOf(node.kind)
      .choices?.(node.props)
      .find((one) => one.text === text);
    if (!choice) {
      throw new Error(`${inWords(this.#query)} has no ${JSON.stringify(text)}. The page is:\n${this.#user.page}`);
    }
    this.#user.browser.emit(node, 'value', choice.value);
    return this;
  }

  /**
   * Chooses files in a `ui.upload` and uploads them. Resolves when each has arrived or was refused.
   *
   * @throws {Error} (rejects) when a user cannot reach the element.
   *
   * @example
   * await user.find({ kind: 'upload' }).upload({ name: 'rows.csv', content: 'a,b' });
   */
  async upload(...files: readonly TestFile[]): Promise<void> {
    const node = this.#actable();
    const { server, clock, browser } = this.#user;
    const all = files.map((file) => ({ ...file, key: clock.newId(), bytes: bytesOf(file.content) }));
    const offers = all.map(({ key, name, type = '', bytes }) => [key, name, type, bytes.length]);
    browser.emit(node, 'offer', [clock.newId(), offers]);
    await this.#user.settle();
    for (const { key, bytes, type = '' } of all) {
      const items = browser.get(node.id)?.props.files as unknown as readonly UploadItem[];
      const { ticket } = items.find((item) => item.key === key) ?? {};
      if (ticket !== undefined) await during(clock, server.upload(ticket, bytes, type));
    }
    await this.#user.settle();
  }

  /**
   * Answers a question of `ui.confirm` (true or false) or `ui.prompt` (a text, or null).
   *
   * @throws {Error} when a user cannot reach the question.
   */
  answer(answer: boolean | string | null): this {
    this.#user.browser.emit(this.#actable(), 'answer', answer);
    return this;
  }

  /** Closes a dialog, as Escape does. @throws {Error} when a user cannot reach the dialog. */
  close(): this {
    this.#user.browser.emit(this.#actable(), 'open', false);
    return this;
  }

  /** Sends any other event, with the value that the browser would send. @throws {Error} when nobody listens to it. */
  emit(event: string, value?: Json): this {
    return this.#emit(this.#actable(), event, value);
  }

  #emit(node: MirrorNode, event: string, value?: Json): this {
    if (!this.#hears(node, event)) {
      throw new Error(`Nobody listens to ${event} of ${inWords(this.#query)}. The page is:\n${this.#user.page}`);
    }
    this.#user.browser.emit(node, event, value);
    return this;
  }

  #hears(node: MirrorNode, event: string): boolean {
    const { writes = [], events = [] } = ruleOf(node.kind);
    const own: readonly string[] = [...writes, ...events];
    return own.includes(event) || Object.hasOwn((node.props.on as object | undefined) ?? {}, event);
  }

  /** Returns the data of a key for a listener with `args`. */
  #fields(node: MirrorNode, event: string, key: string): Json | undefined {
    const spec = (node.props.on as Readonly<Record<string, unknown>>)[event];
    const args =
      typeof spec === 'object' && spec !== null ? (spec as { readonly args?: readonly string[] }).args : undefined;
    return args && Object.fromEntries(args.filter((name) => name === 'key').map((name) => [name, key]));
  }

  #actable(): MirrorNode {
    const { node } = this;
    const what = inWords(this.#query);
    // A node without a component to see, such as a key listener, is reached by what stands for it in a browser.
    if (!visible(node) && traitsOf(node.kind).visible !== false)
      throw new Error(`A user cannot reach ${what}: it is not visible. The page is:\n${this.#user.page}`);
    if (!this.enabled) throw new Error(`A user cannot use ${what}: it is disabled. The page is:\n${this.#user.page}`);
    return node;
  }

  /** Returns what a text becomes in a field. A field that takes numbers gets a number, or null without a text, as from a browser. */
  #entered(node: MirrorNode, text: string): Json {
    const check = (value: Json) => traitsOf(node.kind).checks?.value?.(value, node.props);
    if (check('') === undefined) return text;
    const number = text.trim() === '' ? null : Number(text);
    const wrong = check(number);
    if (wrong === undefined || check(text) === undefined) return wrong === undefined ? number : text;
    throw new Error(`A user cannot enter ${JSON.stringify(text)} into ${inWords(this.#query)}: ${wrong}.`);
  }

  #editable(): MirrorNode {
    const node = this.#actable();
    if (!traitsOf(node.kind).typed) {
      throw new Error(`Nobody can type into ${inWords(this.#query)}, which is a ${node.kind}.`);
    }
    if (node.props.readonly) throw new Error(`Nobody can type into ${inWords(this.#query)}: it is read-only.`);
    return node;
  }
}

/** One of several matching elements. */
class Single extends Found {
  readonly #node: MirrorNode;

  constructor(user: User, node: MirrorNode, query: Query) {
    super(user, () => node, query);
    this.#node = node;
  }

  override get node(): MirrorNode {
    return this.#node;
  }

  override get visible(): boolean {
    return visible(this.#node);
  }
}

/** Returns true for what shows a menu in the browser, without the server. */
function opensMenu({ kind, children }: MirrorNode): boolean {
  return kind === 'dropdownButton' || kind === 'fab' || children.some((child) => child.kind === 'menu');
}

/** Returns the form around an element. */
function formOf(node: MirrorNode): MirrorNode | undefined {
  let at: MirrorNode | undefined = node;
  while (at && at.kind !== 'form') at = at.parent;
  return at;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

/** Lets time pass until a promise settles, because a page function may wait before it returns. */
async function during<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let over = false;
  const end = promise.finally(() => {
    over = true;
  });
  end.catch(() => {}); // Because whoever awaits it below receives the rejection.
  for (let left = 60_000; left > 0; ) {
    const passed = await clock.step(0);
    if (over) break;
    left -= passed + (await clock.step(left));
    if (over) break;
  }
  return end;
}
