import type { Store } from '../../storage/index.ts';

/** The parts of a page that its due rows know. */
export interface DueHost {
  readonly id: string;
  readonly record: { readonly ended: boolean; changed(): void };
}

/** When the session's one alarm has to look at a page, by what for: these rows wake a page whose object slept or died. */
export class DueRows {
  readonly #page: DueHost;
  readonly #rows = new Map<string, number>();
  readonly #pending = new Map<string, number | undefined>();

  constructor(page: DueHost) {
    this.#page = page;
  }

  /** True when something waits to be persisted. */
  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  load(store: Store): void {
    for (const { page, key, at } of store.due()) if (page === this.#page.id) this.#rows.set(key, at);
  }

  at(key: string): number | undefined {
    return this.#rows.get(key);
  }

  /** Has the alarm look at a time, also when the object sleeps or dies before; undefined for never. */
  set(key: string, at: number | undefined): void {
    const { record } = this.#page;
    if (record.ended) return;
    if (at === undefined) this.#rows.delete(key);
    else this.#rows.set(key, at);
    this.#pending.set(key, at);
    record.changed();
  }

  /** Writes what waits into the running transaction. Call {@link DueRows.persisted} when it succeeded. */
  persist(store: Store): void {
    for (const [key, at] of this.#pending) {
      if (at === undefined) store.deleteDue(this.#page.id, key);
      else store.writeDue({ page: this.#page.id, key, at });
    }
  }

  persisted(): void {
    this.#pending.clear();
  }
}
