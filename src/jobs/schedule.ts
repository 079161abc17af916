import { jobLimits } from './limits.ts';
import { pauseEnds } from './pause.ts';
import { QueueLane } from './queue-lane.ts';
import { isOpen, type JobRecord } from './record.ts';

/** Returns the time of the next check of open jobs; null when all jobs have ended. */
export function dueOf(records: readonly JobRecord[], now: number): number | null {
  const times = records.filter(isOpen).map((record) => dueOfOne(record, now));
  return times.length === 0 ? null : Math.min(...times);
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
