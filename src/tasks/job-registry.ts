import { ContextKey } from '../context/index.ts';
import type { ReadonlySignal } from '../reactive/index.ts';
import type { Stopper } from '../rpc/index.ts';
import type { Job } from './job.ts';
import type { StoppableOptions } from './options.ts';

/** The policy for a start while a job of the same name is open: join it, wait for it, replace it, or run beside it. */
export type NamePolicy = 'ignore' | 'queue' | 'restart' | 'parallel';

/** The jobs of one name, for pages. */
export interface NamedJobs {
  /** The name in the session. */
  readonly name: string;
  /** The job to show, from any page: the newest open one, or else the newest ended one. */
  readonly job: ReadonlySignal<Job<unknown, unknown> | undefined>;
  /** Number of other open jobs. */
  readonly others: ReadonlySignal<number>;
}

/** The entry of a job in a list of jobs. */
export interface JobInfo {
  readonly id: string;
  /** The name; '' for a job without one. */
  readonly name: string;
  readonly task: string;
  readonly service: string;
  readonly lane: 'service' | 'queue';
  readonly status: 'waiting' | 'running' | 'pausing' | 'done' | 'failed' | 'cancelled' | 'timedOut' | 'exhausted';
  readonly attempt: number;
  readonly chunks: number;
  /** Milliseconds since the epoch: of the start, of the running attempt and of the end. */
  readonly created: number;
  readonly started: number | undefined;
  readonly ended: number | undefined;
  /** The error, or who cancelled the job and why. */
  readonly trouble: string | undefined;
  /** True for a shared job of the whole application. */
  readonly shared?: boolean;
}

/** The details of a job that a viewer of a list has opened. */
export interface JobDetails {
  /** The error of a job that did not succeed. */
  readonly error: unknown;
  /** Returns at most `count` of the newest chunks. Chunks of a shared job may arrive later and then notify the reader. */
  chunks(most: number): readonly unknown[];
}

/** The durable jobs of a session, which outlive the host's memory. */
export interface JobRegistry {
  /** True while a page function runs, which repeats its calls after each restart. */
  readonly building: boolean;
  /** Starts a job, or joins the open one with the same key. */
  start(request: {
    readonly task: string;
    readonly service: string;
    readonly args: readonly unknown[];
    readonly options: StoppableOptions;
    /** {@link NamedJobs.name} */
    readonly name?: string;
    readonly policy?: NamePolicy;
  }): Job<unknown, unknown>;
  /** Returns the stored job of an id. The signal cancels it. */
  find(id: string, signal?: Stopper): Job<unknown, unknown> | undefined;
  /** Starts a new job with an ended job's arguments, or joins an open job. Undefined when it is no longer stored, or shared. */
  retry(id: string): Job<unknown, unknown> | undefined;
  /** Cancels a job for a viewer of a list. */
  cancel(id: string): void;
  /** Returns the frequently changing state of a job in {@link JobRegistry.list}. */
  watch(id: string): Pick<Job<unknown, unknown>, 'progress' | 'position'> | undefined;
  /** Returns the details of a job in {@link JobRegistry.list}; undefined when it is no longer stored. */
  details(id: string): JobDetails | undefined;
  /**
   * Returns the jobs of a name.
   *
   * @param per `session` shares the name with all pages of the session, `page` limits it to the page whose code runs.
   * @param policy with `queue`, the job to show is the oldest open one.
   */
  named(name: string, per: 'session' | 'page', policy: NamePolicy): NamedJobs;
  /** Returns every job of the session and every shared one that its pages used, newest first. An unchanged job is the same object. */
  list(): ReadonlySignal<readonly JobInfo[]>;
}

/** The registry of the running code. Without one, a job ends with its host's memory. */
export const jobRegistry = new ContextKey<JobRegistry>('registry of jobs');
