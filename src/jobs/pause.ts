import { jobLimits } from './limits.ts';

/** Returns the end of a pause, capped at the longest pause from now, because the clock may have changed. */
export function pauseEnds(until: number, now: number): number {
  return until - now > jobLimits.backoff.most ? now : until;
}
