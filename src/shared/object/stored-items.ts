import { decodeItems, encodeItems, type ItemOp, Items, sizeOfOp } from '../../collection/index.ts';
import { sharedLimits } from '../limits.ts';
import type { Snapshot } from '../protocol.ts';

/** The items of a shared list or map. Each is a row, and each session gets those that it lacks. */
export class StoredItems {
  readonly #items = new Items();
  readonly #store: (key: string, row: string | null) => void;
  readonly #stores: boolean;

  /**
   * @param store writes the row of an item. Null deletes it.
   * @param stores false in a relay, which reads them again after a restart.
   */
  constructor(store: (key: string, row: string | null) => void, stores: boolean) {
    this.#store = store;
    this.#stores = stores;
  }

  get version(): number {
    return this.#items.version;
  }

  /**
   * Applies the operations of a session in order.
   *
   * @param initial the items before the first write.
   * @returns the number of operations that were refused, because there is no room.
   */
  apply(ops: readonly ItemOp[], initial: string | undefined): number {
    const items = this.#items;
    const before = items.version;
    const removed = ops.some((op) => op[0] === 'x') ? items.all.map(({ key }) => key) : [];
    if (initial !== undefined && items.count === 0) items.merge(decodeItems(initial));
    let refused = 0;
    for (const op of ops) {
      const full = items.count >= sharedLimits.items || items.size + sizeOfOp(op) > sharedLimits.itemsSize;
      if (full && (op[0] === '+' || op[0] === '=' || op[0] === '~')) refused++;
      else items.apply(op);
    }
    const changed = items.since(before) ?? items.all.map(({ key }) => key);
    for (const key of new Set([...removed, ...changed])) this.#write(key);
    return refused;
  }

  /** Takes over what the root has. */
  learn(text: string | null, version: number, since: number | undefined): void {
    const changes = decodeItems(text ?? '[]');
    if (since === undefined) this.#items.replace(changes, version);
    else this.#items.merge(changes, version);
  }

  /** Returns what a reader lacks. */
  since(known: number): Pick<Snapshot, 'text' | 'since'> {
    if (this.version === 0) return { text: null };
    const keys = known < 0 ? undefined : this.#items.since(known);
    return keys
      ? { text: encodeItems(this.#items.changes(keys)), since: known }
      : { text: encodeItems(this.#items.changes()) };
  }

  /** Restores the rows of an earlier activation. */
  restore(rows: readonly (readonly [key: string, row: string])[], version: number): void {
    const changes = rows.map(([key, row]) => {
      const blank = row.indexOf(' ');
      return [key, row.slice(0, blank), row.slice(blank + 1)] as const;
    });
    this.#items.replace(changes, version);
  }

  #write(key: string): void {
    if (!this.#stores) return;
    const item = this.#items.get(key);
    this.#store(key, item ? `${item.order} ${item.text}` : null);
  }
}
