import { type ReadonlySignal, signal } from '../../reactive/index.ts';
import { decode } from '../../storage/index.ts';
import { type RecentChunks, recentChunks } from '../../tasks/index.ts';
import { ChunkLog } from '../chunk-log.ts';
import type { Tail } from '../protocol.ts';

/** What a session's copy of an output needs. */
export interface ChunkReplicaHost {
  /** What follows a number in a job, of which there are so many chunks. */
  fetch(job: string, from: number, to: number): Promise<Tail>;
  pause(failures: number): Promise<void>;
  /** False ends the tries of what failed. */
  goesOn(failures: number): boolean;
  keepAlive(promise: Promise<unknown>): void;
}

/** A session's copy of what a shared job has yielded: it hears that there is more, and fetches it. */
export class ChunkReplica {
  readonly output = new ChunkLog();
  readonly #host: ChunkReplicaHost;
  readonly #chunks = signal<RecentChunks<unknown>>(recentChunks([], 0));
  #there: { readonly id: string; readonly chunks: number } | undefined;
  #fetching = false;
  #fetched: Promise<void> = Promise.resolve();

  /** @param kept what was here before a sleep. */
  constructor(host: ChunkReplicaHost, kept: Tail | undefined) {
    this.#host = host;
    if (kept) this.#take(kept);
  }

  get chunks(): ReadonlySignal<RecentChunks<unknown>> {
    return this.#chunks;
  }

  get fetching(): boolean {
    return this.#fetching;
  }

  /** Settles when there is nothing to fetch. */
  get fetched(): Promise<void> {
    return this.#fetched;
  }

  /** A job has yielded so many chunks. */
  hear(there: { readonly id: string; readonly chunks: number }): void {
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
        // Nothing new, or another job than the one that was heard of: what is heard next tells more, if it was not meanwhile.
        if (!more && this.#there === there) break;
      } catch {
        if (!this.#host.goesOn(++failures)) break;
        await this.#host.pause(failures);
      }
    }
    // At once: what is heard from now on needs another fetch.
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
