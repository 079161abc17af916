import { sharedLimits } from './limits.ts';
import type { Tail } from './protocol.ts';

/** The newest chunks of a shared job, as texts. Each has a number, from 0, so repeated and partial deliveries count once. */
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

  /** Number of characters of all chunks. */
  get size(): number {
    return this.#size;
  }

  /** Appends the chunks of a delivery. Chunks of another job replace the present ones. @returns true when that changed anything. */
  take({ job, first, texts }: Tail): boolean {
    const other = job !== this.#job;
    if (other) this.#restart(job, first);
    // The gap is accepted, because the sender has dropped the chunks between.
    else if (first > this.next) this.#restart(job, first);
    const fresh = texts.slice(this.next - first);
    this.#texts.push(...fresh);
    for (const text of fresh) this.#size += text.length;
    this.#trim();
    return other || fresh.length > 0;
  }

  /** Returns the chunks of a job from a number on, or all retained chunks when they belong to another job. */
  since(job: string, from: number): Tail {
    const first = job === this.#job ? Math.min(this.next, Math.max(from, this.#first)) : this.#first;
    return { job: this.#job, first, texts: this.#texts.slice(first - this.#first) };
  }

  /** Returns true when the job has yielded more chunks than this log has received. */
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
    // The newest chunk is always retained.
    for (; drop < this.#texts.length - 1; drop++) {
      if (this.#texts.length - drop <= chunks && this.#size <= output) break;
      this.#size -= (this.#texts[drop] as string).length;
    }
    this.#texts.splice(0, drop);
    this.#first += drop;
  }
}
