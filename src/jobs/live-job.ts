import type { Timer } from '../clock/index.ts';
import { packFiles } from '../file-ref/index.ts';
import type { StopSignal, TaskCall } from '../rpc/index.ts';
import { decode, encode, type Store } from '../storage/index.ts';
import { Job, JobControl, type StoredChunkSource, type TaskHost } from '../tasks/index.ts';
import { errorOf } from './job-errors.ts';
import { jobLimits } from './limits.ts';
import { chunksIn, firstChunk, joined, type Part, partOfChunk, partsOf, partsOfChunks, pieces } from './parts.ts';
import { isOpen, type JobRecord } from './record.ts';

/** What {@link LiveJob} needs of its session. */
export interface LiveHost {
  readonly store: Store;
  readonly tasks: TaskHost;
  /** See {@link JobsHost.largest}. */
  readonly largest: number;
  cancel(live: LiveJob, reason: string | undefined): void;
}

/**
 * A job in memory: its record, its pending parts, and a lazily created handle for authors. An ended job retains only its
 * record, unless somebody holds its handle.
 */
export class LiveJob {
  record: JobRecord;
  /** Callbacks for the commit of the record. */
  after: (() => void)[] = [];
  /** Stops the attempt that runs in this object. */
  stop: StopSignal | undefined;
  timer: Timer | undefined;
  /** Position in the queue, from 1; 0 for a job that does not wait. */
  #position = 0;
  /** Time of the last stored heartbeat of the running attempt. */
  heartbeatStored = 0;
  /** Number of open handlers and named jobs that may look it up. */
  retained = 0;
  readonly #host: LiveHost;
  /** True for a job of an earlier activation, whose failure was logged then. */
  readonly #restored: boolean;
  #control: JobControl<unknown, unknown> | undefined;
  #face: Job<unknown, unknown> | undefined;
  #faded: WeakRef<Job<unknown, unknown>> | undefined;
  #parts: Part[] = [];
  #newCheckpoint = false;
  #dropBefore: number | undefined;

  constructor(host: LiveHost, record: JobRecord, restored: boolean) {
    this.#host = host;
    this.record = record;
    this.#restored = restored;
  }

  get open(): boolean {
    return isOpen(this.record);
  }

  /** Characters that it stores once it has ended. */
  get stored(): number {
    return this.record.size + this.record.chunkSize;
  }

  /** The control of the handle; undefined before the handle exists. */
  get control(): JobControl<unknown, unknown> | undefined {
    return this.#control;
  }

  /** The handle for authors. */
  get handle(): Job<unknown, unknown> {
    const known = this.#face ?? this.#faded?.deref();
    return known ?? this.#show();
  }

  set(change: Partial<JobRecord>): void {
    this.record = { ...this.record, ...change };
  }

  /** Sets the position in the queue. */
  place(position: number): void {
    this.#position = position;
    this.#control?.place(position);
  }

