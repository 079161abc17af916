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
  /** True once another version of the application has built the page in its place. */
  retired = false;
  /** When a browser last showed the page, in milliseconds since the epoch. */
  seen: number;
  readonly #page: RecordHost;
  readonly #commitSoon: () => void;
  readonly #created: number;
  readonly #build: string;
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
    // Because the host is another build's once a save has replaced the application.
    this.#build = page.host.build;
  }

  /** True when the row itself waits to be committed. */
  get dirty(): boolean {
    return this.#dirty;
  }

  /** The page changes. */
  touch(): void {
    const { delivery, host } = this.#page;
    delivery.stir();
    // Not without a browser, because a handler's change does not mean that one shows the page. Once for each commit is enough.
    if (!this.#dirty && delivery.watched) this.seen = host.clock.now();
    this.#dirty = true;
    if (!this.ended) this.changed();
  }

  /** A browser has connected, which also happens while the page waits for a commit. */
  shown(): void {
    this.seen = this.#page.host.clock.now();
    this.touch();
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

  /** The page has come to rest: what it shows of shared values is stored. */
  rested(): void {
    this.#page.shares.rest();
    this.#commitSoon();
  }

  persist(store: Store): void {
    const { id, request, delivery, inbox, pageTree } = this.#page;
    store.writePage({
      page: id,
      path: request.path,
      build: this.#build,
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
