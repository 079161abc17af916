import { Connection, type ConnectionStorage } from '../../client/connection/connection.ts';
import { notices } from '../../client/connection/notices.ts';
import { Watchdog } from '../../client/connection/watchdog.ts';
import { Edits } from '../../client/tree/edits.ts';
import { Replica } from '../../client/tree/replica.ts';
import { learn } from '../../client/tree/rules.ts';
import { writes } from '../../client/tree/writes.gen.ts';
import type { Clock, Timer } from '../clock/index.ts';
import {
  type Aimed,
  type EndReason,
  type Json,
  literalOf,
  type MirrorNode,
  type Moved,
  type NodeLiteral,
  nodeOf,
  type Paint,
  type Props,
  type Visit,
} from '../protocol/index.ts';
import type { VirtualClock } from './clock.ts';
import type { Wire } from './network.ts';
import type { TestServer } from './server.ts';

learn(writes);

/** An event that this tab made, with its element at that moment. */
export interface SentEvent {
  /** The page's id. */
  readonly page: string;
  /** The event's number in its page, from 1. */
  readonly number: number;
  /** Kind of its element: `button`. */
  readonly kind: string;
  /** The element's props at that moment. */
  readonly props: Props;
  /** Name of the event with its modifiers. */
  readonly event: string;
  /** The value sent along; undefined without one. */
  readonly value: Json | undefined;
  /** Of typed text, the number of characters at its beginning that the user typed on from; undefined for other values. */
  readonly base: number | undefined;
}

/** A call of a method that the page has commanded this tab. */
export interface DoneCommand {
  /** The page's id. */
  readonly page: string;
  /** Kind of its element; `root` for the actions of `ui.navigate`, `ui.browser` and `ui.download`. */
  readonly kind: string;
  /** The name of the method or the action. */
  readonly method: string;
  /** What was given with it. */
  readonly args: readonly Json[];
}

/** A replica without components: a function does what their methods would do. */
class ScreenlessReplica extends Replica {
  override readonly call: Replica['call'];

  constructor(tree: NodeLiteral, clock: Clock, call: Replica['call']) {
    super(tree, clock);
    this.call = call;
  }
}

/** Options that make a browser differ from one that opens a page. */
export interface BrowserOptions {
  /**
   * The tab's storage, as a duplicated tab copies it.
   *
   * @default empty
   */
  readonly storage?: ReadonlyMap<string, string>;
  /**
   * True for a tab that has another tab's page and must get its own.
   *
   * @default false
   */
  readonly fork?: boolean;
  /** The page to return to. @default a new page */
  readonly page?: string;
}

/** Number of redirects that a tab follows. */
const mostRedirects = 10;

/** A browser's tab without a screen: the client's real connection and replica. */
export class TestBrowser {
  readonly #server: TestServer;
  readonly #clock: VirtualClock;
  readonly #storage: Map<string, string>;
  #path: string;
  #link!: Connection;
  #watchdog!: Watchdog;
  /** The address of the page that the tab shows. It changes where the page moves in place. */
  #address!: { path: string };
  #store!: Replica;
  #wire: Wire | undefined;
  #online = true;
  #closed = false;
  #attached = false;
  /** Connections of pages that were left with events on their way. */
  readonly #left = new Map<string, Connection>();
  /** Number of documents so far. */
  #document = 0;
  /** The tab's history, and the index of the entry that it shows. */
  readonly #entries: { path: string; page: string | undefined }[] = [];
  #entry = 0;
  #dismissals = new Map<number, { readonly node: MirrorNode; readonly timer: Timer }>();
  /** Reasons why the session ended this tab's document. Each except `replaced` made the tab load another one. */
  readonly ended: EndReason[] = [];
  /** Errors of documents that the session made this tab load. Its user sees the error page. */
  readonly failures: unknown[] = [];
  /** Every line that the client showed in its status line. */
  readonly notices: string[] = [];
  /** Every method that the page has commanded this tab to call, in all its documents. */
  readonly commands: DoneCommand[] = [];
  /** Every file that the page has the browser save: its address and its name. */
  readonly downloads: { readonly url: string; readonly name: string }[] = [];
  /** Every event of this tab, in all its documents. */
  readonly history: SentEvent[] = [];
  /** True when this tab takes its page back from another socket. */
  owns = true;
  /** False once, to simulate a client that shows no notifications and so never reports their end. */
  dismisses = true;

