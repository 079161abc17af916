import { Link, type LinkStorage } from '../../client/connection/link.ts';
import { Store } from '../../client/tree/store.ts';
import type { Json, MirrorNode, NodeLiteral, Paint } from '../protocol/index.ts';
import type { VirtualClock } from './clock.ts';
import type { TestServer } from './server.ts';
import type { Wire } from './wire.ts';

/** A browser's tab without a screen: the real link and the real store of the client. */
export class TestBrowser {
  readonly #server: TestServer;
  readonly #clock: VirtualClock;
  readonly #storage = new Map<string, string>();
  readonly #path: string;
  #link!: Link;
  #store!: Store;
  #wire: Wire | undefined;
  /** Reloads that the session asked for. */
  forced = 0;
  /** False while the network is away. */
  online = true;
  /** Everything the client told its user. */
  readonly notices: string[] = [];

  private constructor(server: TestServer, clock: VirtualClock, path: string) {
    this.#server = server;
    this.#clock = clock;
    this.#path = path;
  }

  /** Loads the page and connects. */
  static async open(server: TestServer, clock: VirtualClock, path: string): Promise<TestBrowser> {
    const browser = new TestBrowser(server, clock, path);
    const paint = await server.open(path);
    if (paint === 'missing') throw new Error(`There is no page for ${path}.`);
    browser.#begin(paint);
    return browser;
  }

  get link(): Link {
    return this.#link;
  }

  get wire(): Wire | undefined {
    return this.#wire;
  }

  get root(): MirrorNode {
    return this.#store.root;
  }

  /** The tree as it is shown. */
  literal(): NodeLiteral {
    return this.#store.literal();
  }

  /** Reloads the document: the tab asks for its page again and keeps what its storage holds. */
  async reload(): Promise<void> {
    const page = this.#link.page;
    this.#store.flush();
    this.#link.stop();
    const paint = await this.#server.open(this.#path, page);
    if (paint === 'missing') throw new Error(`There is no page for ${this.#path} any more.`);
    this.#begin(paint);
  }

  /** Sends an event of a node as the component would. */
  emit(node: MirrorNode, event: string, value?: Json): void {
    this.#store.emit(node, event, value);
  }

  /** Types into a node: shown at once, sent after a pause. */
  edit(node: MirrorNode, value: Json): void {
    this.#store.edit(node, 'value', value);
  }

  /** The tab closes. */
  close(): void {
    this.#link.stop();
  }

  #begin(paint: Paint): void {
    const storage: LinkStorage = {
      get: (key) => this.#storage.get(key) ?? null,
      set: (key, value) => void this.#storage.set(key, value),
      remove: (key) => void this.#storage.delete(key),
    };
    const store = new Store(paint.tree, this.#clock);
    this.#store = store;
    this.#link = new Link(
      { page: paint.page, epoch: paint.epoch, frame: paint.frame, event: paint.event, build: 'test' },
      {
        clock: this.#clock,
        storage,
        replica: store,
        connect: (target, events) => {
          if (!this.online) {
            this.#clock.after(1, () => events.closed());
            return { send: () => {}, close: () => {} };
          }
          const wire = this.#server.connect(target, this.#path, events);
          this.#wire = wire;
          return wire.browser;
        },
        ended: (reason) => {
          if (reason === 'reload' || reason === 'gone' || reason === 'revoked') this.forced++;
        },
        notice: (text) => this.notices.push(text),
        owns: () => true,
      },
    );
    store.attach(this.#link, this.#link.pending);
    this.#link.start();
  }
}
