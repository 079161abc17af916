import { jobLimits } from './limits.ts';
import { pauseEnds } from './pause.ts';
import { QueueLane } from './queue.ts';
import { isOpen, type JobRecord } from './record.ts';

/** When a job is to be looked at though nothing may have happened to it; null for never. */
export function dueOf(record: JobRecord, now: number): number | null {
  if (!isOpen(record)) return null;
  const { state, attempt, deadline, begin, left, lane } = record;
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
