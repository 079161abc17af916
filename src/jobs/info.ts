import type { JobInfo } from '../tasks/index.ts';
import { type JobRecord, plainName } from './record.ts';

/** Returns the entry of a job for a list of jobs. */
export function infoOf(record: JobRecord): JobInfo {
  const { id, task, service, lane, attempt, chunks, created, state } = record;
  return {
    id,
    name: plainName(record),
    task,
    service,
    lane,
    status: state.status,
    attempt,
    chunks,
    created,
    started: state.status === 'running' ? state.started : undefined,
    ended: 'ended' in state ? state.ended : undefined,
    trouble: troubleOf(record),
  };
}

function troubleOf({ state }: JobRecord): string | undefined {
  if (state.status === 'cancelled') {
    const who = { author: 'by its page', signal: 'by a signal', page: 'by the page', panel: 'in the list of jobs' };
    return `Cancelled ${state.reason ? `because ${state.reason}` : who[state.by]}.`;
  }
  return 'error' in state ? `${state.error.name}: ${state.error.message}` : undefined;
}
