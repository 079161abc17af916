/** A timer that is pending; pass it back to {@link Clock.clear}. */
export type Timer = unknown;

/** The source of time and chance, injected so that tests control both. */
export interface Clock {
  /** Returns milliseconds since the epoch. In production, the time stands still while code computes. */
  now(): number;
  /** Returns a number from 0 up to, not including, 1. */
  random(): number;
  /** Calls `fn` once after `ms` milliseconds. A pending timer prevents hibernation of a Durable Object. */
  after(ms: number, fn: () => void): Timer;
  /** Clears a pending timer. Does nothing for a timer that fired or was cleared. */
  clear(timer: Timer): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, fn) => setTimeout(fn, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
