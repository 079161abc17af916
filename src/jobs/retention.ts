import { jobLimits } from './limits.ts';
import type { LiveJob } from './live-job.ts';
import type { EndState } from './record.ts';

/**
 * Returns when to delete the ended jobs of an idle session; null without jobs. It is one time, a day after the last end,
 * because a check per job would wake a sleeping object many times for rows that cost almost nothing.
 */
export function forgetAt(closed: ReadonlySet<LiveJob>, now: number): number | null {
  if (closed.size === 0) return null;
  const last = [...closed].reduce((last, { record }) => Math.max(last, (record.state as EndState).ended), 0);
  const at = last + jobLimits.endedFor + 1;
  // A job that is old but retained, or that ended under a wrong clock, is checked after another day.
  return at > now && at <= now + jobLimits.endedFor + 1 ? at : now + jobLimits.endedFor;
}

/**
 * Returns the ended jobs to delete: the old ones, and the oldest above the caps. A retained job stays. So does the newest job
 * of each name until it is old, regardless of the caps.
 *
 * @param closed the ended jobs, in the order of their outcomes.
 * @param size characters that they store.
 * @param busy returns true for a job that waits for its commit.
 */
export function forgettable(
  closed: ReadonlySet<LiveJob>,
  size: number,
  now: number,
  busy: (live: LiveJob) => boolean,
): readonly LiveJob[] {
  const gone: LiveJob[] = [];
  let newest: ReadonlySet<LiveJob> | undefined;
  let count = closed.size;
  for (const live of closed) {
    const { name, state } = live.record;
    const old = now - (state as EndState).ended > jobLimits.endedFor;
    // All that follow are below the caps, too.
    if (!old && count <= jobLimits.ended && size <= jobLimits.endedSize) break;
    const named = !old && name !== '' && (newest ??= newestOfNames(closed)).has(live);
    if (live.retained === 0 && !busy(live) && !named) gone.push(live);
    count--;
    size -= live.stored;
  }
  return gone;
}

/** Returns the newest job of each of the newest names. */
function newestOfNames(closed: ReadonlySet<LiveJob>): ReadonlySet<LiveJob> {
  const newest = new Map<string, LiveJob>();
  for (const live of [...closed].sort((a, b) => b.record.created - a.record.created)) {
    const { name } = live.record;
    if (name !== '' && !newest.has(name) && newest.size < jobLimits.ended) newest.set(name, live);
  }
  return new Set(newest.values());
}
