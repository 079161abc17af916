import { type Items, RowedItems } from '../collection/index.ts';
import { batch, type Signal, signal } from '../reactive/index.ts';
import { decode, encode, type Store, type UnitOfWork } from '../storage/index.ts';
import { storeLimits } from './limits.ts';

/** The port of stored values to their session. */
export interface ValuesHost {
  readonly store: Store;
  /** Schedules a commit at the end of the running turn. */
  commit(): void;
}

/** A page that uses stored values. */
export interface ValueUser {
  /** Called before a value changes. */
  changing(cell: string, before: () => string, value: unknown): void;
  /** Called after items have changed. */
  itemsChanged(cell: string): void;
}

/** A value of a user or of a tab. */
export interface StoredValue {
  /** Its name in rows and journals: `user.v.theme`. */
  readonly cell: string;
  /** The value; undefined until a handler has written it. */
  readonly signal: Signal<{ readonly value: unknown } | undefined>;
  text: string | undefined;
  /** Initial values by their text. Each is an object of this session alone, because a module may declare it for all. */
  readonly initial: Map<string, unknown>;
}

/** A list or map of a user or of a tab. */
export interface StoredItems {
  readonly cell: string;
  readonly rows: RowedItems;
}

/** The store's page for these rows. */
const page = 'storage';

/**
 * What a session stores for its user and its tabs. A row `SCOPE.v.NAME` is a value; `SCOPE.i.LENGTH.NAME.ITEM` is an item of a list
 * or map, and with `:N` at its end a part of the initial items. `page.ID` is the tab of a page, and
 * `seen` when a browser last showed a page that has ended since. A scope is `user`, or `tab-ID`.
 */
export class Values implements UnitOfWork {
  readonly users = new Set<ValueUser>();
  readonly #host: ValuesHost;
  readonly #values = new Map<string, StoredValue>();
  readonly #items = new Map<string, StoredItems>();
  /** All rows, with those that wait for the commit. */
  readonly #rows = new Map<string, string>();
  readonly #pending = new Map<string, string | null>();
  /** Characters of all rows. */
  #size = 0;
  #loaded = false;

