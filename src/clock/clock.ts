/** A timer that is pending; pass it back to {@link Clock.clear}. */
export type Timer = unknown;

/** The source of time, chance and ids, injected so that tests control them. */
export interface Clock {
  /** Returns milliseconds since the epoch. In production, the time stands still while code computes. */
  now(): number;
  /** Returns a number from 0 up to, not including, 1. */
  random(): number;
  /** Returns a name of 32 hexadecimal digits that nothing else has: for a page, a job, a write or a subscription. */
  newId(): string;
  /** Calls `fn` once after `ms` milliseconds. A pending timer prevents hibernation of a Durable Object. */
  after(ms: number, fn: () => void): Timer;
  /** Clears a pending timer. Does nothing for a timer that fired or was cleared. */
  clear(timer: Timer): void;
}

/** A clock for code that makes no ids: of a browser that shows a page. */
export type Timing = Omit<Clock, 'newId'>;

/** The time and chance of the machine. */
export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, fn) => setTimeout(fn, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
