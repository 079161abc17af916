import { Items, type ItemsJournal } from '../../collection/index.ts';
import { pageHost } from '../../elements/index.ts';
import { computed } from '../../reactive/index.ts';
import { copyOf, encode } from '../../storage/index.ts';
import { type Job, type JobDetails, type JobInfo, type RecentChunks, run, unjournaled } from '../../tasks/index.ts';
import { idle, type JobView } from '../job-view.ts';
import { calledBy, isJob, type Op } from '../protocol.ts';
import { PageItems } from './page-items.ts';
import type { Share, ShareUser } from './share.ts';
import type { Shares } from './shares.ts';

/** The parts of a page that shared values use. */
export interface PageSharesHost {
  /** The page's id. */
  readonly id: string;
  readonly delivery: { readonly watched: boolean };
  readonly tree: { readonly constructing: boolean };
  /** What the page records of its running handler, for a replay. */
  readonly handlers: ItemsJournal;
  readonly pageTree: {
    /** Returns a name that is unique in the page, and the same in a replay. */
    nextSegment(): string;
  };
  readonly build: {
    /** Delays the page until the promise settles, within a limit. */
    await(promise: Promise<unknown>): void;
  };
}

/** Where the `pageHost` of a page's code has its {@link PageShares}. */
const sharesHere = Symbol('shares');

interface Holder {
  [sharesHere]?: PageShares;
}

/** The shared names that a page uses. */
export class PageShares implements ShareUser {
  readonly #page: PageSharesHost;
  readonly #owner: { readonly shares: Shares };
  readonly #used = new Map<string, Share>();
  readonly #followed = new Set<Share>();
  readonly #lists = new Map<string, PageItems>();
  #ended = false;
  #writes = true;

  /** @param found the `pageHost` of the page's code. */
  constructor(page: PageSharesHost, owner: { readonly shares: Shares }, found: object) {
    this.#page = page;
    this.#owner = owner;
    (found as Holder)[sharesHere] = this;
  }

