import { jobLimits } from './limits.ts';
import { pauseEnds } from './pause.ts';
import { QueueLane } from './queue-lane.ts';
import type { JobRecord } from './record.ts';

/** The key of the due row of {@link Jobs.check}. Each session with an open job has it. */
export const jobsDue = 'jobs';

/** Returns the time of the next check of open jobs; null without any. */
export function dueOf(open: Iterable<{ readonly record: JobRecord }>, now: number): number | null {
  let first: number | null = null;
  for (const { record } of open) first = Math.min(first ?? Number.POSITIVE_INFINITY, dueOfOne(record, now));
  return first;
}

function dueOfOne({ state, attempt, deadline, begin, left, lane }: JobRecord, now: number): number {
  const times = [deadline, left, attempt === 0 ? begin : null];
  switch (state.status) {
    case 'waiting':
      times.push(state.sent === undefined ? now + jobLimits.lease : QueueLane.resendAt(state.sent, state.sends));
      break;
    case 'running':
      if (lane === 'queue') times.push(state.until, state.beat + jobLimits.silence);
      else times.push(now + jobLimits.lease);
      break;
    case 'pausing':
      times.push(pauseEnds(state.until, now));
      break;
  }
  return Math.min(...times.filter((time) => time !== null));
}
