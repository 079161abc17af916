/**
 * Limits how much happens a second, and lets a burst through after a quiet time. The clock is the caller's: a bucket needs no timer, so it
 * keeps no object awake.
 */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt = 0;

  /**
   * Makes a bucket that is full.
   *
   * @param rate tokens a second.
   * @param burst tokens that it holds at most; what is taken at once never exceeds them.
   */
  constructor(rate: number, burst: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /**
   * Takes tokens, all or none. With an amount of 0 it only tells whether debts are paid.
   *
   * @returns 0 when they were taken, otherwise the milliseconds until there will be as many.
   */
  take(now: number, amount = 1): number {
    this.#fill(now);
    if (this.#tokens < amount) return Math.ceil(((amount - this.#tokens) / this.#rate) * 1_000);
    this.#tokens -= amount;
    return 0;
  }

  /** Takes tokens for what has happened already. The bucket may then owe some, and nothing can be taken until they are back. */
  spend(now: number, amount: number): void {
    this.#fill(now);
    this.#tokens -= amount;
  }

  #fill(now: number): void {
    // Because a clock may be set back, which must not take tokens away.
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed / 1_000) * this.#rate);
  }
}
