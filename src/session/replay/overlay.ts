import { comparableText, decode, isSameText } from '../../storage/index.ts';
import { textOf } from './recorded-values.ts';
import { objectsIn, type Reuse, reuseEqual } from './structural-sharing.ts';

/** The live values of the cells of a page. */
export interface LiveCells {
  /** Returns a cell; undefined when nothing is stored of it, or when it is bound to a signal. */
  live(cell: string): LiveCell | undefined;
  /**
   * Returns the text of a state's first value, as it was when a handler first read it; undefined for
   * what is no state.
   */
  firstText(cell: string): string | undefined;
  /** Replaces the value of a state by an equal one. */
  adopt(cell: string, value: unknown): void;
}

export interface LiveCell {
  readonly value: unknown;
  /** Returns the value as it would be stored, because code may have changed the object since; undefined when it cannot be stored. */
  text(): string | undefined;
  /** The start of an error sentence, as in 'The state "draft"'. */
  readonly what: string;
}

/**
 * Asks for objects of the page in exchange for equal ones of a handler.
 *
 * @param firm returns whether the handler is sure to use an object of its own again.
 */
export type Claim = (theirs: Iterable<object>, mine: Iterable<object>, firm: (part: object) => boolean) => boolean;

/** A write of a replay. */
interface Rewritten {
  readonly value: unknown;
  /** The value as it was written. */
  readonly text: string | undefined;
}

/** What only a replay knows. */
class Replayed {
  readonly rewritten = new Map<string, Rewritten>();
  /** The objects that the replay knows, and their texts when it last received or wrote them. */
  readonly texts = new Map<object, string | undefined>();
  /** Those of them that it has received, and has not changed in place. */
  readonly given = new Set<object>();
  /** Those that it has received, and has changed in place. It created all others itself. */
  readonly changed = new Set<object>();
  /** Those that the closure of the handler has. */
  readonly captured = new Set<object>();
}

/**
 * The copy-on-write overlay of a run. While the run is live, it records which cells the run wrote
 * last. During a replay, it stores the writes of the run, and at the end compares them with the
 * live values.
 */
export class ReplayOverlay {
  /** The cells that the run has written; true while the run was the last writer. */
  readonly #own = new Map<string, boolean>();
  /** How the names of the cells of removed elements begin. */
  #lost: Set<string> | undefined;
  /** Created in a replay, because nearly every run ends without one. */
  #replayed: Replayed | undefined;

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

  /** Records that the element of these cells was removed. Cells with the same names are another element's. */
  lose(prefix: string): void {
    this.#lost ??= new Set();
    this.#lost.add(prefix);
  }

  /** True when the element of these cells was removed while the run was open. */
  hasLost(prefix: string): boolean {
    return this.#lost?.has(prefix) === true;
  }

