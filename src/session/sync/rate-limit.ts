/** Patches that may go out at once, after a quiet time. */
const burst = 12;
/** Patches a second after that: with the burst, no second has more than 60, which is what a screen shows. */
const rate = 48;

/** How fast a page may send what nobody has asked for: reports of tasks, signals of other pages, timers. Latest wins, last arrives. */
export class RateLimiter {
  #tokens = burst;
  #filled = 0;

  /** Takes the turn for a patch. @returns 0, or the milliseconds until there is one. */
  take(now: number): number {
    // A clock that goes back must not take turns away.
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#filled) / 1_000) * rate);
    this.#filled = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / rate) * 1_000);
    this.#tokens--;
    return 0;
  }
}
