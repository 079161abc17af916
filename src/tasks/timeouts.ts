import type { Clock, Timer } from '../clock/index.ts';

/** Milliseconds after which a long timeout gets a timer of its own, and from which on one is long. */
const settles = 250;
const long = 10_000;

/** A timeout that is running. */
export interface Timeout {
  readonly began: number;
  readonly ms: number;
  readonly fn: () => void;
  timer: Timer;
}

/**
 * The timeouts of a host's attempts. Most attempts end long before their timeout, and a timer costs a Durable Object 13 µs, a
 * tenth of a short call. So the calls of handlers share a timer for a quarter of a second, in which a commit is due anyway. Those that are still
 * running then get a timer of their own.
 */
export class Timeouts {
  readonly #clock: Clock;
  readonly #young = new Set<Timeout>();
  #settling = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Calls `fn` once after `ms` milliseconds.
   *
   * @param shares true for a call that may share a timer.
   */
  set(ms: number, shares: boolean, fn: () => void): Timeout {
    if (!shares || ms < long) return { began: 0, ms, fn, timer: this.#clock.after(ms, fn) };
    const timeout: Timeout = { began: this.#clock.now(), ms, fn, timer: undefined };
    this.#young.add(timeout);
    if (!this.#settling) {
      this.#settling = true;
      this.#clock.after(settles, () => this.#settle());
    }
    return timeout;
  }

  /** Clears a timeout. Does nothing for one that fired or was cleared. */
  clear(timeout: Timeout): void {
    if (!this.#young.delete(timeout) && timeout.timer !== undefined) this.#clock.clear(timeout.timer);
  }

  #settle(): void {
    this.#settling = false;
    const now = this.#clock.now();
    for (const timeout of this.#young) {
      // Because a clock may be set.
      const passed = Math.min(Math.max(now - timeout.began, 0), settles);
      timeout.timer = this.#clock.after(timeout.ms - passed, timeout.fn);
    }
    this.#young.clear();
  }
}
