import type { Clock, Timer } from '../clock/index.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
}

/**
 * A clock that moves only by `advance`, with seeded random numbers and ids.
 * Its timers follow a time that only grows. `now` can be off, as the clock of a machine can.
 */
export class VirtualClock implements Clock {
  /** Milliseconds that have passed. */
  #time = 0;
  /** Milliseconds that `now` adds to the passed time. */
  #offset: number;
  #order = 0;
  /** Timers that have run since time last moved. */
  #still = 0;
  /** In the order in which they run. */
  readonly #waiting: Waiting[] = [];
  readonly #chance: () => number;
  /** Of their own, so that an id more or less changes no random number. */
  readonly #ids = seeded(1);

  /** @param chance returns numbers from 0 to 1; the default is a generator with a fixed seed. */
  constructor(chance: () => number = seeded(1), now = Date.UTC(2026, 0, 1)) {
    this.#chance = chance;
    this.#offset = now;
  }

  /** Returns milliseconds since the epoch, off by {@link VirtualClock.skew}. */
  now(): number {
    return this.#time + this.#offset;
  }

  /** Milliseconds that have passed. Unlike `now`, never off. */
  get time(): number {
    return this.#time;
  }

  /** Returns the next number from 0 up to, not including, 1. */
  random(): number {
    return this.#chance();
  }

  /** Returns the next id, of 32 hexadecimal digits. The ids of each clock are the same. */
  newId(): string {
    return Array.from({ length: 4 }, () => eightDigits(this.#ids())).join('');
  }

  /** Calls `fn` once, after `ms` milliseconds. */
  after(ms: number, fn: () => void): Timer {
    const waiting = { at: this.#time + Math.max(0, ms), order: this.#order++, fn };
    this.#waiting.splice(this.#placeOf(waiting), 0, waiting);
    return waiting;
  }

  /** Cancels a timer of {@link VirtualClock.after}. */
  clear(timer: Timer): void {
    const place = this.#placeOf(timer as Waiting);
    if (this.#waiting[place] === timer) this.#waiting.splice(place, 1);
  }

  /** Number of pending timers. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Moves the time of `now` by milliseconds, forwards or back. Timers are not affected. */
  skew(ms: number): void {
    this.#offset += ms;
  }

  /**
   * Lets milliseconds pass. Runs every timer at its due time, in order, and settles all promises in between.
   *
   * @throws {Error} when timers set each other without end.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settled();
    while (await this.#run(end));
    this.#time = end;
  }

  /**
   * Lets time pass until the next timer has run, at most `ms` milliseconds.
   *
   * @returns the time that has passed, in milliseconds.
   * @throws {Error} when timers set each other without end.
   */
  async step(ms: number): Promise<number> {
    const start = this.#time;
    await settled();
    if (!(await this.#run(start + ms))) this.#time = start + ms;
    return this.#time - start;
  }

  async #run(end: number): Promise<boolean> {
    const [next] = this.#waiting;
    if (!next || next.at > end) return false;
    this.#waiting.shift();
    this.#still = next.at > this.#time ? 0 : this.#still + 1;
    if (this.#still > 10_000)
      throw new Error(
        'Ten thousand timers ran at one moment. Some timer sets the next one without delay; give it a delay.',
      );
    this.#time = Math.max(this.#time, next.at);
    next.fn();
    await settled();
    return true;
  }

  /** Returns the number of timers that run before this one. */
  #placeOf({ at, order }: Waiting): number {
    let place = 0;
    let after = this.#waiting.length;
    while (place < after) {
      const middle = (place + after) >>> 1;
      const other = this.#waiting[middle] as Waiting;
      if (other.at < at || (other.at === at && other.order < order)) place = middle + 1;
      else after = middle;
    }
    return place;
  }
}

function eightDigits(chance: number): string {
  return Math.floor(chance * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

/** As it is before a test replaces the timers by those of its own. */
const { setImmediate: immediately } = globalThis;

/** Waits until every promise that can settle without time has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => immediately(resolve));
}

/** Returns a generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32, by Tommy Ettinger; public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
