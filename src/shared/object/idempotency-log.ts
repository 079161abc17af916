import { sharedLimits } from '../limits.ts';

/** The ids of applied writes, oldest first, so that a repeated write is applied once. */
export class IdempotencyLog {
  /** The time at which each was applied, in milliseconds since the epoch. */
  readonly #ids = new Map<string, number>();
  /** Writes the row of an id. Null deletes the row. */
  readonly #store: (id: string, row: string | null) => void;

  constructor(store: (id: string, row: string | null) => void) {
    this.#store = store;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds an id, and drops old ids above the caps. */
  add(id: string, now: number): void {
    const { writes, writesFor, writesMost } = sharedLimits;
    this.#ids.set(id, now);
    this.#store(id, `${now}`);
    for (const [old, at] of this.#ids) {
      const { size } = this.#ids;
      if (size <= writes || (size <= writesMost && now - at < writesFor)) break;
      this.#ids.delete(old);
      this.#store(old, null);
    }
  }

  /** Restores the ids of an earlier activation. */
  restore(rows: readonly (readonly [id: string, row: string])[]): void {
    const ids = rows.map(([id, row]) => [id, Number(row)] as const);
    for (const [id, at] of ids.sort((a, b) => a[1] - b[1])) this.#ids.set(id, at);
  }
}
