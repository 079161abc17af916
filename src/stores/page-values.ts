import { gone, type ItemOp, type Items, type ItemsJournal, JournaledItems } from '../collection/index.ts';
import { pageHost } from '../elements/index.ts';
import { isOwnRead, type Signal } from '../reactive/index.ts';
import { decode } from '../storage/index.ts';
import { type StoredItems, type StoredValue, tabScope, type Values, type ValueUser } from './values.ts';

/** The parts of a page that stored values use. */
export interface PageValuesHost {
  readonly id: string;
  readonly tree: { readonly constructing: boolean };
  readonly pageTree: { nextSegment(): string };
  readonly handlers: ItemsJournal;
  readonly record: { readonly ended: boolean; touch(): void };
}

/** Where the `pageHost` of a page's code has its {@link PageValues}. */
const valuesHere = Symbol('values');

interface Holder {
  [valuesHere]?: PageValues;
}

/** The stored values of a page's user and tab, as the page's code sees them. */
export class PageValues implements ValueUser {
  readonly #page: PageValuesHost;
  readonly #values: Values;
  readonly #items = new Map<string, PageItems>();

  /** @param found the `pageHost` of the page's code. */
  constructor(page: PageValuesHost, values: Values, found: object) {
    this.#page = page;
    this.#values = values;
    values.users.add(this);
    (found as Holder)[valuesHere] = this;
  }

  /** Returns the stored values for the running code. @throws {Error} outside of a page. */
  static here(what: string): PageValues {
    const found = (pageHost.require(what) as Holder)[valuesHere];
    if (found) return found;
    throw new Error(
      `${what} needs a page of a session, and this page belongs to none. Pages of an App and of the test kit do.`,
    );
  }

  scope(of: 'user' | 'tab'): string {
    return of === 'user' ? 'user' : tabScope(this.#values.tabOf(this.#page.id));
  }

  value(of: 'user' | 'tab', name: string): StoredValue {
    return this.#values.value(this.scope(of), name);
  }

  /**
   * @param by the signal that the code reads.
   * @param initial the text of the value before the first write.
   */
  read(stored: StoredValue, live: { readonly value: unknown } | undefined, by: Signal, initial: string): unknown {
    const { handlers } = this.#page;
    handlers.once?.read(called(stored.cell));
    const present = live ? live.value : initialOf(stored, initial);
    handlers.inPlace?.read(called(stored.cell), present, () => [
      (stored.signal.peek() ?? { value: initialOf(stored, initial) }).value,
      stored.text ?? initial,
    ]);
    const seen = handlers.read(stored.cell, present, isOwnRead(by));
    return seen ? seen.value : present;
  }

  /** @param initial the text of the value before the first write. */
  write(stored: StoredValue, value: unknown, what: string, initial: string): void {
    if (!this.accepts(what)) return;
    const { handlers } = this.#page;
    if (handlers.replay) {
      handlers.replay.rewrite(stored.cell, value);
      return;
    }
    try {
      this.#values.write(stored, value, what, initial);
    } catch (error) {
      handlers.refused(stored.cell, error);
      throw error;
    }
    this.#page.record.touch();
  }

  items(of: 'user' | 'tab', name: string, initial: Items, what: string): PageItems {
    const stored = this.#values.items(this.scope(of), name, initial, what);
    const known = this.#items.get(stored.cell);
    if (known) return known;
    const items = new PageItems(stored, what, this.#page.handlers, {
      accepts: () => this.accepts(what),
      newKey: () => `${this.#page.id}${this.#page.pageTree.nextSegment()}`,
      change: (op, value) => {
        stored.rows.apply(op, value, true, (key, next, before) => this.#itemChanged(stored, key, next, before));
        for (const user of this.#values.users) user.itemsChanged(stored.cell);
        this.#page.record.touch();
      },
    });
    this.#items.set(stored.cell, items);
    return items;
  }

  changing(cell: string, before: () => string, value: unknown): void {
    this.#page.handlers.once?.changed(called(cell));
    this.#page.handlers.recordWrite(cell, before, value);
  }

  itemsChanged(cell: string): void {
    this.#items.get(cell)?.itemsChanged();
  }

  /** Returns false to drop a write. @throws {Error} while a page is built. */
  accepts(what: string): boolean {
    if (this.#page.record.ended) return false;
    if (!this.#page.tree.constructing) return true;
    throw new Error(
      `${what} was written while a page was built. A page is built again after each restart: give the first value as the second ` +
        'argument, and write in a handler or a timer.',
    );
  }

  end(): void {
    this.#values.users.delete(this);
  }

  #itemChanged({ cell }: StoredItems, key: string, value: unknown, before: string | undefined): void {
    for (const user of this.#values.users) user.changing(JournaledItems.cellOf(cell, key), () => before ?? gone, value);
  }
}

/** The port of a page's items to their page. */
interface PageItemsHost {
  accepts(): boolean;
  newKey(): string;
  change(op: ItemOp, value: unknown): void;
}

/** The items of a stored list or map, as the code of one page sees them. */
class PageItems extends JournaledItems {
  readonly what: string;
  readonly #stored: StoredItems;
  readonly #host: PageItemsHost;

  constructor(stored: StoredItems, what: string, journal: ItemsJournal, host: PageItemsHost) {
    super(stored.cell, journal);
    this.what = what;
    this.#stored = stored;
    this.#host = host;
  }

  get live(): Items {
    return this.#stored.rows.live;
  }

  newKey(): string {
    return this.#host.newKey();
  }

  itemsChanged(): void {
    this.changed();
  }

  protected accepts(): boolean {
    return this.#host.accepts();
  }

  protected change(op: ItemOp, value: unknown): void {
    this.#host.change(op, value);
  }
}

/** Returns the author's expression for a value: `storage.user('theme')`. */
function called(cell: string): string {
  return cell.replace(/^(user|tab).*?\.v\.(.*)$/s, "storage.$1('$2')");
}

function initialOf({ initial: known }: StoredValue, text: string): unknown {
  if (!known.has(text)) known.set(text, decode(text));
  return known.get(text);
}
