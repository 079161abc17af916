import { systemTiming } from '../src/clock/index.ts';
import type { EndReason, Paint } from '../src/protocol/index.ts';
import type { ComponentLoader } from './components/index.ts';
import {
  Connection,
  type ConnectionStatus,
  historyEntry,
  openSocket,
  rememberPage,
  type TabPage,
  tabStorage,
} from './connection/index.ts';
import type { Replica } from './tree/index.ts';

/** The data of a page: in the document's `<script type="application/json" id="edgewise-paint">`, or the answer to a visit. */
export interface PageData {
  readonly paint: Paint;
  readonly build: string;
  /** See `reconnectSpread` of the application. */
  readonly spread?: number;
}

/** The data of a page in a document. */
export interface DocumentData extends PageData {
  /** True for a page that a tab has left. */
  readonly returned?: boolean;
}

/** What all pages of a document share. */
export interface Surroundings {
  readonly root: HTMLElement;
  readonly loader: ComponentLoader;
  /** The pages that this document has locked. */
  readonly owned: Set<string>;
  /** Loads what keeps a page over time, which the first seconds of a page can do without. */
  readonly lifecycle: () => Promise<typeof import('./lifecycle.ts')>;
  /** Shows the state of the connection, once that is there. */
  status?: { show(now: ConnectionStatus): void };
  /** Called when a page has applied what the session sent. Who shows other pages waits for it. */
  applied?: () => void;
}

/** A page of the session that the document shows: its copy of the tree, and its connection. */
export class ShownPage {
  /** Path and query that the page shows. */
  path: string;
  readonly store: Replica;
  readonly link: Connection;
  /** Version of the client that belongs to the page. */
  readonly build: string;
  readonly spread: number | undefined;
  readonly #around: Surroundings;
  /** True when the connection's page is the one of the data. */
  readonly #same: boolean;
  #attached = false;
  /** True once the document shows another page, or is about to be replaced. The events that are on their way still arrive. */
  left = false;

  constructor({ paint, build, spread }: PageData, store: Replica, tab: TabPage, around: Surroundings) {
    this.path = paint.path;
    this.store = store;
    this.build = build;
    this.spread = spread;
    this.#around = around;
    const { lifecycle, owned } = around;
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
      },
      {
        clock: systemTiming,
        storage: tabStorage,
        replica: {
          patch: (ops) => {
            store.patch(ops);
            around.applied?.();
          },
          reset: (root, event, fresh) => {
            store.reset(root, event, fresh);
            around.applied?.();
          },
        },
        connect: (target, events) => openSocket({ ...target, before: tab.before }, this.path, events),
        changed: (now) => {
          if (this.left) {
            if (now.pending === 0) this.link.stop();
            return;
          }
          around.status?.show(now);
          if (now.state === 'live' && !this.#same) this.#attach();
        },
        notice: (reason) => void lifecycle().then(({ notice }) => notice(reason)),
        owns: () => owned.has(this.link.page),
        moved: (page) => {
          this.remember();
          void lifecycle().then(({ own }) => own(page, owned));
        },
        ended: (reason, message) => this.#ended(reason, message),
      },
    );
  }

  /** Connects the page, whose elements the document shows. */
  start(): this {
    if (this.#same) this.#attach();
    this.link.start();
    this.remember();
    return this;
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

  #ended(reason: EndReason, message: string): void {
    if (this.left) return;
    this.store.flush();
    // The next document should be a fresh page.
    this.left = reason === 'gone' || reason === 'revoked';
    void this.#around.lifecycle().then(({ ended }) => ended(reason, message));
  }
}
