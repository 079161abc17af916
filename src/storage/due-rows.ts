import type { UnitOfWork } from './committer.ts';
import type { Store } from './store.ts';

/** The due rows of one page, or of an object itself. The next commit writes their changes. */
export class DueRows implements UnitOfWork {
  readonly #page: string;
  readonly #rows = new Map<string, number>();
  readonly #pending = new Map<string, number | undefined>();

  /** @param page the id of a page; '' for an object itself. */
  constructor(page: string) {
    this.#page = page;
  }

  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  /** Reads the rows that an earlier activation of the object has stored. */
  load(store: Store): void {
    for (const { page, key, at } of store.due()) if (page === this.#page) this.#rows.set(key, at);
  }

  /** Returns when a key is due, in milliseconds since the epoch; undefined for never. */
  at(key: string): number | undefined {
    return this.#rows.get(key);
  }

  /** Sets when a key is due; undefined for never. The alarm rings then, also after hibernation or a crash. */
  set(key: string, at: number | undefined): void {
    if (at === undefined) this.#rows.delete(key);
    else this.#rows.set(key, at);
    this.#pending.set(key, at);
  }

  /** Deletes the rows whose key begins with `prefix`. */
  clear(prefix: string): void {
    for (const key of this.#rows.keys()) if (key.startsWith(prefix)) this.set(key, undefined);
  }

  persist(store: Store): void {
    for (const [key, at] of this.#pending) {
      if (at === undefined) store.deleteDue(this.#page, key);
      else store.writeDue({ page: this.#page, key, at });
    }
  }

  persisted(): void {
    this.#pending.clear();
  }
}
