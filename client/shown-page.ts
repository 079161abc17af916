import { systemTiming } from '../src/clock/index.ts';
import type { EndReason, Paint } from '../src/protocol/index.ts';
import type { ComponentLoader } from './components/index.ts';
import {
  Connection,
  historyEntry,
  lockName,
  noteReturn,
  openSocket,
  rememberPage,
  tabLocks,
  tabStorage,
} from './connection/index.ts';
import type { StatusLine } from './status.ts';
import type { Replica } from './tree/index.ts';

/** The data of a page: in the document's `<script type="application/json" id="edgewise-paint">`, or the answer to a visit. */
export interface PageData {
  readonly paint: Paint;
  readonly build: string;
  /** See `reconnectSpread` of the application. */
  readonly spread?: number;
}

/** What all pages of a document share. */
export interface Surroundings {
  readonly root: HTMLElement;
  readonly loader: ComponentLoader;
  readonly status: StatusLine;
  /** The pages that this document has locked. */
  readonly owned: Set<string>;
}

/** A page of the session that the document shows: its copy of the tree, and its connection. */
export class ShownPage {
  /** Path and query that the page shows. */
  path: string;
  readonly store: Replica;
  readonly link: Connection;
  /** Version of the client that belongs to the page. */
  readonly build: string;
  readonly #around: Surroundings;
  /** True when the connection's page is the one of the data. */
  readonly #same: boolean;
  #attached = false;
  /** The page that the tab showed before this document, when its address was typed. */
  readonly #before: string | undefined;
  /** True once the document shows another page, or is about to be replaced. */
  #left = false;
  /** Called when the last patches were applied. */
  #waiting: (() => void)[] = [];

  constructor(
    { paint, build, spread }: PageData,
    store: Replica,
    tab: { readonly page: string; readonly fork: boolean; readonly before?: string | undefined },
    around: Surroundings,
  ) {
    this.path = paint.path;
    this.store = store;
    this.build = build;
    this.#around = around;
    this.#before = tab.before;
    const { status, owned } = around;
    // A remembered page is not the data's page, so epoch 0 requests all of it.
    this.#same = tab.page === paint.page && !tab.fork;
    if (!tab.fork) owned.add(tab.page);
    if (tab.before) owned.add(tab.before);
    this.link = new Connection(
      {
        page: tab.page,
        fork: tab.fork,
        epoch: this.#same ? paint.epoch : 0,
        frame: this.#same ? paint.frame : 0,
        event: this.#same ? paint.event : 0,
        build,
        ...(spread !== undefined && { spread }),
      },
      {
        clock: systemTiming,
        storage: tabStorage,
        replica: {
          patch: (ops) => {
            store.patch(ops);
            this.#applied();
          },
          reset: (root, event, fresh) => {
            store.reset(root, event, fresh);
            this.#applied();
          },
        },
        connect: (target, events) => openSocket({ ...target, before: this.#before }, this.path, events),
        changed: (now) => {
          if (this.#left) {
            if (now.pending === 0) this.link.stop();
            return;
          }
          status.show(now);
          if (now.state === 'live' && !this.#same) this.#attach();
        },
        notice: (text) => status.notice(text),
        owns: () => owned.has(this.link.page),
        moved: async (page) => {
          this.remember();
          if (await tabLocks.take(lockName(page), 1_000)) owned.add(page);
        },
        ended: (reason, message) => this.#ended(reason, message),
      },
    );
  }

  /** Connects the page, whose elements the document shows. */
  start(): this {
    if (this.#same) this.#attach();
    if (document.hidden) this.link.visible(false);
    this.link.start();
    this.remember();
    return this;
  }

  /** Resolves when the next changes were applied, or the page was left. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Has the events that are on their way arrive, and then disconnects. The page stays in the session. */
  leave(): void {
    this.store.flush();
    this.#left = true;
    this.#applied();
    if (this.link.pending.length === 0) this.link.stop();
  }

  /** Called before the browser loads another document. */
  unload(): void {
    this.store.flush();
    if (!this.#left) noteReturn(this.link.page);
  }

  /** Remembers the page with the present entry of the history. */
  remember(): void {
    rememberPage(tabStorage, this.link.page, this.path);
    historyEntry.write({ page: this.link.page });
  }

  /** Attaches the connection as the sender of events. A page that is not the data's first waits for its own tree. */
  #attach(): void {
    if (!this.#attached) this.store.attach(this.link, this.link.pending, this.link.handled, !this.#same);
    this.#attached = true;
  }

  #applied(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #ended(reason: EndReason, message: string): void {
    if (this.#left) return;
    this.store.flush();
    // The next document should be a fresh page.
    this.#left = reason === 'gone' || reason === 'revoked';
    const { status } = this.#around;
    import('./ended.ts').then(
      (chunk) => chunk.ended(reason, message, status),
      () => location.reload(),
    );
  }
}
