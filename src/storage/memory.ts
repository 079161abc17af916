import { checkCellSize } from './size.ts';
import type { CellRow, DueRow, JobRow, PageRow, PartRow, Store } from './store.ts';

interface Tables {
  pages: Map<string, PageRow>;
  cells: Map<string, Map<string, string>>;
  due: Map<string, DueRow>;
  jobs: Map<string, JobRow>;
  parts: Map<string, PartRow>;
}

const nothing = (): Tables => ({
  pages: new Map(),
  cells: new Map(),
  due: new Map(),
  jobs: new Map(),
  parts: new Map(),
});

/**
 * A {@link Store} in memory. Tests and the simulator kill, reopen and inspect it. A commit is
 * applied whole or not at all.
 */
export class MemoryStore implements Store {
  #tables: Tables = nothing();
  /** An error that every transaction throws while it is set, such as for a full disk. */
  failure: Error | undefined;
  /** Called after each successful transaction. */
  committed: (() => void) | undefined;
  /** The number of rows written so far. */
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
    this.committed?.();
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

  jobs(which: 'open' | 'all'): JobRow[] {
    return [...this.#tables.jobs.values()]
      .filter((row) => which === 'all' || row.open === 1)
      .sort((a, b) => a.created - b.created || (a.job < b.job ? -1 : 1));
  }

  job(job: string): JobRow | undefined {
    return this.#tables.jobs.get(job);
  }

  writeJob(row: JobRow): void {
    checkCellSize(row.job, row.state);
    this.written++;
    this.#tables.jobs.set(row.job, row);
  }

  deleteJob(job: string): void {
    this.#tables.jobs.delete(job);
    for (const [id, row] of this.#tables.parts) if (row.job === job) this.#tables.parts.delete(id);
  }

  parts(job: string, sort: PartRow['sort'], at = 0, most?: number): PartRow[] {
    const rows = [...this.#tables.parts.values()]
      .filter((row) => row.job === job && row.sort === sort)
      .sort((a, b) => a.n - b.n);
    const from = rows.findLast(({ n }) => n <= at)?.n ?? 0;
    return rows.filter(({ n }) => n >= from).slice(0, most);
  }

  writePart(row: PartRow): void {
    checkCellSize(row.job, row.value);
    this.written++;
    this.#tables.parts.set(JSON.stringify([row.job, row.sort, row.n]), row);
  }

  deleteParts(job: string, sort: PartRow['sort'], before = Number.POSITIVE_INFINITY): void {
    for (const [id, row] of this.#tables.parts) {
      if (row.job === job && row.sort === sort && row.n < before) this.#tables.parts.delete(id);
    }
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
    this.#tables = nothing();
  }
}

function copy(tables: Tables): Tables {
  return {
    pages: new Map(tables.pages),
    cells: new Map([...tables.cells].map(([page, cells]) => [page, new Map(cells)])),
    due: new Map(tables.due),
    jobs: new Map(tables.jobs),
    parts: new Map(tables.parts),
  };
}