  /** Made by the session at its first use. */
  get #shares(): Shares {
    return this.#owner.shares;
  }

  /** Returns the shares of the page in the current context. */
  static of(page: object | undefined): PageShares | undefined {
    return (page as Holder | undefined)?.[sharesHere];
  }

  get watched(): boolean {
    return !this.#ended && this.#page.delivery.watched;
  }

  /** Returns the share of a name. A build of the page waits for the value. */
  use(name: string, initial: unknown): Share {
    const known = this.#used.get(name);
    if (known) return known;
    // A copy, because a module may declare it for all sessions.
    const share = this.#shares.get(
      name,
      isJob(name) || initial instanceof Items ? initial : copyOf(initial, 'A value'),
    );
    this.#used.set(name, share);
    if (!this.#ended) share.users.add(this);
    if (!share.subscription.there) this.#page.build.await(share.subscription.ask());
    return share;
  }

  /** Returns a job's chunks. A build of the page waits for them. */
  chunks(share: Share): RecentChunks<unknown> {
    if (!this.#followed.has(share)) {
      this.#followed.add(share);
      this.#page.build.await(this.#shares.followed(share));
    }
    return this.#shares.follow(share).chunks.value;
  }

  follows(share: Share): boolean {
    return this.#followed.has(share);
  }

  /** Returns the shared jobs that pages of this session have used. The page follows them from now on. */
  jobs(): readonly JobInfo[] {
    return this.#shares.jobs.value.flatMap((name) => {
      const { info } = this.use(name, idle).signal.value as JobView;
      return info ? { ...info, id: name, name: name.slice('job:'.length), shared: true } : [];
    });
  }

  /** Returns the frequently changing part of a job of {@link PageShares.jobs}. */
  watch(job: string): Pick<Job<unknown, unknown>, 'progress' | 'position'> {
    const { signal } = this.use(job, idle);
    return {
      progress: computed(() => (signal.value as JobView).progress),
      position: computed(() => (signal.value as JobView).position),
    };
  }

  /** Returns the details of a job of {@link PageShares.jobs}. */
  details(job: string): JobDetails {
    const share = this.use(job, idle);
    const { error } = share.signal.peek() as JobView;
    return { error, chunks: (most) => this.chunks(share).slice(-most) };
  }

  /** Sends a command to a job of {@link PageShares.jobs}. */
  command(job: string, op: Op): void {
    this.write(this.use(job, idle), op, undefined);
  }

  /**
   * Returns the value that the running code sees, given the live one.
   *
   * @param own false for a read that is not a handler's own.
   */
  read(share: Share, live: unknown, own: boolean): unknown {
    const { handlers } = this.#page;
    handlers.once?.read(calledBy(share.name));
    if (!isJob(share.name))
      handlers.inPlace?.read(calledBy(share.name), live, () => [share.signal.peek(), share.shown ?? undefined]);
    const seen = handlers.read(share.name, live, own);
    return seen ? seen.value : live;
  }

  /** @param value the value after the write, as this session expects it. */
  write(share: Share, op: Op, value: unknown): void {
    this.#checkBuilt(share);
    if (!this.#writes) return;
    const { handlers } = this.#page;
    if (isJob(share.name)) {
      // A command is no write: what the handler reads afterwards, others change, too.
      if (!handlers.replay) this.#send(share, op, unjournaled);
      handlers.acts(share.name);
      return;
    }
    if (handlers.replay) {
      // The write is not repeated, because it happened before the restart, or another run has replaced this one.
      handlers.replay.rewrite(share.name, value);
      return;
    }
    this.#send(share, op, (fn) => fn());
  }

  #send(share: Share, op: Op, within: (fn: () => void) => void): void {
    try {
      within(() => this.#shares.write(share, op));
    } catch (error) {
      this.#page.handlers.refused(share.name, error);
      throw error;
    }
  }

  /** Updates the value of a share by a call that a handler's journal records. */
  update(share: Share, what: string, change: (value: unknown) => unknown): PromiseLike<unknown> {
    this.#checkBuilt(share);
    // Recorded, so that a replay sends the same update, which the shared object applies once.
    const id = `${this.#page.id}.${pageHost.require(what).random()}`;
    const update = (_id: string) => this.#shares.update(share, id, change);
    // A handler may end without its result, and a restart must not end the update with it.
    return run.ioBound(Object.defineProperty(update, 'name', { value: `${what}.update` }), id).retain();
  }

  /** @throws {Error} while a page is built. */
  #checkBuilt({ name }: Share): void {
    if (!this.#page.tree.constructing) return;
    const job = isJob(name);
    throw new Error(
      `${calledBy(name)} was ${job ? 'commanded' : 'written'} while a page was built. A page is built for each visitor, and again ` +
        `after each restart: ${job ? 'start, cancel and retry' : 'give the first value as the second argument of shared, and write'} ` +
        'in a handler or a timer.',
    );
  }

  /** Returns the items of a list or map, as the page's code sees them. */
  items(name: string, initial: Items): PageItems {
    const known = this.#lists.get(name);
    if (known) return known;
    const share = this.use(name, initial);
    const items = new PageItems(share, this.#page.handlers, {
      write: (op, value) => this.#shares.writeItem(share, op, value),
      accepts: () => {
        this.#checkBuilt(share);
        return this.#writes && !this.#ended;
      },
      newKey: () => `${this.#page.id}${this.#page.pageTree.nextSegment()}`,
    });
    this.#lists.set(name, items);
    return items;
  }

  itemChanging({ name }: Share, key: string, value: unknown): void {
    if (!this.#ended) this.#lists.get(name)?.itemChanging(key, value);
  }

  itemsChanged({ name }: Share): void {
    if (!this.#ended) this.#lists.get(name)?.itemsChanged();
  }

  /** Called before the value changes for all pages of the session. */
  changed(share: Share, value: unknown): void {
    if (this.#ended) return;
    this.#page.handlers.once?.changed(calledBy(share.name));
    const before = share.signal.peek();
    this.#page.handlers.recordWrite(share.name, () => encode(before, 'A value'), value);
  }

  /** Called when the page gets or loses its browser. */
  watchedChanged(): void {
    for (const share of this.#used.values()) share.subscription.changed();
  }

  /** Stores the values of a page at rest for the session's hibernation. */
  rest(): void {
    if (this.#used.size > 0) this.#shares.rest(this.#used.values());
  }

  /** Ends the writes of a page that was replaced. Its subscriptions stay until the new page has them. */
  retire(): void {
    this.#writes = false;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const share of this.#used.values()) {
      share.users.delete(this);
      share.subscription.changed();
    }
  }
}
