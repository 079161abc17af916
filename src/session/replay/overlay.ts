import { decode, encode, withoutStacks } from '../../storage/index.ts';
import { objectsIn, reuseEqual } from './structural-sharing.ts';

/** The live values of the cells of a page. */
export interface LiveCells {
  /** Returns a cell; undefined when nothing is stored of it, or when it is bound to a signal. */
  live(cell: string): LiveCell | undefined;
  /** Replaces the value of a state by an equal one. */
  adopt(cell: string, value: unknown): void;
}

export interface LiveCell {
  readonly value: unknown;
  /**
   * Returns the value as it would be stored, because code may have changed the object since.
   * @throws {TypeError} when it cannot be stored.
   */
  text(): string;
  /** The start of an error sentence, as in 'The state "draft"'. */
  readonly what: string;
}

/**
 * The copy-on-write overlay of a run. While the run is live, it records which cells the run wrote
 * last. During a replay, it stores the writes of the run, and at the end compares them with the
 * live values.
 */
export class ReplayOverlay {
  /** The cells that the run has written; true while the run was the last writer. */
  readonly #own = new Map<string, boolean>();
  #rewritten: Map<string, unknown> | undefined;
  /** The objects that the replay received from recorded reads; it created all others itself. */
  #given: WeakSet<object> | undefined;

  /**
   * Records that the run writes a cell.
   * @returns true when other code was the last writer.
   */
  write(cell: string): boolean {
    if (this.#own.get(cell)) return false;
    this.#own.set(cell, true);
    return true;
  }

  /**
   * Records that other code writes a cell.
   * @returns true when the run was the last writer.
   */
  overwrite(cell: string): boolean {
    if (!this.#own.get(cell)) return false;
    this.#own.set(cell, false);
    return true;
  }

  // ---- in a replay

  /** Returns the value of a recorded text. It reuses equal objects of the page and of the run. */
  revive(text: string, live: unknown, last: unknown): unknown {
    const value = reuseEqual(decode(text), live);
    this.#given ??= new WeakSet();
    for (const part of objectsIn(value)) this.#given.add(part);
    return reuseEqual(value, last);
  }

  /** Writes a cell; only the replay reads it. */
  rewrite(cell: string, value: unknown): void {
    this.#rewritten ??= new Map();
    this.#rewritten.set(cell, value);
  }

  /**
   * Compares the writes of the replay with the live values. A difference means that the handler
   * took another branch than before. Cells that other code wrote later are not compared.
   *
   * @returns the name of a cell that differs.
   */
  verify(present: LiveCells): string | undefined {
    const rewritten = this.#rewritten ?? new Map<string, unknown>();
    for (const cell of new Set([...this.#own.keys(), ...rewritten.keys()])) {
      if (this.#own.get(cell) === false) continue;
      const now = present.live(cell);
      if (!now) continue;
      const stored = textOf(now.text);
      if (rewritten.has(cell) && isEqual(rewritten.get(cell), stored)) continue;
      // Because the replay may have changed a shared object in place.
      if (textOf(() => encode(now.value, 'A value')) !== stored) present.adopt(cell, decode(stored));
      return now.what;
    }
    for (const [cell, made] of rewritten) {
      const now = present.live(cell);
      if (!now) continue;
      // Because the handler may hold an object that it created and compare it with the one in its
      // state.
      const value = reuseEqual(now.value, made, (part) => this.#isOwn(part));
      if (value !== now.value) present.adopt(cell, value);
    }
    this.#rewritten = undefined;
    return undefined;
  }

  #isOwn(part: object): boolean {
    for (const each of objectsIn(part)) if (this.#given?.has(each)) return false;
    return true;
  }
}

/** Drops the stack of an error, because a replay creates the same error with another stack. */
function isEqual(made: unknown, stored: string): boolean {
  const again = textOf(() => encode(made, 'A value'));
  return again === stored || withoutStacks(again) === withoutStacks(stored);
}

function textOf(make: () => string): string {
  try {
    return make();
  } catch {
    return '"a value that cannot be stored"';
  }
}
