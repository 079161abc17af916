import { bytesBeside, checkCellSize } from './size.ts';
import type { CellRow, DueRow, FileRow, JobRow, PageRow, PartRow, Store } from './store.ts';

export type SqlValue = string | number | null | Uint8Array;

/**
 * The part of a Durable Object's storage that a {@link SqliteStore} uses. `ctx.storage` has this
 * shape; node:sqlite needs a small adapter.
 */
export interface SqlDatabase {
  readonly sql: {
    /**
     * Runs one statement, or several without bindings. Statements are constants, because the
     * platform caches them by text.
     */
    exec(query: string, ...bindings: SqlValue[]): { toArray(): Record<string, unknown>[] };
  };
  /** Runs `fn` in a transaction that is rolled back when it throws. */
  transactionSync<T>(fn: () => T): T;
  /** Called when the object has worked with rows that are not those of the database, so that it must not go on. */
  lost?(error: unknown): void;
}

/** The version of the tables below. When you change them, raise it and add an entry to {@link migrations}. */
const schemaVersion = 3;

/**
 * The tables of jobs and files. The first write of one makes all of them, because SQLite reads the definition of each table when
 * it opens a database: these four take about 2 % of a wake.
 *
 * - `job`: work that was handed over; see JobRow.
 * - `part`: chunks, long arguments and results of jobs, in pieces below the row cap.
 * - `file`: files of visitors, also those whose upload has not ended; see FileRow.
 * - `piece`: the bytes of files that are in no bucket, in pieces below the row cap.
 */
const workTables = `
  CREATE TABLE IF NOT EXISTS job (
    job TEXT NOT NULL PRIMARY KEY,
    open INTEGER NOT NULL,
    created INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS part (
    job TEXT NOT NULL,
    type TEXT NOT NULL,
    n INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (job, type, n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS file (
    file TEXT NOT NULL PRIMARY KEY,
    page TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS piece (
    file TEXT NOT NULL,
    n INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (file, n)
  ) STRICT, WITHOUT ROWID;
`;

/** The statements that migrate version N, the key, to N + 1. */
const migrations: Readonly<Record<number, string>> = {
  1: 'ALTER TABLE part RENAME COLUMN sort TO type',
  2: workTables,
};

/**
 * The tables of each session. They are `WITHOUT ROWID`, because an index would bill a second row for
 * each write; none has a further index, because a session's tables are small and read whole.
 *
 * - `meta`: one row, the version of this schema.
 * - `page`: one row a page, that is, a browser tab; see PageRow.
 * - `cell`: one row a durable value; the key is structural and the value encoded text.
 * - `due`: what the object's one alarm serves; an empty page means the session itself; see DueRow.
 */
const schema = `
  CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE page (
    page TEXT NOT NULL PRIMARY KEY,
    path TEXT NOT NULL,
    build TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    frame INTEGER NOT NULL,
    event INTEGER NOT NULL,
    built INTEGER NOT NULL,
    rest INTEGER,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE cell (
    page TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (page, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE due (
    page TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (page, key)
  ) STRICT, WITHOUT ROWID;
`;

const dropAll = `
  DROP TABLE IF EXISTS piece;
  DROP TABLE IF EXISTS file;
  DROP TABLE IF EXISTS part;
  DROP TABLE IF EXISTS job;
  DROP TABLE IF EXISTS due;
  DROP TABLE IF EXISTS cell;
  DROP TABLE IF EXISTS page;
  DROP TABLE IF EXISTS meta;
`;

const pageColumns = 'page, path, build, epoch, frame, event, built, rest, created, seen';

/**
 * Reads at once what a wake needs: the version, the due rows, and a page with its cells. Nothing sorts them here, because that costs
 * as much as a statement: rows come in the order of their tables. Tables of every version have these columns: give one that does
 * not a statement of its own.
 */
const wakeQuery = `
  SELECT 0 AS type, key, value FROM meta WHERE key = 'schema'
  UNION ALL SELECT page, key, at FROM due
  UNION ALL SELECT 1, page, json_object(${pageColumns.replaceAll(/\w+/g, "'$&', $&")}) FROM page WHERE page = ?1
  UNION ALL SELECT 2, key, value FROM cell WHERE page = ?1`;

