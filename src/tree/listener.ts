import type { Json } from '../protocol/index.ts';

/**
 * The policy for a trigger while the handler still runs: `parallel` starts it again, `ignore` drops
 * the trigger, `queue` starts it after the run, `restart` cancels the run and starts again.
 */
export type WhileRunning = 'parallel' | 'ignore' | 'queue' | 'restart';

/** A listener of an event of a node. */
export interface Listener {
  readonly hear: (value: Json | undefined, event: string) => unknown;
  readonly whileRunning: WhileRunning;
  /** The author's own function, which `hear` calls. */
  readonly author: (...args: never) => unknown;
  /** True when `hear` does nothing but call it. */
  readonly direct?: boolean;
  /** True when it calls nothing itself; undefined until that was asked. */
  callsNothing?: boolean;
}

/** The event of a timer's ticks: no browser can send it. */
export const tickEvent = '';
