/**
 * The number of yields in one slice of a generator, learned from the length of earlier slices.
 *
 * The production clock stands still while code computes, so a slice cannot watch the time. It counts yields instead. The
 * clock advances when the thread is yielded, and the measured length then corrects the count. Three bounds limit a wrong
 * estimate: the count at most doubles from slice to slice, never exceeds {@link most}, and decreases at once. Where the
 * clock does run (local development), a slice that is too long is also cut in its middle.
 */
export class SliceBudget {
  /**
   * Milliseconds of work between two pauses. A session in the same thread waits half of it on average. A pause of two
   * turns takes about 2.7 ms, because timers have whole milliseconds: 15 % of a slice on an idle thread.
   */
  static readonly target = 18;
  /** Most yields in one slice, which bounds how long a task that suddenly does more per yield can block the thread. */
  static readonly most = 16_384;
  /** Number of measured lengths, from which the undisturbed cost of a yield is derived. */
  static readonly #memory = 16;

  #budget = 1;
  readonly #costs: number[] = [];

  /** Number of yields in the next slice. */
  get budget(): number {
    return this.#budget;
  }

  /** True when a slice must end before its count, after `elapsed` milliseconds of a clock that runs. */
  static isLong(elapsed: number): boolean {
    return elapsed > SliceBudget.target * 1.5;
  }

  /**
   * Records that a slice of `count` yields took `elapsed` milliseconds, its pause included.
   *
   * @param cut true when the slice ended early for a report. Its length then counts only if it was long.
   */
  learn(count: number, elapsed: number, cut = false): void {
    if (cut && elapsed <= SliceBudget.target) return;
    const cost = elapsed / count;
    this.#costs.push(cost);
    if (this.#costs.length > SliceBudget.#memory) this.#costs.shift();
    // Because a pause may be long when others use the thread, tasks that share it take less, down to an eighth of a slice
    // by the lowest cost measured. So a busy neighbour slows a task down but does not stop it.
    const undisturbed = SliceBudget.target / 8 / Math.min(...this.#costs);
    const wanted = Math.max(SliceBudget.target / cost, undisturbed);
    this.#budget = Math.max(1, Math.floor(Math.min(wanted, count * 2, SliceBudget.most)));
  }
}
