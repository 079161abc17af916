/** What a session keeps of one page, one row each. */
export interface PageRow {
  readonly page: string;
  /** Path and query it was opened with. */
  readonly path: string;
  /** Build of the application that wrote the row; another one means the builder may have changed. */
  readonly build: string;
  /** Names one unbroken run of patches; random, so that a cursor of another run never fits by accident. */
  readonly epoch: number;
  /** Number of the last patch at the commit. */
  readonly frame: number;
  /** Number of the last event whose effects are in the cells. */
  readonly event: number;
  /** Counts the nodes handlers built, so that their keys are never used twice. */
  readonly built: number;
  /** Checksum of the tree when the page came to rest at `frame`; null while it was at work. */
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

/** Something due at a time, served by the object's one alarm. */
export interface DueRow {
  /** The page it belongs to; empty for the session itself. */
  readonly page: string;
  /** What is due, unique within its page. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One piece of work that was handed over; everything but what it is looked up by is in `state`, encoded by its owner. */
export interface JobRow {
  readonly job: string;
  /** 1 until it has its outcome. */
  readonly open: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly state: string;
}

/** What is too large or too many for the row of a job: arguments, result, chunks, checkpoint; in order. */
export interface PartRow {
  readonly job: string;
  readonly sort: 'args' | 'result' | 'chunk' | 'checkpoint';
  readonly n: number;
  readonly value: string;
}

/**
 * The durable side of a session: small, synchronous, transactional. All of it belongs to one session.
 * Nothing is created before the first write, so that an object that was only looked at leaves nothing behind.
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
  /** The parts of a sort in order: all, or some from number `at` on or, when that is none, from the last one before it. */
  parts(job: string, sort: PartRow['sort'], at?: number, most?: number): PartRow[];
  writePart(row: PartRow): void;
  /** Deletes the parts of a sort with a number below `before`; all when left out. */
  deleteParts(job: string, sort: PartRow['sort'], before?: number): void;
  /** All that is due at or before `until`, earliest first; everything when left out. */
  due(until?: number): readonly DueRow[];
  writeDue(row: DueRow): void;
  deleteDue(page: string, key: string): void;
  /** Forgets everything. */
  clear(): void;
}
