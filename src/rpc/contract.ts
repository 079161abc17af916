/**
 * The contract between a session, which asks for a task, and a compute Worker, which runs it. It crosses an RPC boundary,
 * so everything in it is data, except the handle of a task that goes on and the function that hears how it goes.
 */
export interface ComputeService {
  /**
   * Starts a task. What is over after its first step is answered with its outcome, so a short task costs one call; the rest goes on
   * when it is followed. It rejects only when the service itself failed: what a task throws is an outcome.
   */
  run(call: TaskCall): Promise<Outcome | Started>;
  /**
   * Answers, and no more: the service is there. A call that fails cannot tell whether its task began, and perhaps killed the service, or found
   * nobody; so this is asked before a job's further attempts. A service that has no such method is taken to be there.
   */
  ready?(): Promise<void>;
}

/** Over RPC this holds a connection: the caller disposes it (`Symbol.dispose`) at the end, and with it gives up a task that still runs. */
export interface Started {
  /** The task. */
  readonly running: Running;
}

/** A task that has begun and is not over. It rests until it is followed. */
export interface Running {
  /** Runs it to its end. Called once. The outcome is to be disposed like {@link Started}. */
  follow(observer: Observer): Promise<Outcome>;
  /** Ends it at its next yield; `follow` then answers with an outcome that means nothing. May be called at any time, also twice. */
  cancel(): Promise<void>;
}

/** A call of a task. */
export interface TaskCall {
  /** Names the job in logs; unique within its session. */
  readonly id: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Name of the task. */
  readonly task: string;
  /** What the task is called with. */
  readonly args: readonly unknown[];
  /** The last checkpoint of an earlier attempt; absent without one. */
  readonly checkpoint?: { readonly value: unknown };
}

/** How a task ended. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: RemoteError;
      /** True when another attempt must end the same way: an unknown task, a result that cannot be sent. */
      readonly permanent: boolean;
    };

/**
 * The caller's ear. A report is answered when there is room for the next, which is the back pressure, and the next is sent after
 * that answer. A rejection means that the caller is gone. All reports are answered before `follow` is; the caller ignores any later one.
 */
export type Observer = (report: Report) => Promise<void>;

/** How a task proceeds. */
export interface Report {
  /** The highest progress so far, 0 to 1; absent when it has not changed. */
  readonly progress?: number;
  /** What the task last handed on to its next attempt, and how many of these chunks came before; absent when it has not since the last report. */
  readonly checkpoint?: { readonly value: unknown; readonly after: number };
  /** What the task yielded beyond progress, since the last report and in order. */
  readonly chunks: readonly unknown[];
  /** How many chunks the attempt had yielded before these; absent when the caller keeps no count. */
  readonly from?: number;
  /** Bytes of the chunks, about. */
  readonly size: number;
  /** A sentence for the author of the task, who has made a mistake that does not end it; once in an attempt. Absent in those of earlier builds. */
  readonly advice?: string;
}

/** An error as data: the platform keeps neither the name nor the own properties of an error on every way. */
export interface RemoteError {
  /** The error's name: `TypeError`. */
  readonly name: string;
  /** The error's message. */
  readonly message: string;
  /** Where it was thrown. */
  readonly stack?: string;
  /** What caused it. */
  readonly cause?: Thrown;
  /** The error's own properties that can be cloned, besides the four above. */
  readonly own: Readonly<Record<string, unknown>>;
  /** What an AggregateError holds. */
  readonly errors?: readonly Thrown[];
}

/** JavaScript throws anything. */
export type Thrown = { readonly error: RemoteError } | { readonly value: unknown };
