import type { Clock } from '../../clock/index.ts';

/**
 * Delivers results to the handlers of a page one at a time, also when several arrive together. A
 * handler acts on one result before the next is delivered. So handlers write in the order of the
 * deliveries, and a replay can repeat that order.
 */
export class ResultGate {
  readonly #clock: Clock;
  readonly #line: { readonly who: object; readonly go: () => void }[] = [];
  #holder: object | undefined;
  /** The number of waiters in all handlers of the page. */
  #waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Registers a waiter. Returns the function that removes it. */
  register(): () => void {
    this.#waiting++;
    return () => {
      this.#waiting--;
    };
  }

  /**
   * Acquires the gate for `who` until it yields the thread. Returns undefined when it is free,
   * otherwise a promise.
   *
   * @param committed true for what a commit delivers, perhaps together with other results.
   */
  acquire(who: object, committed: boolean): Promise<void> | undefined {
    if (this.#holder === who) return undefined;
    // Because with one waiter no other code can come between, and a timer costs more than most
    // calls.
    if (!committed && !this.#holder && this.#waiting <= 1) return undefined;
    if (!this.#holder) {
      this.#hold(who);
      return undefined;
    }
    return new Promise((go) => this.#line.push({ who, go }));
  }

  /** Drops all who wait, because the page has ended. */
  close(): void {
    this.#line.length = 0;
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