  private constructor(server: TestServer, clock: VirtualClock, path: string, options: BrowserOptions) {
    this.#server = server;
    this.#clock = clock;
    this.#path = path;
    this.#storage = new Map(options.storage);
  }

  /** Loads the page and connects. @throws {Error} when the application has no page for the path. */
  static async open(
    server: TestServer,
    clock: VirtualClock,
    path: string,
    options: BrowserOptions = {},
  ): Promise<TestBrowser> {
    const browser = new TestBrowser(server, clock, addressOf(path, '/'), options);
    browser.#begin(await browser.#open(options.page), options.fork ?? false);
    return browser;
  }

  /**
   * The client's connection.
   * @internal
   */
  get link(): Connection {
    return this.#link;
  }

  /** The tab's newest socket; undefined before the first. */
  get wire(): Wire | undefined {
    return this.#wire;
  }

  /** The root of the tree that the tab shows. */
  get root(): MirrorNode {
    return this.#store.root;
  }

  /** Path and query in the address bar. */
  get path(): string {
    return this.#path;
  }

  /** True after {@link TestBrowser.close}. */
  get closed(): boolean {
    return this.#closed;
  }

  /** False after a reload that returned another page's document, until the tab's own page has arrived. */
  get attached(): boolean {
    return this.#attached;
  }

  /** Returns a node by its number on the wire, which counts from 1. Undefined when there is none. */
  get(id: number): MirrorNode | undefined {
    return this.#store.get(id);
  }

  /** Returns the shown tree as data. */
  literal(): NodeLiteral {
    return literalOf(this.#store.root);
  }

  /** False without a network. The client notices a return at once, as with the browser's `online` event. */
  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    if (online === this.#online) return;
    this.#online = online;
    if (online) this.#watchdog.wake();
    else this.#wire?.cut('both');
  }

  /**
   * Reloads the document: the tab requests its page again and retains its storage.
   *
   * @param late true lets the old document's messages arrive in their own time, perhaps after the new one's
   * hello.
   * @throws {Error} when the application has no page for the path any more.
   */
  async reload(late = false): Promise<void> {
    const page = this.#link.page;
    this.#leave(late);
    await this.#load(page);
  }

  /**
   * Loads another document in the tab, as an address does that is typed.
   *
   * @throws {Error} when there is no page for the path.
   */
  async load(path: string): Promise<void> {
    const at = addressOf(path, this.#path);
    const before = this.#link.page;
    this.#remember();
    this.#leave(false);
    this.#path = at;
    const paint = await this.#open(undefined);
    if (this.#closed) return;
    this.#entries.splice(++this.#entry);
    this.#begin(paint, false, paint.page, before);
    this.#remember();
  }

  /**
   * Shows another page of the application in the same document, as a link does.
   *
   * @param replace true takes the present entry of the history.
   * @throws {Error} when there is no page for the path.
   */
  async goto(path: string, replace = false): Promise<void> {
    const at = addressOf(path, this.#path);
    this.#remember();
    await this.#visit(at, this.#link.page, () => {
      if (!replace) this.#entries.splice(++this.#entry);
    });
  }

  /** Goes a number of entries forward in the tab's history, or back with a negative number. @throws {Error} when there is no such entry. */
  async go(steps: number): Promise<void> {
    const entry = this.#entries[this.#entry + steps];
    if (!entry) throw new Error(`The tab has no entry ${steps > 0 ? 'after' : 'before'} ${this.#path} in its history.`);
    this.#remember();
    await this.#visit(entry.path, entry.page ?? this.#link.page, () => {
      this.#entry += steps;
    });
  }

  /**
   * Shows a path by the page of an entry of the history, or by another page when that one cannot.
   *
   * @param committed moves in the history, once the page is there.
   */
  async #visit(path: string, page: string, committed: () => void): Promise<void> {
    this.#store.flush();
    const link = this.#link;
    const shown = page === link.page;
    this.#path = path;
    const opened = await this.#open(page, { page, shown, event: shown ? link.newest : 0 });
    if (this.#closed || link !== this.#link) return;
    committed();
    if (!('tree' in opened)) {
      this.#path = opened.path;
      this.#address.path = opened.path;
      this.#remember();
      const { epoch, frame } = opened;
      for (let ms = 0; ms < 1_000 && link === this.#link && link.epoch === epoch && link.frame < frame; ms++) {
        await new Promise<void>((resolve) => this.#clock.after(1, resolve));
      }
      return;
    }
    this.#document++;
    if (link.pending.length === 0) link.stop();
    else this.#left.set(link.page, link);
    this.#left.get(opened.page)?.stop();
    this.#left.delete(opened.page);
    this.#begin(opened, false, opened.page, link.page);
    this.#remember();
  }

  #remember(): void {
    this.#entries[this.#entry] = { path: this.#path, page: this.#link.page };
  }

