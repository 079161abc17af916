import {
  EntryMap,
  type ItemOp,
  type Items,
  type ItemsSource,
  itemsOf,
  type KeyOf,
  keyOfItem,
  List,
} from '../collection/index.ts';
import { Signal } from '../reactive/index.ts';
import { generalName, shared } from '../shared/index.ts';
import { copyOf, encode } from '../storage/index.ts';
import { storeLimits } from './limits.ts';
import { PageValues } from './page-values.ts';

/** A durable signal of `storage`. Assign to `value` to change it. */
export interface Stored<T> extends Signal<T> {
  /**
   * Replaces the value by what a function makes of the newest one. No update is lost, also not of another session.
   *
   * @example
   * await visits.update((count) => count + 1);
   *
   * @param change returns the new value, synchronously. It may be called again, so it has no other effect.
   * @returns a promise of the value that the update has made.
   * @throws what the function throws (rejects); {TypeError} (rejects) for a value that is no plain data.
   */
  update(change: (value: T) => T): PromiseLike<T>;
}

/** The values of one user, of one tab, or of the application. */
export interface StorageScope {
  /**
   * Returns the signal of a name. Make it in a module or in a page function. Read it anywhere in a page, bind it to elements, and
   * write it in handlers and timers.
   *
   * @param name names the value: 1 to 128 characters.
   * @param initial the value before the first write: plain data.
   * @throws {TypeError} when the name is empty or too long, or the value is no plain data.
   */
  <T>(name: string, initial: T): Stored<T>;
  /**
   * Returns the list of a name. Each item is stored by itself, as those of `ui.list`.
   *
   * @param initial the items before the first change. @default none
   * @param key identifies an item: the name of a field, or a function. @default a new key for each item, which `add` returns
   * @throws {TypeError} when the name is empty or too long.
   * @throws {Error} when two initial items have the same key.
   */
  list<T>(name: string, initial?: readonly T[], key?: KeyOf<T>): List<T>;
  /**
   * Returns the map of a name. Each entry is stored by itself.
   *
   * @param initial the entries before the first change. @default none
   * @throws {TypeError} when the name is empty or too long.
   */
  map<V>(name: string, initial?: Readonly<Record<string, V>> | Iterable<readonly [key: string, value: V]>): EntryMap<V>;
  /**
   * Replaces the value of a name by what a function makes of the newest one, see {@link Stored.update}.
   *
   * @param change gets undefined before the first write.
   * @throws what the function throws (rejects).
   */
  update<T>(name: string, change: (value: T | undefined) => T): PromiseLike<T>;
}

/** The type of {@link storage}. */
export interface Storage {
  /** Values of one browser tab. They survive reloads and the way from page to page, and end with the tab's pages. */
  readonly tab: StorageScope;
  /**
   * Values of one user: of all tabs of a browser, and of all browsers of a user that `identify` names. They end with the session,
   * 30 days after its last use.
   */
  readonly user: StorageScope;
  /** Values of the application, which all users share. */
  readonly general: StorageScope;
}

type Scope = 'user' | 'tab';

/** A value of a user or of a tab, in whichever page the code runs. */
class StoredSignal<T> extends Signal<T> implements Stored<T> {
  /** @internal */
  readonly storedElsewhere = true;
  readonly #scope: Scope;
  readonly #name: string;
  /** The text of the initial value. */
  readonly #initial: string;
  readonly #what: string;

  constructor(scope: Scope, name: string, initial: T) {
    super(initial);
    this.#scope = scope;
    this.#name = name;
    this.#what = `storage.${scope}('${name}')`;
    this.#initial = encode(initial, `The initial value of ${this.#what}`);
  }