/** Bytes of a copy. A socket's attachment holds 16,384, and its visitor and path may take three quarters of them. */
const mostCopied = 3_072;

/** A row of {@link wakeQuery}; that of a due row has the id of its page for a type. */
type WakeRow =
  | { readonly type: 0; readonly value: number }
  | { readonly type: 1 | 2; readonly key: string; readonly value: string }
  | { readonly type: string; readonly key: string; readonly value: number };

/** What {@link wakeQuery} reads of an object and the page that wakes it. The JSON of it is the copy that a socket has. */
interface Woken {
  /** The version of the tables; absent when another framework has made them. */
  version?: number;
  readonly due: DueRow[];
  row?: PageRow;
  readonly cells: CellRow[];
}

/**
 * A {@link Store} in the SQLite of a Durable Object.
 *
 * The first write creates the tables, so an object that was only read stays empty. The first use
 * migrates tables of an older version. It clears tables of a newer version, which a rollback of the
 * application leaves behind, because the session would otherwise fail at each request.
 */
export class SqliteStore implements Store {
  readonly #database: SqlDatabase;
  /** True when the tables exist. Undefined until it is read, and after a rollback, which may have removed them. */
  #present: boolean | undefined;
  /** The due rows as last read. They are cached because each commit reads them and few change them. */
  #due: readonly DueRow[] | undefined;
  /** The page that wakes the object, until its cells are taken or a row is written. */
  #woken: { readonly id: string; readonly row: PageRow; readonly cells: CellRow[] } | undefined;
  /** The copy that was taken for the rows, until the database is read. */
  #copy: { readonly page: string; readonly text: string } | undefined;
  /** False once every copy is out of date. */
  #copied = true;
  outdated: (() => void) | undefined;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** True before the first write and after {@link clear}. */
  get empty(): boolean {
    return !this.#exists();
  }

  transaction(fn: () => void): void {
    try {
      this.#database.transactionSync(fn);
    } catch (error) {
      this.#present = undefined;
      this.#forget();
      throw error;
    }
  }

