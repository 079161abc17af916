import type { Clock } from '../../clock/index.ts';
import type { PageRow, Store } from '../../storage/index.ts';
import type { PageRequest } from '../host.ts';

/** The parts of a page that its row is made of, and those that hear of its changes. */
export interface RecordHost {
  readonly id: string;
  readonly request: PageRequest;
  readonly host: { readonly clock: Clock; readonly build: string };
  readonly delivery: {
    readonly epoch: number;
    readonly frame: number;
    readonly rest: number | null;
    /** True while a browser shows the page. */
    readonly watched: boolean;
    stir(): void;
  };
  readonly inbox: { readonly event: number };
  readonly pageTree: { readonly built: number };
  readonly shares: { rest(): void };
}

/** The row of a page, and whether it has one: a page is persistent from the first hello on, so that a crawler leaves no row. */
export class PageRecord {
  /** True from the first hello on: before that nothing of the page is written. */
  persistent: boolean;
  /** True once the page has stopped: nothing of it is written any more. */
  ended = false;
  /** When a browser last showed the page, in milliseconds since the epoch. */
  seen: number;
  readonly #page: RecordHost;
  readonly #commitSoon: () => void;
  readonly #created: number;
  #dirty = false;

  /**
   * @param row what was stored of the page before, if anything.
   * @param commitSoon tells the session that something waits to be committed.
   */
  constructor(page: RecordHost, row: PageRow | undefined, commitSoon: () => void) {
    this.#page = page;
    this.#commitSoon = commitSoon;
    this.persistent = row !== undefined;
    this.seen = row?.seen ?? page.host.clock.now();
    this.#created = row?.created ?? this.seen;
  }

  /** True when the row itself waits to be committed. */
  get dirty(): boolean {
    return this.#dirty;
  }

  /** The page changes. */
  touch(): void {
    this.#dirty = true;
    this.#page.delivery.stir();
    // Because a handler's change does not mean that a browser shows the page.
    if (this.#page.delivery.watched) this.seen = this.#page.host.clock.now();
    if (!this.ended) this.changed();
  }

  /** The browser has left: the page was used until now. */
  left(): void {
    this.#dirty = true;
    this.seen = this.#page.host.clock.now();
    this.changed();
  }

  /** Something of the page waits for the next commit. */
  changed(): void {
    if (this.persistent) this.#commitSoon();
  }

  /** The page has come to rest: which tree its browser has is stored, and what it shows of shared values. */
  rested(): void {
    this.#dirty = true;
    this.#page.shares.rest();
    this.#commitSoon();
  }

  persist(store: Store): void {
    const { id, request, host, delivery, inbox, pageTree } = this.#page;
    store.writePage({
      page: id,
      path: request.path,
      build: host.build,
      epoch: delivery.epoch,
      frame: delivery.frame,
      event: inbox.event,
      built: pageTree.built,
      rest: delivery.rest,
      created: this.#created,
      seen: this.seen,
    });
  }

  persisted(): void {
    this.#dirty = false;
  }
}
