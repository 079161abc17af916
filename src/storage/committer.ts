import { backoff, type Clock, type Timer } from '../clock/index.ts';
import { parked, type Store } from './store.ts';

/** The first and the longest pause in milliseconds until a failed commit is retried. */
const retryAfter = { first: 250, most: 10_000 };

/**
 * Milliseconds from the last change to its commit, and at most from the first one. A lone change is durable soon, and one
 * transaction holds many changes of a stream, because under load the commits take more time than the changes.
 */
const window = { quiet: 50, most: 250 };

/** A unit of work: changes that wait for a commit. */
export interface UnitOfWork {
  /** True when a change waits. */
  readonly dirty: boolean;
  /** Encodes its rows. Never throws, because other units are in the same commit. */
  prepare?(): void;
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
 *   commitSoon, commitIn ──► wait ──► transaction { units } ──► alarm ──► persisted ──► committed
 *                             ▲             │ throws
 *                             └── backoff ◄─┴──► failed
 * ```
 */
export class Committer {
  readonly #host: CommitterHost;
  #timer: Timer | undefined;
  #timerAt = 0;
  /** The milliseconds for which the commit may wait after the timer. Counted down, because a clock may be set back. */
  #patience = 0;
  /** The times of the first and the last call of {@link Committer.commitSoon} since a commit. */
  #firstAt = 0;
  #changedAt = 0;
  /** When a stream of changes has filled a window. */
  #filledAt = Number.NEGATIVE_INFINITY;
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

  /** Schedules a commit for a change: 50 ms after it, or later while other changes follow, but at most 250 ms after the first. */
  commitSoon(): void {
    if (this.#ended) return;
    const now = this.#host.clock.now();
    this.#changedAt = now;
    // The pending timer sees that another change has come, because a new timer for each one would cost more than the rest.
    if (this.#timer !== undefined) return;
    this.#firstAt = now;
    // A stream that has filled one window fills the next one, too: one timer instead of five, each as expensive as a click.
    const first = now - this.#filledAt < window.quiet ? window.most : window.quiet;
    this.#patience = window.most - first;
    this.#wakeIn(first, now);
  }

  /** Schedules a commit within `ms` milliseconds. An earlier schedule stays, and backoff after a failure delays it. */
  commitIn(ms: number): void {
    if (this.#ended) return;
    const now = this.#host.clock.now();
    const delay = this.#failures === 0 ? ms : backoff(this.#failures, retryAfter);
    const later = now + delay - this.#timerAt;
    if (this.#timer !== undefined && later >= 0) {
      this.#patience = Math.min(this.#patience, later);
      return;
    }
    this.#patience = 0;
    this.#wakeIn(delay, now);
  }

  #wakeIn(ms: number, now: number): void {
    const { clock } = this.#host;
    if (this.#timer !== undefined) clock.clear(this.#timer);
    this.#timerAt = now + ms;
    this.#timer = clock.after(ms, () => this.#wake());
  }

  /** Commits, or waits on while changes follow each other. */
  #wake(): void {
    const now = this.#host.clock.now();
    const left = this.#changedAt + window.quiet - now;
    const pause = Math.min(this.#patience, left);
    this.#timer = undefined;
    if (pause <= 0) {
      if (left > 0 && now - this.#firstAt >= window.most) this.#filledAt = now;
      this.tryCommit();
      return;
    }
    this.#patience -= pause;
    this.#wakeIn(pause, now);
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
    const units = [...this.#host.units()].filter((unit) => unit.dirty);
    for (const unit of units) unit.prepare?.();
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
