import { type JobMessage, Jobs, type JobsHost } from '../../jobs/index.ts';
import { effect, signal, untracked } from '../../reactive/index.ts';
import { CancelledError, capture, revive } from '../../rpc/index.ts';
import { decode, encode } from '../../storage/index.ts';
import type { Job, JobInfo } from '../../tasks/index.ts';
import { ChunkLog } from '../chunk-log.ts';
import { isOver, type JobView } from '../job-view.ts';
import { sharedLimits } from '../limits.ts';
import type { Op } from '../protocol.ts';

/** What a shared job needs of its object. */
export interface SharedJobsHost extends Omit<JobsHost, 'ended' | 'watched' | 'send'> {
  readonly send: ((message: JobMessage) => Promise<void>) | undefined;
  /** Publishes a view to all sessions. */
  show(text: string): void;
}

const name = 'shared';

/** The job that a shared object owns: the same rows, attempts and outcome as a session's, seen by all sessions. */
export class SharedJobs {
  readonly jobs: Jobs;
  readonly #host: SharedJobsHost;
  readonly #refused = signal<Error | undefined>(undefined);
  #followed: Job<unknown, unknown> | undefined;
  #outcome = signal<{ readonly result?: unknown; readonly error?: Error } | undefined>(undefined);
  #settled: Promise<unknown> = Promise.resolve();
  readonly #output = new ChunkLog();
  #unfollow = () => {};
  #unshow = () => {};
  #loaded = false;
  #known = false;
  /** Releases the shown job. It is retained while it is shown, so that its chunks and `retry()` work. */
  #release = () => {};

  constructor(host: SharedJobsHost) {
    this.#host = host;
    this.jobs = new Jobs({
      ...host,
      largest: sharedLimits.value,
      // The job belongs to no page; sessions know who watches.
      ended: () => {},
      watched: () => true,
      // Before the shown job is known, no job is dropped.
      continued: () => this.#known,
    });
  }

  /** Restores the job of an earlier activation. Settles when there is a view. */
  async load(): Promise<void> {
    if (!this.#loaded) {
      this.#loaded = true;
      this.jobs.load();
      this.#unfollow = effect(() => {
        void this.jobs.changes.value;
        untracked(() => this.#follow());
      });
    }
    await this.#settled;
  }

  command(op: Extract<Op, { start: unknown } | { cancel: unknown } | { retry: unknown }>): void {
    const newest = this.jobs.named(name);
    if ('start' in op) {
      const { request, args, whileRunning } = op.start;
      this.#attempt(() =>
        this.jobs.start({
          ...request,
          page: '',
          name,
          policy: whileRunning,
          args: decode(args) as readonly unknown[],
          timeout: request.timeout ?? Number.POSITIVE_INFINITY,
          totalTimeout: request.totalTimeout ?? Number.POSITIVE_INFINITY,
        }),
      );
    } else if ('cancel' in op) {
      for (const { id } of this.jobs.open(name)) this.jobs.cancel(id, op.by ?? 'author', op.cancel || undefined);
    } else if (newest) {
      this.#attempt(() => this.jobs.retry(newest.id));
    }
    this.#follow();
  }

  /** The durable chunks of the shown job. */
  get output(): ChunkLog {
    return this.#output;
  }

  abandon(): void {
    this.#unfollow();
    this.#unshow();
    this.jobs.abandon();
  }

  /** A start that fails is shown, because the caller's own call has returned. */
  #attempt(start: () => unknown): void {
    this.#refused.value = undefined;
    try {
      start();
    } catch (error) {
      this.#refused.value = error as Error;
      this.#host.tasks.log('error', 'A shared job did not start.', error);
    }
  }

  /** Shows the running job, or else the newest. */
  #follow(): void {
    this.#known = true;
    const job = this.jobs.open(name)[0]?.job ?? this.jobs.named(name)?.job;
    if (!job || job === this.#followed) return;
    this.#followed = job;
    this.#release();
    this.#release = this.jobs.hold(job.id);
    const known = isOver(job.status.peek());
    const outcome = signal<{ readonly result?: unknown; readonly error?: Error } | undefined>(undefined);
    this.#outcome = outcome;
    const settled = job.then(
      (result) => {
        outcome.value = { result };
      },
      (thrown: unknown) => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        outcome.value = { error };
        // Nobody else awaits it.
        if (!known && !(error instanceof CancelledError)) this.#host.tasks.log('error', 'A shared job failed.', error);
      },
    );
    this.#settled = known ? settled : Promise.resolve();
    this.#unshow();
    this.#unshow = effect(() => this.#show(job));
  }

  #show(job: Job<unknown, unknown>): void {
    const status = job.status.value;
    const outcome = this.#outcome.value;
    const refused = this.#refused.value;
    // More chunks may be durable now.
    void this.jobs.changes.value;
    const view = { progress: job.progress.value, position: job.position.value, attempt: job.attempt.value };
    // An end is shown together with its result or error.
    if (isOver(status) && !outcome) return;
    const error = outcome?.error ?? refused;
    // A copy, because an error of any class travels by name, message and stack.
    const shown = error && revive(capture(error));
    const info = this.#gather(job.id);
    const all: JobView = { ...view, status, result: outcome?.result, error: shown, info };
    const text = encode(all, 'A shared job');
    untracked(() => this.#host.show(text));
  }

  /** Takes the chunks that are durable by now. */
  #gather(job: string): JobInfo | undefined {
    const info = this.jobs.info(job);
    if (!info) return undefined;
    const output = this.#output;
    if (output.lacks(job, info.chunks)) {
      const { first, chunks } = this.jobs.chunks(job, output.job === job ? output.next : 0);
      output.take({ job, first, texts: chunks.map((chunk) => encode(chunk, 'A chunk of a shared job')) });
    }
    return { ...info, chunks: output.next };
  }
}
