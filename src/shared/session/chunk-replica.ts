import { type ReadonlySignal, signal } from '../../reactive/index.ts';
import { decode } from '../../storage/index.ts';
import { type RecentChunks, recentChunks } from '../../tasks/index.ts';
import { ChunkLog } from '../chunk-log.ts';
import type { Tail } from '../protocol.ts';

/** The port of a replica of chunks to its session. */
export interface ChunkReplicaHost {
  /** Fetches the chunks of a job from a number on, up to `to`. */
  fetch(job: string, from: number, to: number): Promise<Tail>;
  pause(failures: number): Promise<void>;
  /** Returns false to stop after a number of failures. */
  goesOn(failures: number): boolean;
  keepAlive(promise: Promise<unknown>): void;
}

/** A session's replica of a shared job's chunks. A push has their number, and the replica fetches the missing ones. */
export class ChunkReplica {
  readonly output = new ChunkLog();
  readonly #host: ChunkReplicaHost;
  readonly #chunks = signal<RecentChunks<unknown>>(recentChunks([], 0));
  #there: { readonly id: string; readonly chunks: number } | undefined;
  #fetching = false;
  #fetched: Promise<void> = Promise.resolve();

  /** @param stored the chunks from before the hibernation. */
  constructor(host: ChunkReplicaHost, stored: Tail | undefined) {
    this.#host = host;
    if (stored) this.#take(stored);
  }

  get chunks(): ReadonlySignal<RecentChunks<unknown>> {
    return this.#chunks;
  }

  get fetching(): boolean {
    return this.#fetching;
  }

  /** Settles when no chunk is missing. */
  get fetched(): Promise<void> {
    return this.#fetched;
  }

  /** Takes the number of a job's chunks from a push. */
  announce(there: { readonly id: string; readonly chunks: number }): void {
    this.#there = there;
    if (!this.output.lacks(there.id, there.chunks)) return;
    if (there.chunks === 0) {
      this.#take({ job: there.id, first: 0, texts: [] });
      return;
    }
    if (this.#fetching) return;
    this.#fetching = true;
    this.#fetched = this.#fetch();
    this.#host.keepAlive(this.#fetched);
  }

  async #fetch(): Promise<void> {
    const { output } = this;
    for (let failures = 0; this.#there && output.lacks(this.#there.id, this.#there.chunks); ) {
      const there = this.#there;
      const { id, chunks } = there;
      try {
        const tail = await this.#host.fetch(id, output.job === id ? output.next : 0, chunks);
        failures = 0;
        const more = this.#take(tail) && tail.job === id;
        // The answer has no new chunk, or belongs to another job. The next push starts another fetch.
        if (!more && this.#there === there) break;
      } catch {
        if (!this.#host.goesOn(++failures)) break;
        await this.#host.pause(failures);
      }
    }
    // Cleared at once, because a later push needs another fetch.
    this.#fetching = false;
  }

  #take(tail: Tail): boolean {
    const { job, first, next } = this.output;
    if (!this.output.take(tail)) return false;
    const { output } = this;
    const before = output.job === job && output.first <= next ? this.#chunks.peek().slice(output.first - first) : [];
    const from = output.first + before.length;
    const fresh = output.since(output.job, from).texts.map(decode);
    this.#chunks.value = recentChunks([...before, ...fresh], output.first);
    return true;
  }
}
