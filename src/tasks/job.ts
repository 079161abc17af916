import { type ReadonlySignal, type Signal, signal } from '../reactive/index.ts';
import {
  CancelledError,
  type Report,
  readable,
  type SettledResult,
  StopSignal,
  TimeoutError,
  toError,
} from '../rpc/index.ts';
import { Chunks, type StoredChunkSource } from './chunks.ts';
import type { TaskHost } from './host.ts';
import type { RecentChunks } from './recent-chunks.ts';

/** The state of a job: `waiting` for a place or the next attempt, `running`, or one of five ends. */
export type JobStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'timedOut' | 'exhausted';

/** The end of a job: its value or its error. */
export type JobEnd<R> = { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown };

/** Offloaded work: await it for its result, watch its progress, or cancel it. */
export class Job<R, C = never> implements PromiseLike<R> {
  readonly #control: JobControl<R, C>;
  /** The id of the job in its session; '' for work without a row. */
  readonly id: string;

  /** Progress from 0 to 1; null before the first report. It is 1 when done, and restarts with another attempt. */
  get progress(): ReadonlySignal<number | null> {
    return this.#control.signals.progress;
  }

  /** The state. It changes together with {@link Job.end}. */
  get status(): ReadonlySignal<JobStatus> {
    return this.#control.signals.status;
  }

  /**
   * Position in the session's queue while the job waits for a place, from 1; 0 otherwise, also between two attempts and, with
   * `via: 'queue'`, after the message was sent.
   */
  get position(): ReadonlySignal<number> {
    return this.#control.signals.position;
  }

  /** Number of the current or last attempt, from 1; 0 before the first. */
  get attempt(): ReadonlySignal<number> {
    return this.#control.signals.attempt;
  }

  /**
   * The chunks of the task. Each loop starts with the oldest retained chunk and ends with the job; it throws the error that
   * awaiting the job throws. A slow loop slows the task down. Without a loop the task runs at full speed.
   */
  get chunks(): AsyncIterable<C> {
    return this.#control.chunks;
  }

  /** The end; undefined before. It changes together with {@link Job.status}. */
  get end(): JobEnd<R> | undefined {
    return this.#control.end;
  }

  /** @internal */
  constructor(control: JobControl<R, C>, id = '') {
    this.#control = control;
    this.id = id;
  }

  /**
   * Cancels the work: awaiting it throws a {@link CancelledError} at once, and a generator ends at its next yield. A plain
   * function in the compute Worker runs on, and its result is ignored. After the end this does nothing.
   */
  cancel(reason?: string): void {
    if (!this.#control.host.retired) this.#control.cancel(reason);
  }

  /** @internal */
  static control<R, C>(job: Job<R, C>): JobControl<R, C> {
    return job.#control;
  }

  /**
   * Has the handler that made the call stay open until the end of the call, also when it does not wait for it.
   * @internal
   */
  retain(): this {
    return this;
  }

  /**
   * Returns the promise behind the job. Called for each await.
   * @internal
   */
  protected result(): Promise<R> {
    return this.#control.observed();
  }

  /** Calls back with the result, or with the error: a job can be awaited like a promise. */
  then<A = R, B = never>(
    fulfilled?: ((value: R) => A | PromiseLike<A>) | null,
    rejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result().then(fulfilled, rejected);
  }

  /** Calls back with the error, as a promise does. */
  catch<B = never>(rejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<R | B> {
    return this.result().catch(rejected);
  }

  /** Calls back at the end of the job, as a promise does. */
  finally(settled?: (() => void) | null): Promise<R> {
    return this.result().finally(settled);
  }
}

/** Returns the control of a job. */
export function controlOf<R, C>(job: Job<R, C>): JobControl<R, C> {
  return Job.control(job);
}

/** Returns at most `count` of a job's newest chunks, oldest first. Unlike a loop, it does not slow the task down. */
export function latestChunks(job: Job<unknown, unknown>, count: number): readonly unknown[] {
  return controlOf(job).chunks.latest(count);
}

/** Returns the signal of a job's newest chunks, the same one on each call. */
export function recentChunksOf<R, C>(job: Job<R, C>): ReadonlySignal<RecentChunks<C>> {
  return controlOf(job).chunks.recent;
}

/** Options of a {@link JobControl}. */
export interface ControlOptions {
  /** Cancels the work in place of the control, and then calls {@link JobControl.cancelled}. */
  readonly cancel?: (reason: string | undefined) => void;
  /** True to log no failure that nobody awaits, because an earlier activation logged it. */
  readonly quiet?: boolean;
  /** The source of chunks that memory dropped. */
  readonly chunks?: StoredChunkSource;
}

/** How a job stands. */
interface JobState {
  readonly progress: number | null;
  readonly status: JobStatus;
  readonly position: number;
  readonly attempt: number;
}

type JobSignals = { readonly [K in keyof JobState]: Signal<JobState[K]> };

const initial: JobState = { progress: null, status: 'waiting', position: 0, attempt: 0 };

/** The side of a {@link Job} that does the work. After the end every method does nothing. */
export class JobControl<R, C> {
  readonly host: TaskHost;
  /** The subject of error messages, such as `Task "report"`. */
  readonly what: string;
  end: JobEnd<R> | undefined;
  /** Fires when the job is cancelled or exceeds its time, with that error as its reason. */
  readonly stop = new StopSignal();
  readonly #settled = Promise.withResolvers<JobEnd<R>>();
  #result: Promise<R> | undefined;
  readonly #options: ControlOptions;
  /** Undefined for a durable job, whose runner counts it itself. */
  readonly #closes: (() => void) | undefined;
  #state = initial;
  /** Created on first use, because most calls are only awaited. */
  #signals: JobSignals | undefined;
  #chunks: Chunks<C> | undefined;
  #ends: PromiseWithResolvers<void> | undefined;
  #observed: boolean;
  #over = false;

  constructor(host: TaskHost, what: string, options: ControlOptions = {}) {
    this.host = host;
    this.what = what;
    this.#options = options;
    this.#observed = options.quiet === true;
    if (!options.cancel) this.#closes = host.opens();
  }

  /** Resolves when the work has ended in any way, or was abandoned. */
  get over(): Promise<void> {
    this.#ends ??= Promise.withResolvers();
    if (this.#over) this.#ends.resolve();
    return this.#ends.promise;
  }

  get signals(): JobSignals {
    const { progress, status, position, attempt } = this.#state;
    this.#signals ??= {
      progress: signal(progress),
      status: signal(status),
      position: signal(position),
      attempt: signal(attempt),
    };
    return this.#signals;
  }

  /** Changes the state in one turn. */
  #change(state: JobState): void {
    this.#state = state;
    const signals = this.#signals;
    if (!signals) return;
    this.host.turn(() => {
      for (const key of Object.keys(state) as (keyof JobState)[]) signals[key].value = state[key] as never;
    });
  }

  get chunks(): Chunks<C> {
    if (!this.#chunks) {
      this.#chunks = new Chunks(() => {
        this.#observed = true;
      }, this.#options.chunks);
      if (this.end) this.#chunks.end(endOf(this.end));
    }
    return this.#chunks;
  }

