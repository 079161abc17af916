import { jobLimits } from './limits.ts';

/** When a pause is over: no pause is longer than the longest, whatever became of the clock since. */
export function pauseEnds(until: number, now: number): number {
  return until - now > jobLimits.backoff.most ? now : until;
}
