import { Item } from './item.ts';
import { decodeItems, encodeItems, Items } from './items.ts';
import type { ItemOp } from './ops.ts';

/** The stored rows of a collection. */
export interface StoredRows {
  /** The text of the initial items, in parts, as they were at the first change. */
  readonly base: readonly string[];
  /** The rows of the items that have changed since. */
  readonly items: ReadonlyMap<string, string>;
}

/** Writes the rows of a collection. */
export interface RowStore {
  /** Stores the initial items as text. */
  base(text: string): void;
  /** Stores the row of an item; undefined deletes it. @throws {RangeError} above a cap. */
  item(key: string, row: string | undefined): void;
  /** Deletes all rows. */
  drop(): void;
}

type Changed = (key: string, value: unknown, before: string | undefined) => void;

/** The row of an initial item that was removed. */
const removed = '-';

/** Items with a row for each that was changed. The initial ones are stored together, at the first change. */
export class RowedItems {
  readonly live: Items;
  readonly #store: RowStore;
  /** Makes the initial items. */
  #initial: () => Items;
  /** The keys of the initial items that are stored; undefined before the first change. */
  #base: ReadonlySet<string> | undefined;

  /** @param stored the rows of an earlier activation. */
  constructor(store: RowStore, initial: () => Items, stored: StoredRows | undefined) {
    this.#store = store;
    this.#initial = initial;
    this.live = stored ? this.#restored(stored) : initial();
  }

  /** True once a change is stored, which beats the initial items. */
  get stored(): boolean {
    return this.#base !== undefined;
  }

  /** The initial items may be others now. Items that were changed stay. */
  again(initial: () => Items): void {
    this.#initial = initial;
    if (!this.#base) this.live.replace(initial().changes());
  }

  /** Forgets what is stored. */
  reset(): void {
    this.#base = undefined;
    this.again(this.#initial);
  }

  /**
   * Applies an operation.
   *
   * @param value the value of its item after it.
   * @param stores false changes memory only.
   * @param changed called for each item whose value has changed, with the text of the item before.
   * @throws {RangeError} above a cap. Nothing has changed then.
   */
  apply(op: ItemOp, value: unknown, stores: boolean, changed: Changed): void {
    const { live } = this;
    const all = op[0] === 'x' ? [...live.all] : [];
    const before = op[0] === 'x' ? undefined : live.get(op[1]);
    const was = stores && !this.#base ? encodeItems(live.changes()) : undefined;
    live.apply(op, value);
    try {
      if (stores) this.#write(op, was);
    } catch (error) {
      // What cannot be stored is not shown.
      if (before) live.put(before);
      else if (op[0] !== 'x') live.remove(op[1]);
      throw error;
    }
    for (const { key, text } of all) changed(key, value, text);
    if (op[0] !== 'x' && op[0] !== '>') changed(op[1], value, before?.text);
  }

  /** @param was the initial items as text, at the first change. */
  #write(op: ItemOp, was: string | undefined): void {
    if (op[0] === 'x') {
      // One row for all that is gone.
      this.#store.drop();
      this.#store.base('[]');
      this.#base = new Set();
      return;
    }
    if (was !== undefined) {
      const initial = decodeItems(was);
      if (initial.length > 0) this.#store.base(was);
      this.#base = new Set(initial.map(([key]) => key));
    }
    const key = op[1];
    const item = this.live.get(key);
    const gone = this.#base?.has(key) ? removed : undefined;
    this.#store.item(key, item ? `${item.order} ${item.text}` : gone);
  }

  #restored({ base, items }: StoredRows): Items {
    const live = new Items();
    const initial = decodeItems(base.join('') || '[]');
    this.#base = new Set(initial.map(([key]) => key));
    live.merge(initial);
    for (const [key, row] of items) {
      const blank = row.indexOf(' ');
      if (row === removed) live.remove(key);
      else live.put(new Item(key, row.slice(0, blank), row.slice(blank + 1)));
    }
    return live;
  }
}
