import { BackoffPauses, type Clock } from '../../clock/index.ts';
import { type ItemOp, Items } from '../../collection/index.ts';
import { batch, type ReadonlySignal, signal } from '../../reactive/index.ts';
import { copyOf, decode, type Store } from '../../storage/index.ts';
import { unjournaled } from '../../tasks/index.ts';
import { idle, type JobView } from '../job-view.ts';
import { sharedLimits } from '../limits.ts';
import { calledBy, isCollection, isJob, type Op, type Push, type SharedObject, type Snapshot } from '../protocol.ts';
import { checkedText } from '../value-text.ts';
import { ChunkReplica } from './chunk-replica.ts';
import { HibernationCache } from './hibernation-cache.ts';
import type { Share } from './share.ts';
import { SharedItems } from './shared-items.ts';
import { Subscription } from './subscription.ts';
import { WriteQueue } from './write-queue.ts';

/** Returns the text of what an update has made. @throws {TypeError} for a promise. */
function textOfUpdate(name: string, value: unknown): string {
  const what = calledBy(name);
  if (value instanceof Promise) {
    throw new TypeError(
      `The function given to ${what}.update is async. Compute the new value at once; load data before the update.`,
    );
  }
  return checkedText(value, what);
}

/** The port of shared signals to their session. */
export interface SharesHost {
  /** Name of the session. */
  readonly name: string;
  readonly clock: Clock;
  readonly store: Store;
  /** Returns a fresh stub of a shared object. @throws {Error} when the Worker has no binding for them. */
  object(name: string): SharedObject;
  keepAlive(promise: Promise<unknown>): void;
  /** Schedules a call of {@link Shares.persist} in a transaction at the end of the running turn. */
  commit(): void;
  log(level: 'info' | 'warning' | 'error', message: string, error?: unknown): void;
}

/** The store's page for shared values: unacknowledged writes as `write.NAME`, and the rows of {@link HibernationCache}. */
const cells = 'shared';
const due = 'shared';

/**
 * The shared signals that a session uses. While a watched page uses a name, the session has one subscription for all of its pages.
 *
 * ```
 *   author writes ──► shown at once ──► commit (with the event that caused it) ──► shared object ──► answer
 *                          ▲                                                                           │
 *                          └── with own unacknowledged writes ◄───────── version, value ◄──────────────┴── pushes
 * ```
 */
export class Shares {
  readonly #host: SharesHost;
  readonly #shares = new Map<string, Share>();
  readonly #cache = new HibernationCache(cells);
  /** Shares whose writes wait for the next commit. */
  readonly #dirty = new Set<Share>();
  readonly #jobs = signal<readonly string[]>([]);
  readonly #pauses: BackoffPauses;
  #loaded = false;
  #dueSet = false;
  #ended = false;

  constructor(host: SharesHost) {
    this.#host = host;
    this.#pauses = new BackoffPauses(host.clock, sharedLimits.backoff);
  }

  /** True when a row waits for its commit. */
  get dirty(): boolean {
    return this.#dirty.size > 0 || this.#cache.dirty;
  }

