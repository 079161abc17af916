import type { Clock, Timer } from '../clock/index.ts';
import { sharedLimits } from './limits.ts';

/** Pauses between tries of what failed. */
export class Backoff {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Pauses that are not over: each keeps the object in memory. */
  get pending(): number {
    return this.#timers.size;
  }

  /** @param failures in a row so far. */
  pause(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(pauseFor(this.#clock, failures), () => {
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

/** Milliseconds, with full jitter: equal pauses would bring everybody back at the same moment. */
export function pauseFor(clock: Clock, failures: number): number {
  return clock.random() * Math.min(sharedLimits.backoffMost, sharedLimits.backoffFirst * 2 ** failures);
}
