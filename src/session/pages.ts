import type { Files } from '../files/index.ts';
import type { Jobs } from '../jobs/index.ts';
import { limits } from '../protocol/index.ts';
import { decode, type PageRow } from '../storage/index.ts';
import { type BuildRetry, buildDue } from './build-retry.ts';
import type { Connection, Connections } from './connections.ts';
import type { OpenCalls } from './open-calls.ts';
import { Cells } from './page/cells.ts';
import { handlersDue } from './page/handlers.ts';
import { Page, type PageOwner, watchedDue } from './page/page.ts';
import { presenceDue, presencePatience } from './page/presence.ts';
import { answerStored } from './page/stored-answers.ts';
import type { Visitor } from './visitor.ts';

/** The parts of a session that its pages know. */
export interface PagesHost extends PageOwner {
  readonly connections: Connections;
  readonly calls: OpenCalls;
  readonly retry: BuildRetry;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly browsers: {
    /** Handles the end of a build: the page is ready, or has failed and has left memory. */
    built(page: Page): void;
    /** Ends the connections of a page that does not exist any more. */
    gone(id: string): void;
  };
}

/**
 * The pages of a session: those in memory, and those that are rows. It makes, rebuilds, evicts and
 * ends them.
 *
 * ```
 *   create ──► in memory ──release──► rows only ──end──► nothing
 *                  ▲                      │
 *                  └──────── find ────────┘
 * ```
 */
export class Pages {
  readonly #session: PagesHost;
  readonly #live = new Map<string, Page>();
  /** The pages that have replaced others. */
  static readonly #successors = new WeakMap<Page, Page>();

  constructor(session: PagesHost) {
    this.#session = session;
  }

  // ---- in memory

  /** The number of pages in memory. */
  get size(): number {
    return this.#live.size;
  }

  /** Returns a page that is in memory. */
  get(id: string): Page | undefined {
    return this.#live.get(id);
  }

  /** Returns the pages in memory. */
  values(): IterableIterator<Page> {
    return this.#live.values();
  }

  /**
   * Returns a new page, or undefined when the application has no page for the path.
   *
   * @param tab the tab that it belongs to; undefined for a new one.
   */
  create(path: string, id = this.#session.host.clock.newId(), visitor?: Visitor, tab = id): Page | undefined {
    const found = this.#session.host.match(path);
    if (!found) return undefined;
    this.#session.values.join(id, tab);
    const page = new Page(this.#session, id, found.definition, found.request);
    page.opener = visitor;
    return this.#build(page);
  }

  /** Returns a page in memory, or rebuilds it from its rows. */
  find(id: string): Page | undefined {
    const live = this.#live.get(id);
    if (live) return live;
    const row = this.#session.host.store.page(id);
    return row && this.#restore(row);
  }

  #restore(row: PageRow): Page | undefined {
    const found = this.#session.host.match(row.path);
    if (!found) {
      // Its rows stay until it is idle, because the deploy may be taken back.
      const message = `The page ${row.path} rests: the application has no page at this path now.`;
      this.#session.log({ level: 'info', fault: 'author', message });
      return undefined;
    }
    return this.#build(new Page(this.#session, row.page, found.definition, found.request, row), row);
  }

  /** Returns a page as {@link find} does, after its build has ended. */
  async findBuilt(id: string): Promise<Page | undefined> {
    const page = this.find(id);
    return page && this.built(page);
  }

  /** Returns true when the page shows another path, and can show this one in place. */
  mayMove(page: Page, path: string): boolean {
    const found = page.request.path === path ? undefined : this.#session.host.match(path);
    return found !== undefined && page.canMove(found.definition, found.request);
  }

  /**
   * Returns a page that shows a path: the one of the id, when it does or can in place.
   *
   * @param socket the number of the socket that asks; absent for a request.
   * @throws {Redirect} from a sub page of the path.
   */
  moved(page: Page, path: string, socket?: number): Page | undefined {
    if (page.request.path === path) return page;
    const { host, connections } = this.#session;
    const found = host.match(path);
    if (!found || !page.canMove(found.definition, found.request)) return undefined;
    if (socket !== undefined && socket <= page.movedAt) {
      connections.moved(page.id, page.request.path);
      return page;
    }
    page.move(found.request);
    page.movedAt = connections.count;
    connections.moved(page.id, path);
    return page;
  }

  /** Waits for the end of a page's build. Returns the page, or the one that has replaced it meanwhile. */
  async built(page: Page): Promise<Page> {
    await page.build.running;
    const next = Pages.#successors.get(page);
    return next ? this.built(next) : page;
  }

  /**
   * Builds a page again, by the application as it is now, in the place of one that has retired. Its
   * changes must be committed.
   */
  replace(page: Page): Page | undefined {
    const { id, request, delivery } = page;
    this.#live.delete(id);
    const row = this.#session.host.store.page(id);
    // Because the browser has read later patches than the commit knows, and their numbers continue.
    const next = row ? this.#restore({ ...row, frame: delivery.frame }) : this.create(request.path, id);
    if (next) Pages.#successors.set(page, next);
    return next;
  }

