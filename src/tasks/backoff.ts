import type { Clock } from '../clock/index.ts';

/**
 * Milliseconds to wait after an attempt, counted from 1, before the next. Full jitter: any length up to a bound that doubles. Equal
 * pauses would bring everybody back at the same moment.
 */
export function backoff(
  clock: Clock,
  attempt: number,
  { backoffFirst, backoffMost }: { readonly backoffFirst: number; readonly backoffMost: number },
): number {
  return clock.random() * Math.min(backoffMost, backoffFirst * 2 ** (attempt - 1));
}
