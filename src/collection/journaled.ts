import { isOwnRead, isUnrecorded, Signal, signal } from '../reactive/index.ts';
import { gone, type Items } from './items.ts';
import type { ItemOp } from './ops.ts';

/** What a page records of the reads and writes of its running handler, see `docs/internals/replay.md`. */
export interface ItemsJournal {
  /** Takes the writes of a replay, which changes nothing; undefined for live code. */
  readonly replay:
    | {
        rewrite(cell: string, value: unknown): void;
        rewriteItems(cell: string, op: ItemOp, value: unknown, live: Items): void;
        /** The items as the code knows them; undefined when it has not read them. */
        knownItems(cell: string, live: Items): Items | undefined;
      }
    | undefined;
  /** The running code reads an item. Returns what it is to see instead of the live value, or undefined. */
  read(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined;
  /** The running code reads all items. Returns those that it is to see instead of the live ones, or undefined. */
  readItems(cell: string, live: Items, own: boolean): Items | undefined;
  /** The running code reads a number. Returns what it is to see. */
  readNumber(cell: string, read: () => number): number;
  /** An item changes. `before` returns the text of the old value. */
  recordWrite(cell: string, before: () => string, value: unknown): void;
  /** An operation of the running code is refused. */
  refused(cell: string, error: unknown): void;
  /** Counts an act of the running code. @throws {Error} in a replay, when it was refused before the restart. */
  acts(name: string): void;
  /** The running code has changed items of this version to the next one. */
  wroteItems(cell: string, before: number, after: number): void;
  /** Hears of reads and changes, in development. */
  readonly once?: { read(what: string): void; changed(what: string): void } | undefined;
  /** Looks for values that code has changed in place, in development. */
  readonly inPlace?:
    | {
        /** Code reads a value. `stored` returns the present one and its text. */
        read(what: string, value: unknown, stored: () => readonly [value: unknown, text: string | undefined]): void;
        readItems(items: { readonly what: string; readonly live: Items }): void;
      }
    | undefined;
  /** The running handler, which writes an item that is there already. */
  readonly current: { wrote(cell: string, value: unknown): void } | undefined;
}

/** The items as a signal of all of them. */
class AllItems extends Signal<Items> {
  readonly #read: (by: Signal, tracked: boolean) => Items;

  constructor(read: (by: Signal, tracked: boolean) => Items) {
    super();
    this.#read = read;
  }

  override get value(): Items {
    return this.#read(this, true);
  }

  override peek(): Items {
    return this.#read(this, false);
  }
}

/** The items behind a list or map of an author. */
export interface ItemsSource {
  /** The author's expression, for messages: `ui.list`, `shared.list('chat')`. */
  readonly what: string;
  /** The present items. */
  readonly live: Items;
  /** All items as the running code sees them. It follows their changes. */
  readonly all: Items;
  /** Number of items as the running code sees it. */
  readonly count: number;
  /** Returns the value of an item as the running code sees it; undefined when there is none. */
  one(key: string): unknown;
  /** Returns the text of an item that is stored; undefined in a replay, whose writes change nothing. */
  storedText(key: string): string | undefined;
  /** Returns the order of a new or moved item. */
  orderAt(index: number, key?: string): string;
  /** Returns a new key, the same one in a replay. */
  newKey(): string;
  /** @param value the value of the item after it; undefined when it is gone. */
  write(op: ItemOp, value?: unknown): void;
  /** Takes a write of an item that has the value already. Nothing changes, but a replay may write it over another value. */
  unchanged(key: string, value: unknown): void;
}

/** The items that authors' code reads and writes: live ones, or those that a replay has recorded. */
export abstract class JournaledItems implements ItemsSource {
  abstract readonly what: string;
  protected readonly cell: string;
  readonly #journal: ItemsJournal;
  readonly #version = signal(0);
  readonly #all: AllItems;

  constructor(cell: string, journal: ItemsJournal) {
    this.cell = cell;
    this.#journal = journal;
    this.#all = new AllItems((by, tracked) => {
      if (tracked) void this.#version.value;
      return journal.readItems(cell, this.live, isOwnRead(by)) ?? this.live;
    });
  }

  /** Returns the name under which journals record one item. */
  static cellOf(cell: string, key: string): string {
    return `${cell}.${key}`;
  }

  abstract readonly live: Items;
  abstract newKey(): string;
  /** Changes the live items. */
  protected abstract change(op: ItemOp, value: unknown): void;
  /** Returns false to drop a write. @throws {Error} where code may not write. */
  protected abstract accepts(): boolean;

  get all(): Items {
    this.#readBy();
    return this.#all.value;
  }

  get count(): number {
    this.#readBy();
    void this.#version.value;
    if (isUnrecorded()) return this.#all.value.count;
    return this.#journal.readNumber(`${this.cell}#`, () => this.live.count);
  }

  one(key: string): unknown {
    this.#readBy();
    if (isUnrecorded()) return this.all.get(key)?.value;
    void this.#version.value;
    const live = this.live.get(key)?.value;
    const seen = this.#journal.read(JournaledItems.cellOf(this.cell, key), live, true);
    return seen ? seen.value : live;
  }

  #readBy(): void {
    this.#journal.once?.read(this.what);
    this.#journal.inPlace?.readItems(this);
  }

  storedText(key: string): string | undefined {
    return this.#journal.replay ? undefined : this.live.get(key)?.text;
  }

  orderAt(index: number, key?: string): string {
    const items = this.#journal.replay?.knownItems(this.cell, this.live) ?? this.live;
    return items.orderAt(index, key);
  }

  write(op: ItemOp, value?: unknown): void {
    if (!this.accepts()) return;
    const { replay } = this.#journal;
    if (replay) {
      replay.rewriteItems(this.cell, op, value, this.live);
      if (op[0] !== 'x' && op[0] !== '>') replay.rewrite(JournaledItems.cellOf(this.cell, op[1]), value);
      return;
    }
    const before = this.live.version;
    try {
      this.change(op, value);
    } catch (error) {
      this.#journal.refused(this.cell, error);
      throw error;
    }
    this.#journal.wroteItems(this.cell, before, this.live.version);
  }

  unchanged(key: string, value: unknown): void {
    if (!this.accepts()) return;
    const { version } = this.live;
    this.#journal.current?.wrote(JournaledItems.cellOf(this.cell, key), value);
    this.#journal.wroteItems(this.cell, version, version);
  }

  /**
   * Call it for each live item that changes, by whichever code.
   *
   * @param before the text of the item before.
   */
  protected changing(key: string, value: unknown, before = this.live.get(key)?.text): void {
    this.#journal.recordWrite(JournaledItems.cellOf(this.cell, key), () => before ?? gone, value);
  }

  /** Call it after live items have changed. */
  protected changed(): void {
    this.#journal.once?.changed(this.what);
    this.#version.value = this.live.version;
  }
}
