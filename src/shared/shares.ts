import type { Clock, Timer } from '../clock/index.ts';
import { batch, type Signal, signal } from '../reactive/index.ts';
import { decode, encode, type Store } from '../storage/index.ts';
import { sharedLimits } from './limits.ts';
import type { PageShares } from './page.ts';
import { newId, type Op, type SharedObject } from './wire.ts';
import { idle, isOver, type JobView } from './work.ts';

/** What shared signals need of their session. */
export interface SharesHost {
  /** Name of the session. */
  readonly name: string;
  readonly clock: Clock;
  readonly store: Store;
  /** A shared object by its name, by a fresh stub. @throws when the Worker has no binding for them. */
  object(name: string): SharedObject;
  keepAlive(promise: Promise<unknown>): void;
  /** Has {@link Shares.persist} called in a transaction at the end of the running turn. */
  commit(): void;
  log(level: 'info' | 'warning' | 'error', message: string, error?: unknown): void;
}

interface Queued {
  readonly id: string;
  readonly op: Op;
}

/** What a session knows of one shared object. */
export interface Share {
  /** Name of the shared object. */
  readonly name: string;
  /** What it begins with; undefined until somebody who uses it says so. */
  initial: unknown;
  /** What pages see: the value of the shared object with this session's own writes on top. */
  readonly signal: Signal<unknown>;
  /** The value of the shared object. */
  version: number;
  text: string | null;
  /** The text of what pages see; null for the initial value. */
  shown: string | null;
  /** True when the value was asked for since anybody last cared. */
  fresh: boolean;
  /** The object that has the subscription: the root or a relay. */
  at: string | undefined;
  token: string;
  /** Writes that have not been answered; the first one may be under way. */
  readonly ops: Queued[];
  /** How many of them are durable, and so may be sent. */
  durable: number;
  sending: boolean;
  syncing: Promise<void> | undefined;
  readonly users: Set<PageShares>;
}

/** The one page of the store under which writes wait for their answer. */
const cells = 'shared';
const due = 'shared';

/**
 * The shared signals that a session uses: one subscription for all of its pages, while at least one that somebody watches
 * uses the name.
 *
 * ```
 *   author writes ──► shown at once ──► commit (with the event that caused it) ──► shared object ──► answer
 *                          ▲                                                                           │
 *                          └────── own unanswered writes on top of ◄──── version, value ◄──────────────┴── pushes
 * ```
 *
 * A write has an id and is durable before it leaves: it is done once, whoever dies.
 */
export class Shares {
  readonly #host: SharesHost;
  readonly #shares = new Map<string, Share>();
  readonly #dirty = new Set<Share>();
  readonly #timers = new Set<Timer>();
  #loaded = false;
  #dueSet = false;
  #ended = false;

  constructor(host: SharesHost) {
    this.#host = host;
  }