  #isLost(cell: string): boolean {
    return this.#lost?.has(cell.slice(0, cell.indexOf('.') + 1)) === true;
  }

  /** Returns the cells that the run has written and whose name begins with `prefix`. */
  within(prefix: string): string[] {
    return [...this.#own.keys(), ...(this.#replayed?.rewritten.keys() ?? [])].filter((cell) => cell.startsWith(prefix));
  }

  // ---- in a replay

  get #replay(): Replayed {
    this.#replayed ??= new Replayed();
    return this.#replayed;
  }

  /**
   * Returns the value of a recorded text. It reuses equal objects of the run, and none of the page: the handler may change
   * them in place, which it did before the restart too.
   */
  revive(text: string, last: unknown): unknown {
    const value = reuseEqual(decode(text), last);
    const { texts, given } = this.#replay;
    for (const part of objectsIn(value)) {
      if (texts.has(part)) continue;
      given.add(part);
      texts.set(part, textOf(part));
    }
    return value;
  }

  /** Records what the closure of the handler has. */
  captures(item: unknown): void {
    for (const part of objectsIn(item)) this.#replay.captured.add(part);
  }

  /** Writes a cell; only the replay reads it. */
  rewrite(cell: string, value: unknown): void {
    const { rewritten, texts } = this.#replay;
    // Because code may change the object in place afterwards.
    rewritten.set(cell, { value, text: textOf(value) });
    for (const part of objectsIn(value)) {
      const text = textOf(part);
      this.#isChanged(part, text);
      texts.set(part, text);
    }
  }

  /**
   * Compares the writes of the replay with the live values. A difference means that the handler
   * took another branch than before. Cells that other code wrote later are not compared.
   *
   * @returns the name of a cell that differs.
   */
  verify(present: LiveCells): string | undefined {
    const { rewritten } = this.#replay;
    for (const cell of new Set([...this.#own.keys(), ...rewritten.keys()])) {
      if (this.#own.get(cell) === false || this.#isLost(cell)) continue;
      const now = present.live(cell);
      if (!now) continue;
      const made = rewritten.get(cell);
      // Without the stack of an error, because a replay creates the same error with another one.
      if (made && isSameText(made.text, now.text())) continue;
      return now.what;
    }
    return undefined;
  }

  /**
   * Gives the page the objects of the handler that are equal to its own, because the handler may change them in place, or
   * compare them with those in a state.
   *
   * @param known the values of cells that the handler read or wrote last.
   * @returns true when the page has other objects now.
   */
  handOver(present: LiveCells, known: Iterable<readonly [cell: string, value: unknown]>, claim: Claim): boolean {
    let adopted = false;
    const { texts } = this.#replay;
    const rule: Reuse = {
      text(part) {
        const text = texts.get(part as object);
        return comparableText(text === undefined ? part : decode(text));
      },
      isEarlier: (value, part) => this.#isEarlier(value, part),
      replaces: (value, part) => claim(objectsIn(value), objectsIn(part), (each) => this.#isFirm(each)),
    };
    for (const [cell, mine] of known) {
      const now = this.#isLost(cell) ? undefined : present.live(cell);
      const value = now && reuseEqual(now.value, mine, rule);
      if (value === now?.value) continue;
      present.adopt(cell, value);
      adopted = true;
    }
    this.#replayed = undefined;
    return adopted;
  }

  /** True for an object that the handler has created, changed in place, or in its closure. */
  #isFirm(part: object): boolean {
    return this.#isChanged(part, textOf(part)) || !this.#replay.given.has(part) || this.#replay.captured.has(part);
  }

  /**
   * Returns true when a value differs from an object of the handler only in what the handler has changed in place since
   * it last wrote the object: another handler may have stored a part of these changes.
   */
  #isEarlier(value: object, part: object): boolean {
    const text = this.#replay.texts.get(part);
    if (text === undefined || !this.#isChanged(part, textOf(part))) return false;
    const [before, now, after] = [decode(text) as object, value, part].map(partsByName) as [Parts, Parts, Parts];
    return [...before.keys(), ...now.keys()].every(
      (key) => now.get(key) === before.get(key) || after.get(key) !== before.get(key),
    );
  }

  #isChanged(part: object, text: string | undefined): boolean {
    const { changed, given, texts } = this.#replay;
    if (changed.has(part)) return true;
    if (!given.has(part) || texts.get(part) === text) return false;
    given.delete(part);
    changed.add(part);
    return true;
  }
}

type Parts = ReadonlyMap<string, string | undefined>;

/** Returns the texts of the parts of an object. What has no parts, such as a Date, is its own. */
function partsByName(value: object): Parts {
  if (value instanceof Map)
    return new Map([...value].map(([key, of]) => [`${comparableText(key)}`, comparableText(of)]));
  if (value instanceof Set) return new Map([...value].map((of) => [`${comparableText(of)}`, '']));
  const entries = Object.entries(value);
  return new Map(
    entries.length > 0 ? entries.map(([key, of]) => [key, comparableText(of)]) : [['', comparableText(value)]],
  );
}
