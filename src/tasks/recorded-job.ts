import type { ReadonlySignal } from '../reactive/index.ts';
import { type SettledResult, toError, toRejected } from '../rpc/index.ts';
import type { TaskHost } from './host.ts';
import { controlOf, Job, JobControl, type JobEnd, type JobStatus } from './job.ts';
import { journal, type Step } from './journal.ts';
import { recorded } from './recorded-signal.ts';

/** A call as a durable handler sees it: what the handler takes from it is noted in the handler's journal. */
export class RecordedJob<R, C> extends Job<R, C> {
  readonly #control: JobControl<R, C>;
  readonly #step: Step;
  readonly #kept: boolean;
  #result: Promise<R> | undefined;
  #watched = false;

  /** @param kept true for a job that is a row, and can be found again; the ending of any other call is kept in the journal. */
  constructor(job: Job<R, C>, step: Step, kept: boolean) {
    const control = controlOf(job);
    super(control, job.id);
    this.#control = control;
    this.#step = step;
    this.#kept = kept;
  }

  override get progress(): ReadonlySignal<number | null> {
    return this.#told('progress', super.progress);
  }

  override get status(): ReadonlySignal<JobStatus> {
    return this.#told('status', super.status);
  }

  override get position(): ReadonlySignal<number> {
    return this.#told('position', super.position);
  }

  override get attempt(): ReadonlySignal<number> {
    return this.#told('attempt', super.attempt);
  }

  override get chunks(): AsyncIterable<C> {
    if (this.#kept) return { [Symbol.asyncIterator]: () => this.#chunks() };
    this.#step.unkept();
    return super.chunks;
  }

  protected override result(): Promise<R> {
    this.#result ??= this.#noted();
    return this.#result;
  }

  override get end(): JobEnd<R> | undefined {
    const read = () => {
      const { end } = this.#control;
      return end && !end.ok ? toRejected(end.error) : end;
    };
    const running = journal.get();
    const end = (running ? running.recordRead(`${this.#step.name}.end`, read) : read()) as SettledResult | undefined;
    return end && !end.ok ? { ok: false, error: toError(end) } : (end as JobEnd<R> | undefined);
  }

  #told<T>(name: string, signal: ReadonlySignal<T>): ReadonlySignal<T> {
    if (!this.#watched) {
      // Whatever follows the signals follows them to the end.
      this.#watched = true;
      void this.#control.over.then(this.#step.waits());
    }
    return recorded(`${this.#step.name}.${name}`, signal);
  }

  async #noted(): Promise<R> {
    const step = this.#step;
    const over = step.waits();
    try {
      const end = await this.#unlessInterrupted(
        super.result().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
      );
      await step.ready('result');
      if ('error' in end) throw recordedError(end.error, (failure) => step.consumed(failure, this.#kept));
      return valueOf(step.consumed({ ok: true, value: end.value }, this.#kept)) as R;
    } finally {
      over();
    }
  }

  async *#chunks(): AsyncGenerator<C, void, undefined> {
    const step = this.#step;
    // Chunks that are not kept any more count as taken.
    for (let { first } = this.#control.chunks; first > 0; first--) step.chunk();
    const chunks = super.chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const over = step.waits();
        let next: IteratorResult<C, unknown>;
        try {
          next = await this.#unlessInterrupted(chunks.next()).catch(async (error: unknown) => {
            await step.ready('end');
            throw recordedError(error, (failure) => step.ended(failure));
          });
          await step.ready(next.done ? 'end' : 'chunk');
          if (next.done) step.ended();
          else step.chunk();
        } finally {
          over();
        }
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // Not awaited: it comes after the chunk that is asked for, and a handler that was interrupted is not to wait for that.
      void chunks.return?.();
    }
  }

  #unlessInterrupted<T>(promise: Promise<T>): Promise<T> {
    const { interrupted } = this.#step;
    return interrupted ? Promise.race([promise, interrupted]) : promise;
  }
}

/** The error that a handler is to get: made of its text, so that a replay gets the same one. An error without a text is thrown as it is. */
export function recordedError(error: unknown, record: (failure: SettledResult) => SettledResult | undefined): unknown {
  const failure = toRejected(error);
  const recorded = record(failure);
  return !recorded || recorded === failure || recorded.ok ? error : toError(recorded);
}

function valueOf(settled: SettledResult): unknown {
  if (settled.ok) return settled.value;
  throw toError(settled);
}

/** What a handler gets that was told that it cannot go on, and goes on nevertheless: a job that neither begins nor ends. */
export function neverSettlingJob<R, C>(host: TaskHost): Job<R, C> {
  return new Job(new JobControl<R, C>(host, 'The call', { cancel: () => {}, quiet: true }));
}
