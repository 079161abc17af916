import { type Duration, milliseconds } from '../clock/index.ts';
import type { TaskModule } from '../compute/index.ts';
import { type Json, type MirrorNode, type Props, traitsOf } from '../protocol/index.ts';
import type { SessionPolicy } from '../session/index.ts';
import { TestBrowser } from './browser.ts';
import { seeded, VirtualClock } from './clock.ts';
import { computeService } from './compute.ts';
import type { Pages } from './pages.ts';
import { find, inWords, print, type Query, texts, visible } from './query.ts';
import { TestServer } from './server.ts';

/** Options of {@link open}. */
export interface OpenOptions {
  /** Compute Workers by the name of their binding: each a module of tasks, as `compute` takes it. @default none */
  readonly services?: Readonly<Record<string, TaskModule>>;
  /** The bindings that page functions see as `env`. @default {} */
  readonly env?: object;
  /**
   * Another user, whose clock this one shares: the two then live at the same time, each in a session of their own.
   *
   * @default none: a clock of its own
   */
  readonly beside?: User;
  /** Milliseconds that a message travels. @default 1 */
  readonly latency?: number;
  /** Makes another chance; a failing test with chance in it should say its seed. @default 1 */
  readonly seed?: number;
  /** How long pages and sessions are kept. @default the application's own */
  readonly policy?: Partial<SessionPolicy>;
  /** False for how it is in production: no warnings for authors, bland messages for users. @default true */
  readonly development?: boolean;
  /**
   * Kills the server once at each await of a handler, and has the handler replayed. A test that passes with it proves that its handlers
   * survive a restart at any await. Calls of `run.ioBound` that take more than 50 ms are made twice, as after a real restart, and
   * each await takes up to a second more of virtual time, in which the browser reconnects.
   *
   * @default false
   *
   * @example
   * using user = await open(app, '/', { alwaysReplay: true });
   * user.find('Order').click();
   * await user.shouldSee('Paid', { within: '1m' });
   */
  readonly alwaysReplay?: boolean;
}

/** How long `shouldSee` and `shouldNotSee` wait. */
export interface WaitOptions {
  /** Virtual time. @default 5 seconds */
  readonly within?: Duration;
}

/**
 * Opens a page of an application as a user would: the real session, the real client, no platform, no network, and a clock
 * that moves only when the test says so.
 *
 * @example
 * using user = await open(app, '/');
 * user.find('Name').type('Ada');
 * user.find('Greet').click();
 * await user.shouldSee('Hello, Ada!');
 * user.server.kill();               // whatever was shown is there again
 * await user.shouldSee('Hello, Ada!');
 *
 * @param pages an `App`, or page functions by path.
 */
export async function open(pages: Pages, path = '/', options: OpenOptions = {}): Promise<User> {
  const { services = {}, beside, latency = 1, seed = 1, policy, development, env, alwaysReplay } = options;
  const clock = beside?.clock ?? new VirtualClock(seeded(seed));
  const server = new TestServer({
    pages,
    clock,
    latency: () => latency,
    services: Object.fromEntries(
      Object.entries(services).map(([name, tasks]) => [name, computeService(tasks, clock)] as const),
    ),
    ...(policy && { policy }),
    ...(env && { env }),
    ...(development !== undefined && { development }),
    ...(alwaysReplay && { alwaysReplay }),
  });
  return User.open(server, clock, path);
}

/** A person with one tab. Time stands still until one of the methods that return a promise is awaited. */
export class User implements Disposable {
  /** The clock of the browser and the server. */
  readonly clock: VirtualClock;
  /** The server of the user's session: `evict`, `kill`, `deploy`, `whyAwake`, `log`, `errors`, `store`. */
  readonly server: TestServer;
  /** The tab itself, for what this class does not offer. */
  readonly browser: TestBrowser;

  private constructor(server: TestServer, clock: VirtualClock, browser: TestBrowser) {
    this.server = server;
    this.clock = clock;
    this.browser = browser;
  }

  /** Opens a page in a server that is there already. */
  static async open(server: TestServer, clock: VirtualClock, path: string): Promise<User> {
    return User.#begin(server, clock, during(clock, TestBrowser.open(server, clock, path)));
  }

