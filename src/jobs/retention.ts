import { jobLimits } from './limits.ts';
import type { LiveJob } from './live-job.ts';
import { type EndState, isOpen, type JobRecord } from './record.ts';

/**
 * When to forget the jobs of a session in which nothing happens any more; null when there is nothing to forget. One look, a day after
 * the last of them has ended: whoever looks at each in its turn would wake a sleeping object again and again for rows that
 * cost next to nothing.
 */
export function forgetAt(records: readonly JobRecord[], now: number): number | null {
  const ends = records.filter((record) => !isOpen(record)).map(({ state }) => (state as EndState).ended);
  if (ends.length === 0) return null;
  const at = Math.max(...ends) + jobLimits.keptFor + 1;
  // What is still held when it is old is looked at again in a day, and so is what ended under a clock that was wrong.
  return at > now && at <= now + jobLimits.keptFor + 1 ? at : now + jobLimits.keptFor;
}

/**
 * The ids of ended jobs that need not be kept any longer: the old, and the oldest above the caps. The newest of each name stays
 * while it is not old, whatever the caps say, and so does what somebody holds.
 *
 * @param busy is true for a job that waits for its commit.
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
    const newest = name !== '' && !named.has(name) && named.size < jobLimits.kept;
    named.add(name);
    const old = now - (state as EndState).ended > jobLimits.keptFor;
    const stays =
      live.retained > 0 || busy(live) || (!old && (newest || (count <= jobLimits.kept && size <= jobLimits.keptSize)));
    if (!stays) gone.push(id);
  }
  return gone;
}
