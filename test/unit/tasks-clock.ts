import type { Clock, Timer } from '../../src/clock/index.ts';

interface Pending {
  readonly due: number;
  readonly fn: () => void;
}

/** Time that moves only when a test says so. */
export class TestClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<Pending>();
  /** What {@link random} gives. */
  chance = 0.5;
  #ids = 0;

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  newId(): string {
    return (++this.#ids).toString(16).padStart(32, '0');
  }

  after(ms: number, fn: () => void): Timer {
    const timer: Pending = { due: this.#now + ms, fn };
    this.#timers.add(timer);
    return timer;
  }

  clear(timer: Timer): void {
    this.#timers.delete(timer as Pending);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time without firing anything: what computing does to a clock that runs. */
  pass(ms: number): void {
    this.#now += ms;
  }

  /** Moves time and fires what falls due, in order, letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.fn();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
