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

/** A durable source of the chunks that memory no longer has. */
export interface StoredChunkSource {
  /** The number of the oldest stored chunk. */
  readonly first: number;
  /**
   * Reads some chunks in order, starting at or before a number.
   *
   * @returns the chunks and the number of the first; no chunks when none from there on are stored.
   */
  from(number: number): { readonly first: number; readonly chunks: readonly unknown[] };
}

/**
 * The chunks of a task in order, for any number of readers. Each reader gets copies, starts with the oldest retained chunk,
 * also after the end, and misses none from there on: batches form a linked list, and a reader retains its batch.
 *
 *     stored in rows ┊ head ─► batch ─► batch ─► batch (tail)      the newest chunks; the head advances above the caps
 *        ▲ reader    ┊            ▲ reader        ▲ reader         retain their unread batches, which back pressure bounds
 */
export class Chunks<C> implements AsyncIterable<C> {
  #head: Batch = { chunks: [], size: 0, next: undefined };
  #tail: Batch = this.#head;
  #buffered: Reader = { count: 0, size: 0 };
  #dropped: Reader = { count: 0, size: 0 };
  #arrived: Reader = { count: 0, size: 0 };
  readonly #readers = new Set<Reader>();
  /** Created by the first waiter, because most jobs have no reader. */
  #more: PromiseWithResolvers<void> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #end: { readonly error?: unknown } | undefined;
  /** Created on the first read, because most jobs are not shown as a list. */
  #recent: ChunkList<C> | undefined;
  readonly #opened: () => void;
  readonly #elsewhere: StoredChunkSource | undefined;
  readonly #most: Reader;

  /**
   * @param opened called for each new reader.
   * @param elsewhere source of the chunks that memory dropped; without it they are lost.
   */
  constructor(opened: () => void, elsewhere?: StoredChunkSource) {
    this.#opened = opened;
    this.#elsewhere = elsewhere;
    this.#most = elsewhere
      ? { count: taskLimits.heldChunks, size: taskLimits.heldChunkBytes }
      : { count: taskLimits.recentChunks, size: taskLimits.recentChunkBytes };
  }

  /** The number of the oldest chunk that a reader can get. */
  get first(): number {
    return this.#elsewhere?.first ?? this.#dropped.count;
  }

  /** A signal of the newest chunks, to which each report appends. */
  get recent(): ReadonlySignal<RecentChunks<C>> {
    if (!this.#recent) {
      const chunks = this.latest(Number.MAX_SAFE_INTEGER);
      this.#recent = new ChunkList(chunks.map(copyOf), this.#arrived.count - chunks.length);
    }
    return this.#recent.chunks;
  }

  /** Returns at most `count` of the newest chunks, oldest first. */
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

  /** Sets the number of chunks that exist already, outside of memory. Call it before any other method. */
  startAt(count: number): void {
    this.#dropped.count = this.#arrived.count = count;
  }

  push(chunks: readonly unknown[], size: number): void {
    if (this.#end || chunks.length === 0) return;
    this.#tail = this.#tail.next = { chunks, size, next: undefined };
    add(this.#buffered, this.#tail);
    add(this.#arrived, this.#tail);
    this.#recent?.append(
      chunks.map((chunk) => copyOf(chunk as C)),
      size,
    );
    while (
      (this.#buffered.count > this.#most.count || this.#buffered.size > this.#most.size) &&
      this.#head.next !== this.#tail
    ) {
      const oldest = this.#head.next as Batch;
      this.#buffered.count -= oldest.chunks.length;
      this.#buffered.size -= oldest.size;
      add(this.#dropped, oldest);
      this.#head = { chunks: [], size: 0, next: oldest.next };
    }
    this.#wake();
  }

  /** Ends the chunks. With an error, each reader throws it after the last chunk. */
  end(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake();
    this.#release();
  }

  /** Resolves when the slowest reader has caught up far enough; immediately without readers. */
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

  /** Reads some chunks that memory dropped, and returns the number after them. The oldest may be dropped while a reader reads. */
  #older(from: number): { readonly chunks: readonly unknown[]; readonly next: number } {
    const { first, chunks } = this.#elsewhere?.from(from) ?? { first: from, chunks: [] };
    const ahead = Math.max(0, from - first);
    if (chunks.length <= ahead) return { chunks: [], next: this.#dropped.count };
    return { chunks: chunks.slice(ahead), next: first + chunks.length };
  }

  /** Returns the last batch that a reader has read completely, and how many chunks of the next one it has read. */
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

/** Returns a copy of a chunk, because a reader may change its chunk and every reader must get the original. */
function copyOf<C>(chunk: C): C {
  if (typeof chunk !== 'object' || chunk === null) return chunk;
  try {
    return decode(encode(chunk, 'A chunk')) as C;
  } catch {
    return chunk; // such as a stream, which cannot be copied
  }
}