  /** True when something waits for its commit. */
  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** Writes, questions and answers that keep the object in memory now. */
  get pending(): number {
    let pending = this.#timers.size;
    for (const share of this.#shares.values()) if (share.syncing || share.sending) pending++;
    return pending;
  }

  /** The share of a name, made when it is new. */
  get(name: string, initial: unknown): Share {
    this.load();
    const known = this.#shares.get(name);
    if (known) {
      if (known.initial === undefined) {
        known.initial = initial;
        if (known.shown === null) known.signal.value = initial;
      }
      return known;
    }
    if (this.#shares.size >= sharedLimits.names) {
      throw new RangeError(
        `A session uses at most ${sharedLimits.names} shared names. Put what belongs together into one shared value.`,
      );
    }
    // Without a binding there is nothing to try again: whoever wrote the application is to hear of it now.
    this.#host.object(name);
    return this.#make(name, initial);
  }

  /** Asks for the value, and subscribes when somebody watches. Settles when the value is there, or cannot be had now. */
  sync(share: Share): Promise<void> {
    share.syncing ??= this.#synced(share).finally(() => {
      share.syncing = undefined;
      // Somebody may have come or gone while the last answer was on its way.
      this.usersChanged(share);
    });
    this.#host.keepAlive(share.syncing);
    return share.syncing;
  }

  /** A page began or ended to be watched, or to use the name. */
  usersChanged(share: Share): void {
    if (!this.#ended && this.#wants(share) !== (share.at !== undefined)) void this.sync(share);
  }

  /** The shared object tells of a change. @returns false when it shall tell no more. */
  told(name: string, version: number, text: string | null, from: string): boolean {
    const share = this.#shares.get(name);
    if (!share) return false;
    this.#take(share, version, text);
    if (share.at === undefined) {
      // A subscription of an earlier life of this object.
      if (share.users.size > 0 && !this.#wants(share)) return false;
      share.at = from;
      share.fresh = true;
    }
    return share.at === from;
  }

  /** The value comes before the pages that use it are built again: they need not ask. */
  expect(name: string, version: number, text: string | null, from: string): void {
    this.load();
    const share = this.#shares.get(name) ?? this.#make(name, undefined);
    if (share.at !== undefined && share.at !== from) return;
    share.at = from;
    share.fresh = true;
    this.#take(share, version, text);
  }

  /** True when a page that somebody watches uses the name. Nobody is subscribed otherwise. */
  watches(name: string): boolean {
    const share = this.#shares.get(name);
    if (!share) return false;
    if (this.#wants(share)) return true;
    share.at = undefined;
    return false;
  }

  /** Writes, once: shown at once, sent when durable. @throws when the value cannot be kept. */
  write(share: Share, op: Op): void {
    if (this.#ended) return;
    const { ops } = share;
    // What has not left yet can be merged: the last write wins anyway.
    const last = ops.length > (share.sending ? 1 : 0) ? (ops.at(-1) as Queued) : undefined;
    const merged = last && merge(last.op, op);
    if (merged) {
      ops[ops.length - 1] = { id: last.id, op: merged };
      share.durable = Math.min(share.durable, ops.length - 1);
    } else {
      if (ops.length >= sharedLimits.commands) {
        throw new RangeError(
          `${sharedLimits.commands} commands to ${share.name} wait for their sending. The shared object cannot be reached at the moment.`,
        );
      }
      ops.push({ id: newId(), op });
    }
    this.#show(share);
    this.#dirty.add(share);
    this.#host.commit();
  }

  /** Takes up writes that an earlier life of the session did not get answered. */
  load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const { key, value } of this.#host.store.cells(cells)) {
      const share = this.#make(key, undefined);
      share.ops.push(...(decode(value) as Queued[]));
      share.durable = share.ops.length;
      this.#dueSet = true;
      this.#send(share);
    }
  }

  /** The alarm rang for writes that wait. */
  check(): void {
    this.#dueSet = false;
    this.load();
    for (const share of this.#shares.values()) {
      if (share.ops.length === 0) continue;
      this.#dirty.add(share);
      this.#send(share);
    }
    if (this.#dirty.size > 0) this.#host.commit();
  }

  /** Writes what waits into the running transaction. */
  persist(store: Store): void {
    if (this.#dirty.size === 0) return;
    for (const share of this.#dirty) {
      if (share.ops.length === 0) store.deleteCell(cells, share.name);
      else store.writeCell(cells, share.name, encode(share.ops, 'A shared write'));
    }
    const waits = [...this.#shares.values()].some((share) => share.ops.length > 0);
    if (waits && !this.#dueSet) {
      store.writeDue({ page: '', key: due, at: this.#host.clock.now() + sharedLimits.recheck });
    } else if (!waits && this.#dueSet) {
      store.deleteDue('', due);
    }
    this.#dueSet = waits;
  }

  /** The transaction succeeded. */
  persisted(): void {
    const shares = [...this.#dirty];
    this.#dirty.clear();
    for (const share of shares) {
      share.durable = share.ops.length;
      this.#send(share);
    }
  }

  /** Stops without a word. */
  abandon(): void {
    this.#ended = true;
    for (const timer of this.#timers) this.#host.clock.clear(timer);
    this.#timers.clear();
  }

  #make(name: string, initial: unknown): Share {
    const share: Share = {
      name,
      initial,
      signal: signal(initial),
      version: 0,
      text: null,
      shown: null,
      fresh: false,
      at: undefined,
      token: '',
      ops: [],
      durable: 0,
      sending: false,
      syncing: undefined,
      users: new Set(),
    };
    this.#shares.set(name, share);
    return share;
  }

  #wants(share: Share): boolean {
    if (this.#ended) return false;
    for (const user of share.users) if (user.watched) return true;
    return false;
  }

  async #synced(share: Share): Promise<void> {
    const { name } = share;
    for (let failures = 0; !this.#ended; ) {
      try {
        if (this.#wants(share)) {
          if (share.at !== undefined) return;
          await this.#subscribe(share);
        } else if (share.at !== undefined) {
          const { at, token } = share;
          share.at = undefined;
          share.fresh = false;
          await this.#host.object(at).unsubscribe(this.#host.name, token);
          return;
        } else {
          if (share.fresh) return;
          const { version, text } = await this.#host.object(name).read(share.version);
          share.fresh = true;
          this.#take(share, version, text);
        }
      } catch (error) {
        if (this.#ended) return;
        failures++;
        if (failures === 3) this.#host.log('warning', `${name} cannot be reached; it is tried again.`, error);
        // Who watches must hear of it some time; who only looks is shown what there is.
        if (failures > sharedLimits.failures && !this.#wants(share)) return;
        await this.#pause(failures);
      }
    }
  }

  async #subscribe(share: Share): Promise<void> {
    const { name } = share;
    const token = newId();
    let at = name;
    let full: string | undefined;
    for (let step = 0; step < 16; step++) {
      const subscriber = { who: this.#host.name, token, known: share.version, ...(full && { full }) };
      const answer = await this.#host.object(at).subscribe(subscriber);
      if ('relay' in answer) at = answer.relay;
      else if ('full' in answer) {
        full = at;
        at = name;
      } else {
        Object.assign(share, { at: answer.at, token, fresh: true });
        this.#take(share, answer.version, answer.text);
        return;
      }
    }
    throw new Error(`No relay of ${name} has room.`);
  }

  #take(share: Share, version: number, text: string | null): void {
    if (version <= share.version) return;
    share.version = version;
    share.text = text;
    this.#show(share);
  }

  /** Shows the shared value with this session's own writes on top. */
  #show(share: Share): void {
    let shown = share.text;
    for (const { op } of share.ops) shown = apply(shown, op);
    if (shown === share.shown) return;
    share.shown = shown;
    const value = shown === null ? share.initial : decode(shown);
    for (const user of share.users) user.changes(share, value);
    batch(() => {
      share.signal.value = value;
    });
  }

  #send(share: Share): void {
    if (share.sending || share.durable === 0 || this.#ended) return;
    share.sending = true;
    const done = this.#sent(share).finally(() => {
      share.sending = false;
      this.#send(share);
    });
    this.#host.keepAlive(done);
  }

  async #sent(share: Share): Promise<void> {
    for (let failures = 0; share.durable > 0 && !this.#ended; ) {
      const { id, op } = share.ops[0] as Queued;
      try {
        const { version, text } = await this.#host.object(share.name).write(id, op);
        failures = 0;
        if (this.#ended) return;
        share.ops.shift();
        share.durable--;
        if (version > share.version) {
          share.version = version;
          share.text = text;
        }
        this.#show(share);
        this.#dirty.add(share);
        this.#host.commit();
      } catch (error) {
        if (this.#ended) return;
        failures++;
        if (failures === 3) {
          this.#host.log('error', `A write to ${share.name} did not reach it; it is kept and tried again.`, error);
        }
        await this.#pause(failures);
      }
    }
  }

  /** Full jitter: equal pauses would bring everybody back at the same moment. */
  #pause(failures: number): Promise<void> {
    const { clock } = this.#host;
    const most = Math.min(sharedLimits.backoffMost, sharedLimits.backoffFirst * 2 ** failures);
    return new Promise((resolve) => {
      const timer = clock.after(clock.random() * most, () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }
}

/** Two writes as one, or nothing when both are needed. */
function merge(first: Op, second: Op): Op | undefined {
  if ('set' in second && ('set' in first || 'add' in first)) return second;
  if (!('add' in second)) return undefined;
  if ('add' in first) return { add: first.add + second.add, from: first.from };
  return 'set' in first ? { set: apply(first.set, second) as string } : undefined;
}

/** The value after a write, as text. What a job does is guessed until its object answers. */
function apply(text: string | null, op: Op): string | null {
  if ('set' in op) return op.set;
  if ('add' in op) {
    const value = text === null ? op.from : decode(text);
    return typeof value === 'number' ? encode(value + op.add, 'A shared number') : text;
  }
  const view = text === null ? idle : (decode(text) as JobView);
  const open = !isOver(view.status) && view.status !== 'idle';
  if ('cancel' in op || ('start' in op && open && op.start.whileRunning === 'ignore') || ('retry' in op && open))
    return text;
  return encode({ ...idle, status: 'waiting', attempt: view.attempt }, 'A shared job');
}