  /** Releases the handle of a job that has ended and notified its awaiters. */
  releaseHandle(): void {
    if (this.#face) this.#faded = new WeakRef(this.#face);
    this.#face = undefined;
    this.#control = undefined;
  }

  // ---- arguments, result, chunks, checkpoint

  /**
   * The arguments as they were at the start, the same for each attempt. Long ones are read from storage, so a thousand
   * waiting jobs have none in memory.
   */
  get args(): readonly unknown[] {
    if (this.record.size === 0) return [];
    return decode(this.#stored('args') ?? '[]') as readonly unknown[];
  }

  /** The call of the next attempt. */
  get call(): TaskCall {
    const { id, attempt, task } = this.record;
    const { checkpoint } = this;
    return { id, attempt, task, ...packFiles(this.args), ...(checkpoint && { checkpoint }) };
  }

  /** Stores the arguments. @throws {TypeError} when they cannot be serialised. */
  storeArgs(args: readonly unknown[]): void {
    if (args.length > 0) this.#store('args', encode(args, `The arguments of task "${this.record.task}"`));
  }

  /**
   * Stores the result.
   *
   * @throws {TypeError} when it cannot be serialised.
   * @throws {RangeError} when it is too large.
   */
  storeResult(value: unknown): void {
    const what = `The result of task "${this.record.task}"`;
    const text = encode(value, what);
    this.#checkSize(text, what);
    this.#store('result', text);
  }

  #checkSize(text: string, what: string): void {
    const { largest } = this.#host;
    if (text.length <= largest) return;
    throw new RangeError(
      `${what} has ${text.length} characters; the limit is ${largest}. Put it into R2 or a database, and return its key.`,
    );
  }

  /** The value of the last checkpoint. */
  get checkpoint(): { readonly value: unknown } | undefined {
    if (this.record.checkpoint === null) return undefined;
    const text = joined(this.#read('checkpoint'));
    return text === undefined ? undefined : { value: decode(text) };
  }

  /**
   * Stores a checkpoint.
   *
   * @param chunks number of chunks before it.
   * @param progress the progress that came with it or before it.
   * @throws {TypeError} when it cannot be serialised.
   */
  storeCheckpoint(value: unknown, chunks: number, progress: number | null): void {
    const text = encode(value, `A checkpoint of task "${this.record.task}"`);
    this.#replaceCheckpoint(partsOf('checkpoint', text));
    this.set({ checkpoint: chunks, checkpointSize: text.length, checkpointProgress: progress });
  }

  /** Drops the checkpoint of an ended job, because no attempt follows. */
  dropCheckpoint(): void {
    if (this.record.checkpoint === null) return;
    this.#replaceCheckpoint([]);
    this.set({ checkpoint: null, checkpointSize: 0, checkpointProgress: null });
  }

  #replaceCheckpoint(parts: readonly Part[]): void {
    this.#parts = [...this.#parts.filter(({ type }) => type !== 'checkpoint'), ...parts];
    this.#newCheckpoint = true;
  }

  /**
   * Appends chunks. Above the caps the oldest are dropped.
   *
   * @throws {TypeError} when they cannot be serialised.
   * @throws {RangeError} when one is too large.
   */
  storeChunks(chunks: readonly unknown[]): void {
    const { task, chunks: before, dropped, chunkSize } = this.record;
    if (this.#host.largest < Number.POSITIVE_INFINITY) {
      const what = `A chunk of task "${task}"`;
      for (const chunk of chunks) this.#checkSize(encode(chunk, what), what);
    }
    const parts = partsOfChunks(chunks, before, `Chunks of task "${task}"`);
    this.#parts.push(...parts);
    const total = before + chunks.length;
    const size = chunkSize + sizeOf(parts);
    this.set({ chunks: total, chunkSize: size });
    if (total - dropped <= jobLimits.chunks * 1.1 && size <= jobLimits.chunkSize * 1.1) return;
    this.#dropOldest();
  }

  /** Returns some parts of chunks in order, starting with the part that contains this chunk. */
  chunkParts(chunk: number): readonly Part[] {
    const { store } = this.#host;
    const { id } = this.record;
    const at = Math.max(partOfChunk(chunk), this.#dropBefore ?? 0);
    const parts = store.parts(id, 'chunk', at, jobLimits.page);
    if (parts.length < jobLimits.page) return [...parts, ...this.#parts.filter(({ type }) => type === 'chunk')];
    // The page may end inside the last chunk.
    const last = firstChunk(parts.at(-1) as Part);
    const whole = parts.filter((part) => firstChunk(part) < last);
    if (whole.length > 0) return whole;
    return store.parts(id, 'chunk', partOfChunk(last), pieces).filter((part) => firstChunk(part) === last);
  }

  /** Drops the oldest whole parts above the caps, but never the newest part. */
  #dropOldest(): void {
    const { chunks, dropped } = this.record;
    let { chunkSize } = this.record;
    let from = dropped;
    /** Characters of the chunks from `from` on. */
    let size = 0;
    for (const part of this.#read('chunk')) {
      const first = firstChunk(part);
      if (first > from) {
        if (chunks - from <= jobLimits.chunks && chunkSize <= jobLimits.chunkSize) break;
        chunkSize -= size;
        from = first;
        size = 0;
      }
      size += part.value.length;
    }
    this.#dropBefore = partOfChunk(from);
    this.#parts = this.#parts.filter(({ type, n }) => type !== 'chunk' || n >= partOfChunk(from));
    this.set({ dropped: from, chunkSize });
  }

  /** Returns the stored and pending parts of one kind. */
  #read(type: Part['type']): readonly Part[] {
    const waiting = this.#parts.filter((part) => part.type === type);
    if (type !== 'chunk' && waiting.length > 0) return waiting;
    const drop = this.#dropBefore ?? 0;
    const stored = this.#host.store.parts(this.record.id, type).filter(({ n }) => type !== 'chunk' || n >= drop);
    return [...stored, ...waiting];
  }

  /** Stores a text in the row while it is short, otherwise as parts. */
  #store(type: 'args' | 'result', text: string): void {
    const inRow = text.length <= jobLimits.inRow;
    this.set({ size: this.record.size + text.length, ...(inRow && { [type]: text }) });
    if (!inRow) this.#parts.push(...partsOf(type, text));
  }

