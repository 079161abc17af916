import { decode, encode, withoutStacks } from '../../storage/index.ts';
import { objectsIn, reuseEqual } from './structural-sharing.ts';

/** What is there now. */
export interface LiveCells {
  /** A cell; undefined when nothing is stored of it, or when something else than writes decides about it. */
  live(cell: string): LiveCell | undefined;
  /** Replaces the value of a state by an equal one. */
  adopt(cell: string, value: unknown): void;
}

export interface LiveCell {
  readonly value: unknown;
  /** The text of the value as it is stored: code may have changed the object since. @throws when it cannot be stored. */
  text(): string;
  /** Begins a sentence, as in 'The state "draft"'. */
  readonly what: string;
}

/**
 * The writes of a run. While the run lives, it knows which cells the run wrote, and which of these nobody else has written since.
 * A replay writes here instead of into the page, and in the end compares what it made with what is there.
 */
export class ReplayOverlay {
  /** Cells that the run has written; true while it was the last to do so. */
  readonly #own = new Map<string, boolean>();
  #rewritten: Map<string, unknown> | undefined;
  /** Objects that the replay was given; all others it has made. */
  #given: WeakSet<object> | undefined;

  /** The run writes a cell. @returns true when somebody else was the last to do so. */
  write(cell: string): boolean {
    if (this.#own.get(cell)) return false;
    this.#own.set(cell, true);
    return true;
  }

  /** Somebody else writes a cell. @returns true when the run was the last to do so. */
  overwrite(cell: string): boolean {
    if (!this.#own.get(cell)) return false;
    this.#own.set(cell, false);
    return true;
  }

  // ---- in a replay

  /** The value of a text that the run was given, made of the objects that are there or that the run knows, where these are equal. */
  revive(text: string, live: unknown, last: unknown): unknown {
    const value = reuseEqual(decode(text), live);
    this.#given ??= new WeakSet();
    for (const part of objectsIn(value)) this.#given.add(part);
    return reuseEqual(value, last);
  }

  /** The replay writes a cell: only the replay sees it. */
  rewrite(cell: string, value: unknown): void {
    this.#rewritten ??= new Map();
    this.#rewritten.set(cell, value);
  }

  /**
   * The replay has come to where the run was. What it has made must be what is there: otherwise it went another way than before,
   * and what it does next would be wrong. What others wrote over has nothing to compare.
   *
   * @returns what differs.
   */
  verify(present: LiveCells): string | undefined {
    const rewritten = this.#rewritten ?? new Map<string, unknown>();
    for (const cell of new Set([...this.#own.keys(), ...rewritten.keys()])) {
      if (this.#own.get(cell) === false) continue;
      const now = present.live(cell);
      if (!now) continue;
      const stored = textOf(now.text);
      if (rewritten.has(cell) && isEqual(rewritten.get(cell), stored)) continue;
      // The replay may have changed an object in place that everybody has.
      if (textOf(() => encode(now.value, 'A value')) !== stored) present.adopt(cell, decode(stored));
      return now.what;
    }
    for (const [cell, made] of rewritten) {
      const now = present.live(cell);
      if (!now) continue;
      // The run may hold on to what it made, and find it in its state.
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

/** The stack of an error that a handler makes tells how it was run, so a replay makes another one. */
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