  static async #begin(server: TestServer, clock: VirtualClock, browser: Promise<TestBrowser>): Promise<User> {
    const user = new User(server, clock, await browser);
    await user.settle();
    return user;
  }

  /** Opens one more tab in the same browser, which belongs to the same session. */
  tab(path = this.browser.path): Promise<User> {
    return User.open(this.server, this.clock, path);
  }

  /** Duplicates the tab, as browsers offer it: the copy becomes a page of its own. */
  duplicate(): Promise<User> {
    return User.#begin(this.server, this.clock, during(this.clock, this.browser.duplicate()));
  }

  // ---- looking

  /** The one element that fits. It is looked up anew at each use, so it may be asked for before it is there. */
  find(query: Query): Found {
    return new Found(this, () => this.browser.root, query);
  }

  /** True when something that fits can be seen now. */
  sees(query: Query): boolean {
    return find(this.browser.root, query).some(visible);
  }

  /**
   * Lets time pass until something that fits can be seen.
   *
   * @throws when nothing comes; the message shows the page.
   */
  async shouldSee(query: Query, { within = '5s' }: WaitOptions = {}): Promise<void> {
    if (await this.#until(() => this.sees(query), milliseconds(within))) return;
    throw new Error(`Nobody sees ${inWords(query)} within ${String(within)}. ${this.#page()}`);
  }

  /**
   * Lets everything that is under way arrive, then time pass until nothing that fits can be seen.
   *
   * @throws when something stays; the message shows the page.
   */
  async shouldNotSee(query: Query, { within = '5s' }: WaitOptions = {}): Promise<void> {
    await this.settle();
    if (await this.#until(() => !this.sees(query), milliseconds(within))) return;
    throw new Error(`${inWords(query)} can still be seen after ${String(within)}. ${this.#page()}`);
  }

  /** The texts of the notifications that are shown, oldest first. */
  get notifications(): string[] {
    return find(this.browser.root, { kind: 'notification' }).map((node) => String(node.props.text));
  }

  /** The page as indented text. */
  get page(): string {
    return print(this.browser.root);
  }

  // ---- time and the network

  /** Lets time pass. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.advance(milliseconds(duration));
  }

  /** Lets time pass until every event is acknowledged, at most two seconds: what handlers do at once is shown then. */
  async settle(): Promise<void> {
    const done = () => {
      const { state, pending } = this.browser.link.status;
      return state === 'live' && pending === 0;
    };
    await this.#until(done, 2_000);
  }

  /** Cuts the connection. The client comes back by itself. */
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

  /** Reloads the tab: the same page, as it was. */
  async reload(): Promise<void> {
    await during(this.clock, this.browser.reload());
    await this.settle();
  }

  /** Goes to another page of the application in the same tab. */
  async goto(path: string): Promise<void> {
    await during(this.clock, this.browser.goto(path));
    await this.settle();
  }

  /** Closes the tab. Its page stays until it is forgotten by policy. */
  close(): void {
    if (!this.browser.closed) this.browser.close();
  }

  /** Closes the tab and ends the server: nothing of it runs after the test. */
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

/** An element of the page as the user finds it. Acting on it sends what a browser would send; await something to let it arrive. */
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

  /** Looks for something in this element. */
  find(query: Query): Found {
    return new Found(this.#user, () => this.node, query);
  }

  /** All elements that fit, in the order of the page, each on its own. */
  get all(): Found[] {
    return find(this.#root(), this.#query).map((node) => new Single(this.#user, node, this.#query));
  }

  /**
   * The element that fits, as data.
   *
   * @throws {Error} when no element fits, or several.
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

  /** True when a person could see one that fits. */
  get visible(): boolean {
    return find(this.#root(), this.#query).some(visible);
  }

  /** False when the element, or one around it, is disabled. */
  get enabled(): boolean {
    for (let at: MirrorNode | undefined = this.node; at; at = at.parent) if (at.props.disabled) return false;
    return true;
  }

  /** True while a handler of it runs. */
  get busy(): boolean {
    return this.node.props.busy === true;
  }

  /** Everything the element is shown with. */
  get props(): Props {
    return this.node.props;
  }

  /** What it says: its text, or its label. */
  get text(): string {
    return texts(this.node)[0] ?? '';
  }

  /** What it holds: of an input, a checkbox, a select, tabs, a progress. */
  get value(): Json | undefined {
    return this.node.props.value;
  }

  /** Clicks: on a checkbox, ticks it or not. */
  click(): this {
    const node = this.#actable();
    const click = traitsOf(node.kind).click?.(node.props);
    if (click) {
      this.#user.browser.emit(node, ...click);
      return this;
    }
    if (node.props.href !== undefined && !this.#hears(node, 'click')) {
      throw new Error(`A link is followed by its address: await user.goto(${JSON.stringify(node.props.href)}).`);
    }
    return this.#emit(node, 'click');
  }

  /** Types at the end of what is there. */
  type(text: string): this {
    const node = this.#editable();
    for (const char of text) {
      const before = this.#user.browser.get(node.id)?.props.value;
      this.#user.browser.edit(node, `${String(before ?? '')}${char}`);
    }
    return this;
  }

  /** Replaces what is there. */
  fill(text: string): this {
    this.#user.browser.edit(this.#editable(), text);
    return this;
  }

  /** Presses a key in it: `Enter`, `Escape`, `a`. */
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
    return this;
  }

  /** Chooses an option of a select or a tab, by its text. */
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

  /** Answers a question of `ui.confirm` (true or false) or `ui.prompt` (a text, or null). */
  answer(answer: boolean | string | null): this {
    this.#user.browser.emit(this.#actable(), 'answer', answer);
    return this;
  }

  /** Closes a dialog, as Escape does. */
  close(): this {
    this.#user.browser.emit(this.#actable(), 'open', false);
    return this;
  }

  /** Has any other event happen, with the value that the browser would send. */
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
    return Object.hasOwn((node.props.on as object | undefined) ?? {}, event);
  }

  /** What a listener with `args` is told of a key. */
  #fields(node: MirrorNode, event: string, key: string): Json | undefined {
    const spec = (node.props.on as Readonly<Record<string, unknown>>)[event];
    const args =
      typeof spec === 'object' && spec !== null ? (spec as { readonly args?: readonly string[] }).args : undefined;
    return args && Object.fromEntries(args.filter((name) => name === 'key').map((name) => [name, key]));
  }

  #actable(): MirrorNode {
    const { node } = this;
    const what = inWords(this.#query);
    if (!visible(node))
      throw new Error(`A user cannot reach ${what}: it is not visible. The page is:\n${this.#user.page}`);
    if (!this.enabled) throw new Error(`A user cannot use ${what}: it is disabled. The page is:\n${this.#user.page}`);
    return node;
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

/** One of several. */
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

/** Lets time pass until a promise settles: a page function may wait for something before it returns. */
async function during<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let over = false;
  const end = promise.finally(() => {
    over = true;
  });
  end.catch(() => {}); // whoever awaits it below is told
  for (let left = 60_000; left > 0; ) {
    const passed = await clock.step(0);
    if (over) break;
    left -= passed + (await clock.step(left));
    if (over) break;
  }
  return end;
}