  /** Number of pending calls and pauses, which prevent hibernation. */
  get pending(): number {
    let pending = this.#pauses.pending;
    for (const { subscription, outgoing, following, updates } of this.#shares.values())
      if (subscription.syncing || outgoing.sending || following?.fetching || updates.open > 0) pending++;
    return pending;
  }

  /** Names of the shared jobs that pages of this session have used. */
  get jobs(): ReadonlySignal<readonly string[]> {
    this.load();
    return this.#jobs;
  }

  /** Returns the share of a name, and creates it on first use. */
  get(name: string, initial: unknown): Share {
    this.load();
    const known = this.#shares.get(name);
    if (known) {
      if (known.items) this.#begin(known.items, initial);
      else if (known.initial === undefined) {
        known.initial = initial;
        if (known.shown === null) known.signal.value = initial;
      }
      return known;
    }
    if (this.#shares.size >= sharedLimits.names) this.#dropUnused();
    if (this.#shares.size >= sharedLimits.names) {
      throw new RangeError(
        `The pages of a session use at most ${sharedLimits.names} shared names at a time, and ${calledBy(name)} is one more. ` +
          'Join values that belong together into one shared object, or show fewer of them.',
      );
    }
    // Without a binding no retry helps, so the author gets the error now.
    this.#host.object(name);
    return this.#make(name, initial);
  }

  /**
   * Prepares the rebuild of pages that use the name, so that they need not read it. They are built with the previous value, because
   * their browsers show it. The new value follows by {@link Shares.take}.
   */
  expect(push: Push): void {
    this.load();
    (this.#shares.get(push.name) ?? this.#make(push.name)).subscription.adopt(push);
  }

  /** Takes the value of a push. */
  take(push: Push): void {
    const share = this.#shares.get(push.name);
    if (share) this.#take(share, push);
  }

  /** Answers a push. @returns false to end the subscription, because no page is watched, or another object pushes. */
  accepts(push: Push): boolean {
    const share = this.#shares.get(push.name);
    if (!share) return false;
    this.#take(share, push);
    if (this.#wants(share)) return share.subscription.adopt(push);
    share.subscription.decline(push);
    return false;
  }

  /** Shows a write at once and sends it when it is durable. It is applied once. @throws {RangeError} when too many writes wait. */
  write(share: Share, op: Op): void {
    if (this.#ended) return;
    share.outgoing.add(op);
    this.#show(share);
    this.#dirty.add(share);
    this.#host.commit();
  }

  /** Does the same with an operation on a list or map. @param value the value that it gives to its item. */
  writeItem(share: Share, op: ItemOp, value: unknown): void {
    if (this.#ended || !share.items) return;
    const { initial } = share.items;
    share.outgoing.add({ items: [op], ...(initial !== undefined && { from: initial }) });
    this.#refresh(share, [op], value);
    this.#dirty.add(share);
    this.#host.commit();
  }

  #refresh(share: Share, ops: readonly ItemOp[], value?: unknown): void {
    share.items?.refresh(ops, value);
    batch(() => {
      for (const user of share.users) user.itemsChanged(share);
    });
  }

  #begin(items: SharedItems, initial: unknown): void {
    if (initial instanceof Items) items.begin(initial);
  }

  /**
   * Replaces the newest value by what `change` makes of it, and retries when another write came first.
   *
   * @param id names the update: one that is sent again is applied once.
   * @returns what the update has made.
   */
  update(share: Share, id: string, change: (value: unknown) => unknown): Promise<unknown> {
    // One after the other, because simultaneous updates of one session would only refuse each other.
    const updated = share.updates.last.then(() => this.#update(share, id, change));
    const ended = () => {
      share.updates.open--;
    };
    share.updates.open++;
    share.updates.last = updated.then(ended, ended);
    this.#host.keepAlive(share.updates.last);
    return updated;
  }

  async #update(share: Share, id: string, change: (value: unknown) => unknown): Promise<unknown> {
    for (let failures = 0; ; ) {
      await share.outgoing.drained();
      const { version, text } = share;
      const next = textOfUpdate(share.name, change(text === null ? copyOf(share.initial, 'A value') : decode(text)));
      try {
        const { refused, made, ...snapshot } = await this.#host
          .object(share.name)
          .write(id, { swap: next, at: version });
        if (this.#ended) return new Promise(() => {});
        this.#take(share, snapshot);
        if (!refused) return decode(made ?? snapshot.text ?? next);
        failures = 0;
      } catch (error) {
        if (this.#ended) return new Promise(() => {});
        failures++;
        if (failures === 3) this.#failing(share.name, error);
        await this.#pauses.pause(failures);
      }
    }
  }

  #failing(name: string, error: unknown): void {
    this.#host.log(
      'error',
      `A write to ${calledBy(name)} was not acknowledged; the session stores it and sends it again.`,
      error,
    );
  }

  /** Stores the values that a page at rest uses for the session's hibernation. */
  rest(shares: Iterable<Share>): void {
    for (const share of shares) this.#cache.rest(share);
  }

  /** Returns the replica of the job's chunks. It follows the job from now on. */
  follow(share: Share): ChunkReplica {
    if (share.following) return share.following;
    const host = {
      fetch: (job: string, from: number, to: number) => this.#host.object(share.subscription.at).chunks(job, from, to),
      pause: (failures: number) => this.#pauses.pause(failures),
      goesOn: (failures: number) => !this.#ended && (failures <= sharedLimits.failures || this.#wants(share)),
      keepAlive: (promise: Promise<unknown>) => this.#host.keepAlive(promise),
    };
    share.following = new ChunkReplica(host, this.#cache.output(share.name));
    return share.following;
  }

  /** Settles when the job's chunks are loaded, or loading has failed. */
  async followed(share: Share): Promise<void> {
    const following = this.follow(share);
    this.#announce(share);
    await share.subscription.syncing;
    await following.fetched;
  }

  /** Restores the values and the unacknowledged writes of an earlier activation. */
  load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const writes: [string, string][] = [];
    for (const { key, value } of this.#host.store.cells(cells)) {
      if (key.startsWith('write.')) writes.push([key.slice(6), value]);
      else this.#cache.read(key, value);
    }
    for (const name of this.#cache.names) this.#note(name);
    for (const [name, value] of writes) {
      this.#dueSet = true;
      this.#make(name).outgoing.restore(value);
    }
  }

  /** Called when the alarm is due for waiting writes. */
  check(): void {
    this.#dueSet = false;
    this.load();
    for (const share of this.#shares.values()) {
      if (share.outgoing.size === 0) continue;
      this.#dirty.add(share);
      share.outgoing.send();
    }
    if (this.#dirty.size > 0) this.#host.commit();
  }

  /** Writes the pending rows into the running transaction. */
  persist(store: Store): void {
    this.#cache.persist(store, (name) => this.#shares.has(name));
    if (this.#dirty.size === 0) return;
    for (const { name, outgoing } of this.#dirty) {
      if (outgoing.size === 0) store.deleteCell(cells, `write.${name}`);
      else store.writeCell(cells, `write.${name}`, outgoing.text());
    }
    if (this.#waits && !this.#dueSet) {
      store.writeDue({ page: '', key: due, at: this.#host.clock.now() + sharedLimits.recheck });
    } else if (!this.#waits && this.#dueSet) {
      store.deleteDue('', due);
    }
  }

  /** True when a write waits for its acknowledgement. */
  get #waits(): boolean {
    for (const { outgoing } of this.#shares.values()) if (outgoing.size > 0) return true;
    return false;
  }

  /** Called after the transaction has succeeded. */
  persisted(): void {
    this.#cache.persisted();
    if (this.#dirty.size === 0) return;
    this.#dueSet = this.#waits;
    const shares = [...this.#dirty];
    this.#dirty.clear();
    for (const share of shares) share.outgoing.persisted();
  }

  /** Stops without a message to the shared objects. */
  abandon(): void {
    this.#ended = true;
    for (const { outgoing, subscription } of this.#shares.values()) {
      outgoing.abandon();
      subscription.abandon();
    }
    this.#pauses.abandon();
  }

  #dropUnused(): void {
    for (const [name, { users, outgoing, subscription, updates }] of this.#shares) {
      const { syncing, there } = subscription;
      const used = users.size > 0 || outgoing.size > 0 || updates.open > 0;
      if (!used && !syncing && !there) this.#shares.delete(name);
    }
  }

  #make(name: string, initial: unknown = isJob(name) ? idle : undefined): Share {
    const { version, text } = this.#cache.value(name) ?? { version: 0, text: null };
    const { clock } = this.#host;
    const pause = (failures: number) => this.#pauses.pause(failures);
    const keepAlive = (promise: Promise<unknown>) => this.#host.keepAlive(promise);
    this.#note(name);
    const items = isCollection(name)
      ? new SharedItems(
          {
            pending: () => share.outgoing.itemOps,
            changing: (key, value) => {
              for (const user of share.users) user.itemChanging(share, key, value);
            },
          },
          version,
          text,
        )
      : undefined;
    const share: Share = {
      name,
      initial,
      signal: signal(text === null || items ? initial : decode(text)),
      version,
      text: items ? null : text,
      items,
      shown: items ? null : text,
      subscription: new Subscription(name, {
        session: this.#host.name,
        clock,
        object: (of) => this.#host.object(of),
        wanted: () => this.#wants(share),
        known: () => share.version,
        take: (snapshot) => this.#take(share, snapshot),
        settled: () => this.#announce(share),
        pause,
        keepAlive,
        log: (level, message, error) => this.#host.log(level, message, error),
      }),
      outgoing: new WriteQueue(name, {
        clock,
        object: () => this.#host.object(name),
        known: () => share.version,
        pause,
        keepAlive,
        answered: (snapshot, op) =>
          unjournaled(() => {
            this.#take(share, snapshot);
            if ('items' in op) this.#refresh(share, op.items);
            else this.#show(share);
            this.#dirty.add(share);
            this.#host.commit();
          }),
        failing: (error) => this.#failing(name, error),
      }),
      updates: { open: 0, last: Promise.resolve() },
      following: undefined,
      users: new Set(),
    };
    this.#shares.set(name, share);
    if (items) this.#begin(items, initial);
    return share;
  }

  #note(name: string): void {
    if (!isJob(name) || this.#jobs.peek().includes(name)) return;
    this.#jobs.value = [...this.#jobs.peek(), name].slice(-sharedLimits.names);
  }

  #wants(share: Share): boolean {
    if (this.#ended) return false;
    for (const user of share.users) if (user.watched) return true;
    return false;
  }

  /** Takes an answer. It is no write of the handler that asked: a journal must record when the handler reads it. */
  #take(share: Share, snapshot: Snapshot): void {
    if (snapshot.version > share.version) unjournaled(() => this.#takeNewer(share, snapshot));
  }

  #takeNewer(share: Share, snapshot: Snapshot): void {
    const { version, text } = snapshot;
    if (!share.items) {
      Object.assign(share, { version, text });
      this.#show(share);
    } else if (share.items.take(snapshot)) {
      share.version = version;
      this.#refresh(share, []);
    } else {
      // Because a push that was lost is missing in between.
      void share.subscription.ask();
    }
  }

  /** Shows the shared value with this session's unacknowledged writes applied. */
  #show(share: Share): void {
    const shown = share.outgoing.over(share.text);
    if (shown === share.shown) return;
    share.shown = shown;
    const value = shown === null ? share.initial : decode(shown);
    for (const user of share.users) user.changed(share, value);
    batch(() => {
      share.signal.value = value;
      this.#announce(share);
    });
  }

  #announce(share: Share): void {
    if (!share.following || ![...share.users].some((user) => user.follows(share))) return;
    const { info } = share.signal.peek() as JobView;
    if (info) share.following.announce(info);
  }
}
