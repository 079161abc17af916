import { decodeItems, encodeItems, Item, type ItemOp, Items, resultOf } from '../../collection/index.ts';
import { sharedLimits } from '../limits.ts';
import type { Snapshot } from '../protocol.ts';

/** The port of a session's items to those who show them. */
export interface SharedItemsHost {
  /** This session's unacknowledged operations, oldest first. */
  pending(): readonly ItemOp[];
  /** Called before an item changes. */
  changing(key: string, value: unknown): void;
}

/**
 * A session's copy of a shared list or map: the items of the shared object, and those with the session's own unacknowledged
 * operations, which its pages show. A change of one item looks at that item only.
 */
export class SharedItems {
  readonly #host: SharedItemsHost;
  readonly #base = new Items();
  /** What pages show. */
  readonly shown = new Items();
  #initial: Items | undefined;

  constructor(host: SharedItemsHost, version: number, text: string | null) {
    this.#host = host;
    if (text !== null) this.#base.replace(decodeItems(text), version);
    this.shown.merge(this.#base.changes());
  }

  get version(): number {
    return this.#base.version;
  }

  /** All items of the shared object as text; null when no session has written. */
  get text(): string | null {
    return this.version === 0 ? null : encodeItems(this.#base.changes());
  }

  /** True when there are too many characters for a session's store. */
  get large(): boolean {
    return this.#base.size > sharedLimits.stored;
  }

  /** The initial items as text, while the session knows of no write. */
  get initial(): string | undefined {
    return this.version === 0 && this.#initial ? encodeItems(this.#initial.changes()) : undefined;
  }

  /** Shows initial items until a session has written. */
  begin(initial: Items): void {
    if (this.#initial) return;
    this.#initial = initial.fresh();
    if (this.version === 0) this.#show(new Set(initial.all.map(({ key }) => key)));
  }

  /**
   * Takes what the shared object has sent.
   * @returns false when something before it is missing.
   */
  take({ version, text, since }: Snapshot): boolean {
    if (version <= this.version) return true;
    if (since !== undefined && since > this.version) return false;
    const base = this.#base;
    const before = this.version;
    const changes = decodeItems(text ?? '[]');
    const whole = since === undefined || before === 0;
    const there = whole ? [...this.shown.all.map(({ key }) => key)] : [];
    if (since === undefined) base.replace(changes, version);
    else base.merge(changes, version);
    this.#show(new Set([...there, ...changes.map(([key]) => key)]));
    return true;
  }

  /** Shows own operations that were added or acknowledged. @param value the value that the operation gives to its item. */
  refresh(ops: readonly ItemOp[], value?: unknown): void {
    const keys = new Set<string>();
    for (const op of ops) {
      if (op[0] === 'x') for (const { key } of [...this.shown.all, ...this.#base.all]) keys.add(key);
      else keys.add(op[1]);
    }
    this.#show(keys, value);
  }

  #show(keys: ReadonlySet<string>, value?: unknown): void {
    const pending = this.#host.pending();
    for (const key of keys) {
      const item = this.#shownItem(key, pending, value);
      const old = this.shown.get(key);
      if (old?.text === item?.text && old?.order === item?.order) continue;
      if (old?.text !== item?.text) this.#host.changing(key, item?.value);
      if (item) this.shown.put(item);
      else this.shown.remove(key);
    }
  }

  /** Returns an item with the pending operations applied. */
  #shownItem(key: string, pending: readonly ItemOp[], value: unknown): Item | undefined {
    let item = (this.version === 0 ? this.#initial : this.#base)?.get(key);
    for (const op of pending) {
      if (op[0] === 'x') item = undefined;
      else if (op[1] === key) {
        const text = resultOf(op, item);
        const moved = op[0] === '>' ? op[2] : op[0] === '+' && !item ? op[3] : undefined;
        // Where the end is, the shared object decides; until then, an item stays where it is shown.
        const order = moved ?? (op[0] === '>' ? undefined : item?.order) ?? this.shown.get(key)?.order;
        item =
          text === undefined ? undefined : new Item(key, order ?? this.shown.orderAt(Number.POSITIVE_INFINITY), text);
      }
    }
    const old = this.shown.get(key);
    if (!item || item.given) return item;
    if (old?.text === item.text) return old.movedTo(item.order);
    return value === undefined ? item : new Item(key, item.order, item.text, value);
  }
}
