import { ContextKey } from '../context/index.ts';
import type { ReadonlySignal } from '../reactive/index.ts';
import type { Job } from './job.ts';
import type { RunOptions } from './options.ts';

/** What another start does while a job of the same name has not ended: joins it, waits for it, replaces it, or nothing to it. */
export type NamePolicy = 'ignore' | 'queue' | 'restart' | 'parallel';

/** The jobs of one name, as pages see them. */
export interface NamedJobs {
  /** The name in the session. */
  readonly name: string;
  /** The one to show, wherever it was started: one that has not ended before one that has, and of these the newest. */
  readonly job: ReadonlySignal<Job<unknown, unknown> | undefined>;
  /** How many others have not ended. */
  readonly others: ReadonlySignal<number>;
}

/** What is known of a job, for who lists them. */
export interface JobInfo {
  readonly id: string;
  /** '' for a job without one. */
  readonly name: string;
  readonly task: string;
  readonly service: string;
  readonly lane: 'service' | 'queue';
  readonly status: 'waiting' | 'running' | 'pausing' | 'done' | 'failed' | 'cancelled' | 'timedOut' | 'exhausted';
  readonly attempt: number;
  readonly chunks: number;
  /** Milliseconds since the epoch: of the start, of the running attempt, of the end. */
  readonly created: number;
  readonly started: number | undefined;
  readonly ended: number | undefined;
  /** What went wrong, or who cancelled it and why. */
  readonly trouble: string | undefined;
  /** True for a job of the whole application. */
  readonly shared?: boolean;
}

/** What a list shows of a job that somebody has opened. */
export interface JobDetails {
  /** What it ended with, when that was an error. */
  readonly error: unknown;
  /** Its newest chunks, at most so many. Those of a shared job may come later: what reads them is told. */
  chunks(most: number): readonly unknown[];
}

/** Keeps jobs so that they outlive the host's memory. */
export interface JobRegistry {
  /** True while a page function runs: it runs again after each restart, and then makes its calls anew. */
  readonly building: boolean;
  /** Starts a job, or joins one with the same key. */
  start(request: {
    readonly task: string;
    readonly service: string;
    readonly args: readonly unknown[];
    readonly options: RunOptions;
    /** {@link NamedJobs.name} */
    readonly name?: string;
    readonly policy?: NamePolicy;
  }): Job<unknown, unknown>;
  /** The job with an id, while it is kept; the signal cancels it. */
  find(id: string, signal?: AbortSignal): Job<unknown, unknown> | undefined;
  /** Starts an ended job again, with its arguments, as a new one; an open one is joined. Undefined when it is not kept, or shared. */
  retry(id: string): Job<unknown, unknown> | undefined;
  /** Cancels a job on behalf of somebody who saw it in a list. */
  cancel(id: string): void;
  /** What changes often of a job in {@link JobRegistry.list}. */
  watch(id: string): Pick<Job<unknown, unknown>, 'progress' | 'position'> | undefined;
  /** What is read of a job in {@link JobRegistry.list} only when somebody asks for it; undefined when it is not kept any more. */
  details(id: string): JobDetails | undefined;
  /**
   * The jobs of a name.
   *
   * @param per `session` shares the name with all pages of the session, `page` keeps it to the page whose code runs.
   * @param policy with `queue`, the oldest job that has not ended is the one to show.
   */
  named(name: string, per: 'session' | 'page', policy: NamePolicy): NamedJobs;
  /** Every job of the session, and the shared ones that its pages have used, newest first. A job is the same object until something of it changes. */
  list(): ReadonlySignal<readonly JobInfo[]>;
}

/** Where `run.cpuBound` finds the keeper; without one a job lives as long as its host's memory. */
export const jobRegistry = new ContextKey<JobRegistry>('keeper of jobs');