  /** Loads a path, and follows redirects. */
  async #open(page: string | undefined, visit?: undefined): Promise<Paint>;
  async #open(page: string | undefined, visit: Visit): Promise<Paint | Moved>;
  async #open(page: string | undefined, visit?: Visit): Promise<Paint | Moved> {
    for (let redirects = 0; ; redirects++) {
      const opened = await this.#server.open(this.#path, page, visit);
      if (opened === 'missing') throw new Error(`There is no page for ${this.#path}.`);
      if ('notFound' in opened) throw new Error(`There is no page for ${this.#path}: ${opened.notFound}`);
      if (!('redirect' in opened)) return opened;
      if (redirects === mostRedirects) throw new Error(`${this.#path} redirects to ${opened.redirect} without end.`);
      this.#path = addressOf(opened.redirect, this.#path);
    }
  }

  /** Duplicates the tab. The new one starts with a copy of this one's storage and becomes a page of its own. */
  duplicate(): Promise<TestBrowser> {
    const { page } = this.#link;
    return TestBrowser.open(this.#server, this.#clock, this.#path, { storage: this.#storage, fork: true, page });
  }

  /** Sends an event of a node as the component would. */
  emit(node: MirrorNode, event: string, value?: Json): void {
    this.#store.emit(node, event, value);
  }

  /** Types into a node. The tab shows the text at once and sends it after a pause. `held` simulates an open composition (IME). */
  edit(node: MirrorNode, value: Json, held = false): void {
    this.#store.edit(node, 'value', value, undefined, held);
  }

  /** Sends the typed text, as leaving the field does. */
  flush(): void {
    this.#store.flush();
  }

  /** Closes the tab. */
  close(): void {
    this.#closed = true;
    this.#leave(false);
  }

  #leave(late: boolean): void {
    this.#store.flush();
    this.#document++;
    for (const link of this.#left.values()) link.stop();
    this.#left.clear();
    if (late) this.#wire?.cut('browser', { late: true });
    this.#link.stop();
    for (const { timer } of this.#dismissals.values()) this.#clock.clear(timer);
    this.#dismissals.clear();
  }

  async #load(page: string | undefined): Promise<void> {
    const paint = await this.#open(page);
    if (!this.#closed) this.#begin(paint, false, page);
  }

  /**
   * @param remembered the tab's previous page, which stays its page when the session painted another one.
   * @param before the page that the tab showed before.
   */
  #begin(paint: Paint, fork: boolean, remembered = paint.page, before?: string): void {
    const storage: ConnectionStorage = {
      get: (key) => this.#storage.get(key) ?? null,
      set: (key, value) => void this.#storage.set(key, value),
      remove: (key) => void this.#storage.delete(key),
    };
    // A document's timers end with it.
    const clock = this.#clock;
    const document = ++this.#document;
    // A page that was left connects at its own path.
    const address = { path: this.#path };
    this.#address = address;
    const own: Clock = {
      now: () => clock.now(),
      random: () => clock.random(),
      newId: () => clock.newId(),
      after: (ms, fn) => clock.after(ms, () => document === this.#document && fn()),
      clear: (timer) => clock.clear(timer),
    };
    const store = new ScreenlessReplica(paint.tree, own, (node, method, args, begins) => {
      // A page that was left shows nothing.
      if (link !== this.#link || begins?.() === false) return;
      this.commands.push({ page: link.page, kind: node.kind, method, args });
      if (node.kind === 'root') this.#act(method, args);
    });
    store.use(Edits);
    this.#store = store;
    const same = remembered === paint.page && !fork;
    this.#attached = false;
    let shown: string | undefined;
    const link = new Connection(
      {
        page: remembered,
        // Because this page is not the one in the document, epoch 0 requests all of it.
        ...(same ? { epoch: paint.epoch, frame: paint.frame, event: paint.event } : { epoch: 0, frame: 0, event: 0 }),
        build: 'test',
        fork,
      },
      {
        clock: this.#clock,
        storage,
        replica: {
          patch: (ops) => {
            try {
              store.patch(ops);
            } finally {
              this.#changed();
            }
          },
          reset: (root, event, fresh) => {
            store.reset(root, event, fresh);
            this.#changed();
          },
        },
        connect: (target, events) => {
          if (!this.#online) {
            this.#clock.after(1, () => events.closed());
            return { send: () => {}, close: () => {} };
          }
          const wire = this.#server.connect({ ...target, before }, address.path, events);
          this.#wire = wire;
          return wire.browser;
        },
        changed: ({ state, trouble, pending }) => {
          if (link !== this.#link) {
            if (pending === 0) link.stop();
            return;
          }
          if (state === 'live') attach();
          if (trouble !== undefined && trouble !== shown) this.notices.push(trouble);
          shown = trouble;
        },
        ended: (reason) => this.#ended(reason),
        notice: (reason) => this.notices.push(notices[reason]),
        owns: () => this.owns,
      },
    );
    this.#link = link;
    this.#watchdog = new Watchdog(link, this.#clock);
    const sender = {
      send: (target: Aimed, event: string, value?: Json, latest?: boolean, base?: number) => {
        const number = link.send(target, event, value, latest, base);
        const node = store.get(nodeOf(target));
        if (typeof number === 'number' && node) {
          const { kind, props } = node;
          // The event may have replaced an unsent one, whose base it then has.
          const [, , , , begin] = link.pending.find((frame) => frame[0] === number) ?? [];
          this.history.push({ page: link.page, number, kind, props, event, value, base: begin });
        }
        return number;
      },
      get acked() {
        return link.acked;
      },
      get pending() {
        return link.pending;
      },
    };
    // A page that is not the document's sends nothing before its own tree has arrived.
    const attach = () => {
      if (!this.#attached) store.attach(sender, link.pending, link.handled, !same);
      this.#attached = true;
    };
    if (same) attach();
    this.#changed();
    link.start();
  }

  /** Begins to show another page, as a click on a link does. What goes wrong is in {@link TestBrowser.failures}. */
  follow(path: string): void {
    this.goto(path).catch((error: unknown) => this.failures.push(error));
  }

  /** Does what `ui.navigate` and `ui.download` ask for. */
  #act(action: string, args: readonly Json[]): void {
    const [address, how] = args;
    if (action === 'download') this.downloads.push({ url: String(address), name: String(how) });
    const moves: { readonly [action: string]: () => Promise<void> } = {
      navigate: () => (how === 'open' ? Promise.resolve() : this.goto(String(address), how === 'replace')),
      back: () => this.go(-1),
      forward: () => this.go(1),
      reload: () => this.reload(),
    };
    // Later, because the patch that asks for it is still being applied.
    this.#clock.after(0, () => {
      if (!this.#closed) moves[action]?.().catch((error: unknown) => this.failures.push(error));
    });
  }

  #ended(reason: EndReason): void {
    this.ended.push(reason);
    if (reason === 'replaced') return;
    const page = reason === 'reload' ? this.#link.page : undefined;
    this.#clock.after(1, () => {
      if (this.#closed) return;
      this.#leave(false);
      this.#load(page).catch((error: unknown) => this.failures.push(error));
    });
  }

  /** Ends notifications after their time, as their component does. */
  #changed(): void {
    const shown = new Set<number>();
    const visit = (node: MirrorNode) => {
      if (node.kind === 'notification') shown.add(node.id);
      for (const child of node.children) visit(child);
      const timeout = node.props.timeout;
      if (node.kind !== 'notification' || typeof timeout !== 'number' || timeout === 0 || !this.dismisses) return;
      if (this.#dismissals.has(node.id)) return;
      const timer = this.#clock.after(timeout, () => this.emit(node, 'done'));
      this.#dismissals.set(node.id, { node, timer });
    };
    for (const child of this.root.children) if (child.kind === 'notification') visit(child);
    for (const [id, { timer }] of this.#dismissals) {
      if (shown.has(id)) continue;
      this.#clock.clear(timer);
      this.#dismissals.delete(id);
    }
  }
}

/** Returns the path and query of an address. */
function addressOf(address: string, base: string): string {
  const { pathname, search } = new URL(address, `http://test${base}`);
  return pathname + search;
}
