/** The row of a page. */
export interface PageRow {
  readonly page: string;
  /** Path and query it was opened with. */
  readonly path: string;
  /** Build of the application that wrote the row; another one means the builder may have changed. */
  readonly build: string;
  /** Names one unbroken run of patches. It is random, so that a cursor of another run never fits by accident. */
  readonly epoch: number;
  /** Number of the last patch at the commit. */
  readonly frame: number;
  /** Number of the last event whose effects are in the cells. */
  readonly event: number;
  /** Counter of the nodes that handlers built, so that a key is never used twice. */
  readonly built: number;
  /** Checksum of the tree at rest, at patch `frame`; null while the page changes. */
  readonly rest: number | null;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** When a browser was last connected or an event was last applied, in milliseconds since the epoch. */
  readonly seen: number;
}

/** A durable value of a page. `key` is structural, see ARCHITECTURE.md; `value` is encoded text. */
export interface CellRow {
  readonly key: string;
  readonly value: string;
}

/** The time of a due row that waits for a browser instead: no alarm rings for it. */
export const parked = Number.MAX_SAFE_INTEGER;

/** Something due at a time, served by the object's one alarm. */
export interface DueRow {
  /** The page it belongs to; empty for the session itself. */
  readonly page: string;
  /** What is due, unique within its page. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The row of a job. Its owner encodes everything that is not looked up into `state`. */
export interface JobRow {
  readonly job: string;
  /** 1 until the job has its outcome. */
  readonly open: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly state: string;
}

/** A piece of a job: arguments, result, chunks or checkpoint, in order. */
export interface PartRow {
  readonly job: string;
  readonly sort: 'args' | 'result' | 'chunk' | 'checkpoint';
  readonly n: number;
  readonly value: string;
}

/**
 * The rows of one session, by a small, synchronous, transactional interface.
 * The first write creates the tables, so that an object that was only read stays empty.
 */
export interface Store {
  /** Runs `fn` at once; all writes in it become durable together or, when it throws, not at all. Not nested. */
  transaction(fn: () => void): void;
  /** All pages, oldest `seen` first. */
  pages(): PageRow[];
  page(page: string): PageRow | undefined;
  writePage(row: PageRow): void;
  /** Deletes the page with its cells and what is due for it. */
  deletePage(page: string): void;
  cells(page: string): CellRow[];
  writeCell(page: string, key: string, value: string): void;
  deleteCell(page: string, key: string): void;
  /** Jobs, oldest first: those without an outcome, or all. */
  jobs(which: 'open' | 'all'): JobRow[];
  job(job: string): JobRow | undefined;
  writeJob(row: JobRow): void;
  /** Deletes the job with its parts. */
  deleteJob(job: string): void;
  /** Returns the parts of a type in order: all, or `most` of them from the last one at or before number `at`. */
  parts(job: string, sort: PartRow['sort'], at?: number, most?: number): PartRow[];
  writePart(row: PartRow): void;
  /** Deletes the parts of a type with a number below `before`; all when left out. */
  deleteParts(job: string, sort: PartRow['sort'], before?: number): void;
  /** Returns what is due at or before `until`, earliest first; everything when left out. */
  due(until?: number): readonly DueRow[];
  writeDue(row: DueRow): void;
  deleteDue(page: string, key: string): void;
  /** Deletes everything. */
  clear(): void;
}
