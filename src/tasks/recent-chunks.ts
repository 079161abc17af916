import { type ReadonlySignal, signal } from '../reactive/index.ts';
import { checkCloneable } from '../rpc/index.ts';

/** The newest of what has come so far, in order. */
export interface RecentChunks<T> extends ReadonlyArray<T> {
  /** How many came before them, and are not retained any more. */
  readonly first: number;
}

/** Turns items into a list of chunks, and takes ownership of them. `first` is the number of the first chunk. */
export function recentChunks<T>(items: T[], first: number): RecentChunks<T> {
  return Object.assign(items, { first });
}

/** The bounds of a {@link ChunkList}. */
const most = { count: 10_000, bytes: 1024 * 1024 };

/** A signal of the newest chunks of a job. Each report appends to it, and the oldest chunks are dropped. */
export class ChunkList<T> {
  readonly #signal;
  /** Approximate bytes of each chunk: its share of its report. */
  #sizes: number[] = [];
  #bytes = 0;

  /** @param chunks the present chunks; the first one has the number `first`. */
  constructor(chunks: readonly T[], first: number) {
    this.#signal = signal<RecentChunks<T>>(recentChunks([], first));
    const measured = checkCloneable(chunks, '', { written: true });
    this.append(chunks, measured.ok ? measured.bytes : 0);
  }

  get chunks(): ReadonlySignal<RecentChunks<T>> {
    return this.#signal;
  }

  /** Appends chunks. @param bytes their approximate size. */
  append(chunks: readonly T[], bytes: number): void {
    if (chunks.length === 0) return;
    const before = this.#signal.peek();
    const items = [...before, ...chunks];
    for (const _ of chunks) this.#sizes.push(bytes / chunks.length);
    this.#bytes += bytes;
    let drop = 0;
    // The newest chunk always stays.
    for (; drop < items.length - 1; drop++) {
      if (items.length - drop <= most.count && this.#bytes <= most.bytes) break;
      this.#bytes -= this.#sizes[drop] as number;
    }
    this.#sizes.splice(0, drop);
    this.#signal.value = recentChunks(items.slice(drop), before.first + drop);
  }
}
