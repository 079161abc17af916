/**
 * How many yields of a generator make one slice, learned from how long slices take.
 *
 * The production clock stands still while code computes, so a slice cannot watch the time. It counts yields, and after
 * the thread was given back, which moves the clock, the length of the slice corrects the count. Three bounds keep a wrong guess short:
 * the count at most doubles from slice to slice, never passes {@link most}, and falls at once. Where the clock does run (local
 * development), a slice that has become too long is also cut in its middle.
 */
export class SliceBudget {
  /**
   * Milliseconds of work between two pauses. A session in the same thread waits half of it on average. A pause of two turns takes
   * about 2.7 ms, since timers have whole milliseconds: 15 % of this when nobody else wants the thread.
   */
  static readonly target = 18;
  /** Yields in one slice at most: what a task that suddenly does more between its yields can hold the thread for. */
  static readonly most = 16_384;
  /** Lengths kept to know what a yield costs when nobody disturbs. */
  static readonly #memory = 16;

  #budget = 1;
  readonly #costs: number[] = [];

  /** Yields in the next slice. */
  get budget(): number {
    return this.#budget;
  }

  /** Whether a slice that has run for `elapsed` milliseconds, by a clock that runs, is to end before its count is reached. */
  static isLong(elapsed: number): boolean {
    return elapsed > SliceBudget.target * 1.5;
  }

  /**
   * A slice of `count` yields, with the pause after it, took `elapsed` milliseconds.
   *
   * @param cut true when it ended before its count was reached, for a report to leave: unless it was long, it says nothing about how many
   *   yields make a slice.
   */
  learn(count: number, elapsed: number, cut = false): void {
    if (cut && elapsed <= SliceBudget.target) return;
    const cost = elapsed / count;
    this.#costs.push(cost);
    if (this.#costs.length > SliceBudget.#memory) this.#costs.shift();
    // The pause may have been long because others used the thread. Sharing it with other tasks, each takes less, down to an
    // eighth of a slice by the best cost seen: a busy neighbour slows a task down but does not stop it.
    const undisturbed = SliceBudget.target / 8 / Math.min(...this.#costs);
    const wanted = Math.max(SliceBudget.target / cost, undisturbed);
    this.#budget = Math.max(1, Math.floor(Math.min(wanted, count * 2, SliceBudget.most)));
  }
}
