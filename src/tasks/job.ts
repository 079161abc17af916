import { type ReadonlySignal, signal } from '../reactive/index.ts';
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

/** `waiting` for a place or for the next attempt, `running`, and five ways to end. */
export type JobStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'timedOut' | 'exhausted';

/** How work ended. */
export type JobEnd<R> = { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown };

/** Work that was handed over: await it for its result, watch it meanwhile, stop it. */
export class Job<R, C = never> implements PromiseLike<R> {
  readonly #control: JobControl<R, C>;
  /** Names the job in its session; '' for work that is not kept. */
  readonly id: string;

  /** How far the work is, 0 to 1; null while it has not said. It is 1 when done, and starts again with another attempt. */
  get progress(): ReadonlySignal<number | null> {
    return this.#control.progress;
  }

  /** How the job stands. It changes together with {@link Job.end}. */
  get status(): ReadonlySignal<JobStatus> {
    return this.#control.status;
  }

  /**
   * Place in the session's line while it waits for a place, from 1; 0 otherwise, also between two attempts, and once its message is in a
   * queue, whose other messages nobody here knows.
   */
  get position(): ReadonlySignal<number> {
    return this.#control.position;
  }

  /** The attempt that runs or ran last, from 1; 0 before. */
  get attempt(): ReadonlySignal<number> {
    return this.#control.attempt;
  }

  /**
   * What the task yields beyond progress. Each loop over it starts with the oldest chunk still kept and ends with the job;
   * it throws what awaiting the job throws. A slow loop slows the task down, none at all does not.
   */
  get chunks(): AsyncIterable<C> {
    return this.#control.chunks;
  }

  /** How it ended, undefined before; it changes together with {@link Job.status}. */
  get end(): JobEnd<R> | undefined {
    return this.#control.end;
  }

  /** @internal */
  constructor(control: JobControl<R, C>, id = '') {
    this.#control = control;
    controls.set(this, control);
    this.id = id;
  }

  /**
   * Stops the work: whoever awaits it gets a {@link CancelledError} at once, a generator ends at its next yield. A plain
   * function on the far side cannot be stopped; what it returns is ignored. After the end this does nothing.
   */
  cancel(reason?: string): void {
    this.#control.cancel(reason);
  }

  /**
   * Returns what awaiting the job waits for; called each time somebody does.
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

const controls = new WeakMap<object, object>();

/** The other end of a job. */
export function controlOf<R, C>(job: Job<R, C>): JobControl<R, C> {
  return controls.get(job) as JobControl<R, C>;
}

/** The newest of what a job has yielded beyond progress, at most so many, oldest first; unlike a loop, this holds nothing up. */
export function latestChunks(job: Job<unknown, unknown>, count: number): readonly unknown[] {
  return controlOf(job).chunks.latest(count);
}

/** The newest of what a job has yielded beyond progress, as a list that grows; the same signal each time. */
export function recentChunksOf<R, C>(job: Job<R, C>): ReadonlySignal<RecentChunks<C>> {
  return controlOf(job).chunks.recent;
}

/** What whoever does the work may say about it. */
export interface ControlOptions {
  /** Cancels the work instead of the control: it then says {@link JobControl.cancelled}. */
  readonly cancel?: (reason: string | undefined) => void;
  /** True when a failure that nobody awaits need not be logged: it was, in an earlier life. */
  readonly quiet?: boolean;
  /** Where chunks are that memory does not hold any more. */
  readonly chunks?: StoredChunkSource;
}

/** The other end of a {@link Job}, for whoever does the work. Every method does nothing after the end. */
export class JobControl<R, C> {
  readonly host: TaskHost;
  /** For sentences: `Task "report"`. */
  readonly what: string;
  readonly progress = signal<number | null>(null);
  readonly status = signal<JobStatus>('waiting');
  readonly position = signal(0);
  readonly attempt = signal(0);
  readonly chunks: Chunks<C>;
  end: JobEnd<R> | undefined;
  /** Stops when the job is cancelled or its time is over, with that error as its reason. */
  readonly stop = new StopSignal();
  /** Settles when the work has ended, however. */
  readonly over: Promise<void>;
  readonly #promise: Promise<R>;
  readonly #resolve: (value: R) => void;
  readonly #reject: (error: unknown) => void;
  readonly #options: ControlOptions;
  #observed: boolean;
  #over = false;