  #stored(type: 'args' | 'result'): string | undefined {
    return this.record[type] ?? joined(this.#read(type));
  }

  // ---- durability

  /** Writes the row and its pending parts into the running transaction. */
  persist(store: Store): void {
    const { record } = this;
    if (record.state.status === 'running') this.heartbeatStored = record.state.beat;
    store.writeJob({
      job: record.id,
      open: isOpen(record) ? 1 : 0,
      created: record.created,
      // JSON where it suffices, because the row is written often and JSON is faster. Only an error may need more.
      state: 'error' in record.state ? encode(record, 'A job') : JSON.stringify(record),
    });
    if (this.#newCheckpoint) store.deleteParts(record.id, 'checkpoint');
    for (const part of this.#parts) store.writePart({ job: record.id, ...part });
    if (this.#dropBefore !== undefined) store.deleteParts(record.id, 'chunk', this.#dropBefore);
  }

  persisted(): void {
    this.#parts = [];
    this.#newCheckpoint = false;
    this.#dropBefore = undefined;
  }

  // ---- the handle

  #show(): Job<unknown, unknown> {
    const { record } = this;
    const { id, task, state } = record;
    const control = new JobControl<unknown, unknown>(this.#host.tasks, `Task "${task}"`, {
      cancel: (reason) => this.#host.cancel(this, reason),
      quiet: this.#restored,
      chunks: new StoredChunks(this),
    });
    const job = new Job(control, id);
    control.restore({
      status: state.status === 'running' ? 'running' : 'waiting',
      progress: record.progress,
      attempt: record.attempt,
      position: isOpen(record) ? this.#position : 0,
      chunks: record.chunks,
    });
    if (isOpen(record)) {
      this.#control = control;
      this.#face = job;
      return job;
    }
    const error = errorOf(task, record.state as Parameters<typeof errorOf>[1]);
    if (error) control.fail(error, record.state.status as 'failed');
    else control.succeed(decode(this.#stored('result') ?? 'null'));
    this.#faded = new WeakRef(job);
    return job;
  }
}

/** The stored chunks of a job, for readers of chunks that are no longer in memory. */
class StoredChunks implements StoredChunkSource {
  readonly #live: LiveJob;

  constructor(live: LiveJob) {
    this.#live = live;
  }

  get first(): number {
    return this.#live.record.dropped;
  }

  from(chunk: number): { readonly first: number; readonly chunks: readonly unknown[] } {
    const parts = this.#live.chunkParts(chunk);
    const [begin] = parts;
    return { first: begin ? firstChunk(begin) : chunk, chunks: chunksIn(parts) };
  }
}

function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.value.length, 0);
}
