/** A token bucket: so many at once after a quiet time, and so many a second from then on. */
export class RateLimiter {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #filled = 0;

  constructor(options: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#tokens = options.burst;
  }

  /** Takes a token. @returns 0, or the milliseconds until there is one; then nothing was taken. */
  take(now: number): number {
    const wait = this.wait(now);
    if (wait === 0) this.#tokens--;
    return wait;
  }

  /** Milliseconds until {@link take} succeeds. */
  wait(now: number): number {
    // A clock that goes back must not take tokens away.
    const earned = (Math.max(0, now - this.#filled) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filled = now;
    return this.#tokens < 1 ? Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1_000) : 0;
  }
}
