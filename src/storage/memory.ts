import { checkCellSize } from './size.ts';
import type { CellRow, DueRow, PageRow, Store } from './store.ts';

interface Tables {
  pages: Map<string, PageRow>;
  cells: Map<string, Map<string, string>>;
  due: Map<string, DueRow>;
}

/** A {@link Store} in memory: what tests and the simulator kill, reopen and look into. Each commit is kept whole; nothing else is. */
export class MemoryStore implements Store {
  #tables: Tables = { pages: new Map(), cells: new Map(), due: new Map() };
  /** When set, the next transaction throws it: a disk that is full, a storage that is away. */
  failure: Error | undefined;
  /** Rows written so far, for figures. */
  written = 0;

  transaction(fn: () => void): void {
    const before = copy(this.#tables);
    try {
      fn();
      if (this.failure) throw this.failure;
    } catch (error) {
      this.#tables = before;
      throw error;
    }
  }

  pages(): PageRow[] {
    return [...this.#tables.pages.values()].sort((a, b) => a.seen - b.seen);
  }

  page(page: string): PageRow | undefined {
    return this.#tables.pages.get(page);
  }

  writePage(row: PageRow): void {
    this.written++;
    this.#tables.pages.set(row.page, row);
  }

  deletePage(page: string): void {
    this.#tables.pages.delete(page);
    this.#tables.cells.delete(page);
    for (const [id, row] of this.#tables.due) if (row.page === page) this.#tables.due.delete(id);
  }

  cells(page: string): CellRow[] {
    return [...(this.#tables.cells.get(page) ?? [])].map(([key, value]) => ({ key, value }));
  }

  writeCell(page: string, key: string, value: string): void {
    checkCellSize(key, value);
    this.written++;
    let cells = this.#tables.cells.get(page);
    if (!cells) {
      cells = new Map();
      this.#tables.cells.set(page, cells);
    }
    cells.set(key, value);
  }

  deleteCell(page: string, key: string): void {
    this.#tables.cells.get(page)?.delete(key);
  }

  due(until = Number.POSITIVE_INFINITY): DueRow[] {
    return [...this.#tables.due.values()].filter((row) => row.at <= until).sort((a, b) => a.at - b.at);
  }

  writeDue(row: DueRow): void {
    this.written++;
    this.#tables.due.set(JSON.stringify([row.page, row.key]), row);
  }

  deleteDue(page: string, key: string): void {
    this.#tables.due.delete(JSON.stringify([page, key]));
  }

  clear(): void {
    this.#tables = { pages: new Map(), cells: new Map(), due: new Map() };
  }
}

function copy(tables: Tables): Tables {
  return {
    pages: new Map(tables.pages),
    cells: new Map([...tables.cells].map(([page, cells]) => [page, new Map(cells)])),
    due: new Map(tables.due),
  };
}
