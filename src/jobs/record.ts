import type { RemoteError } from '../rpc/index.ts';
import type { NamePolicy } from '../tasks/index.ts';

/** How a job gets to its compute service: a call from the session, or a message in a queue. */
export type Lane = 'service' | 'queue';

/** Where a job stands. The last five are ends; a job has one of them, once. */
export type JobState =
  /** Stands in line. In the queue lane `sent` tells when its message left, and `sends` how many have. */
  | { readonly status: 'waiting'; readonly sent?: number; readonly sends?: number }
  /** An attempt runs. `beat` is when it was last heard of; `until`, when it must have ended. */
  | { readonly status: 'running'; readonly started: number; readonly beat: number; readonly until: number | null }
  /** Between two attempts. */
  | { readonly status: 'pausing'; readonly until: number; readonly error: RemoteError }
  | { readonly status: 'done'; readonly ended: number }
  /** `source` tells whose error it is: the task's own, or that of whoever was to run it. */
  | { readonly status: 'failed'; readonly ended: number; readonly error: RemoteError; readonly source: Source }
  | { readonly status: 'cancelled'; readonly ended: number; readonly by: CancelledBy; readonly reason?: string }
  | { readonly status: 'timedOut'; readonly ended: number; readonly error: RemoteError }
  /** Every attempt was lost (its compute Worker died, or was never heard of again), or its service was away for too long. */
  | { readonly status: 'exhausted'; readonly ended: number; readonly error: RemoteError };

export type Source = 'task' | 'service';

export type CancelledBy = 'author' | 'signal' | 'page' | 'panel';

export type EndState = Exclude<JobState, { status: 'waiting' | 'running' | 'pausing' }>;

/** What the row of a job holds. Arguments, result and chunks are parts of their own. */
export interface JobRecord {
  readonly id: string;
  /** The page that started it, or '' for none. */
  readonly page: string;
  /** The name under which pages find it again, or ''. */
  readonly name: string;
  /** What another start of the name does while this job has not ended; with `queue`, it waits for those before it. */
  readonly policy: NamePolicy;
  /** The idempotency key: a second start with the key of an open job joins it; or ''. */
  readonly key: string;
  readonly task: string;
  readonly service: string;
  readonly lane: Lane;
  /** Build of the application that started it. */
  readonly build: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Attempts that began; one that did not find its service never did. */
  readonly attempt: number;
  /** The fence: grows with each attempt, and what comes with an older one is stale. */
  readonly epoch: number;
  /** Attempts that ended without an answer, because what ran them died. */
  readonly lost: number;
  /** Attempts that ended because the session was restarted, which is no fault of the job. */
  readonly restarts: number;
  /** True once an attempt has reached its compute service. */
  readonly reached: boolean;
  /** Milliseconds of pauses in a row for a compute service that is away; a clock put wrong, or a night without anybody, does not count. */
  readonly away: number;
  /** How often an attempt that threw is followed by another. */
  readonly retries: number;
  /** Milliseconds an attempt may take; null for no limit. */
  readonly timeout: number | null;
  /** Milliseconds for which the task of an attempt may be silent; null for no limit. */
  readonly heartbeat: number | null;
  /** When the whole job must have ended, in milliseconds since the epoch; null for no limit. */
  readonly deadline: number | null;
  /** When its first attempt must have begun; null for no limit. */
  readonly begin: number | null;
  /** Milliseconds after which it is cancelled when nobody watches its page; null to go on. */
  readonly leave: number | null;
  /** When that is, since its page has been left. */
  readonly left: number | null;
  readonly progress: number | null;
  /** Chunks reported so far, and how many of them were dropped as the oldest. */
  readonly chunks: number;
  readonly dropped: number;
  /** Characters of the chunks that are kept. */
  readonly chunkSize: number;
  /** The number that the first chunk of the running attempt has. */
  readonly base: number;
  /** How many chunks came before the last checkpoint; null without one. */
  readonly checkpoint: number | null;
  /** Characters of that checkpoint. */
  readonly checkpointSize: number;
  /** Characters of arguments and result. */
  readonly size: number;
  readonly state: JobState;
}

/** A name that belongs to one page. */
export function nameInPage(page: string, name: string): string {
  return `${page}/${name}`;
}

/** The name of a job without the page that it belongs to. */
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
