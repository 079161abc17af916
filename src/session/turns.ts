import type { Clock } from '../clock/index.ts';

/**
 * Hands results over to the handlers of a page one at a time: what a handler does with one is done before the next one comes, also
 * when many arrive together. So the order of what handlers have written is the order in which they were handed what they waited for, and a
 * replay can repeat it.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #line: { readonly who: object; readonly go: () => void }[] = [];
  #holder: object | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined when it is the turn of `who`, who has it until it gives the thread back; otherwise settles when it is. */
  take(who: object): Promise<void> | undefined {
    if (this.#holder === who) return undefined;
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
