import { type JobMessage, Jobs, type JobsHost } from '../../jobs/index.ts';
import { effect, signal, untracked } from '../../reactive/index.ts';
import { CancelledError, capture, revive } from '../../rpc/index.ts';
import { decode, encode } from '../../storage/index.ts';
import type { Job, JobInfo } from '../../tasks/index.ts';
import { ChunkLog } from '../chunk-log.ts';
import { isOver, type JobView } from '../job-view.ts';
import { sharedLimits } from '../limits.ts';
import type { Op } from '../protocol.ts';

/** The port of a shared job to its object. */
export interface SharedJobsHost extends Omit<JobsHost, 'ended' | 'watched' | 'send'> {
  readonly send: ((message: JobMessage) => Promise<void>) | undefined;
  /** Publishes a view to all sessions. */
  show(text: string): void;
}

const name = 'shared';

/** The job of a shared object. It has the same rows, attempts and outcome as a session's job, and all sessions see it. */
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
  /** Releases the shown job, which is retained so that its chunks and `retry()` work. */
  #release = () => {};

  constructor(host: SharedJobsHost) {
    this.#host = host;
    this.jobs = new Jobs({
      ...host,
      largest: sharedLimits.value,
      // The job belongs to no page, because only sessions know their pages.
      ended: () => {},
      watched: () => true,
      // No job is dropped before the restore, because the shown job is unknown until then.
      continued: () => this.#known,
    });
  }

  /** Restores the job of an earlier activation. Settles when the view is ready. */
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

  /** Shows a failed start in the view, because the caller's own call has returned. */
  #attempt(start: () => unknown): void {
    this.#refused.value = undefined;
    try {
      start();
    } catch (error) {
      this.#refused.value = error as Error;
      this.#host.tasks.log('error', 'A shared job did not start.', error);
    }
  }

  /** Shows the running job, or otherwise the newest. */
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
        // Handled here, because no other code awaits it.
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
    // The view is computed again, because more chunks may be durable now.
    void this.jobs.changes.value;
    const view = { progress: job.progress.value, position: job.position.value, attempt: job.attempt.value };
    // An ended job is shown only with its result or error.
    if (isOver(status) && !outcome) return;
    const error = outcome?.error ?? refused;
    // The error is copied, because only name, message and stack of an error travel.
    const shown = error && revive(capture(error));
    const info = this.#gather(job.id);
    const all: JobView = { ...view, status, result: outcome?.result, error: shown, info };
    const text = encode(all, 'A shared job');
    untracked(() => this.#host.show(text));
  }

  /** Copies the durable chunks into the log. */
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
