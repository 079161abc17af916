import type { ReadonlySignal } from '../reactive/index.ts';
import { taskLimits } from '../rpc/index.ts';
import { decode, encode } from '../storage/index.ts';
import { ChunkList, type RecentChunks } from './recent-chunks.ts';

interface Batch {
  readonly chunks: readonly unknown[];
  readonly size: number;
  next: Batch | undefined;
}

interface Reader {
  count: number;
  size: number;
}

/** Chunks that outlive this memory, which then holds only the newest. */
export interface StoredChunkSource {
  /** The number of the oldest. */
  readonly first: number;
  /**
   * Some of them in order, from a number on or from before it.
   *
   * @returns the number of the first of these, and none when none from there on are kept.
   */
  from(number: number): { readonly first: number; readonly chunks: readonly unknown[] };
}

/**
 * What a task has yielded, in order, for any number of readers. Each gets copies, and starts with the oldest chunk that is still kept,
 * also after the end, and loses nothing from there on: batches form a list, and a reader holds on to its place in it.
 *
 *     kept elsewhere ┊ head ─► batch ─► batch ─► batch (tail)      holds the newest; moves on when they are too many
 *        ▲ reader    ┊            ▲ reader        ▲ reader         hold what they have not read, which the back pressure bounds
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
  /** Made when it is asked for: most jobs are not shown as a list. */
  #recent: ChunkList<C> | undefined;
  readonly #opened: () => void;
  readonly #elsewhere: StoredChunkSource | undefined;
  readonly #most: Reader;

  /**
   * @param opened is called for each new reader.
   * @param elsewhere has the chunks that are not held here any more; without it they are gone.
   */
  constructor(opened: () => void, elsewhere?: StoredChunkSource) {
    this.#opened = opened;
    this.#elsewhere = elsewhere;
    this.#most = elsewhere
      ? { count: taskLimits.heldChunks, size: taskLimits.heldChunkBytes }
      : { count: taskLimits.keptChunks, size: taskLimits.keptChunkBytes };
  }

  /** The number of the oldest chunk that is still kept. */
  get first(): number {
    return this.#elsewhere?.first ?? this.#dropped.count;
  }

  /** The newest chunks as a list that grows. */
  get recent(): ReadonlySignal<RecentChunks<C>> {
    if (!this.#recent) {
      const chunks = this.latest(Number.MAX_SAFE_INTEGER);
      this.#recent = new ChunkList(chunks.map(copyOf), this.#arrived.count - chunks.length);
    }
    return this.#recent.chunks;
  }

  /** The newest chunks that are kept, at most so many, oldest first. */
  latest(count: number): readonly C[] {
    const found: unknown[] = [];
    let at = Math.max(this.first, this.#arrived.count - count);
    while (at < this.#dropped.count) {
      const older = this.#older(at);
      found.push(...older.chunks);
      at = older.next;
    }
    let number = this.#dropped.count;
    for (let batch = this.#head.next; batch; batch = batch.next) {
      found.push(...batch.chunks.slice(Math.max(0, at - number)));
      number += batch.chunks.length;
    }
    return found.slice(-count) as C[];
  }

  /** Goes on after so many chunks, which are not held here. Call it before anything else. */
  startAt(count: number): void {
    this.#dropped.count = this.#arrived.count = count;
  }

  push(chunks: readonly unknown[], size: number): void {
    if (this.#end || chunks.length === 0) return;
    this.#tail = this.#tail.next = { chunks, size, next: undefined };
    add(this.#kept, this.#tail);
    add(this.#arrived, this.#tail);
    this.#recent?.append(
      chunks.map((chunk) => copyOf(chunk as C)),
      size,
    );
    while (
      (this.#kept.count > this.#most.count || this.#kept.size > this.#most.size) &&
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
    const reader = { ...this.#dropped, count: this.first };
    this.#readers.add(reader);
    try {
      while (reader.count < this.#dropped.count) {
        const { chunks, next } = this.#older(reader.count);
        reader.count = next - chunks.length;
        for (const chunk of chunks) {
          yield copyOf(chunk as C);
          reader.count++;
        }
        this.#release();
      }
      let [batch, taken] = this.#placeOf(reader);
      for (;;) {
        while (!batch.next) {
          if (this.#end) {
            if ('error' in this.#end) throw this.#end.error;
            return;
          }
          this.#more ??= Promise.withResolvers();
          await this.#more.promise;
        }
        batch = batch.next;
        for (const chunk of taken > 0 ? batch.chunks.slice(taken) : batch.chunks) yield copyOf(chunk as C);
        taken = 0;
        add(reader, batch);
        this.#release();
      }
    } finally {
      this.#readers.delete(reader);
      this.#release();
    }
  }

  /** Some chunks from a number on that are not held here, and the number after them: the oldest give way also while somebody reads. */
  #older(from: number): { readonly chunks: readonly unknown[]; readonly next: number } {
    const { first, chunks } = this.#elsewhere?.from(from) ?? { first: from, chunks: [] };
    const ahead = Math.max(0, from - first);
    if (chunks.length <= ahead) return { chunks: [], next: this.#dropped.count };
    return { chunks: chunks.slice(ahead), next: first + chunks.length };
  }

  /** The last batch that a reader has read, which then counts up to there, and how many chunks of the next one it has read. */
  #placeOf(reader: Reader): [Batch, number] {
    const { count } = reader;
    let batch = this.#head;
    Object.assign(reader, this.#dropped);
    while (batch.next && reader.count + batch.next.chunks.length <= count) {
      batch = batch.next;
      add(reader, batch);
    }
    return [batch, count - reader.count];
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

/** The chunk as it was sent, which its reader may change: another one, and whoever reads again, gets a copy of its own. */
function copyOf<C>(chunk: C): C {
  if (typeof chunk !== 'object' || chunk === null) return chunk;
  try {
    return decode(encode(chunk, 'A chunk')) as C;
  } catch {
    return chunk; // such as a stream, which there is only once
  }
}
