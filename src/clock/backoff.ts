import type { Clock, Timer } from './clock.ts';

/** How long to wait between two tries, in one unit of time. */
export interface BackoffLimits {
  /** After the first failure. */
  readonly first: number;
  /** The longest wait. */
  readonly most: number;
}

/** How long to wait after so many failures in a row, from 1: each time twice as long, up to a bound. */
export function backoff(failures: number, { first, most }: BackoffLimits): number {
  return Math.min(most, first * 2 ** (failures - 1));
}

/** The same with full jitter, for whatever many do at once: equal waits would bring everybody back at the same moment. */
export function jitteredBackoff(clock: Pick<Clock, 'random'>, failures: number, limits: BackoffLimits): number {
  return clock.random() * backoff(failures, limits);
}

/** The pauses between tries of what failed, all of which can be ended together. */
export class BackoffPauses {
  readonly #clock: Clock;
  readonly #limits: BackoffLimits;
  readonly #timers = new Set<Timer>();

  constructor(clock: Clock, limits: BackoffLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Pauses that are not over: each keeps the object in memory. */
  get pending(): number {
    return this.#timers.size;
  }

  /** @param failures in a row so far. */
  pause(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(jitteredBackoff(this.#clock, failures, this.#limits), () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }

  /** Ends all pauses; whoever waits is not told. */
  abandon(): void {
    for (const timer of this.#timers) this.#clock.clear(timer);
    this.#timers.clear();
  }
}
