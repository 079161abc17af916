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
  /**
   * Compute Workers by the name of their binding. Each is a module of tasks, as for `compute`.
   *
   * @default none
   */
  readonly services?: Readonly<Record<string, TaskModule>>;
  /** The bindings that page functions see as `env`. @default {} */
  readonly env?: object;
  /**
   * Another user, whose clock this one shares. Both live at the same time, each in a session of their own.
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

/** A person with one tab. Time stands still until the test awaits a method that returns a promise. */
export class User implements Disposable {
  /** The clock of the browser and the server. */
  readonly clock: VirtualClock;
  /** The server of the user's session: `evict`, `kill`, `deploy`, `whyAwake`, `log`, `errors`, `store`. */
  readonly server: TestServer;
  /** The tab itself, for actions that this class does not offer. */
  readonly browser: TestBrowser;

  private constructor(server: TestServer, clock: VirtualClock, browser: TestBrowser) {
    this.server = server;
    this.clock = clock;
    this.browser = browser;
  }

  /** Opens a page in an existing server. */
  static async open(server: TestServer, clock: VirtualClock, path: string): Promise<User> {
    return User.#begin(server, clock, during(clock, TestBrowser.open(server, clock, path)));
  }

  static async #begin(server: TestServer, clock: VirtualClock, browser: Promise<TestBrowser>): Promise<User> {
    const user = new User(server, clock, await browser);
    await user.settle();
    return user;
  }

  /** Opens one more tab in the same browser, in the same session. */
  tab(path = this.browser.path): Promise<User> {
    return User.open(this.server, this.clock, path);
  }

  /** Duplicates the tab, as browsers offer it. The copy becomes a page of its own. */
  duplicate(): Promise<User> {
    return User.#begin(this.server, this.clock, during(this.clock, this.browser.duplicate()));
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

  /** The page as indented text. */
  get page(): string {
    return print(this.browser.root);
  }

  // ---- time and the network

  /** Lets time pass. */
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

  /** Goes to another page of the application in the same tab. */
  async goto(path: string): Promise<void> {
    await during(this.clock, this.browser.goto(path));
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

  /** Clicks the element. A checkbox changes its state. */
  click(): this {
    const node = this.#actable();
    const click = traitsOf(node.kind).click?.(node.props);
    if (click) {
      this.#user.browser.emit(node, ...click);
      return this;
    }
    if (node.props.href !== undefined && !this.#hears(node, 'click')) {
      throw new Error(
        `A click does not follow a link. Use its address: await user.goto(${JSON.stringify(node.props.href)}).`,
      );
    }
    return this.#emit(node, 'click');
  }

  /** Types at the end of the present text. */
  type(text: string): this {
    const node = this.#editable();
    for (const char of text) {
      const before = this.#user.browser.get(node.id)?.props.value;
      this.#user.browser.edit(node, `${String(before ?? '')}${char}`);
    }
    return this;
  }

  /** Replaces the present text. */
  fill(text: string): this {
    this.#user.browser.edit(this.#editable(), text);
    return this;
  }

  /** Presses a key in the element: `Enter`, `Escape`, `a`. */
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

  /** Chooses an option of a select or a tab by its text. */
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

  /** Sends any other event, with the value that the browser would send. */
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
