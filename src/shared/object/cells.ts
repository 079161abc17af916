import type { CellRow, Store, UnitOfWork } from '../../storage/index.ts';

/** The page of the store under which the cells are. */
const page = 'shared';

/** The cells of a shared object: `value`, `lease.WHO`, `write.ID`. What was set waits for the commit that writes it. */
export class SharedCells implements UnitOfWork {
  readonly #pending = new Map<string, string | null>();

  get dirty(): boolean {
    return this.#pending.size > 0;
  }

  /** What an earlier activation of the object has stored. */
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
