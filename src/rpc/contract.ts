import type { FileData, OpenFile } from '../file-ref/index.ts';

/**
 * What a session calls to run a task: a compute Worker. It crosses an RPC boundary, so everything is data, except the handle of
 * a running task and the function that receives its reports.
 */
export interface ComputeService {
  /**
   * Starts a task. A task that ends in its first step is answered with its outcome, so a short task costs one call. Any
   * other task pauses until its caller follows it. The call rejects only when the service itself failed, because an error
   * that a task throws is an outcome.
   *
   * @internal
   */
  run(call: TaskCall): Promise<Outcome | Started>;
  /**
   * The same for nothing but arguments. A result that is no object is the whole answer, because RPC of objects is slow. A service
   * without this method gets {@link ComputeService.run}.
   *
   * @internal
   */
  runPlain?(task: string, build: string | undefined, ...args: readonly unknown[]): Promise<unknown> | undefined;
  /**
   * Resolves when the service is reachable. Callers ask before each further attempt, because a failed call does not say
   * whether its task began and perhaps killed the service. A service without this method counts as reachable.
   *
   * @internal
   */
  ready?(): Promise<void>;
  /**
   * True for a service that the application was built with, which is away where it does not answer. Absent for any other,
   * which may not exist.
   *
   * @internal
   */
  readonly expected?: true;
}

/** The answer for a running task. It occupies an RPC connection; disposing it (`Symbol.dispose`) cancels a task that still runs. */
export interface Started {
  /** The task. */
  readonly running: Running;
}

/** A task that has started and not ended. It pauses until its caller follows it. */
export interface Running {
  /** Runs the task to its end. Callable once. The caller disposes the outcome like {@link Started}. */
  follow(observer: Observer): Promise<Outcome>;
  /** Ends the task at its next yield; the outcome of `follow` then has no meaning. Callable at any time, also twice. */
  cancel(): Promise<void>;
}

/** One call of a task: its name, its arguments and its last checkpoint. */
export interface TaskCall {
  /** The id of the job; absent without a row. */
  readonly id?: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Name of the task. */
  readonly task: string;
  /** The build that the caller expects of the compute Worker; absent in development. */
  readonly build?: string | undefined;
  /** What the task is called with. */
  readonly args: readonly unknown[];
  /** The objects in `args` that stand for files; absent without any. */
  readonly files?: readonly FileData[];
  /** Opens one of these files; a stub on the other side. Absent without files. */
  readonly open?: OpenFile;
  /** The last checkpoint of an earlier attempt; absent without one. */
  readonly checkpoint?: { readonly value: unknown };
}

/** The end of an attempt: its result or its error. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: RemoteError;
      /** True when another attempt would fail the same way, as for an unknown task or a result that cannot be sent. */
      readonly permanent: boolean;
      /** True when the Worker lacks the task because it is of another build. No attempt began. */
      readonly otherBuild?: true;
    };

/**
 * Receives the reports of a task. It resolves when the caller has room for the next report, which is the back pressure,
 * and only then is the next one sent. It rejects when the caller is gone. Every report is acknowledged before `follow`
 * resolves; the caller ignores any later one.
 */
export type Observer = (report: Report) => Promise<void>;

/** A part of a task's output. */
export interface Report {
  /** The highest progress so far, from 0 to 1; absent when unchanged. */
  readonly progress?: number;
  /** The last checkpoint, and how many of these chunks precede it; absent without a checkpoint since the last report. */
  readonly checkpoint?: { readonly value: unknown; readonly after: number };
  /** Chunks since the last report, in order. */
  readonly chunks: readonly unknown[];
  /** Number of chunks of the attempt before these; absent when the caller does not count. */
  readonly from?: number;
  /** Approximate size of the chunks in bytes. */
  readonly size: number;
  /** A warning about a mistake that does not end the task, once per attempt. Absent in reports of earlier builds. */
  readonly advice?: string;
}

/** An error as data, because the platform loses the name and the own properties of an error on some paths. */
export interface RemoteError {
  /** The error's name: `TypeError`. */
  readonly name: string;
  /** The error's message. */
  readonly message: string;
  /** The stack trace; absent when the error has none. */
  readonly stack?: string;
  /** The cause; absent when the error has none. */
  readonly cause?: Thrown;
  /** The error's other own properties that can be cloned. */
  readonly own: Readonly<Record<string, unknown>>;
  /** The errors of an AggregateError; absent for other errors. */
  readonly errors?: readonly Thrown[];
}

/** Any thrown value as data, because JavaScript throws more than errors. */
export type Thrown = { readonly error: RemoteError } | { readonly value: unknown };
