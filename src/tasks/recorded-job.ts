import type { ReadonlySignal } from '../reactive/index.ts';
import { type SettledResult, toError, toRejected } from '../rpc/index.ts';
import type { TaskHost } from './host.ts';
import { Job, JobControl, type JobEnd, type JobStatus } from './job.ts';
import { journal, type Step, unlessInterrupted } from './journal.ts';
import { recorded } from './recorded-signal.ts';

/** The job of a durable handler's call. The handler's journal records everything that the handler reads from it. */
export class RecordedJob<R, C> extends Job<R, C> {
  readonly #control: JobControl<R, C>;
  readonly #step: Step;
  readonly #stored: boolean;
  #result: Promise<R> | undefined;
  #watched = false;

  /** @param stored true for a job with a row. The journal stores the end of any other call. */
  constructor(control: JobControl<R, C>, step: Step, stored: boolean, id = '') {
    super(control, id);
    this.#control = control;
    this.#step = step;
    this.#stored = stored;
  }

  override get progress(): ReadonlySignal<number | null> {
    return this.#recorded('progress', super.progress);
  }

  override get status(): ReadonlySignal<JobStatus> {
    return this.#recorded('status', super.status);
  }

  override get position(): ReadonlySignal<number> {
    return this.#recorded('position', super.position);
  }

  override get attempt(): ReadonlySignal<number> {
    return this.#recorded('attempt', super.attempt);
  }

  override get chunks(): AsyncIterable<C> {
    if (this.#stored) return { [Symbol.asyncIterator]: () => this.#chunks() };
    this.#step.repeatOnReplay();
    return super.chunks;
  }

  override retain(): this {
    void this.#control.over.then(this.#step.waits());
    return this;
  }

  protected override result(): Promise<R> {
    this.#result ??= this.#recordedResult();
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

  #recorded<T>(name: string, signal: ReadonlySignal<T>): ReadonlySignal<T> {
    if (!this.#watched) {
      // Because a subscriber of the signals needs them until the job ends.
      this.#watched = true;
      this.retain();
    }
    return recorded(`${this.#step.name}.${name}`, signal);
  }

  async #recordedResult(): Promise<R> {
    const step = this.#step;
    const over = step.waits();
    try {
      const end = await unlessInterrupted(step, this.#control.settled());
      const turn = step.ready('result');
      if (turn) await turn;
      if (!end.ok) throw recordedError(end.error, (failure) => step.consumed(failure, this.#stored));
      return valueOf(step.consumed(end, this.#stored)) as R;
    } finally {
      over();
    }
  }

  async *#chunks(): AsyncGenerator<C, void, undefined> {
    const step = this.#step;
    // Dropped chunks count as received.
    for (let { first } = this.#control.chunks; first > 0; first--) step.chunk();
    const chunks = super.chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const over = step.waits();
        let next: IteratorResult<C, unknown>;
        try {
          next = await unlessInterrupted(step, chunks.next()).catch(async (error: unknown) => {
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
      // Not awaited, because it settles after the pending chunk, for which an interrupted handler must not wait.
      void chunks.return?.();
    }
  }
}

/** Returns the error for a handler, restored from its recorded text, so that a replay throws the same. An error without a text stays. */
export function recordedError(error: unknown, record: (failure: SettledResult) => SettledResult | undefined): unknown {
  const failure = toRejected(error);
  const recorded = record(failure);
  return !recorded || recorded === failure || recorded.ok ? error : toError(recorded);
}

function valueOf(settled: SettledResult): unknown {
  if (settled.ok) return settled.value;
  throw toError(settled);
}

/** Returns a job that neither starts nor settles, for an interrupted handler that runs on. */
export function neverSettlingJob<R, C>(host: TaskHost): Job<R, C> {
  return new Job(new JobControl<R, C>(host, 'The call', { cancel: () => {}, quiet: true }));
}