  override get value(): T {
    const page = PageValues.here(this.#what);
    const stored = page.value(this.#scope, this.#name);
    return page.read(stored, stored.signal.value, this, this.#initial) as T;
  }

  override set value(value: T) {
    const page = PageValues.here(this.#what);
    const stored = page.value(this.#scope, this.#name);
    // Because an object may have been changed in place.
    const isSame = () => typeof value !== 'object' || encode(value, this.#what) === (stored.text ?? this.#initial);
    if (Object.is(value, this.peek()) && isSame()) return;
    page.write(stored, value, this.#what, this.#initial);
  }

  override peek(): T {
    const page = PageValues.here(this.#what);
    const stored = page.value(this.#scope, this.#name);
    return page.read(stored, stored.signal.peek(), this, this.#initial) as T;
  }

  async update(change: (value: T) => T): Promise<T> {
    // A copy, because the function may change it in place.
    const next: unknown = change(copyOf(this.peek(), this.#what));
    if (next instanceof Promise) {
      throw new TypeError(
        `The function given to ${this.#what}.update is async. Compute the new value at once; load data before the update.`,
      );
    }
    this.value = next as T;
    return next as T;
  }
}

/** Items of a user or of a tab, in whichever page the code runs. */
class EveryPagesItems implements ItemsSource {
  readonly what: string;
  readonly #scope: Scope;
  readonly #name: string;
  readonly #initial: Items;

  constructor(scope: Scope, type: 'list' | 'map', name: string, initial: Items) {
    this.what = `storage.${scope}.${type}('${name}')`;
    this.#scope = scope;
    // A list and a map may have the same name.
    this.#name = `${type}:${name}`;
    this.#initial = initial;
  }

  get #here(): ItemsSource {
    return PageValues.here(this.what).items(this.#scope, this.#name, this.#initial, this.what);
  }

  get live(): Items {
    return this.#here.live;
  }

  get all(): Items {
    return this.#here.all;
  }

  get count(): number {
    return this.#here.count;
  }

  one(key: string): unknown {
    return this.#here.one(key);
  }

  storedText(key: string): string | undefined {
    return this.#here.storedText(key);
  }

  orderAt(index: number, key?: string): string {
    return this.#here.orderAt(index, key);
  }

  newKey(): string {
    return this.#here.newKey();
  }

  write(op: ItemOp, value?: unknown): void {
    this.#here.write(op, value);
  }

  unchanged(key: string, value: unknown): void {
    this.#here.unchanged(key, value);
  }
}

function inSession(scope: Scope): StorageScope {
  const what = `storage.${scope}`;
  const state = <T>(name: string, initial: T) => new StoredSignal<T>(scope, checked(name, what), initial);
  return Object.assign(state, {
    list: <T>(name: string, initial: readonly T[] = [], key?: KeyOf<T>) => {
      const of = `${what}.list('${name}')`;
      const keyed = initial.map((item, index) => [key ? keyOfItem(item, key, of) : `${index}`, item] as const);
      return new List<T>(new EveryPagesItems(scope, 'list', checked(name, `${what}.list`), itemsOf(keyed, of)), key);
    },
    map: <V>(name: string, initial: Readonly<Record<string, V>> | Iterable<readonly [string, V]> = {}) => {
      const entries = Symbol.iterator in initial ? [...initial] : Object.entries(initial);
      const items = itemsOf(entries, `${what}.map('${name}')`);
      return new EntryMap<V>(new EveryPagesItems(scope, 'map', checked(name, `${what}.map`), items));
    },
    update: <T>(name: string, change: (value: T | undefined) => T) =>
      state<T | undefined>(name, undefined).update(change) as Promise<T>,
  });
}

function checked(name: string, what: string): string {
  if (typeof name === 'string' && name !== '' && name.length <= storeLimits.name) return name;
  const given = typeof name === 'string' ? `a text of ${name.length} characters` : String(name);
  throw new TypeError(`${what} needs a name of 1 to ${storeLimits.name} characters, not ${given}.`);
}

const general: StorageScope = Object.assign(<T>(name: string, initial: T) => shared(generalName(name), initial), {
  list: <T>(name: string, initial?: readonly T[], key?: KeyOf<T>) => shared.list(generalName(name), initial, key),
  map: <V>(name: string, initial?: Readonly<Record<string, V>> | Iterable<readonly [key: string, value: V]>) =>
    shared.map(generalName(name), initial),
  update: <T>(name: string, change: (value: T | undefined) => T) =>
    shared<T | undefined>(generalName(name), undefined).update(change as never) as PromiseLike<T>,
});

/**
 * Durable values by name: of one tab, of one user, and of the application.
 *
 * @example
 * const theme = storage.user('theme', 'light');
 * ui.select(['light', 'dark'], { label: 'Theme', value: theme });
 *
 * const visits = storage.general('visits', 0);
 * ui.button('I am here', () => visits.update((count) => count + 1));
 *
 * const drafts = storage.tab.list<string>('drafts');
 * ui.each(drafts, (draft) => ui.label(draft));
 */
export const storage: Storage = { tab: inSession('tab'), user: inSession('user'), general };
