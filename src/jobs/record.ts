import type { RemoteError } from '../rpc/index.ts';
import type { NamePolicy } from '../tasks/index.ts';

/** The way of a job to its compute service: a call from the session, or a message in a queue. */
export type Lane = 'service' | 'queue';

/** The state of a job. The last five are ends, of which a job gets exactly one. */
export type JobState =
  /** Waits for a place. In the queue lane `sent` is the time of its last message, `sends` the number of messages. */
  | { readonly status: 'waiting'; readonly sent?: number; readonly sends?: number }
  /** An attempt runs. `beat` is the time of its last heartbeat, `until` its deadline. */
  | { readonly status: 'running'; readonly started: number; readonly beat: number; readonly until: number | null }
  /** Waits between two attempts. */
  | { readonly status: 'pausing'; readonly until: number; readonly error: RemoteError }
  | { readonly status: 'done'; readonly ended: number }
  /** `source` says who failed: the task, or the service or consumer that ran it. */
  | { readonly status: 'failed'; readonly ended: number; readonly error: RemoteError; readonly source: Source }
  | { readonly status: 'cancelled'; readonly ended: number; readonly by: CancelledBy; readonly reason?: string }
  | { readonly status: 'timedOut'; readonly ended: number; readonly error: RemoteError }
  /** Every attempt was lost (its Worker died or sent no heartbeat), or its service was away for too long. */
  | { readonly status: 'exhausted'; readonly ended: number; readonly error: RemoteError };

export type Source = 'task' | 'service';

export type CancelledBy = 'author' | 'signal' | 'page' | 'panel';

export type EndState = Exclude<JobState, { status: 'waiting' | 'running' | 'pausing' }>;

/** The row of a job. Chunks, checkpoints, and long arguments and results are parts beside it. */
export interface JobRecord {
  readonly id: string;
  /** The page that started the job; '' for none. */
  readonly page: string;
  /** The name by which pages find the job; '' for none. */
  readonly name: string;
  /** The policy for another start of the name while this job is open; with `queue`, this job waits for earlier ones. */
  readonly policy: NamePolicy;
  /** The idempotency key: a second start with the key of an open job joins it; '' for none. */
  readonly key: string;
  readonly task: string;
  readonly service: string;
  readonly lane: Lane;
  /** Build of the application that started the job. */
  readonly build: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Number of attempts that began. One that did not reach its service does not count. */
  readonly attempt: number;
  /** The fencing token: grows with each attempt, and makes reports with an older one stale. */
  readonly epoch: number;
  /** Attempts without an outcome, because their Worker died. */
  readonly lost: number;
  /** Attempts that a restart of the session ended, which the job did not cause. */
  readonly restarts: number;
  /** True once an attempt has reached its compute service. */
  readonly reached: boolean;
  /** Sum in milliseconds of the pauses in a row for a compute service that is away. It counts pauses, not clock time. */
  readonly away: number;
  /** Number of further attempts after one that threw or timed out. */
  readonly retries: number;
  /** Milliseconds of one attempt; null for no limit. */
  readonly timeout: number | null;
  /** Milliseconds without a heartbeat after which an attempt fails; null for no limit. */
  readonly heartbeat: number | null;
  /** Deadline of the whole job, in milliseconds since the epoch; null for no limit. */
  readonly deadline: number | null;
  /** Deadline for the begin of its first attempt; null for no limit. */
  readonly begin: number | null;
  /** Milliseconds from the page's last viewer to the job's cancellation; null to run on. */
  readonly leave: number | null;
  /** Time of that cancellation; null while somebody views the page. */
  readonly left: number | null;
  readonly progress: number | null;
  /** Number of chunks so far, and of those that were dropped as the oldest. */
  readonly chunks: number;
  readonly dropped: number;
  /** Characters of the stored chunks. */
  readonly chunkSize: number;
  /** Number of the first chunk of the running attempt. */
  readonly base: number;
  /** Number of chunks before the last checkpoint; null without one. */
  readonly checkpoint: number | null;
  /** Characters of that checkpoint. */
  readonly checkpointSize: number;
  /** Progress when that checkpoint arrived, with which the next attempt begins; null without one. */
  readonly checkpointProgress: number | null;
  /** Characters of arguments and result. */
  readonly size: number;
  /** The text of the arguments; absent when they are parts, or there are none. */
  readonly args?: string;
  /** The same of the result. */
  readonly result?: string;
  readonly state: JobState;
}

/** Returns the stored form of a name that belongs to one page. */
export function nameInPage(page: string, name: string): string {
  return `${page}/${name}`;
}

/** Returns the name of a job without its page. */
export function plainName({ name, page }: JobRecord): string {
  return isNamedIn(page, name) ? name.slice(page.length + 1) : name;
}

/** True for a name that belongs to the page. */
export function isNamedIn(page: string, name: string): boolean {
  return page !== '' && name.startsWith(`${page}/`);
}

export function isOpen({ state }: JobRecord): boolean {
  return state.status === 'waiting' || state.status === 'running' || state.status === 'pausing';
}
