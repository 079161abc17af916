import type { Timer, Timing } from '../../src/clock/index.ts';

/** Timers by name, at most one for each name. Setting a timer replaces the earlier one. */
export class NamedTimers<Name extends string> {
  readonly #clock: Timing;
  readonly #pending = new Map<Name, Timer>();

  constructor(clock: Timing) {
    this.#clock = clock;
  }

  set(name: Name, ms: number, fn: () => void): void {
    this.clear(name);
    const timer = this.#clock.after(ms, () => {
      this.#pending.delete(name);
      fn();
    });
    this.#pending.set(name, timer);
  }

  has(name: Name): boolean {
    return this.#pending.has(name);
  }

  clear(...names: Name[]): void {
    for (const name of names) {
      if (!this.#pending.has(name)) continue;
      this.#clock.clear(this.#pending.get(name));
      this.#pending.delete(name);
    }
  }
}