  /** Returns the page of a connection: the stored one, or a new one. */
  of(connection: Connection): Page | undefined {
    if (connection.fork && connection.page !== '') {
      // Because a duplicated tab has the page id of the other tab and must not get its page.
      const page = this.create(connection.path);
      if (!page) return undefined;
      this.#session.connections.give(connection, page.id);
      return page;
    }
    const { page, path } = connection;
    // Because the application admitted the browser to this path only, not to others.
    const live = this.#live.get(page);
    const row = live ? undefined : this.#session.host.store.page(page);
    const known = live?.request.path ?? row?.path;
    if (known !== undefined && known !== path && !this.#isSamePattern(known, path)) return undefined;
    const found = live ?? (row && this.#restore(row));
    if (found?.record.persistent) return found;
    const tab = this.#tabFrom(connection);
    return found ? this.#inTab(found, tab) : this.create(path, page, undefined, tab);
  }

  /** Returns the tab that a new document continues: that of the page before it, while the session has that page. */
  #tabFrom({ page, before }: Connection): string {
    return before !== undefined && this.pathOf(before) !== undefined ? this.#session.values.tabOf(before) : page;
  }

  /** Returns a new page in its tab, which its document could not say. It is built again when it has read values of another tab. */
  #inTab(page: Page, tab: string): Page | undefined {
    const { id, opener, request } = page;
    if (tab === id || !this.#session.values.join(id, tab)) return page;
    this.#release(page);
    return this.create(request.path, id, opener, tab);
  }

  #isSamePattern(one: string, other: string): boolean {
    const { match } = this.#session.host;
    return match(one)?.definition.pattern === match(other)?.definition.pattern;
  }

  #build(page: Page, row?: PageRow): Page {
    this.#live.set(page.id, page);
    page.build.start(row);
    const { running } = page.build;
    if (running) void running.then(() => this.#built(page));
    else this.#built(page);
    return page;
  }

  /** Handles the end of a build. A page that failed leaves memory with its changes; its rows stay. One without a page ends. */
  #built(page: Page): void {
    if (this.#live.get(page.id) !== page) return;
    const { connections, retry } = this.#session;
    if (page.build.outcome) {
      // Because there is no page at its address any more: the next document says what there is.
      this.end(page.id);
      this.#session.browsers.gone(page.id);
      return;
    }
    if (page.build.failure) {
      this.#release(page);
      if (connections.of(page.id).length === 0 && page.record.persistent) this.#putOff(page);
    } else {
      retry.clear(page.id);
      page.due.clear(buildDue);
    }
    this.#session.browsers.built(page);
  }

