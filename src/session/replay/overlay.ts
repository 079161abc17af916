import { decode, encode } from '../../storage/index.ts';
import { objectsIn, reuseEqual } from './structural-sharing.ts';

/** What another run, a timer or the user wrote while a run waited. */
interface ForeignWrite {
  /** How much had been handed over to the run by then. */
  readonly at: number;
  readonly cell: string;
  readonly value: unknown;
}

/** What is there now. */
export interface LiveCells {
  /** A cell; undefined when nothing is kept of it, or when something else than writes decides about it. */
  live(cell: string): LiveCell | undefined;
  /** Replaces the value of a state by an equal one. */
  adopt(cell: string, value: unknown): void;
}

export interface LiveCell {
  readonly value: unknown;
  /** The value as it is kept: code may have changed the object since. */
  readonly text: string;
  /** Begins a sentence, as in 'The state "draft"'. */
  readonly what: string;
}

/** The past as it is kept. */
export interface OverlayRecord {
  /** Cells that changed since the run began, as they were then. */
  readonly before: Readonly<Record<string, string>>;
  /** Those among them that the run itself has written. */
  readonly own: readonly string[];
  /** What others changed since the run began. */
  readonly changes: readonly (readonly [at: number, cell: string, value: string])[];
}

/**
 * What a run has seen of the cells of its page: how they were when it began, and what others have made of them since. From this, and
 * from what it writes itself, a replay makes everything that it reads.
 */
export class ReplayOverlay {
  readonly #before = new Map<string, string>();
  readonly #own = new Set<string>();
  readonly #changes: ForeignWrite[] = [];
  /** What the replay sees of the cells that have changed. */
  readonly #seen = new Map<string, unknown>();
  readonly #rewritten = new Set<string>();
  /** Objects that the replay was given; all others it has made. */
  readonly #given = new WeakSet<object>();
  #applied = 0;

  /** The run writes a cell. @returns true when that is news. */
  recordOwnWrite(cell: string, before: () => string): boolean {
    // A replay may have written it, to what it was: then nothing says yet how it was when the run began.
    const known = this.#own.has(cell) && this.#before.has(cell);
    this.#own.add(cell);
    this.#begins(cell, before);
    return !known;
  }

  #begins(cell: string, before: () => string): void {
    if (!this.#before.has(cell)) this.#before.set(cell, before());
  }

  /** Somebody else writes a cell, after so much was handed over. */
  recordForeignWrite(at: number, cell: string, before: () => string, value: unknown): void {
    this.#begins(cell, before);
    const known = this.#changes.findLastIndex((change) => change.at < at || change.cell === cell);
    if (known >= 0 && this.#changes[known]?.at === at) this.#changes.splice(known, 1);
    this.#changes.push({ at, cell, value });
  }

  record(): OverlayRecord {
    return {
      before: Object.fromEntries(this.#before),
      own: [...this.#own],
      changes: this.#changes.map(({ at, cell, value }) => [at, cell, encode(value, 'A value')] as const),
    };
  }

  // ---- in a replay

  /** Goes back to the beginning. */
  restore({ before, own, changes }: OverlayRecord, present: LiveCells): void {
    for (const cell of own) this.#own.add(cell);
    for (const [cell, text] of Object.entries(before)) {
      this.#before.set(cell, text);
      this.#see(cell, this.#again(decode(text), present.live(cell)?.value));
    }
    for (const [at, cell, text] of changes) {
      this.#changes.push({ at, cell, value: this.#again(decode(text), present.live(cell)?.value) });
    }
  }

  /** What the replay sees of a cell, when it differs from what is there. */
  get(cell: string): { readonly value: unknown } | undefined {
    return this.#seen.has(cell) ? { value: this.#seen.get(cell) } : undefined;
  }

  /** The replay writes a cell: only the replay sees it. */
  set(cell: string, value: unknown): void {
    this.#own.add(cell);
    this.#rewritten.add(cell);
    this.#seen.set(cell, value);
  }

  /** Somebody writes a cell that the replay has not read yet as it was. */
  preserve(cell: string, before: () => string): void {
    if (!this.#seen.has(cell)) this.#seen.set(cell, decode(before()));
  }

  /** The replay is handed something: what others wrote until then is there now. */
  advanceTo(handed: number): void {
    for (let change = this.#changes[this.#applied]; change && change.at < handed; ) {
      this.#see(change.cell, reuseEqual(change.value, this.#seen.get(change.cell)));
      change = this.#changes[++this.#applied];
    }
  }

  /**
   * The replay has come to where the run was. What it has made must be what is there: otherwise it went another way than before,
   * and what it does next would be wrong.
   *
   * @returns what differs.
   */
  verify(present: LiveCells): string | undefined {
    this.advanceTo(Number.POSITIVE_INFINITY);
    for (const cell of this.#own) {
      const now = present.live(cell);
      if (now && now.text !== text(this.#seen.get(cell))) {
        // The replay may have changed an object in place that everybody has.
        if (text(now.value) !== now.text) present.adopt(cell, decode(now.text));
        return now.what;
      }
    }
    for (const cell of this.#rewritten) {
      const now = present.live(cell);
      if (!now) continue;
      // The run may hold on to what it made, and find it in its state.
      const value = reuseEqual(now.value, this.#seen.get(cell), (part) => this.#isOwn(part));
      if (value !== now.value) present.adopt(cell, value);
    }
    return undefined;
  }

  /** Forgets what only a replay needs. */
  clear(): void {
    this.#seen.clear();
    this.#rewritten.clear();
  }

  #see(cell: string, value: unknown): void {
    this.#seen.set(cell, value);
  }

  /** A value of the past, made of what is there where that is equal. */
  #again(value: unknown, now: unknown): unknown {
    const again = reuseEqual(value, now);
    for (const part of objectsIn(again)) this.#given.add(part);
    return again;
  }

  #isOwn(part: object): boolean {
    for (const each of objectsIn(part)) if (this.#given.has(each)) return false;
    return true;
  }
}

function text(value: unknown): string {
  try {
    return encode(value, 'A value');
  } catch {
    return 'a value that cannot be kept';
  }
}
