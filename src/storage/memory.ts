import { checkCellSize } from './size.ts';
import type { CellRow, DueRow, FileRow, JobRow, PageRow, PartRow, Store } from './store.ts';

interface Tables {
  readonly pages: Map<string, PageRow>;
  readonly cells: Map<string, Map<string, string>>;
  readonly due: Map<string, DueRow>;
  readonly jobs: Map<string, JobRow>;
  readonly parts: Map<string, PartRow>;
  readonly files: Map<string, FileRow>;
  readonly pieces: Map<string, Uint8Array>;
}

const emptyTables = (): Tables => ({
  pages: new Map(),
  cells: new Map(),
  due: new Map(),
  jobs: new Map(),
  parts: new Map(),
  files: new Map(),
  pieces: new Map(),
});

/**
 * A {@link Store} in memory. Tests and the simulator kill, reopen and inspect it. A commit is
 * applied whole or not at all.
 */
export class MemoryStore implements Store {
  #tables: Tables = emptyTables();
  /** What takes back each write of the running transaction. A copy of all rows would make each commit as expensive as the store is large. */
  #undo: (() => void)[] | undefined;
  /** An error that every transaction throws while it is set, such as for a full disk. */
  failure: Error | undefined;
  /** False once every copy is out of date. */
  #copied = false;
  outdated: (() => void) | undefined;
  /** Called after each successful transaction. */
  committed: (() => void) | undefined;
  /** The number of rows written so far. */
  written = 0;

  transaction(fn: () => void): void {
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      fn();
      if (this.failure) throw this.failure;
    } catch (error) {
      for (const takeBack of undo.reverse()) takeBack();
      throw error;
    } finally {
      this.#undo = undefined;
    }
    this.committed?.();
  }

  #set<V>(table: Map<string, V>, key: string, row: V): void {
    this.#note(table, key);
    table.set(key, row);
  }

  #delete<V>(table: Map<string, V>, key: string): void {
    if (!table.has(key)) return;
    this.#note(table, key);
    table.delete(key);
  }

  #note<V>(table: Map<string, V>, key: string): void {
    this.#changes();
    if (!this.#undo) return;
    const before = table.get(key);
    this.#undo.push(() => (before === undefined ? table.delete(key) : table.set(key, before)));
  }

  wake(page: string, copy?: string): void {
    if (copy === undefined || copy === this.#copyOf(page)) return;
    throw new Error('A socket had other rows of its page than the store has.');
  }

  copy(page: string): string {
    this.#copied = true;
    return this.#copyOf(page);
  }

  #copyOf(page: string): string {
    const { pages, cells, due } = this.#tables;
    return JSON.stringify([pages.get(page), [...(cells.get(page) ?? [])], [...due.values()]]);
  }

  pages(): PageRow[] {
    return [...this.#tables.pages.values()].sort((a, b) => a.seen - b.seen);
  }

  page(page: string): PageRow | undefined {
    return this.#tables.pages.get(page);
  }

  writePage(row: PageRow): void {
    this.written++;
    this.#set(this.#tables.pages, row.page, row);
  }

  deletePage(page: string): void {
    const { pages, cells, due } = this.#tables;
    this.#delete(pages, page);
    this.#delete(cells, page);
    for (const [id, row] of due) if (row.page === page) this.#delete(due, id);
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
      this.#set(this.#tables.cells, page, cells);
    }
    this.#set(cells, key, value);
  }

  deleteCell(page: string, key: string): void {
    const cells = this.#tables.cells.get(page);
    if (cells) this.#delete(cells, key);
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
    this.#set(this.#tables.jobs, row.job, row);
  }

  deleteJob(job: string): void {
    const { jobs, parts } = this.#tables;
    this.#delete(jobs, job);
    for (const [id, row] of parts) if (row.job === job) this.#delete(parts, id);
  }

  parts(job: string, type: PartRow['type'], at = 0, most?: number): PartRow[] {
    const rows = [...this.#tables.parts.values()]
      .filter((row) => row.job === job && row.type === type)
      .sort((a, b) => a.n - b.n);
    const from = rows.findLast(({ n }) => n <= at)?.n ?? 0;
    return rows.filter(({ n }) => n >= from).slice(0, most);
  }

  writePart(row: PartRow): void {
    checkCellSize(row.job, row.value);
    this.written++;
    this.#set(this.#tables.parts, JSON.stringify([row.job, row.type, row.n]), row);
  }

  deleteParts(job: string, type: PartRow['type'], before = Number.POSITIVE_INFINITY): void {
    const { parts } = this.#tables;
    for (const [id, row] of parts) {
      if (row.job === job && row.type === type && row.n < before) this.#delete(parts, id);
    }
  }

  files(): FileRow[] {
    return [...this.#tables.files.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  writeFile(row: FileRow): void {
    checkCellSize(row.file, row.state);
    this.written++;
    this.#set(this.#tables.files, row.file, row);
  }

  deleteFile(file: string): void {
    const { files, pieces } = this.#tables;
    this.#delete(files, file);
    for (const key of pieces.keys()) if (key.startsWith(`${file} `)) this.#delete(pieces, key);
  }

  piece(file: string, n: number): Uint8Array | undefined {
    return this.#tables.pieces.get(`${file} ${n}`);
  }

  writePiece(file: string, n: number, bytes: Uint8Array): void {
    this.written++;
    this.#set(this.#tables.pieces, `${file} ${n}`, bytes.slice());
  }

  due(until = Number.POSITIVE_INFINITY): DueRow[] {
    return [...this.#tables.due.values()].filter((row) => row.at <= until).sort((a, b) => a.at - b.at);
  }

  writeDue(row: DueRow): void {
    this.written++;
    this.#set(this.#tables.due, JSON.stringify([row.page, row.key]), row);
  }

  deleteDue(page: string, key: string): void {
    this.#delete(this.#tables.due, JSON.stringify([page, key]));
  }

  #changes(): void {
    if (!this.#copied) return;
    this.#copied = false;
    this.outdated?.();
  }

  clear(): void {
    this.#changes();
    const before = this.#tables;
    this.#undo?.push(() => {
      this.#tables = before;
    });
    this.#tables = emptyTables();
  }
}