  #putOff(page: Page): void {
    try {
      this.#session.retry.later(page.id);
    } catch (error) {
      // Because the due rows of the page are delayed anyway, only without a growing pause.
      const message = 'Could not count a failed build of a page.';
      this.#session.log({ level: 'warning', fault: 'framework', message, error, page: page.definition.pattern });
    }
  }

  // ---- use

  /** Returns the path of a page; undefined when there is none. */
  pathOf(id: string): string | undefined {
    return this.#live.get(id)?.request.path ?? this.#session.host.store.page(id)?.path;
  }

  /** Returns true for a stored page at whose path the application has none now. */
  isUnrouted(id: string): boolean {
    const path = this.pathOf(id);
    return path !== undefined && !this.#session.host.match(path);
  }

  /** Returns true when a browser shows the page, also one whose socket was silent since the wake. */
  watched(id: string): boolean {
    if (this.#live.get(id)?.delivery.watched) return true;
    for (const connection of this.#session.connections) if (connection.page === id) return true;
    return false;
  }

  /** Returns true when handlers of the page are open. */
  works(id: string): boolean {
    return this.#session.host.store.due().some((row) => row.page === id && row.key === handlersDue);
  }

  /** Returns when a page was last used: now, while a browser shows it or was lost with the object. */
  seen(id: string): number {
    const { store, clock } = this.#session.host;
    if (this.watched(id)) return clock.now();
    const live = this.#live.get(id);
    const row = store.page(id);
    if (!store.due().some((due) => due.page === id && due.key === watchedDue))
      return live?.record.seen ?? row?.seen ?? 0;
    live?.due.set(watchedDue, undefined);
    live?.record.left();
    if (row) store.writePage({ ...row, seen: clock.now() });
    store.deleteDue(id, watchedDue);
    return clock.now();
  }

  /**
   * Stores that the last browser left a page that is not in memory.
   *
   * @returns undefined when there is no such page; true when the alarm has to look at it soon.
   */
  leftAsleep(id: string): boolean | undefined {
    const { store, clock } = this.#session.host;
    const row = store.page(id);
    if (!row) return undefined;
    const heard = store.due().some((due) => due.page === id && due.key === presenceDue);
    store.transaction(() => {
      store.writePage({ ...row, seen: clock.now() });
      store.deleteDue(id, watchedDue);
      if (heard) store.writeDue({ page: id, key: presenceDue, at: clock.now() + presencePatience });
    });
    return heard;
  }

  /**
   * Answers the handlers of a page that is not in memory, because it could not be built.
   *
   * @returns false when none waits on the channel.
   */
  answerStored(id: string, channel: string, text: string): boolean {
    const { store } = this.#session.host;
    if (this.#live.has(id)) return false;
    const cells = new Cells();
    cells.load(store.cells(id));
    const heard = answerStored(cells, cells.openRuns, channel, () => ({ ok: true, value: decode(text) }));
    if (heard) store.transaction(() => cells.persist(store, id));
    return heard;
  }

  // ---- caps and ends

  /** Schedules the end of a page that became persistent, and ends the oldest beyond the cap. */
  becamePersistent(page: Page): void {
    const { store, clock, policy } = this.#session.host;
    const now = clock.now();
    page.due.set('idle', now + policy.pageIdle);
    if (!store.due().some((row) => row.page === '' && row.key === 'idle')) {
      store.writeDue({ page: '', key: 'idle', at: now + policy.sessionIdle });
    }
    const stored = new Map(store.pages().map((row) => [row.page, row.seen]));
    for (const other of this.#live.values()) if (other.record.persistent) stored.set(other.id, other.record.seen);
    // Pages without a browser go first, then the one that was used longest ago.
    const oldest = [...stored.keys()].sort(
      (a, b) => Number(this.watched(a)) - Number(this.watched(b)) || (stored.get(a) ?? 0) - (stored.get(b) ?? 0),
    );
    for (const id of oldest) {
      if (stored.size <= limits.pages) break;
      if (id === page.id) continue;
      this.end(id);
      stored.delete(id);
    }
  }

  /** Drops the oldest pages beyond the cap for which no browser ever connected. */
  capUnconnected(): void {
    const unconnected = [...this.#live.values()].filter((page) => !page.record.persistent);
    for (const page of unconnected.slice(0, Math.max(0, unconnected.length - limits.unconnectedPages))) {
      this.drop(page);
    }
  }

  /** Evicts pages from memory without a browser and without open work. Their rows stay. */
  releaseIdle(): void {
    const { host, connections, calls } = this.#session;
    // Because an object that may sleep loses its memory anyway.
    if (connections.size === 0 && this.#session.jobs.running === 0) return;
    const { clock, policy } = host;
    const idle = [...this.#live.values()].filter(
      (page) => !this.watched(page.id) && !calls.of(page.id) && page.restful,
    );
    if (idle.length === 0) return;
    idle.sort((a, b) => b.unwatchedSince - a.unwatchedSince);
    const since = clock.now() - policy.memoryIdle;
    let newer = 0;
    for (const page of idle) {
      // Because pages that wait for their first browser have their own cap.
      const over = page.record.persistent && newer++ >= policy.memoryPages;
      // Because a handler that follows a job would be replayed from its beginning for each chunk.
      if (over || (page.handlers.open === 0 && page.unwatchedSince <= since)) this.#release(page);
    }
  }

  #release(page: Page): void {
    this.#live.delete(page.id);
    page.abandon();
  }

  /** Drops a page that has no rows. */
  drop(page: Page): void {
    page.end('gone', 'This page has expired.');
    this.#live.delete(page.id);
  }

  /**
   * Ends a page: it leaves memory, and its rows are deleted.
   *
   * @param why ends the sentence about handlers that end with it.
   */
  end(id: string, why = '.'): void {
    const { host, jobs, files, values } = this.#session;
    const live = this.#live.get(id);
    if (this.works(id)) {
      const path = host.store.page(id)?.path ?? '';
      const handlers = live?.handlers.open ?? 0;
      const what = handlers === 0 ? 'handlers' : handlers === 1 ? 'a handler' : `${handlers} handlers`;
      const message = `Ended the page ${path} with ${what} still open${why}`;
      this.#session.log({ level: 'warning', fault: 'author', message });
    }
    const seen = live?.record.seen ?? host.store.page(id)?.seen ?? 0;
    live?.end('gone', 'This page has expired.');
    this.#live.delete(id);
    host.store.deletePage(id);
    files.pageEnded(id);
    values.ended(id, [...host.store.pages().map(({ page }) => page), ...this.#live.keys()], seen);
    jobs.pageEnded(id);
  }

  /** Ends all pages in memory, because the session ends. Their rows are the session's to delete. */
  endAll(message: string): void {
    for (const page of this.#live.values()) page.end('revoked', message);
    this.#live.clear();
  }
}
