import { backoff, type Clock, type Timer } from '../clock/index.ts';
import { parked, type Store } from './store.ts';

/** Milliseconds until a commit that failed is tried again: the first time, and at most. */
const retryAfter = { first: 250, most: 10_000 };

/** Something whose changes wait for a commit. */
export interface UnitOfWork {
  /** True when something waits. */
  readonly dirty: boolean;
  /** Makes the rows that it writes. Returns false when it cannot be stored now: it is then left out, and holds up nobody else. */
  prepare?(): boolean;
  /** Writes what waits into the running transaction. */
  persist(store: Store): void;
  /** The transaction succeeded: what waited does so no more. */
  persisted(): void;
}

/** What a committer needs of its object. */
export interface CommitterHost {
  readonly clock: Clock;
  readonly store: Store;
  /** Sets the object's one alarm; null clears it. */
  alarm(at: number | null): void;
  /** What is committed together, in the order in which it is written and hears of its success. */
  units(): Iterable<UnitOfWork>;
  /** The commit was made, and all units know. */
  committed(): void;
  /** The commit failed. It is tried again by itself. */
  failed(error: unknown): void;
}

/**
 * Commits what has changed in an object: all of it in one transaction, after a while that gathers more. The object's one alarm then
 * rings for the earliest due row.
 *
 * ```
 *   commitIn(50) ──► wait ──► transaction { units } ──► alarm ──► persisted ──► committed
 *                     ▲             │ throws
 *                     └── backoff ◄─┴──► failed
 * ```
 */
export class Committer {
  readonly #host: CommitterHost;
  #timer: Timer | undefined;
  #timerAt = 0;
  /** Commits that failed in a row. */
  #failures = 0;
  /** What the alarm is set to; undefined when that is not known. */
  #alarmAt: number | null | undefined;
  /** Who waits for the next commit. */
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(host: CommitterHost) {
    this.#host = host;
  }

  /** True while a commit is about to be made. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Commits in so many milliseconds, or sooner when that was asked for before; later while commits fail. */
  commitIn(ms: number): void {
    if (this.#ended) return;
    const { clock } = this.#host;
    const delay = this.#failures === 0 ? ms : backoff(this.#failures, retryAfter);
    const at = clock.now() + delay;
    if (this.#timer !== undefined) {
      if (at >= this.#timerAt) return;
      clock.clear(this.#timer);
    }
    this.#timerAt = at;
    this.#timer = clock.after(delay, () => this.tryCommit());
  }

  /** Commits what waits, now. @returns false when that failed, and is tried again. */
  tryCommit(): boolean {
    try {
      this.commit();
      return true;
    } catch {
      return false;
    }
  }

  /** Commits what waits, now. @throws what the store throws; it is tried again by itself then. */
  commit(): void {
    const { store } = this.#host;
    this.#clearTimer();
    const units = [...this.#host.units()].filter((unit) => unit.dirty && unit.prepare?.() !== false);
    try {
      if (units.length > 0) {
        store.transaction(() => {
          for (const unit of units) unit.persist(store);
        });
      }
    } catch (error) {
      // The storage may be gone, and this instance of the object with it.
      if (this.#ended) throw error;
      this.#failures++;
      this.#host.failed(error);
      this.commitIn(0);
      this.#setAlarm();
      throw error;
    }
    this.#failures = 0;
    // Set before anybody goes on: what an object leaves undone that dies at once is found again.
    if (units.length > 0 || this.#alarmAt === undefined) this.#setAlarm();
    for (const unit of units) unit.persisted();
    this.#host.committed();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Settles when all that waits now is durable: for what must not leave the object before. */
  durable(): Promise<void> {
    for (const { dirty } of this.#host.units()) if (dirty) return new Promise((resolve) => this.#waiting.push(resolve));
    return Promise.resolve();
  }

  /** The object's alarm rang: whatever it was set to, it is so no more. */
  rang(): void {
    this.#alarmAt = undefined;
  }

  /** Stops: nothing is committed any more. */
  abandon(): void {
    this.#ended = true;
    this.#clearTimer();
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#host.clock.clear(this.#timer);
    this.#timer = undefined;
  }

  #setAlarm(): void {
    const { store, clock, alarm } = this.#host;
    const next = store.due()[0]?.at ?? parked;
    const first = next === parked ? null : next;
    // While the storage fails, what is due stays due; the alarm must not ring without a pause.
    const at = first === null || this.#failures === 0 ? first : Math.max(first, clock.now() + retryAfter.most);
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    alarm(at);
  }
}
