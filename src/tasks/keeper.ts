import { ScopeKey } from '../scope/index.ts';
import type { RunOptions } from './attempts.ts';
import type { Job } from './job.ts';

/** Keeps jobs so that they outlive the host's memory. */
export interface JobKeeper {
  /** Starts a job, or joins one with the same key. */
  start(request: {
    readonly task: string;
    readonly service: string;
    readonly args: readonly unknown[];
    readonly options: RunOptions;
    readonly name?: string;
  }): Job<unknown, unknown>;
  /** The job with an id, while it is kept. */
  find(id: string): Job<unknown, unknown> | undefined;
}

/** Where `run.cpuBound` finds the keeper; without one a job lives as long as its host's memory. */
export const jobKeeper = new ScopeKey<JobKeeper>('keeper of jobs');
