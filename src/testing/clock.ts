import type { Clock, Timer } from '../clock/index.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that stands still until told to advance, and whose chance comes from a seed. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #waiting = new Set<Waiting>();
  readonly #chance: () => number;

  /** @param chance gives numbers from 0 to 1; the default is a generator with a fixed seed. */
  constructor(chance: () => number = seeded(1), now = Date.UTC(2026, 0, 1)) {
    this.#chance = chance;
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#chance();
  }

  after(ms: number, fn: () => void): Timer {
    const waiting = { at: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#waiting.add(waiting);
    return waiting;
  }

  clear(timer: Timer): void {
    this.#waiting.delete(timer as Waiting);
  }

  /** Number of pending timers. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Sets the time without running what is due: a clock that was put wrong. */
  skew(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass: every timer that falls due runs at its time, in order, with all promises settled in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const next = this.#next(end);
      if (!next) break;
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
      await settled();
    }
    this.#now = Math.max(this.#now, end);
  }

  #next(end: number): Waiting | undefined {
    let next: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.at > end) continue;
      if (!next || waiting.at < next.at || (waiting.at === next.at && waiting.order < next.order)) next = waiting;
    }
    return next;
  }
}

/** Waits until every promise that can settle by itself has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32, by Tommy Ettinger; public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
