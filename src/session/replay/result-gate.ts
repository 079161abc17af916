import type { Clock } from '../../clock/index.ts';

/**
 * Hands results over to the handlers of a page one at a time: what a handler does with one is done before the next one comes, also
 * when many arrive together. So the order of what handlers have written is the order in which they were handed what they waited for, and a
 * replay can repeat it.
 */
export class ResultGate {
  readonly #clock: Clock;
  readonly #line: { readonly who: object; readonly go: () => void }[] = [];
  #holder: object | undefined;
  /** How many wait for something, in all handlers of the page. */
  #waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody waits for something that will be handed over. Returns how to say that this is over. */
  register(): () => void {
    this.#waiting++;
    return () => {
      this.#waiting--;
    };
  }

  /**
   * Undefined when it is the turn of `who`, who has it until it gives the thread back; otherwise settles when it is.
   *
   * @param kept true for what a commit hands over, perhaps together with others.
   */
  acquire(who: object, kept: boolean): Promise<void> | undefined {
    if (this.#holder === who) return undefined;
    // Nobody else could come between, and the timer of a turn takes longer than most calls do.
    if (!kept && !this.#holder && this.#waiting <= 1) return undefined;
    if (!this.#holder) {
      this.#hold(who);
      return undefined;
    }
    return new Promise((go) => this.#line.push({ who, go }));
  }

  #hold(who: object): void {
    this.#holder = who;
    this.#clock.after(0, () => {
      this.#holder = undefined;
      const next = this.#line.shift();
      if (!next) return;
      this.#hold(next.who);
      next.go();
    });
  }
}
