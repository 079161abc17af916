import { sharedLimits } from '../limits.ts';

/** The ids of writes that were done, oldest first: one that is sent again is not done again. */
export class IdempotencyLog {
  /** When each was done, in milliseconds since the epoch. */
  readonly #ids = new Map<string, number>();
  /** Has a row written for an id, or deleted: then it is null. */
  readonly #keep: (id: string, row: string | null) => void;

  constructor(keep: (id: string, row: string | null) => void) {
    this.#keep = keep;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Remembers one, and forgets those that are old enough and above the caps. */
  add(id: string, now: number): void {
    const { writes, writesFor, writesMost } = sharedLimits;
    this.#ids.set(id, now);
    this.#keep(id, `${now}`);
    for (const [old, at] of this.#ids) {
      const { size } = this.#ids;
      if (size <= writes || (size <= writesMost && now - at < writesFor)) break;
      this.#ids.delete(old);
      this.#keep(old, null);
    }
  }

  /** Takes up what an earlier life of the object kept. */
  restore(rows: readonly (readonly [id: string, row: string])[]): void {
    const ids = rows.map(([id, row]) => [id, Number(row)] as const);
    for (const [id, at] of ids.sort((a, b) => a[1] - b[1])) this.#ids.set(id, at);
  }
}
