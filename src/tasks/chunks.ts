import { taskLimits } from './limits.ts';

interface Batch {
  readonly chunks: readonly unknown[];
  readonly size: number;
  next: Batch | undefined;
}

interface Reader {
  count: number;
  size: number;
}

/**
 * What a task has yielded, in order, for any number of readers. Each reader starts with the oldest chunk that is still kept,
 * also after the end, and loses nothing from there on: batches form a list, and a reader holds on to its place in it.
 *
 *     head ─► batch ─► batch ─► batch (tail)      keeps the newest; moves on when they are too many
 *               ▲ reader          ▲ reader        keep what they have not read, which the back pressure bounds
 */
export class Chunks<C> implements AsyncIterable<C> {
  #head: Batch = { chunks: [], size: 0, next: undefined };
  #tail: Batch = this.#head;
  #kept: Reader = { count: 0, size: 0 };
  #dropped: Reader = { count: 0, size: 0 };
  #arrived: Reader = { count: 0, size: 0 };
  readonly #readers = new Set<Reader>();
  /** Made by whoever waits: most jobs have no reader. */
  #more: PromiseWithResolvers<void> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #end: { readonly error?: unknown } | undefined;
  readonly #opened: () => void;

  /** @param opened is called for each new reader. */
  constructor(opened: () => void) {
    this.#opened = opened;
  }

  /** The number of the oldest chunk that is still kept. */
  get first(): number {
    return this.#dropped.count;
  }

  /** The newest chunks that are kept, at most so many, oldest first. */
  latest(count: number): readonly C[] {
    const batches: Batch[] = [];
    for (let batch = this.#head.next; batch; batch = batch.next) batches.push(batch);
    const found: unknown[] = [];
    for (let batch = batches.pop(); batch && found.length < count; batch = batches.pop())
      found.unshift(...batch.chunks.slice(-count));
    return found.slice(-count) as C[];
  }

  /** Goes on after chunks that are not kept any more. Call it before anything else. */
  startAt(first: number): void {
    this.#dropped.count = this.#arrived.count = first;
  }

  push(chunks: readonly unknown[], size: number): void {
    if (this.#end || chunks.length === 0) return;
    this.#tail = this.#tail.next = { chunks, size, next: undefined };
    add(this.#kept, this.#tail);
    add(this.#arrived, this.#tail);
    while (
      (this.#kept.count > taskLimits.keptChunks || this.#kept.size > taskLimits.keptChunkBytes) &&
      this.#head.next !== this.#tail
    ) {
      const oldest = this.#head.next as Batch;
      this.#kept.count -= oldest.chunks.length;
      this.#kept.size -= oldest.size;
      add(this.#dropped, oldest);
      this.#head = { chunks: [], size: 0, next: oldest.next };
    }
    this.#wake();
  }

  /** No chunk follows. With an error, a reader throws it once it has read all. */
  end(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake();
    this.#release();
  }

  /** Resolves when the slowest reader is not too far behind; at once when nobody reads. */
  async room(): Promise<void> {
    while (!this.#end && [...this.#readers].some((reader) => this.#isBehind(reader))) {
      this.#room ??= Promise.withResolvers();
      await this.#room.promise;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<C, void, undefined> {
    this.#opened();
    return this.#read();
  }

  async *#read(): AsyncGenerator<C, void, undefined> {
    const reader = { ...this.#dropped };
    this.#readers.add(reader);
    try {
      for (let batch = this.#head; ; ) {
        for (const chunk of batch.chunks) yield chunk as C;
        add(reader, batch);
        this.#release();
        while (!batch.next) {
          if (this.#end) {
            if ('error' in this.#end) throw this.#end.error;
            return;
          }
          this.#more ??= Promise.withResolvers();
          await this.#more.promise;
        }
        batch = batch.next;
      }
    } finally {
      this.#readers.delete(reader);
      this.#release();
    }
  }

  #isBehind(reader: Reader): boolean {
    return (
      this.#arrived.count - reader.count > taskLimits.unreadChunks ||
      this.#arrived.size - reader.size > taskLimits.unreadChunkBytes
    );
  }

  #wake(): void {
    this.#more?.resolve();
    this.#more = undefined;
  }

  #release(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }
}

function add(total: Reader, batch: Batch): void {
  total.count += batch.chunks.length;
  total.size += batch.size;
}
