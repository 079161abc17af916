import { jobLimits } from './limits.ts';
import type { LiveJob } from './live-job.ts';
import { type EndState, isOpen, type JobRecord } from './record.ts';

/**
 * Returns when to delete the ended jobs of an idle session; null without jobs. It is one time, a day after the last end,
 * because a check per job would wake a sleeping object many times for rows that cost almost nothing.
 */
export function forgetAt(records: readonly JobRecord[], now: number): number | null {
  const ends = records.filter((record) => !isOpen(record)).map(({ state }) => (state as EndState).ended);
  if (ends.length === 0) return null;
  const at = Math.max(...ends) + jobLimits.endedFor + 1;
  // A job that is old but retained, or that ended under a wrong clock, is checked after another day.
  return at > now && at <= now + jobLimits.endedFor + 1 ? at : now + jobLimits.endedFor;
}

/**
 * Returns the ids of ended jobs to delete: the old ones, and the oldest above the caps. A retained job stays. So does the
 * newest job of each name until it is old, regardless of the caps.
 *
 * @param busy returns true for a job that waits for its commit.
 */
export function forgettable(
  lives: Iterable<LiveJob>,
  now: number,
  busy: (live: LiveJob) => boolean,
): readonly string[] {
  const ended = [...lives].filter((live) => !live.open).sort((a, b) => b.record.created - a.record.created);
  const named = new Set<string>();
  const gone: string[] = [];
  let count = 0;
  let size = 0;
  for (const live of ended) {
    const { id, name, state } = live.record;
    count++;
    size += live.record.size + live.record.chunkSize;
    const newest = name !== '' && !named.has(name) && named.size < jobLimits.ended;
    named.add(name);
    const old = now - (state as EndState).ended > jobLimits.endedFor;
    const stays =
      live.retained > 0 ||
      busy(live) ||
      (!old && (newest || (count <= jobLimits.ended && size <= jobLimits.endedSize)));
    if (!stays) gone.push(id);
  }
  return gone;
}
