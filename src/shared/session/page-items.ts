import { type ItemOp, type Items, type ItemsJournal, JournaledItems } from '../../collection/index.ts';
import { sharedLimits } from '../limits.ts';
import { calledBy } from '../protocol.ts';
import type { Share } from './share.ts';
import type { SharedItems } from './shared-items.ts';

/** The port of a page's items to their page. */
export interface PageItemsHost {
  write(op: ItemOp, value: unknown): void;
  /** Returns false to drop a write. @throws {Error} where code may not write. */
  accepts(): boolean;
  newKey(): string;
}

/** The items of a shared list or map, as the code of one page sees them. */
export class PageItems extends JournaledItems {
  readonly what: string;
  readonly #items: SharedItems;
  readonly #host: PageItemsHost;

  constructor({ name, items }: Share, journal: ItemsJournal, host: PageItemsHost) {
    super(name, journal);
    this.what = calledBy(name);
    this.#items = items as SharedItems;
    this.#host = host;
  }

  get live(): Items {
    return this.#items.shown;
  }

  newKey(): string {
    return this.#host.newKey();
  }

  itemChanging(key: string, value: unknown): void {
    this.changing(key, value);
  }

  itemsChanged(): void {
    this.changed();
  }

  protected accepts(): boolean {
    return this.#host.accepts();
  }

  protected change(op: ItemOp, value: unknown): void {
    const { items, itemsSize, value: largest } = sharedLimits;
    const text = op[0] === '+' || op[0] === '=' || op[0] === '~' ? op[2] : '';
    if (text.length > largest) {
      throw new RangeError(
        `The item ${JSON.stringify(op[1])} of ${this.what} would have ${text.length} characters; the limit is ${largest}. ` +
          'Store large data in R2 or a database, and share its key.',
      );
    }
    const more = op[0] === '+' || op[0] === '=';
    if ((more && this.live.count >= items) || (text !== '' && this.live.size + text.length > itemsSize)) {
      throw new RangeError(
        `${this.what} has ${this.live.count} items of ${this.live.size} characters in all; it holds at most ${items} items and ` +
          `${itemsSize} characters. Remove old items, or store them in a database.`,
      );
    }
    this.#host.write(op, value);
  }
}
