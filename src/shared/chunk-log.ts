import { type ReadonlySignal, signal } from '../reactive/index.ts';
import { decode } from '../storage/index.ts';
import { sharedLimits } from './limits.ts';
import type { Tail } from './protocol.ts';

/** The newest of what has come so far, in order. */
export interface RecentChunks<T> extends ReadonlyArray<T> {
  /** How many came before them, and are not kept any more. */
  readonly first: number;
}

/** The newest chunks that a shared job has yielded, as texts. Each has a number, from 0: what comes twice or in pieces is taken once. */
export class ChunkLog {
  #job = '';
  #first = 0;
  #texts: string[] = [];
  #size = 0;

  /** Id of the job; '' before the first. */
  get job(): string {
    return this.#job;
  }

  /** The number of the oldest chunk. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next chunk will have. */
  get next(): number {
    return this.#first + this.#texts.length;
  }

  /** Characters of all. */
  get size(): number {
    return this.#size;
  }

  /** Takes what follows, or another job in place of this one. @returns whether that changed anything. */
  take({ job, first, texts }: Tail): boolean {
    const other = job !== this.#job;
    if (other) this.#restart(job, first);
    // Those between are not kept any more.
    else if (first > this.next) this.#restart(job, first);
    const fresh = texts.slice(this.next - first);
    this.#texts.push(...fresh);
    for (const text of fresh) this.#size += text.length;
    this.#trim();
    return other || fresh.length > 0;
  }

  /** What follows a number in a job; all there is of another one when that is here instead. */
  since(job: string, from: number): Tail {
    const first = job === this.#job ? Math.min(this.next, Math.max(from, this.#first)) : this.#first;
    return { job: this.#job, first, texts: this.#texts.slice(first - this.#first) };
  }

  /** True when a job has yielded more than is here. */
  lacks(job: string, chunks: number): boolean {
    return job !== this.#job || chunks > this.next;
  }

  #restart(job: string, first: number): void {
    this.#job = job;
    this.#first = first;
    this.#texts = [];
    this.#size = 0;
  }

  #trim(): void {
    const { chunks, output } = sharedLimits;
    let drop = 0;
    // The newest one stays in any case.
    for (; drop < this.#texts.length - 1; drop++) {
      if (this.#texts.length - drop <= chunks && this.#size <= output) break;
      this.#size -= (this.#texts[drop] as string).length;
    }
    this.#texts.splice(0, drop);
    this.#first += drop;
  }
}

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

function recentChunks<T>(items: T[], first: number): RecentChunks<T> {
  return Object.assign(items, { first });
}
