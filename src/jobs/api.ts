import type { Clock } from '../clock/index.ts';
import type { OpenFile } from '../file-ref/index.ts';
import type { ComputeService, Outcome, RemoteError, Report, TaskCall } from '../rpc/index.ts';
import type { Store } from '../storage/index.ts';
import type { NamePolicy, TaskHost } from '../tasks/index.ts';
import type { Lane } from './record.ts';

/** A queue message: ids only, because everything else is in the row. */
export interface JobMessage {
  readonly session: string;
  readonly job: string;
  /** The job's epoch at sending, so that a dead message ends no later attempt. Absent in messages of earlier builds. */
  readonly epoch?: number;
}

/** The arguments and terms of a new job. */
export interface JobRequest {
  readonly page: string;
  readonly name?: string;
  /** The policy while a job of the name has not ended. @default 'parallel' */
  readonly policy?: NamePolicy;
  readonly key?: string;
  readonly task: string;
  readonly service: string;
  readonly lane: Lane;
  readonly args: readonly unknown[];
  readonly retries: number;
  /** Milliseconds that the job may wait for its first attempt. @default Infinity */
  readonly startTimeout?: number;
  /** Milliseconds of one attempt; Infinity for no limit. */
  readonly timeout: number;
  /** Milliseconds without a heartbeat after which an attempt fails. @default Infinity */
  readonly heartbeat?: number;
  /** Milliseconds of the whole job; Infinity for no limit. */
  readonly totalTimeout: number;
  /** Milliseconds from the page's last viewer to the job's cancellation; null to run on. */
  readonly leave: number | null;
}

/** What {@link Jobs} need of their session. */
export interface JobsHost {
  readonly clock: Clock;
  readonly store: Store;
  readonly build: string;
  readonly session: string;
  readonly tasks: TaskHost;
  service(binding: string): ComputeService | undefined;
  /** Opens a file of the session, for a task that is given it. @default undefined: there are no files */
  readonly openFile?: OpenFile;
  /** Most characters of one serialised result or chunk. @default Infinity */
  readonly largest?: number;
  /** Sends a message to the queue of jobs; undefined when the application has no queue. */
  readonly send: ((message: JobMessage) => Promise<void>) | undefined;
  /** Requests a transaction that calls {@link Jobs.persist}: within 50 ms, or at the end of the running turn. */
  commit(when: 'soon' | 'now'): void;
  /** Called when a job of the page has a durable outcome. */
  ended(page: string): void;
  /** Called when a start with the policy `restart` has cancelled these jobs of its name. */
  replaced?(jobs: readonly string[]): void;
  /** Called before a job's outcome is committed, so that the same commit makes the handlers due that may wait for it. */
  ending?(): void;
  /** Returns true while a browser is connected to the page. */
  watched(page: string): boolean;
  /** Returns false while handlers of an earlier activation wait for their replay, because they may ask for any job. */
  continued?(): boolean;
}

/** An attempt that a queue consumer runs. */
export interface Claim {
  readonly epoch: number;
  readonly service: string;
  readonly call: TaskCall;
  /** Milliseconds of the attempt; null for no limit. */
  readonly timeout: number | null;
  /** Milliseconds without a heartbeat after which the attempt fails; null for no limit. */
  readonly heartbeat: number | null;
}

/**
 * Why an attempt has no outcome: `died` with its Worker, `silent` for too long, `permanent` because every further attempt
 * would fail the same way, or `spent` because its consumer reached its own limits, which costs the job nothing.
 */
export type Fault = 'died' | 'silent' | 'permanent' | 'spent';

/** The answer to a consumer's report: continue, stop because the job was cancelled, or stop because a newer attempt exists. */
export type Verdict = 'go' | 'cancelled' | 'stale';

/** The calls of queue consumers. All arguments and results are data, because they cross an RPC boundary. */
export interface JobConsumerApi {
  /** Starts an attempt for a consumer. Undefined when there is nothing to run, so the consumer acknowledges the message. */
  claimJob(job: string): Promise<Claim | undefined>;
  /**
   * Takes a report of the attempt; without one, the call is a heartbeat.
   *
   * @param left remaining milliseconds of the attempt; absent without a limit.
   */
  reportJob(job: string, epoch: number, report?: Report, left?: number): Promise<Verdict>;
  /** Stores the outcome. Resolves when it is durable, and only then may the consumer acknowledge the message. */
  completeJob(job: string, epoch: number, outcome: Outcome): Promise<Verdict>;
  /** Records that the attempt ended without an outcome. */
  failJob(job: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict>;
  /** Records that the queue moved a message to its dead-letter queue; `epoch` is the job's epoch at sending. */
  deadJob(job: string, epoch?: number): Promise<void>;
}
