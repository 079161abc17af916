import type { Clock, Timer } from './clock.ts';

/** The limits of a backoff, in one unit of time. */
export interface BackoffLimits {
  /** The pause after the first failure. */
  readonly first: number;
  /** The longest pause. */
  readonly most: number;
}

/** Returns the pause after a number of failures in a row, from 1. Each failure doubles it, up to `most`. */
export function backoff(failures: number, { first, most }: BackoffLimits): number {
  return Math.min(most, first * 2 ** (failures - 1));
}

/** Returns a backoff with full jitter, because equal pauses would bring all callers back at the same moment. */
export function jitteredBackoff(clock: Pick<Clock, 'random'>, failures: number, limits: BackoffLimits): number {
  return clock.random() * backoff(failures, limits);
}

/** Backoff pauses that can be ended together. */
export class BackoffPauses {
  readonly #clock: Clock;
  readonly #limits: BackoffLimits;
  readonly #timers = new Set<Timer>();

  constructor(clock: Clock, limits: BackoffLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Number of pending pauses. Each prevents that the object hibernates. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Waits.
   * @param failures the number of failures in a row so far.
   */
  pause(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(jitteredBackoff(this.#clock, failures, this.#limits), () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }

  /** Ends all pauses. Their promises never settle. */
  abandon(): void {
    for (const timer of this.#timers) this.#clock.clear(timer);
    this.#timers.clear();
  }
}
