/** The row of a page. */
export interface PageRow {
  readonly page: string;
  /** The path and query with which the page was opened. */
  readonly path: string;
  /** The build of the application that wrote the row. Another build may have another builder. */
  readonly build: string;
  /** Names one unbroken run of patches. It is random, so that a cursor of another run never fits by accident. */
  readonly epoch: number;
  /** The number of the last patch at the commit. */
  readonly frame: number;
  /** The number of the last event whose effects are in the cells. */
  readonly event: number;
  /** The number of nodes and commands of handlers, so that no key and no number is used twice. */
  readonly built: number;
  /** The checksum of the tree at rest, at patch `frame`; null while the page changes. */
  readonly rest: number | null;
  /** When the page was created, in milliseconds since the epoch. */
  readonly created: number;
  /** When a browser was last connected or an event last applied, in milliseconds since the epoch. */
  readonly seen: number;
}

/** A durable value of a page. `key` is structural (see ARCHITECTURE.md); `value` is encoded text. */
export interface CellRow {
  readonly key: string;
  readonly value: string;
}

/** The time of a due row that waits for a browser; no alarm rings for it. */
export const parked = Number.MAX_SAFE_INTEGER;

/** A row that is due at a time. The object's one alarm serves all of them. */
export interface DueRow {
  /** The id of its page; empty for the session itself. */
  readonly page: string;
  /** The name of the work, unique within its page. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The row of a job. Its owner encodes all fields that no query uses into `state`. */
export interface JobRow {
  readonly job: string;
  /** 1 until the job has its outcome. */
  readonly open: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly state: string;
}

/** A part of a job, in order: arguments, result, chunk or checkpoint. */
export interface PartRow {
  readonly job: string;
  readonly type: 'args' | 'result' | 'chunk' | 'checkpoint';
  readonly n: number;
  readonly value: string;
}

/** The row of a file. Its owner encodes all fields that no query uses into `state`. */
export interface FileRow {
  readonly file: string;
  /** The id of the page that it belongs to. */
  readonly page: string;
  readonly state: string;
}

/**
 * The rows of one session, behind a small, synchronous, transactional interface. The first write
 * creates the tables, so an object that was only read stays empty.
 */
export interface Store {
  /** Runs `fn` at once. All its writes become durable together or, when it throws, none. Do not nest it. */
  transaction(fn: () => void): void;
  /**
   * Call it first when an object wakes for a page. The page, its cells and all due rows are read at once, where that saves time.
   *
   * @param copy what {@link copy} returned, when it is not out of date: then nothing is read before another row is needed.
   */
  wake(page: string, copy?: string): void;
  /**
   * Returns all that {@link wake} reads for a page, until {@link outdated} is called; undefined when it is too large.
   *
   * @param size the characters of its cells. Nothing is read for a page with too many.
   */
  copy(page: string, size: number): string | undefined;
  /** Called before the first write after an object has woken, or a copy was made: no copy may be used any more. */
  outdated: (() => void) | undefined;
  /** Returns all pages, oldest `seen` first. */
  pages(): PageRow[];
  page(page: string): PageRow | undefined;
  writePage(row: PageRow): void;
  /** Deletes a page with its cells and due rows. */
  deletePage(page: string): void;
  cells(page: string): CellRow[];
  writeCell(page: string, key: string, value: string): void;
  deleteCell(page: string, key: string): void;
  /** Returns jobs, oldest first: all, or those without an outcome. */
  jobs(which: 'open' | 'all'): JobRow[];
  job(job: string): JobRow | undefined;
  writeJob(row: JobRow): void;
  /** Deletes a job with its parts. */
  deleteJob(job: string): void;
  /** Returns the parts of a type in order: all, or `most` of them from the last one at or before number `at`. */
  parts(job: string, type: PartRow['type'], at?: number, most?: number): PartRow[];
  writePart(row: PartRow): void;
  /** Deletes the parts of a type with a number below `before`; all without `before`. */
  deleteParts(job: string, type: PartRow['type'], before?: number): void;
  files(): FileRow[];
  writeFile(row: FileRow): void;
  /** Deletes a file with its pieces. */
  deleteFile(file: string): void;
  /** Returns piece `n` of a file's bytes, from 0 on. */
  piece(file: string, n: number): Uint8Array | undefined;
  writePiece(file: string, n: number, bytes: Uint8Array): void;
  /** Returns the rows due at or before `until`, earliest first; all without `until`. */
  due(until?: number): readonly DueRow[];
  writeDue(row: DueRow): void;
  deleteDue(page: string, key: string): void;
  /** Deletes everything. */
  clear(): void;
}
