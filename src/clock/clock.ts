/** A timer that is pending; pass it back to {@link Clock.clear}. */
export type Timer = unknown;

/** Time and chance, passed in so that tests control both. */
export interface Clock {
  /** Milliseconds since the epoch. In production it stands still while code computes. */
  now(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** Calls `fn` once after `ms` milliseconds. A pending timer keeps a Durable Object in memory. */
  after(ms: number, fn: () => void): Timer;
  /** Clears a pending timer. A timer that fired or was cleared is ignored. */
  clear(timer: Timer): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, fn) => setTimeout(fn, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
