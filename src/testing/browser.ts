import { Connection, type ConnectionStorage } from '../../client/connection/connection.ts';
import { Replica } from '../../client/tree/replica.ts';
import type { Clock, Timer } from '../clock/index.ts';
import {
  type Aimed,
  type EndReason,
  type Json,
  type MirrorNode,
  type NodeLiteral,
  nodeOf,
  type Paint,
  type Props,
} from '../protocol/index.ts';
import type { VirtualClock } from './clock.ts';
import type { Wire } from './network.ts';
import type { TestServer } from './server.ts';

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

/** A browser's tab without a screen: the client's real connection and replica. */
export class TestBrowser {
  readonly #server: TestServer;
  readonly #clock: VirtualClock;
  readonly #storage: Map<string, string>;
  #path: string;
  #link!: Connection;
  #store!: Replica;
  #wire: Wire | undefined;
  #online = true;
  #closed = false;
  #attached = false;
  /** Number of documents so far. */
  #document = 0;
  #dismissals = new Map<number, { readonly node: MirrorNode; readonly timer: Timer }>();
  /** Reasons why the session ended this tab's document. Each except `replaced` made the tab load another one. */
  readonly ended: EndReason[] = [];
  /** Errors of documents that the session made this tab load. Its user sees the error page. */
  readonly failures: unknown[] = [];
  /** Every line that the client showed in its status line. */
  readonly notices: string[] = [];
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

  /** Loads the page and connects. */
  static async open(
    server: TestServer,
    clock: VirtualClock,
    path: string,
    options: BrowserOptions = {},
  ): Promise<TestBrowser> {
    const browser = new TestBrowser(server, clock, path, options);
    const paint = await server.open(path, options.page);
    if (paint === 'missing') throw new Error(`There is no page for ${path}.`);
    browser.#begin(paint, options.fork ?? false);
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

  /** Returns a node by its number, for tests that stored the number. */
  get(id: number): MirrorNode | undefined {
    return this.#store.get(id);
  }

  /** Returns the shown tree as data. */
  literal(): NodeLiteral {
    return this.#store.literal();
  }

  /** False without a network. The client notices a return at once, as with the browser's `online` event. */
  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    if (online === this.#online) return;
    this.#online = online;
    if (online) this.#link.wake();
    else this.#wire?.cut('both');
  }

  /**
   * Reloads the document: the tab requests its page again and retains its storage.
   *
   * @param late true lets the old document's messages arrive in their own time, perhaps after the new one's
   * hello.
   */
  async reload(late = false): Promise<void> {
    const page = this.#link.page;
    this.#leave(late);
    await this.#load(page);
  }

  /** Leaves for another page of the application. */
  async goto(path: string): Promise<void> {
    this.#leave(false);
    this.#path = path;
    this.#storage.clear();
    await this.#load(undefined);
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
    if (late) this.#wire?.cut('browser', { late: true });
    this.#link.stop();
    for (const { timer } of this.#dismissals.values()) this.#clock.clear(timer);
    this.#dismissals.clear();
  }

  async #load(page: string | undefined): Promise<void> {
    const paint = await this.#server.open(this.#path, page);
    if (paint === 'missing') throw new Error(`There is no page for ${this.#path} any more.`);
    if (!this.#closed) this.#begin(paint, false, page);
  }

  /** @param remembered the tab's previous page, which stays its page when the session painted another one. */
  #begin(paint: Paint, fork: boolean, remembered = paint.page): void {
    const storage: ConnectionStorage = {
      get: (key) => this.#storage.get(key) ?? null,
      set: (key, value) => void this.#storage.set(key, value),
      remove: (key) => void this.#storage.delete(key),
    };
    // A document's timers end with it.
    const clock = this.#clock;
    const document = ++this.#document;
    const own: Clock = {
      now: () => clock.now(),
      random: () => clock.random(),
      after: (ms, fn) => clock.after(ms, () => document === this.#document && fn()),
      clear: (timer) => clock.clear(timer),
    };
    const store = new Replica(paint.tree, own);
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
          const wire = this.#server.connect(target, this.#path, events);
          this.#wire = wire;
          return wire.browser;
        },
        changed: ({ state, trouble }) => {
          if (state === 'live') attach();
          if (trouble !== undefined && trouble !== shown) this.notices.push(trouble);
          shown = trouble;
        },
        ended: (reason) => this.#ended(reason),
        notice: (text) => this.notices.push(text),
        owns: () => this.owns,
      },
    );
    this.#link = link;
    const sender = {
      send: (target: Aimed, event: string, value?: Json, latest?: boolean) => {
        const number = link.send(target, event, value, latest);
        const node = store.get(nodeOf(target));
        if (number !== undefined && node) {
          const { kind, props } = node;
          this.history.push({ page: link.page, number, kind, props, event, value });
        }
        return number;
      },
      get acked() {
        return link.acked;
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
