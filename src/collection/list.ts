import { comparableText, copyOf, decode, encode } from '../storage/index.ts';
import type { ItemsSource } from './journaled.ts';

/** Returns what identifies an item: the name of a field, or a function. */
export type KeyOf<T> = (string & keyof T) | ((item: T) => string | number);

/** Characters of a key, because it is part of a row's name. */
const longestKey = 256;

/** What all collections of items by key have in common. */
export abstract class Collection<T> {
  /** @internal */
  readonly source: ItemsSource;

  /** @internal */
  constructor(source: ItemsSource) {
    this.source = source;
  }

  /** Number of items. */
  get size(): number {
    return this.source.count;
  }

  /** Returns the item with a key; undefined when there is none. */
  get(key: string | number): T | undefined {
    const item = this.source.one(String(key)) as T | undefined;
    if (item === undefined) this.missing(key);
    return item;
  }

  /** Returns true when there is an item with the key. */
  has(key: string | number): boolean {
    return this.get(key) !== undefined;
  }

  /**
   * There is no item with the key.
   * @internal
   */
  protected missing(_key: string | number): void {}

  /** Removes all items. */
  clear(): void {
    this.source.write(['x']);
  }
}

/**
 * A durable list of items by key. Each item is stored and sent by itself, so a change costs the same in a list of ten items and of
 * ten thousand. Give it to `ui.each` or `ui.table`.
 */
export class List<T> extends Collection<T> implements Iterable<T> {
  readonly #keyOf: KeyOf<T> | undefined;

  /** @internal */
  constructor(source: ItemsSource, keyOf: KeyOf<T> | undefined) {
    super(source);
    this.#keyOf = keyOf;
  }

  /** All items in order. The same array while nothing changes. */
  get items(): readonly T[] {
    return this.source.all.values as readonly T[];
  }

  /** All keys in order. */
  get keys(): readonly string[] {
    return this.source.all.all.map(({ key }) => key);
  }

