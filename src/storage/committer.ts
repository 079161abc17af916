import { backoff, type Clock, type Timer } from '../clock/index.ts';
import { parked, type Store } from './store.ts';

/** The first and the longest pause in milliseconds until a failed commit is retried. */
const retryAfter = { first: 250, most: 10_000 };

/** A unit of work: changes that wait for a commit. */
export interface UnitOfWork {
  /** True when a change waits. */
  readonly dirty: boolean;
  /**
   * Encodes its rows. Returns false when it cannot be stored now, so that the commit skips it and
   * continues with the others.
   */
  prepare?(): boolean;
  /** Writes its changes into the running transaction. */
  persist(store: Store): void;
  /** Called when the transaction succeeded. */
  persisted(): void;
}

/** The parts of an object that a committer uses. */
export interface CommitterHost {
  readonly clock: Clock;
  readonly store: Store;
  /** Sets the object's one alarm; null clears it. */
  alarm(at: number | null): void;
  /** The units of a commit, in the order in which they are written and notified. */
  units(): Iterable<UnitOfWork>;
  /** Called when a commit has succeeded and every unit is notified. */
  committed(): void;
  /** Called when a commit failed. The committer retries it. */
  failed(error: unknown): void;
}

/**
 * Commits the changes of an object in one transaction, after a pause that gathers more of them. It
 * then sets the object's one alarm to the earliest due row.
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
  /** The number of commits that failed in a row. */
  #failures = 0;
  /** The time of the alarm; undefined when it is unknown. */
  #alarmAt: number | null | undefined;
  /** The callers that wait for the next commit. */
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(host: CommitterHost) {
    this.#host = host;
  }

  /** True while a commit is scheduled. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Schedules a commit in `ms` milliseconds. An earlier schedule stays, and backoff after a failure delays it. */
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

  /** Commits now. @returns false when the commit failed and will be retried. */
  tryCommit(): boolean {
    try {
      this.commit();
      return true;
    } catch {
      return false;
    }
  }

  /** Commits now. @throws the error of the store; the committer retries the commit. */
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
      // Because the storage may be lost, and this instance of the object with it.
      if (this.#ended) throw error;
      this.#failures++;
      this.#host.failed(error);
      this.commitIn(0);
      this.#setAlarm();
      throw error;
    }
    this.#failures = 0;
    // Set before any waiter continues, so that the alarm recovers work when the object dies at
    // once.
    if (units.length > 0 || this.#alarmAt === undefined) this.#setAlarm();
    for (const unit of units) unit.persisted();
    this.#host.committed();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /**
   * Settles when all present changes are durable. Call it before anything leaves the object that
   * depends on them.
   */
  durable(): Promise<void> {
    for (const { dirty } of this.#host.units()) if (dirty) return new Promise((resolve) => this.#waiting.push(resolve));
    return Promise.resolve();
  }

  /** Records that the object's alarm rang, so that it is not set any more. */
  rang(): void {
    this.#alarmAt = undefined;
  }

  /** Stops all commits. */
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
    // Because due rows stay due while the storage fails, the alarm must pause between two rings.
    const at = first === null || this.#failures === 0 ? first : Math.max(first, clock.now() + retryAfter.most);
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    alarm(at);
  }
}