  constructor(host: TaskHost, what: string, options: ControlOptions = {}) {
    this.host = host;
    this.what = what;
    this.#options = options;
    this.#observed = options.quiet === true;
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    this.#promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.chunks = new Chunks(() => {
      this.#observed = true;
    }, options.chunks);
    this.over = promise.then(
      () => {},
      () => {},
    );
    // Work that is kept may outlive the host; whoever carries it out keeps the host as long as it needs it.
    if (!options.cancel) host.keepAlive(this.over);
  }

  observed(): Promise<R> {
    this.#observed = true;
    return this.#promise;
  }

  /** An attempt begins. */
  begin(attempt = this.attempt.peek() + 1): void {
    if (this.#over) return;
    this.host.turn(() => {
      this.status.value = 'running';
      this.attempt.value = attempt;
      this.position.value = 0;
      this.progress.value = null;
    });
  }

  /** The work waits for its next attempt, after this one. */
  pause(attempt: number): void {
    if (this.#over) return;
    this.host.turn(() => {
      this.status.value = 'waiting';
      this.attempt.value = attempt;
    });
  }

  /** The work waits in line. */
  place(position: number): void {
    if (!this.#over && this.position.peek() !== position) this.host.turn(() => (this.position.value = position));
  }

  /** What was known of the work in an earlier life of the host. */
  restore(known: {
    readonly status: 'waiting' | 'running';
    readonly progress: number | null;
    readonly attempt: number;
    readonly position: number;
    /** How many chunks there were. */
    readonly chunks: number;
  }): void {
    this.host.turn(() => {
      this.status.value = known.status;
      this.progress.value = known.progress;
      this.attempt.value = known.attempt;
      this.position.value = known.position;
      this.chunks.startAt(known.chunks);
    });
  }

  /** @returns when there is room for the next report. */
  async report({ progress, chunks, size }: Report): Promise<void> {
    if (this.#over) return;
    this.host.turn(() => {
      if (progress !== undefined) this.progress.value = Math.max(progress, this.progress.peek() ?? 0);
      this.chunks.push(chunks, size);
    });
    await this.chunks.room();
  }

  succeed(value: R): void {
    if (this.#over) return;
    this.end = { ok: true, value };
    this.#end('done', {}, () => {
      this.progress.value = 1;
      this.#resolve(value);
    });
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
    this.end = { ok: false, error };
    this.#end(status, { error }, () => this.#reject(error));
  }

  cancel(reason?: string, options?: ErrorOptions): void {
    if (this.#over) return;
    if (this.#options.cancel) this.#options.cancel(reason);
    else this.cancelled(reason, options);
  }

  /** The work was cancelled. */
  cancelled(reason?: string, options?: ErrorOptions): void {
    if (this.#over) return;
    this.giveUp(new CancelledError(this.what, reason, options));
  }

  /** The work ends with this error, and whoever does it is to stop. */
  giveUp(error: Error): void {
    this.fail(error);
    this.stop.stop(error);
  }

  #end(status: JobStatus, end: { readonly error?: unknown }, settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    try {
      this.host.turn(() => {
        this.status.value = status;
        this.position.value = 0;
        settle();
      });
    } finally {
      // Also when something that follows the signals throws: a loop over the chunks would wait for ever.
      this.chunks.end(end);
    }
  }
}

/** Ends work as it ended before a restart. */
export function settleJob<R>(control: JobControl<R, unknown>, ending: SettledResult): void {
  if (ending.ok) control.succeed(ending.value as R);
  else control.fail(toError(ending));
}
