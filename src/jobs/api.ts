import type { Clock } from '../clock/index.ts';
import type { ComputeService, Outcome, RemoteError, Report, TaskCall } from '../rpc/index.ts';
import type { Store } from '../storage/index.ts';
import type { NamePolicy, TaskHost } from '../tasks/index.ts';
import type { Lane } from './record.ts';

/** What a queue message says: ids only, everything else is in the row. */
export interface JobMessage {
  readonly session: string;
  readonly job: string;
  /** The epoch of the job when it was sent: a message that is given up speaks for no later attempt. Absent in those of earlier builds. */
  readonly epoch?: number;
}

/** What a job is started with. */
export interface JobRequest {
  readonly page: string;
  readonly name?: string;
  /** What this start does while a job of the name has not ended. Default `parallel`. */
  readonly policy?: NamePolicy;
  readonly key?: string;
  readonly task: string;
  readonly service: string;
  readonly lane: Lane;
  readonly args: readonly unknown[];
  readonly retries: number;
  /** Milliseconds its first attempt may be away; Infinity, the default, for no limit. */
  readonly startTimeout?: number;
  /** Milliseconds an attempt may take; Infinity for no limit. */
  readonly timeout: number;
  /** Milliseconds for which the task of an attempt may be silent; Infinity, the default, for no limit. */
  readonly heartbeat?: number;
  /** Milliseconds the whole job may take; Infinity for no limit. */
  readonly totalTimeout: number;
  /** Milliseconds after its page is left that it is cancelled; null to go on. */
  readonly leave: number | null;
}

/** What the jobs of a session need from it. */
export interface JobsHost {
  readonly clock: Clock;
  readonly store: Store;
  readonly build: string;
  readonly session: string;
  readonly tasks: TaskHost;
  service(binding: string): ComputeService | undefined;
  /** Characters that the text of one result, or of one chunk, may have. Default what a message can carry. */
  readonly largest?: number;
  /** Sends a message into the queue of jobs; undefined when the application has none. */
  readonly send: ((message: JobMessage) => Promise<void>) | undefined;
  /** Has {@link Jobs.persist} called in a transaction: within 50 ms, or at the end of the running turn. */
  commit(when: 'soon' | 'now'): void;
  /** Has {@link Jobs.check} called at a time, also when the object sleeps or dies before; null for never. Durable with the commit. */
  due(at: number | null): void;
  /** A job of the page has its outcome, durably. */
  ended(page: string): void;
  /** A job is about to have its outcome: whoever may wait for it is to be found again, from the commit of the outcome on. */
  ending?(): void;
  /** True while a browser is connected to the page. */
  watched(page: string): boolean;
  /** False while handlers of an earlier life of the object wait to be continued: they may ask for any job. */
  continued?(): boolean;
}

/** What a consumer of the queue needs to run an attempt. */
export interface Claim {
  readonly epoch: number;
  readonly service: string;
  readonly call: TaskCall;
  /** Milliseconds the attempt may take; null for no limit. */
  readonly timeout: number | null;
  /** Milliseconds for which its task may be silent; null for no limit. */
  readonly heartbeat: number | null;
}

/**
 * Why an attempt has no outcome: what ran it died, its task was silent for too long, any other would end the same way, or what ran it
 * may not run it any longer, which is no fault of the job.
 */
export type Fault = 'died' | 'silent' | 'permanent' | 'spent';

/** What a consumer is told of a report: go on, stop because the job was cancelled, or stop because another attempt has taken over. */
export type Verdict = 'go' | 'cancelled' | 'stale';

/** The desk at which consumers of the queue ask and tell. Everything is data, since it crosses an RPC boundary. */
export interface JobConsumerApi {
  /** A consumer wants to run the job. Undefined when there is nothing to run (any more): the message is done with. */
  claimJob(job: string): Promise<Claim | undefined>;
  /**
   * How it goes; without a report, a mere sign of life.
   *
   * @param left milliseconds that the attempt still has; absent without a limit.
   */
  reportJob(job: string, epoch: number, report?: Report, left?: number): Promise<Verdict>;
  /** The outcome. Settles when it is durable: only then may the message be acknowledged. */
  completeJob(job: string, epoch: number, outcome: Outcome): Promise<Verdict>;
  /** There is no outcome. */
  failJob(job: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict>;
  /** The queue gave a message up, which was sent when the job had this epoch. */
  deadJob(job: string, epoch?: number): Promise<void>;
}