  constructor(host: ValuesHost) {
    this.#host = host;
  }

  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  /** True when the next commit changes a value that all tabs may show. */
  get shown(): boolean {
    for (const row of this.#pending.keys()) if (row.startsWith('user.')) return true;
    return false;
  }

  value(scope: string, name: string): StoredValue {
    this.#load();
    const cell = `${scope}.v.${name}`;
    const known = this.#values.get(cell);
    if (known) return known;
    this.#checkNames(scope);
    const text = this.#rows.get(cell);
    const value = {
      cell,
      signal: signal(text === undefined ? undefined : { value: decode(text) }),
      text,
      initial: new Map(),
    };
    this.#values.set(cell, value);
    return value;
  }

  /**
   * @param initial the text of the value before the first write.
   * @throws {TypeError} when it cannot be stored, {RangeError} above a cap. Nothing has changed then.
   */
  write(stored: StoredValue, value: unknown, what: string, initial: string): void {
    const text = encode(value, what);
    if (text.length > storeLimits.value) {
      throw new RangeError(
        `${what} would have ${text.length} characters; the limit is ${storeLimits.value}. Store large data in R2 or a database, and its key here.`,
      );
    }
    this.#write(stored.cell, text, what);
    const before = stored.text ?? initial;
    stored.text = text;
    for (const user of this.users) user.changing(stored.cell, () => before, value);
    batch(() => {
      stored.signal.value = { value };
    });
  }

  items(scope: string, name: string, initial: Items, what: string): StoredItems {
    this.#load();
    const cell = `${scope}.i.${name.length}.${name}`;
    const known = this.#items.get(cell);
    if (known) return known;
    this.#checkNames(scope);
    const base: string[] = [];
    const rows = new Map<string, string>();
    for (const [row, text] of this.#rows) {
      if (row.startsWith(`${cell}:`)) base[Number(row.slice(cell.length + 1))] = text;
      else if (row.startsWith(`${cell}.`)) rows.set(row.slice(cell.length + 1), text);
    }
    const store = {
      base: (text: string) => this.#write(`${cell}:0`, text, what),
      item: (key: string, row: string | undefined) => this.#writeItem(`${cell}.${key}`, row ?? null, what),
      drop: () => {
        for (const row of [...this.#rows.keys()])
          if (row.startsWith(`${cell}.`) || row.startsWith(`${cell}:`)) this.#write(row, null, what);
      },
    };
    const stored = base.length > 0 || rows.size > 0 ? { base, items: rows } : undefined;
    const items = { cell, rows: new RowedItems(store, () => initial.fresh(), stored) };
    this.#items.set(cell, items);
    return items;
  }

  /** True when something is stored for the user, which outlives the pages. */
  get lasting(): boolean {
    this.#load();
    return [...this.#rows.keys()].some((row) => row.startsWith('user.'));
  }

  /** When a browser last showed a page that has ended since, in milliseconds since the epoch; 0 for never. */
  get seen(): number {
    this.#load();
    return Number(this.#rows.get('seen') ?? 0);
  }

  /** Returns the tab of a page. */
  tabOf(id: string): string {
    this.#load();
    return this.#rows.get(`page.${id}`) ?? id;
  }

  /**
   * Stores that a page belongs to the tab of another one.
   *
   * @returns true when code of the page has read values of the tab that it had before.
   */
  join(id: string, tab: string): boolean {
    const before = this.tabOf(id);
    if (tab === before) return false;
    this.#put(`page.${id}`, tab);
    return this.#forget(tabScope(before));
  }

  /**
   * A page has ended. What its tab has stored goes with the tab's last page.
   *
   * @param seen when a browser last showed it, in milliseconds since the epoch.
   */
  ended(id: string, pages: Iterable<string>, seen: number): void {
    const tab = this.tabOf(id);
    if (this.lasting && seen > this.seen) this.#put('seen', `${seen}`);
    if (this.#rows.has(`page.${id}`)) this.#put(`page.${id}`, null);
    for (const other of pages) if (other !== id && this.tabOf(other) === tab) return;
    const scope = tabScope(tab);
    for (const row of [...this.#rows.keys()]) if (row.startsWith(`${scope}.`)) this.#put(row, null);
    this.#forget(scope);
  }

  /** Frees the memory for the values of a scope. @returns true when code has read one. */
  #forget(scope: string): boolean {
    let known = false;
    for (const all of [this.#values, this.#items])
      for (const cell of all.keys()) if (cell.startsWith(`${scope}.`)) known = all.delete(cell);
    return known;
  }

  persist(store: Store): void {
    for (const [row, text] of this.#pending) {
      if (text === null) store.deleteCell(page, row);
      else store.writeCell(page, row, text);
    }
  }

  persisted(): void {
    this.#pending.clear();
  }

  #writeItem(row: string, text: string | null, what: string): void {
    if (text !== null && text.length > storeLimits.value) {
      throw new RangeError(
        `An item of ${what} would have ${text.length} characters; the limit is ${storeLimits.value}.`,
      );
    }
    this.#write(row, text, what);
  }

  #write(row: string, text: string | null, what: string): void {
    const before = this.#rows.get(row);
    const size = this.#size - (before?.length ?? 0) + (text?.length ?? 0);
    if (text !== null && size > storeLimits.size) {
      throw new RangeError(
        `${what} has no room: a session stores at most ${storeLimits.size} characters for its user and tabs. Remove old values, or use a database.`,
      );
    }
    if (text !== null && before === undefined && this.#rows.size >= storeLimits.items + storeLimits.names) {
      throw new RangeError(
        `${what} has no room: a session stores at most ${storeLimits.items} items for its user and tabs.`,
      );
    }
    this.#put(row, text);
  }

  /** Writes a row without the caps, which must not keep the session from its own work. */
  #put(row: string, text: string | null): void {
    this.#size += (text?.length ?? 0) - (this.#rows.get(row)?.length ?? 0);
    if (text === null) this.#rows.delete(row);
    else this.#rows.set(row, text);
    this.#pending.set(row, text);
    this.#host.commit();
  }

  #checkNames(scope: string): void {
    let names = 0;
    for (const all of [this.#values, this.#items])
      for (const cell of all.keys()) if (cell.startsWith(`${scope}.`)) names++;
    if (names < storeLimits.names) return;
    throw new RangeError(
      `storage.${scope === 'user' ? 'user' : 'tab'} has ${names} names, and at most ${storeLimits.names} fit. Store what belongs together in one object, a list or a map.`,
    );
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const { key, value } of this.#host.store.cells(page)) {
      this.#rows.set(key, value);
      this.#size += value.length;
    }
  }
}

/** Returns the scope of a tab. */
export function tabScope(tab: string): string {
  return `tab-${tab}`;
}
