import { checkCellSize } from './size.ts';
import type { CellRow, DueRow, JobRow, PageRow, PartRow, Store } from './store.ts';

export type SqlValue = string | number | null;

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
}

/** The version of the tables below. When you change them, raise it and add an entry to {@link migrations}. */
const schemaVersion = 1;

/** The statements that migrate version N, the key, to N + 1. */
const migrations: Readonly<Record<number, string>> = {};

/**
 * All tables of a session. They are `WITHOUT ROWID`, because an index would bill a second row for
 * each write; none has a further index, because a session's tables are small and read whole.
 */
const schema = `
  -- One row: the version of this schema.
  CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- One row a page, that is, a browser tab; see PageRow.
  CREATE TABLE page (
    page TEXT NOT NULL PRIMARY KEY,   -- random id, valid inside this session only
    path TEXT NOT NULL,               -- path and query it was opened with
    build TEXT NOT NULL,              -- build of the application that wrote the row
    epoch INTEGER NOT NULL,           -- names one unbroken run of patches; random
    frame INTEGER NOT NULL,           -- last patch at the commit
    event INTEGER NOT NULL,           -- last event whose effects are in the cells
    built INTEGER NOT NULL,           -- nodes that handlers built so far
    rest INTEGER,                     -- checksum of the tree at rest, null while at work
    created INTEGER NOT NULL,         -- milliseconds since the epoch
    seen INTEGER NOT NULL             -- milliseconds since the epoch
  ) STRICT, WITHOUT ROWID;
  -- One row a durable value; the key is structural and the value encoded text.
  CREATE TABLE cell (
    page TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (page, key)
  ) STRICT, WITHOUT ROWID;
  -- What the object's one alarm serves; an empty page means the session itself.
  CREATE TABLE due (
    page TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,              -- milliseconds since the epoch
    PRIMARY KEY (page, key)
  ) STRICT, WITHOUT ROWID;
  -- Work that was handed over; see JobRow.
  CREATE TABLE job (
    job TEXT NOT NULL PRIMARY KEY,
    open INTEGER NOT NULL,            -- 1 until it has its outcome
    created INTEGER NOT NULL,         -- milliseconds since the epoch
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- Arguments, results and chunks of jobs, in pieces below the row cap.
  CREATE TABLE part (
    job TEXT NOT NULL,
    sort TEXT NOT NULL,
    n INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (job, sort, n)
  ) STRICT, WITHOUT ROWID;
`;

const dropAll = `
  DROP TABLE IF EXISTS part;
  DROP TABLE IF EXISTS job;
  DROP TABLE IF EXISTS due;
  DROP TABLE IF EXISTS cell;
  DROP TABLE IF EXISTS page;
  DROP TABLE IF EXISTS meta;
`;

const pageColumns = 'page, path, build, epoch, frame, event, built, rest, created, seen';

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
      this.#due = undefined;
      throw error;
    }
  }

  pages(): PageRow[] {
    return this.#read<PageRow>(`SELECT ${pageColumns} FROM page ORDER BY seen`);
  }

  page(page: string): PageRow | undefined {
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

  parts(job: string, sort: PartRow['sort'], at = 0, most = -1): PartRow[] {
    return this.#read<PartRow>(
      `SELECT job, sort, n, value FROM part WHERE job = ?1 AND sort = ?2 AND n >= COALESCE(
        (SELECT MAX(n) FROM part WHERE job = ?1 AND sort = ?2 AND n <= ?3), 0) ORDER BY n LIMIT ?4`,
      job,
      sort,
      at,
      most,
    );
  }

  writePart({ job, sort, n, value }: PartRow): void {
    checkCellSize(job, value);
    this.#write('INSERT OR REPLACE INTO part (job, sort, n, value) VALUES (?, ?, ?, ?)', job, sort, n, value);
  }

  deleteParts(job: string, sort: PartRow['sort'], before?: number): void {
    if (before === undefined) this.#remove('DELETE FROM part WHERE job = ? AND sort = ?', job, sort);
    else this.#remove('DELETE FROM part WHERE job = ? AND sort = ? AND n < ?', job, sort, before);
  }

  due(until = Number.POSITIVE_INFINITY): readonly DueRow[] {
    this.#due ??= this.#read<DueRow>('SELECT page, key, at FROM due ORDER BY at, page, key');
    return until === Number.POSITIVE_INFINITY ? this.#due : this.#due.filter(({ at }) => at <= until);
  }

  writeDue(row: DueRow): void {
    this.#due = undefined;
    this.#write('INSERT OR REPLACE INTO due (page, key, at) VALUES (?, ?, ?)', row.page, row.key, row.at);
  }

  deleteDue(page: string, key: string): void {
    this.#due = undefined;
    this.#remove('DELETE FROM due WHERE page = ? AND key = ?', page, key);
  }

  clear(): void {
    if (!this.#exists()) return;
    this.#database.sql.exec(dropAll);
    this.#present = false;
    this.#due = undefined;
  }

  #read<Row>(query: string, ...bindings: SqlValue[]): Row[] {
    if (!this.#exists()) return [];
    return this.#database.sql.exec(query, ...bindings).toArray() as Row[];
  }

  #remove(query: string, ...bindings: SqlValue[]): void {
    if (this.#exists()) this.#database.sql.exec(query, ...bindings);
  }

  #write(query: string, ...bindings: SqlValue[]): void {
    if (!this.#exists()) this.#create();
    this.#database.sql.exec(query, ...bindings);
  }

  #create(): void {
    this.#database.sql.exec(schema);
    this.#database.sql.exec('INSERT INTO meta (key, value) VALUES (?, ?)', 'schema', schemaVersion);
    this.#present = true;
  }

  #exists(): boolean {
    this.#present ??= this.#open();
    return this.#present;
  }

  /** Finds the tables and migrates them to the current version. */
  #open(): boolean {
    const { sql } = this.#database;
    const found = sql.exec('SELECT name FROM sqlite_master WHERE type = ? AND name = ?', 'table', 'meta').toArray();
    if (found.length === 0) return false;
    const version = sql.exec('SELECT value FROM meta WHERE key = ?', 'schema').toArray()[0]?.value;
    if (version === schemaVersion) return true;
    const steps = stepsFrom(version);
    if (!steps) {
      sql.exec(dropAll);
      return false;
    }
    for (const step of steps) sql.exec(step);
    sql.exec('UPDATE meta SET value = ? WHERE key = ?', schemaVersion, 'schema');
    return true;
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
