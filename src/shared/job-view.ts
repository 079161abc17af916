import type { JobInfo, JobStatus } from '../tasks/index.ts';

/** The state of a shared job that all sessions see. */
export interface JobView {
  /** `idle` until somebody starts it for the first time. */
  readonly status: JobStatus | 'idle';
  readonly progress: number | null;
  readonly position: number;
  readonly attempt: number;
  readonly result: unknown;
  readonly error: Error | undefined;
  /** The job's entry in a list of jobs; undefined while idle. */
  readonly info: JobInfo | undefined;
}

export const idle: JobView = {
  status: 'idle',
  progress: null,
  position: 0,
  attempt: 0,
  result: undefined,
  error: undefined,
  info: undefined,
};

export function isOver(status: JobView['status']): boolean {
  return status !== 'waiting' && status !== 'running' && status !== 'idle';
}