  /** Iterates over the items in order. */
  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }

  /** Returns the item at an index; -1 is the last one. */
  at(index: number): T | undefined {
    return this.source.all.at(index)?.value as T | undefined;
  }

  /**
   * Adds an item.
   *
   * @param index where it comes, counted from the end when negative. @default the end
   * @returns its key.
   * @throws {Error} when the list has an item with this key.
   * @throws {TypeError} when the key or the item cannot be stored.
   */
  add(item: T, index?: number): string {
    const { source } = this;
    const key = this.#keyOf === undefined ? source.newKey() : this.keyOf(item);
    const text = textOf(source, key, item);
    if (this.#keyOf !== undefined && source.one(key) !== undefined) {
      throw new Error(
        `${source.what} has an item with the key ${JSON.stringify(key)} already. Change it with \`update\` or \`set\`, or give the new item another key.`,
      );
    }
    source.write(index === undefined ? ['+', key, text] : ['+', key, text, source.orderAt(index)], item);
    return key;
  }

  /**
   * Puts an item in the place of the one with the same key, or adds it at the end.
   *
   * @throws {TypeError} when the list has no function for keys, or the item cannot be stored.
   */
  set(item: T): void {
    put(this.source, this.keyOf(item), item);
  }

  /**
   * Changes fields of an item. Fields that others change at the same time stay as they make them.
   *
   * @example
   * todos.update(3, { done: true });
   * todos.update(3, (todo) => ({ ...todo, done: !todo.done }));
   *
   * @param change the new fields, or a function that returns the new item.
   * @returns false when there is no item with this key.
   * @throws {TypeError} when the item cannot be stored, or would have another key.
   */
  update(key: string | number, change: Partial<T> | ((item: T) => T)): boolean {
    return this.has(key) && changed(this.source, String(key), change, this.#keyOf && ((next) => this.keyOf(next)));
  }

  /**
   * @throws {TypeError} for an item in the place of its key.
   * @internal
   */
  protected override missing(key: string | number): void {
    if (this.#keyOf !== undefined || typeof key !== 'string' || !this.items.includes(key as T)) return;
    throw new TypeError(
      `${this.source.what} was given ${JSON.stringify(key)}, which is an item and no key: it has no function for keys, so a key is what \`add\` returns. Give it one, as in ui.list(['a', 'b'], (item) => item).`,
    );
  }

  /** Removes an item. @returns false when there was none with this key. */
  remove(key: string | number): boolean {
    if (!this.has(key)) return false;
    this.source.write(['-', String(key)]);
    return true;
  }

  /** Moves an item. @param index where it comes, counted without it, and from the end when negative. @returns false when there is no such item. */
  move(key: string | number, index: number): boolean {
    if (!this.has(key)) return false;
    this.source.write(['>', String(key), this.source.orderAt(index, String(key))]);
    return true;
  }

  /**
   * True when the items say their keys.
   * @internal
   */
  get keyed(): boolean {
    return this.#keyOf !== undefined;
  }

  /**
   * Returns the key of an item.
   * @internal
   */
  keyOf(item: T): string {
    return keyOfItem(item, this.#keyOf, this.source.what);
  }
}

/** A durable map. Each entry is stored and sent by itself. */
export class EntryMap<V> extends Collection<V> implements Iterable<readonly [key: string, value: V]> {
  /** All keys, oldest first. */
  get keys(): readonly string[] {
    return this.source.all.all.map(({ key }) => key);
  }

  /** All values, oldest first. The same array while nothing changes. */
  get values(): readonly V[] {
    return this.source.all.values as readonly V[];
  }

  /** All entries, oldest first. */
  get entries(): readonly (readonly [key: string, value: V])[] {
    return this.source.all.all.map(({ key, value }) => [key, value as V] as const);
  }

  /** Iterates over the entries, oldest first. */
  [Symbol.iterator](): Iterator<readonly [key: string, value: V]> {
    return this.entries[Symbol.iterator]();
  }

  /**
   * Sets an entry. The last write of an entry wins.
   *
   * @throws {TypeError} when the key or the value cannot be stored.
   */
  set(key: string | number, value: V): void {
    put(this.source, checkKey(key, this.source.what), value);
  }

  /**
   * Changes fields of a value. Fields that others change at the same time stay as they make them.
   *
   * @returns false when there is no such entry.
   * @throws {TypeError} when the value cannot be stored.
   */
  update(key: string | number, change: Partial<V> | ((value: V) => V)): boolean {
    return changed(this.source, String(key), change);
  }

  /**
   * Adds to an entry that is a number; one that is not there counts as 0. Simultaneous additions all count.
   *
   * @throws {TypeError} when the entry or the amount is no finite number.
   */
  add(key: string | number, amount: V extends number ? number : never): void {
    const name = checkKey(key, this.source.what);
    const present = this.get(name) ?? 0;
    if (typeof present !== 'number' || !Number.isFinite(amount)) {
      throw new TypeError(`${this.source.what}.add takes a number and adds to an entry that is a number.`);
    }
    this.source.write(['#', name, amount], present + amount);
  }

  /** Removes an entry. @returns false when there was none. */
  delete(key: string | number): boolean {
    if (!this.has(key)) return false;
    this.source.write(['-', String(key)]);
    return true;
  }
}

/** Sets an item, which may be there. */
function put(source: ItemsSource, key: string, value: unknown): void {
  source.write(['=', key, textOf(source, key, value)], value);
}

/** Sets the fields that `change` gives or changes. @returns false when there is no such item. */
function changed<T>(
  source: ItemsSource,
  key: string,
  change: Partial<T> | ((item: T) => T),
  keyOf: (next: T) => string = () => key,
): boolean {
  const item = source.one(key) as T | undefined;
  if (item === undefined) return false;
  // A copy, because the function may change it in place.
  const next = typeof change === 'function' ? change(copyOf(item, nameOf(source, key))) : change;
  // Of an object, only what differs is written, so that changes of other fields by others stay.
  const fields = isPlain(item) && isPlain(next) && (typeof change !== 'function' || hasAll(next, item)) && next;
  if (typeof change !== 'function' && !fields)
    throw new TypeError(`${nameOf(source, key)} has no fields. Use \`set\`, or give a function.`);
  const whole = (fields ? { ...item, ...fields } : next) as T;
  const other = keyOf(whole);
  if (other !== key)
    throw new TypeError(
      `${nameOf(source, key)} would have the key ${JSON.stringify(other)}, under which nobody finds it. Remove it, and add the new item.`,
    );
  if (fields) merge(source, key, whole as Fields);
  else put(source, key, whole);
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Writes the fields that differ from those that are stored. The item itself may have been changed in place. */
function merge(source: ItemsSource, key: string, next: Fields): void {
  const stored = source.storedText(key);
  const text = textOf(source, key, next);
  if (text === stored) return source.unchanged(key, next);
  const before = (stored === undefined ? {} : decode(stored)) as Fields;
  const fields = Object.fromEntries(
    Object.entries(next).filter(([field, value]) => comparableText(before[field]) !== comparableText(value)),
  );
  source.write(['~', key, encode(fields, nameOf(source, key))], next);
}

function hasAll(next: Fields, item: Fields): boolean {
  return Object.keys(item).every((field) => Object.hasOwn(next, field));
}

/** @throws {TypeError} for a value that cannot be stored, with the path of the part. */
function textOf(source: ItemsSource, key: string, value: unknown): string {
  const what = nameOf(source, key);
  if (value === undefined) throw new TypeError(`${what} is undefined. Remove an item with \`remove\`, or use null.`);
  return encode(value, what);
}

function nameOf({ what }: ItemsSource, key: string): string {
  return `The item ${JSON.stringify(key)} of ${what}`;
}

/** Returns the key of an item. @throws {TypeError} for what is no key. */
export function keyOfItem<T>(item: T, keyOf: KeyOf<T> | undefined, what: string): string {
  if (keyOf === undefined) throw new TypeError(`${what} has no function for keys; give it as the argument \`key\`.`);
  const key = typeof keyOf === 'function' ? keyOf(item) : item?.[keyOf];
  // Because it may be the promise of an async function.
  if (key === undefined) encode(item, `An item of ${what}`);
  return checkKey(key, what);
}

function checkKey(key: unknown, what: string): string {
  if (typeof key === 'string' ? key.length <= longestKey : typeof key === 'number') return String(key);
  const given = typeof key === 'string' ? `a text of ${key.length} characters` : String(key);
  throw new TypeError(
    `A key of ${what} is ${given}; it has to be a number, or a text of at most ${longestKey} characters.`,
  );
}

function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