  /** Gives up work of code that was cut off: it never settles, and the host may sleep. */
  abandon(): void {
    this.#over = true;
    this.#close();
  }

  #close(): void {
    this.#closes?.();
    this.#ends?.resolve();
  }

  observed(): Promise<R> {
    this.#result ??= this.settled().then((end) => {
      if (end.ok) return end.value;
      throw end.error;
    });
    return this.#result;
  }

  /** Resolves with the end. Whoever awaits it hears of a failure. */
  settled(): Promise<JobEnd<R>> {
    this.#observed = true;
    return this.#settled.promise;
  }

  /** Records the start of an attempt, which continues at the progress of its last checkpoint. */
  begin(attempt = this.#state.attempt + 1, progress: number | null = null): void {
    if (!this.#over) this.#change({ status: 'running', attempt, position: 0, progress });
  }

  /** Records a pause before the next attempt. */
  pause(attempt: number): void {
    if (!this.#over) this.#change({ ...this.#state, status: 'waiting', attempt });
  }

  /** Records the position in the queue. */
  place(position: number): void {
    if (!this.#over && this.#state.position !== position) this.#change({ ...this.#state, position });
  }

  /** Restores the state of an earlier activation of the host. */
  restore({ chunks, ...known }: JobState & { /** Number of chunks so far. */ readonly chunks: number }): void {
    this.#change(known);
    if (chunks > 0) this.chunks.startAt(chunks);
  }

  /** Applies a report. Resolves when there is room for the next one. */
  async report({ progress, chunks, size }: Report): Promise<void> {
    if (this.#over) return;
    this.host.turn(() => {
      if (progress !== undefined)
        this.#change({ ...this.#state, progress: Math.max(progress, this.#state.progress ?? 0) });
      if (chunks.length > 0) this.chunks.push(chunks, size);
    });
    await this.#chunks?.room();
  }

  succeed(value: R): void {
    if (this.#over) return;
    this.#end('done', { ok: true, value });
  }

  fail(thrown: unknown, given?: JobStatus): void {
    const error = readable(thrown);
    const status =
      given ?? (error instanceof CancelledError ? 'cancelled' : error instanceof TimeoutError ? 'timedOut' : 'failed');
    if (!this.#over && !this.#observed && status !== 'cancelled') {
      this.host.log(
        'error',
        `${this.what} ${status === 'failed' ? 'failed' : 'timed out'}, and nothing awaits it.`,
        error,
      );
    }
    if (this.#over) return;
    this.#end(status, { ok: false, error });
  }

  cancel(reason?: string, options?: ErrorOptions): void {
    if (this.#over) return;
    if (this.#options.cancel) this.#options.cancel(reason);
    else this.cancelled(reason, options);
  }

  /** Ends the work as cancelled. */
  cancelled(reason?: string, options?: ErrorOptions): void {
    if (this.#over) return;
    this.giveUp(new CancelledError(this.what, reason, options));
  }

  /** Ends the work with an error and stops its runner. */
  giveUp(error: Error): void {
    this.fail(error);
    this.stop.stop(error);
  }

  #end(status: JobStatus, end: JobEnd<R>): void {
    this.#over = true;
    this.end = end;
    this.#settled.resolve(end);
    try {
      this.#change({ ...this.#state, status, position: 0, ...(end.ok && { progress: 1 }) });
    } finally {
      // In `finally`, because a subscriber of the signals may throw, and a loop over the chunks would then wait for ever.
      this.#chunks?.end(endOf(end));
      this.#close();
    }
  }
}

function endOf(end: JobEnd<unknown>): { readonly error?: unknown } {
  return end.ok ? {} : { error: end.error };
}

/** Ends work with its end from before a restart. */
export function settleJob<R>(control: JobControl<R, unknown>, ending: SettledResult): void {
  if (ending.ok) control.succeed(ending.value as R);
  else control.fail(toError(ending));
}