  wake(page: string, copy?: string): void {
    if (this.#present !== undefined || this.#copy) return;
    if (copy === undefined) {
      this.#present = this.#open(page);
      return;
    }
    this.#copy = { page, text: copy };
    this.#take(page, JSON.parse(copy) as Woken);
  }

  copy(page: string, size: number): string | undefined {
    if (size > mostCopied || !this.#exists()) return undefined;
    const text = JSON.stringify(this.#rowsOf(page));
    if (bytesBeside(text) > mostCopied) return undefined;
    this.#copied = true;
    return text;
  }

  pages(): PageRow[] {
    return this.#read<PageRow>(`SELECT ${pageColumns} FROM page ORDER BY seen`);
  }

  page(page: string): PageRow | undefined {
    if (this.#woken?.id === page) return this.#woken.row;
    return this.#read<PageRow>(`SELECT ${pageColumns} FROM page WHERE page = ?`, page)[0];
  }

  writePage(row: PageRow): void {
    this.#write(
      `INSERT OR REPLACE INTO page (${pageColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.page,
      row.path,
      row.build,
      row.epoch,
      row.frame,
      row.event,
      row.built,
      row.rest,
      row.created,
      row.seen,
    );
  }

  deletePage(page: string): void {
    this.#remove('DELETE FROM page WHERE page = ?', page);
    this.#remove('DELETE FROM cell WHERE page = ?', page);
    this.#remove('DELETE FROM due WHERE page = ?', page);
    this.#due = undefined;
  }

  cells(page: string): CellRow[] {
    const woken = this.#woken;
    if (woken?.id === page) {
      // The page has them from now on.
      this.#woken = undefined;
      return woken.cells;
    }
    return this.#read<CellRow>('SELECT key, value FROM cell WHERE page = ? ORDER BY key', page);
  }

  writeCell(page: string, key: string, value: string): void {
    checkCellSize(key, value);
    this.#write('INSERT OR REPLACE INTO cell (page, key, value) VALUES (?, ?, ?)', page, key, value);
  }

  deleteCell(page: string, key: string): void {
    this.#remove('DELETE FROM cell WHERE page = ? AND key = ?', page, key);
  }

  jobs(which: 'open' | 'all'): JobRow[] {
    const where = which === 'open' ? ' WHERE open = 1' : '';
    return this.#read<JobRow>(`SELECT job, open, created, state FROM job${where} ORDER BY created, job`);
  }

  job(job: string): JobRow | undefined {
    return this.#read<JobRow>('SELECT job, open, created, state FROM job WHERE job = ?', job)[0];
  }

  writeJob({ job, open, created, state }: JobRow): void {
    checkCellSize(job, state);
    this.#write(
      'INSERT OR REPLACE INTO job (job, open, created, state) VALUES (?, ?, ?, ?)',
      job,
      open,
      created,
      state,
    );
  }

  deleteJob(job: string): void {
    this.#remove('DELETE FROM job WHERE job = ?', job);
    this.#remove('DELETE FROM part WHERE job = ?', job);
  }

  parts(job: string, type: PartRow['type'], at = 0, most = -1): PartRow[] {
    if (at === 0 && most < 0) {
      return this.#read<PartRow>(
        'SELECT job, type, n, value FROM part WHERE job = ? AND type = ? ORDER BY n',
        job,
        type,
      );
    }
    return this.#read<PartRow>(
      `SELECT job, type, n, value FROM part WHERE job = ?1 AND type = ?2 AND n >= COALESCE(
        (SELECT MAX(n) FROM part WHERE job = ?1 AND type = ?2 AND n <= ?3), 0) ORDER BY n LIMIT ?4`,
      job,
      type,
      at,
      most,
    );
  }

  writePart({ job, type, n, value }: PartRow): void {
    checkCellSize(job, value);
    this.#write('INSERT OR REPLACE INTO part (job, type, n, value) VALUES (?, ?, ?, ?)', job, type, n, value);
  }

  deleteParts(job: string, type: PartRow['type'], before?: number): void {
    if (before === undefined) this.#remove('DELETE FROM part WHERE job = ? AND type = ?', job, type);
    else this.#remove('DELETE FROM part WHERE job = ? AND type = ? AND n < ?', job, type, before);
  }

  files(): FileRow[] {
    return this.#read<FileRow>('SELECT file, page, state FROM file ORDER BY file');
  }

  writeFile({ file, page, state }: FileRow): void {
    checkCellSize(file, state);
    this.#write('INSERT OR REPLACE INTO file (file, page, state) VALUES (?, ?, ?)', file, page, state);
  }

  deleteFile(file: string): void {
    this.#remove('DELETE FROM file WHERE file = ?', file);
    this.#remove('DELETE FROM piece WHERE file = ?', file);
  }

  piece(file: string, n: number): Uint8Array | undefined {
    const [row] = this.#read<{ bytes: ArrayBuffer | Uint8Array }>(
      'SELECT bytes FROM piece WHERE file = ? AND n = ?',
      file,
      n,
    );
    return row && new Uint8Array(row.bytes);
  }

  writePiece(file: string, n: number, bytes: Uint8Array): void {
    this.#write('INSERT OR REPLACE INTO piece (file, n, bytes) VALUES (?, ?, ?)', file, n, bytes);
  }

  due(until = Number.POSITIVE_INFINITY): readonly DueRow[] {
    // The first use of the database reads them too.
    if (!this.#due && !this.#exists()) return [];
    this.#due ??= this.#read<DueRow>('SELECT page, key, at FROM due ORDER BY at, page, key');
    return until === Number.POSITIVE_INFINITY ? this.#due : this.#due.filter(({ at }) => at <= until);
  }

  writeDue(row: DueRow): void {
    this.#write('INSERT OR REPLACE INTO due (page, key, at) VALUES (?, ?, ?)', row.page, row.key, row.at);
    // Only now, because the first use of the database reads them.
    this.#due = undefined;
  }

  deleteDue(page: string, key: string): void {
    this.#remove('DELETE FROM due WHERE page = ? AND key = ?', page, key);
    this.#due = undefined;
  }

  clear(): void {
    if (!this.#exists()) return;
    this.#changes();
    this.#database.sql.exec(dropAll);
    this.#present = false;
    this.#forget();
  }

  #forget(): void {
    this.#due = undefined;
    this.#woken = undefined;
  }

  #read<Row>(query: string, ...bindings: SqlValue[]): Row[] {
    if (!this.#exists()) return [];
    return (this.#run(query, bindings)?.toArray() ?? []) as Row[];
  }

  #remove(query: string, ...bindings: SqlValue[]): void {
    if (!this.#exists()) return;
    this.#changes();
    this.#run(query, bindings);
  }

  #write(query: string, ...bindings: SqlValue[]): void {
    if (!this.#exists()) this.#create();
    this.#changes();
    if (this.#run(query, bindings)) return;
    this.#database.sql.exec(workTables);
    this.#run(query, bindings);
  }

  /** Runs a statement; returns undefined where nothing has made its table yet. */
  #run(query: string, bindings: SqlValue[]): ReturnType<SqlDatabase['sql']['exec']> | undefined {
    try {
      return this.#database.sql.exec(query, ...bindings);
    } catch (error) {
      if (/no such table: (job|part|file|piece)/.test(String(error))) return undefined;
      throw error;
    }
  }

  /** Ends what was read or copied. Called before each write. */
  #changes(): void {
    this.#woken = undefined;
    if (!this.#copied) return;
    this.#copied = false;
    this.outdated?.();
  }

  #create(): void {
    this.#database.sql.exec(schema);
    this.#database.sql.exec('INSERT INTO meta (key, value) VALUES (?, ?)', 'schema', schemaVersion);
    this.#present = true;
  }

  #exists(): boolean {
    this.#present ??= this.#open('');
    return this.#present;
  }

  /** Finds the tables and migrates them to the current version. Reads the due rows and a page too. */
  #open(page: string): boolean {
    const { sql } = this.#database;
    const rows = this.#rowsOf(this.#copy?.page ?? page);
    this.#prove(rows);
    if (rows) this.#take(page, rows);
    const version = rows && (rows.version ?? null);
    if (version === schemaVersion) return true;
    this.#changes();
    this.#forget();
    if (version === undefined) return false;
    const steps = stepsFrom(version);
    if (!steps) {
      sql.exec(dropAll);
      return false;
    }
    for (const step of steps) sql.exec(step);
    sql.exec('UPDATE meta SET value = ? WHERE key = ?', schemaVersion, 'schema');
    return true;
  }

  /** Compares the rows of the database with the copy that was taken for them. */
  #prove(rows: Woken | null | undefined): void {
    const copy = this.#copy;
    this.#copy = undefined;
    if (!copy || JSON.stringify(rows) === copy.text) return;
    const error = new Error('A socket had other rows of its page than the database has. The object begins anew.');
    this.#database.lost?.(error);
    throw error;
  }

  /** Returns what a wake reads: undefined when there are no tables, null when they are not those of this framework. */
  #rowsOf(page: string): Woken | null | undefined {
    const woken: Woken = { due: [], cells: [] };
    try {
      for (const row of this.#database.sql.exec(wakeQuery, page).toArray() as unknown as WakeRow[]) {
        if (typeof row.type === 'string') woken.due.push({ page: row.type, key: row.key, at: row.value });
        else if (row.type === 0) woken.version = row.value;
        else if (row.type === 1) woken.row = JSON.parse(row.value) as PageRow;
        else woken.cells.push({ key: row.key, value: row.value });
      }
    } catch (error) {
      // Not asked for before, because that is one more statement.
      if (/no such table: meta/.test(String(error))) return undefined;
      if (/no such (table|column)/.test(String(error))) return null;
      throw error;
    }
    woken.due.sort((a, b) => a.at - b.at);
    return woken;
  }

  #take(id: string, { due, row, cells }: Woken): void {
    this.#due = due;
    if (row) this.#woken = { id, row, cells };
  }
}

/** Returns the statements that migrate a version to the current one; undefined when there are none. */
function stepsFrom(version: unknown): string[] | undefined {
  if (typeof version !== 'number' || version > schemaVersion) return undefined;
  const steps: string[] = [];
  for (let at = version; at < schemaVersion; at++) {
    const step = migrations[at];
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}
