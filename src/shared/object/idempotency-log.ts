import { sharedLimits } from '../limits.ts';

/** The ids of applied writes, oldest first, so that a repeated write is applied once. */
export class IdempotencyLog {
  /** The time at which each was applied, in milliseconds since the epoch. */
  readonly #ids = new Map<string, number>();
  /** The answers of those that have one. */
  readonly #answers = new Map<string, string>();
  /** Writes the row of an id. Null deletes the row. */
  readonly #store: (id: string, row: string | null) => void;

  constructor(store: (id: string, row: string | null) => void) {
    this.#store = store;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Returns the answer that was stored with an id. */
  answer(id: string): string | undefined {
    return this.#answers.get(id);
  }

  /** Adds an id, and drops old ids above the caps. */
  add(id: string, now: number, answer?: string): void {
    const { writes, writesFor, writesMost } = sharedLimits;
    this.#ids.set(id, now);
    if (answer !== undefined) this.#answers.set(id, answer);
    this.#store(id, answer === undefined ? `${now}` : `${now} ${answer}`);
    for (const [old, at] of this.#ids) {
      const { size } = this.#ids;
      if (size <= writes || (size <= writesMost && now - at < writesFor)) break;
      this.#ids.delete(old);
      this.#answers.delete(old);
      this.#store(old, null);
    }
  }

  /** Restores the ids of an earlier activation. */
  restore(rows: readonly (readonly [id: string, row: string])[]): void {
    const ids = rows.map(([id, row]) => [id, Number.parseInt(row, 10), row] as const);
    for (const [id, at, row] of ids.sort((a, b) => a[1] - b[1])) {
      this.#ids.set(id, at);
      const blank = row.indexOf(' ');
      if (blank > 0) this.#answers.set(id, row.slice(blank + 1));
    }
  }
}
