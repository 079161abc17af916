import type { CellRow, Store, UnitOfWork } from '../../storage/index.ts';

/** The store's page for the cells. */
const page = 'shared';

/** The cells of a shared object: `value`, `lease.WHO`, `write.ID`. The next commit writes changed cells. */
export class SharedCells implements UnitOfWork {
  readonly #pending = new Map<string, string | null>();

  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  /** Returns the rows that an earlier activation of the object stored. */
  load(store: Store): CellRow[] {
    return store.cells(page);
  }

  /** @param value null deletes the cell. */
  set(key: string, value: string | null): void {
    this.#pending.set(key, value);
  }

  persist(store: Store): void {
    for (const [key, value] of this.#pending) {
      if (value === null) store.deleteCell(page, key);
      else store.writeCell(page, key, value);
    }
  }

  persisted(): void {
    this.#pending.clear();
  }
}
