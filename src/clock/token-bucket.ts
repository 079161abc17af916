/** How much a bucket holds, and how fast it fills. */
export interface TokenBucketOptions {
  /** Tokens that it holds at most, and at first. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Limits how much happens a second, and lets a burst through after a quiet time. The clock is the caller's: a bucket needs no timer, so it
 * keeps no object awake.
 */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt = 0;

  constructor({ burst, perSecond }: TokenBucketOptions) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
  }

  /** Returns the milliseconds until so many tokens can be taken. With 0 tokens, until nothing is owed any more. */
  wait(now: number, tokens = 1): number {
    // Because a clock may be set back, which must not take tokens away.
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed / 1_000) * this.#perSecond);
    return this.#tokens < tokens ? Math.ceil(((tokens - this.#tokens) / this.#perSecond) * 1_000) : 0;
  }

  /** Takes tokens, all or none. Returns 0, or the milliseconds until there are as many. */
  take(now: number, tokens = 1): number {
    const wait = this.wait(now, tokens);
    if (wait === 0) this.#tokens -= tokens;
    return wait;
  }

  /** Takes tokens for what has happened already. The bucket may then owe some, and nothing can be taken until they are back. */
  spend(now: number, tokens: number): void {
    this.wait(now);
    this.#tokens -= tokens;
  }
}
