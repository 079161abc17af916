import { sharedLimits } from './limits.ts';
import type { Tail } from './protocol.ts';

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
    // The chunks between were dropped.
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
