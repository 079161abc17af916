import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import { decode, encode } from '../storage/index.ts';
import { Item } from './item.ts';
import { type ItemOp, resultOf } from './ops.ts';

/** An item as it is stored and sent: its key, its place as a text that sorts, and its value as text. A key alone is one that is gone. */
export type ItemChange = readonly [key: string, order: string, text: string] | readonly [key: string];

/** The number of changes that are remembered one by one. A reader that has missed more looks at all items. */
const remembered = 1_000;

/**
 * Values by key, in an order. Each has a place of its own, a text between those of its neighbours, so that an insertion or a
 * move changes one item.
 */
export class Items {
  readonly #byKey = new Map<string, Item>();
  /** By order, and by key where two have the same. */
  readonly #sorted: Item[] = [];
  #version: number;
  #size = 0;
  /** The newest changes, oldest first. */
  #log: { readonly version: number; readonly key: string }[] = [];
  /** The version from which on the log is complete. */
  #logged: number;
  #values: readonly unknown[] | undefined;

  constructor(version = 0) {
    this.#version = version;
    this.#logged = version;
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /** Number of items. */
  get count(): number {
    return this.#sorted.length;
  }

  /** Characters of all keys and values. */
  get size(): number {
    return this.#size;
  }

  get(key: string): Item | undefined {
    return this.#byKey.get(key);
  }

  at(index: number): Item | undefined {
    return this.#sorted.at(index);
  }

  /** Returns the position of a key; -1 for an unknown one. */
  indexOf(key: string): number {
    const item = this.#byKey.get(key);
    return item ? this.#search(item.order, key) : -1;
  }

  /** All items in order. The array changes with them. */
  get all(): readonly Item[] {
    return this.#sorted;
  }

  /** The values in order; the same array while nothing changes. */
  get values(): readonly unknown[] {
    this.#values ??= this.#sorted.map((item) => item.value);
    return this.#values;
  }

  /** Applies an operation. One that finds no item does nothing. @param value what the item's text is made of, as an object. */
  apply(op: ItemOp, value?: unknown): void {
    if (op[0] === 'x') {
      this.#clear();
      return;
    }
    const [sign, key] = op;
    const item = this.#byKey.get(key);
    const text = resultOf(op, item);
    if (text === undefined) this.remove(key);
    else if (sign === '>') this.put((item as Item).movedTo(this.#freeOrder(key, op[2])));
    else {
      const order = item?.order ?? this.#freeOrder(key, sign === '+' ? op[3] : undefined);
      this.put(new Item(key, order, text, value));
    }
  }

  /** Puts an item in its place. An equal one changes nothing. */
  put(item: Item): void {
    const { key, order, text } = item;
    const old = this.#byKey.get(key);
    if (old?.order === order && old.text === text) {
      if (item.given) this.adopt(key, item.value);
      return;
    }
    if (old) this.#take(old);
    // An equal value stays the same object.
    const put = old?.text === text && !item.given ? old.movedTo(order) : item;
    this.#byKey.set(key, put);
    this.#sorted.splice(this.#search(order, key), 0, put);
    this.#size += key.length + text.length;
    this.#changed(key);
  }

  remove(key: string): void {
    const old = this.#byKey.get(key);
    if (!old) return;
    this.#take(old);
    this.#byKey.delete(key);
    this.#changed(key);
  }

  /** Replaces the value of an item by an equal one. */
  adopt(key: string, value: unknown): void {
    const item = this.#byKey.get(key);
    if (!item) return;
    item.adopt(value);
    this.#values = undefined;
  }

  /** Returns the order of an item that comes to an index. @param key an item that is there and moves. */
  orderAt(index: number, key?: string): string {
    const from = key === undefined ? -1 : this.indexOf(key);
    const rest = this.count - (from < 0 ? 0 : 1);
    const to = Math.min(Math.max(0, index < 0 ? rest + index + 1 : index), rest);
    const at = (place: number) => this.#sorted[from >= 0 && place >= from ? place + 1 : place]?.order ?? null;
    const before = to === 0 ? null : at(to - 1);
    let after = at(to);
    // Items of several writers may have the same place for a moment.
    for (let next = to + 1; before !== null && after !== null && after <= before; next++) after = at(next);
    return generateKeyBetween(before, after);
  }

  /** Returns the keys that have changed since a version; undefined when all may have. */
  since(version: number): readonly string[] | undefined {
    if (version === this.#version) return [];
    if (version < this.#logged || version > this.#version) return undefined;
    const keys = new Set<string>();
    for (let at = this.#log.length - 1; at >= 0; at--) {
      const { version: of, key } = this.#log[at] as { version: number; key: string };
      if (of <= version) break;
      keys.add(key);
    }
    return [...keys];
  }

  /** Returns the present state of items. @param keys default all. */
  changes(keys: readonly string[] = this.#sorted.map(({ key }) => key)): ItemChange[] {
    return keys.map((key): ItemChange => {
      const item = this.#byKey.get(key);
      return item ? [key, item.order, item.text] : [key];
    });
  }

  /** Takes over the state of items that another copy has sent, and its version when that is given. */
  merge(changes: readonly ItemChange[], version?: number): void {
    for (const [key, order, text] of changes) {
      if (order === undefined || text === undefined) this.remove(key);
      else this.put(new Item(key, order, text));
    }
    if (version !== undefined) this.continueAt(version);
  }

  /** Replaces all items. */
  replace(changes: readonly ItemChange[], version?: number): void {
    const there = new Set(changes.map(([key]) => key));
    for (const { key } of [...this.#sorted]) if (!there.has(key)) this.remove(key);
    this.merge(changes, version);
  }

  /** Counts on from a version, that of another copy. */
  continueAt(version: number): void {
    if (version === this.#version) return;
    // Because a reader that knows a version of this copy must not take it for one of the other.
    if (version < this.#version) this.#logged = version;
    this.#version = version;
    const last = this.#log.at(-1);
    if (last && last.version > version) this.#forget();
  }

  /** Returns equal items whose values are objects of their own. */
  fresh(): Items {
    const fresh = new Items();
    fresh.merge(this.changes());
    return fresh;
  }

  copy(): Items {
    const copy = new Items(this.#version);
    for (const item of this.#sorted) copy.#add(item);
    return copy;
  }

  #add(item: Item): void {
    this.#byKey.set(item.key, item);
    this.#sorted.push(item);
    this.#size += item.key.length + item.text.length;
  }

  #clear(): void {
    if (this.count === 0) return;
    this.#byKey.clear();
    this.#sorted.length = 0;
    this.#size = 0;
    this.#values = undefined;
    this.#version++;
    this.#forget();
  }

  #forget(): void {
    this.#log = [];
    this.#logged = this.#version;
  }

  #take(item: Item): void {
    this.#sorted.splice(this.#search(item.order, item.key), 1);
    this.#size -= item.key.length + item.text.length;
  }

  #changed(key: string): void {
    this.#values = undefined;
    this.#log.push({ version: ++this.#version, key });
    if (this.#log.length <= 2 * remembered) return;
    this.#log = this.#log.slice(-remembered);
    this.#logged = (this.#log[0] as { version: number }).version - 1;
  }

  /** Returns the given order, or one right after it when another item has it; without one, that of the end. */
  #freeOrder(key: string, order: string | undefined): string {
    if (order === undefined) return this.orderAt(Number.POSITIVE_INFINITY, key);
    const at = this.#search(order, '');
    const there = this.#sorted[at];
    if (there?.order !== order || there.key === key) return order;
    return generateKeyBetween(order, this.#sorted[at + 1]?.order ?? null);
  }

  /** Returns the position of an order and key, or where it would be. */
  #search(order: string, key: string): number {
    let low = 0;
    let high = this.#sorted.length;
    const last = this.#sorted[high - 1];
    // Because most items come to the end.
    if (!last || last.order < order) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.#sorted[middle] as Item;
      if (item.order < order || (item.order === order && item.key < key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Returns items that an author has given in order. @throws {Error} when two have the same key. */
export function itemsOf(values: readonly (readonly [key: string, value: unknown])[], what: string): Items {
  const items = new Items();
  const orders = generateNKeysBetween(null, null, values.length);
  values.forEach(([key, value], index) => {
    if (items.get(key))
      throw new Error(`Two items of ${what} have the key ${JSON.stringify(key)}. Give each another key.`);
    items.put(new Item(key, orders[index] as string, encode(value, `The item ${key} of ${what}`), value));
  });
  return items;
}

/** Encodes items for the wire and for rows. */
export function encodeItems(changes: readonly ItemChange[]): string {
  return JSON.stringify(changes);
}

/** Reads what {@link encodeItems} wrote. @throws {Error} for anything else. */
export function decodeItems(text: string): readonly ItemChange[] {
  return JSON.parse(text) as readonly ItemChange[];
}

/** Returns the text that stands for an item that is gone. */
export const gone = encode(undefined, 'Nothing');

/** Returns the value of an item's text; undefined for {@link gone}. */
export function valueOf(text: string): unknown {
  return decode(text);
}
