/** The size of a bucket and its rate. */
export interface TokenBucketOptions {
  /** The most tokens, and the tokens at first. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Limits the rate of events and lets a burst through after a quiet time. The caller passes the
 * time, so a bucket needs no timer and never prevents hibernation.
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

  /** Returns the milliseconds until so many tokens can be taken. With 0 tokens: until the bucket owes none. */
  wait(now: number, tokens = 1): number {
    // Because a clock may be set back, which must not remove tokens.
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed / 1_000) * this.#perSecond);
    return this.#tokens < tokens ? Math.ceil(((tokens - this.#tokens) / this.#perSecond) * 1_000) : 0;
  }

  /** Takes all tokens or none. Returns 0, or the milliseconds until there are enough. */
  take(now: number, tokens = 1): number {
    const wait = this.wait(now, tokens);
    if (wait === 0) this.#tokens -= tokens;
    return wait;
  }

  /**
   * Takes tokens for events that already happened. The bucket may then owe some, and refuses others
   * until they are back.
   */
  spend(now: number, tokens: number): void {
    this.wait(now);
    this.#tokens -= tokens;
  }
}
