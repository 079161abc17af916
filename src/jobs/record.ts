import type { NamePolicy, RemoteError } from '../tasks/index.ts';

/** How a job gets to its compute service: a call from the session, or a message in a queue. */
export type Lane = 'service' | 'queue';

/** Where a job stands. The last five are ends; a job has one of them, once. */
export type JobState =
  /** Stands in line. In the queue lane `sent` tells when the message left. */
  | { readonly status: 'waiting'; readonly sent?: number }
  /** An attempt runs. `beat` is when it was last heard of; `until`, when it must have ended. */
  | { readonly status: 'running'; readonly started: number; readonly beat: number; readonly until: number | null }
  /** Between two attempts. */
  | { readonly status: 'pausing'; readonly until: number; readonly error: RemoteError }
  | { readonly status: 'done'; readonly ended: number }
  | { readonly status: 'failed'; readonly ended: number; readonly error: RemoteError }
  | { readonly status: 'cancelled'; readonly ended: number; readonly by: CancelledBy; readonly reason?: string }
  | { readonly status: 'timedOut'; readonly ended: number; readonly error: RemoteError }
  /** Every attempt was lost: its compute Worker died, or was never heard of again. */
  | { readonly status: 'exhausted'; readonly ended: number; readonly error: RemoteError };

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
  /** Attempts that began. */
  readonly attempt: number;
  /** The fence: grows with each attempt, and what comes with an older one is stale. */
  readonly epoch: number;
  /** Attempts that ended without an answer. */
  readonly lost: number;
  /** How often an attempt that threw is followed by another. */
  readonly retries: number;
  /** Milliseconds an attempt may take; null for no limit. */
  readonly timeout: number | null;
  /** When the whole job must have ended, in milliseconds since the epoch; null for no limit. */
  readonly deadline: number | null;
  /** Milliseconds after which it is cancelled when nobody watches its page; null to go on. */
  readonly leave: number | null;
  readonly progress: number | null;
  /** Chunks reported so far, and how many of them were dropped as the oldest. */
  readonly chunks: number;
  readonly dropped: number;
  /** What the task handed on to its next attempt, encoded; or ''. */
  readonly checkpoint: string;
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
