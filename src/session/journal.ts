import type { Clock } from '../clock/index.ts';
import { decode, encode } from '../storage/index.ts';
import { type Before, InterruptedError, type Journal, type RemoteError, type Step } from '../tasks/index.ts';
import type { Key } from '../tree/index.ts';

type Sort = 'cpu' | 'io' | 'now' | 'random';
type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: RemoteError };

interface Entry {
  readonly sort: Sort;
  readonly name: string;
  job?: string;
  outcome?: Outcome;
  consumed: boolean;
  chunks: number;
}

/** What is kept of a run of a handler, so that another life of the object can continue it. */
export interface RunRecord {
  /** Counts the runs of the page. */
  readonly id: number;
  /** The element and event, and which of its listeners. */
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  readonly value: unknown;
  /** Cells that the run wrote, as they were before its first write: what its replay reads. */
  readonly before: Readonly<Record<string, string>>;
  readonly steps: readonly Entry[];
  /** True while it waits for an earlier run of its listener to end. */
  readonly waiting: boolean;
}

/** What a run needs of its page. */
export interface RunHost {
  readonly clock: Clock;
  /** The replay has passed all that had happened before. */
  passed(run: RunJournal): void;
  /** Something of the run changed: its record is to be kept with the next commit. */
  noted(run: RunJournal): void;
}

/**
 * One run of a durable handler. While it lives it notes its `run.*` calls and their results; after a restart the same
 * handler is run from its top, gets what it got before, and its writes are dropped until everything that had happened
 * before is passed; then it goes on for real.
 *
 * ```
 *   before the restart:   write A   cpuBound ──► result   write B   ioBound ──► ... killed
 *   the replay:           (A)       found         same    (B)       made again ──► result   write C
 *                         └────────────── dropped ──────────┘       └──────────── for real ────────
 * ```
 */
export class RunJournal implements Journal {
  readonly id: number;
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  readonly value: unknown;
  /** True while the run waits for an earlier one of its listener to end. */
  waiting = false;
  readonly #host: RunHost;
  readonly #entries: Entry[] = [];
  readonly #before = new Map<string, unknown>();
  /** What the replay reads of cells that the run had written: as before its first write, then as it writes them again. */
  readonly #overlay = new Map<string, unknown>();
  #taken = 0;
  #built = 0;
  /** Steps and chunks that a replay has not handed over yet. */
  #left = 0;
  #passed: PromiseWithResolvers<void> | undefined;
  #over = false;
  #abort: AbortController | undefined;

  constructor(host: RunHost, from: Omit<RunRecord, 'before' | 'steps' | 'waiting'>, replay?: RunRecord) {
    this.#host = host;
    this.id = from.id;
    this.node = from.node;
    this.event = from.event;
    this.listener = from.listener;
    this.value = from.value;
    if (!replay) return;
    for (const entry of replay.steps) this.#entries.push({ ...entry });
    for (const [cell, text] of Object.entries(replay.before)) {
      const value = decode(text);
      this.#before.set(cell, value);
      this.#overlay.set(cell, value);
    }
    // Each call must be made again, each result and chunk that was taken must be taken again.
    this.#left = replay.steps.reduce((sum, entry) => sum + 1 + (entry.consumed ? 1 : 0) + entry.chunks, 0);
    this.#passed = Promise.withResolvers();
  }

  /** Made when it is asked for: most handlers never do. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /** The run is to stop: another one takes its place. */
  abort(): void {
    this.#abort ??= new AbortController();
    this.#abort.abort(new Error('The handler was started again.'));
  }

  /** True while what the handler does was done before: its writes go nowhere. */
  get replaying(): boolean {
    return this.#passed !== undefined;
  }

  /** True when the run has made a call that outlives the object. */
  get durable(): boolean {
    return this.#entries.length > 0;
  }

  /** The jobs that the run has started. */
  get jobs(): readonly string[] {
    return this.#entries.flatMap((entry) => entry.job ?? []);
  }

  record(): RunRecord {
    const { id, node, event, listener, value } = this;
    const before = [...this.#before].map(([cell, was]) => [cell, encode(was, 'A value')]);
    return {
      id,
      node,
      event,
      listener,
      value,
      before: Object.fromEntries(before),
      steps: this.#entries,
      waiting: this.waiting,
    };
  }

  /** Names what the run builds, the same in a replay. */
  nextSegment(): string {
    return `+${this.id}.${this.#built++}`;
  }

  /** The run writes a cell, which was `value` until now. */
  writes(cell: string, value: unknown): void {
    if (this.#over || this.#before.has(cell)) return;
    this.#before.set(cell, value);
    if (this.durable) this.#host.noted(this);
  }

  /** What the replay sees of a cell, when it differs from what is there. */
  reads(cell: string): { readonly value: unknown } | undefined {
    return this.#overlay.has(cell) ? { value: this.#overlay.get(cell) } : undefined;
  }

  /** The replay writes a cell: only the replay sees it. */
  rewrites(cell: string, value: unknown): void {
    this.#overlay.set(cell, value);
  }

  step(sort: Sort, name: string): Step {
    const index = this.#taken++;
    const known = this.#entries[index];
    if (known && this.#passed) {
      if (known.sort !== sort || known.name !== name) {
        throw new InterruptedError(
          `A handler could not be continued after a restart: its call ${index + 1} was ${call(known)} and is now ${call({ sort, name })}. ` +
            'Its code has changed, or takes another way with the same data.',
        );
      }
      this.#handed();
      return this.#step(known, { ...known } as Before & Entry);
    }
    const entry: Entry = { sort, name, consumed: false, chunks: 0 };
    // What a handler left running when it ended is nobody's to continue.
    if (!this.#over) {
      this.#entries.push(entry);
      this.#host.noted(this);
    }
    return this.#step(entry, undefined);
  }

  /** The handler has ended. @returns what is wrong when it ended before it had done all that it did before. */
  end(): InterruptedError | undefined {
    this.#over = true;
    if (!this.#passed) return undefined;
    this.#pass();
    return new InterruptedError(
      'A handler could not be continued after a restart: it ended before it had made all the calls that it made before.',
    );
  }

  #step(entry: Entry, before: Entry | undefined): Step {
    let chunks = 0;
    return {
      before: before && {
        job: before.job,
        outcome: before.outcome,
        consumed: before.consumed,
        chunks: before.chunks,
      },
      passed: () => this.#passed?.promise,
      issued: (job) => {
        entry.job = job;
        this.#note();
      },
      consumed: (outcome) => {
        if (before?.consumed) {
          this.#handed();
          return;
        }
        entry.consumed = true;
        if (outcome && storable(outcome)) entry.outcome = outcome;
        this.#note();
      },
      chunk: () => {
        chunks++;
        if (chunks <= (before?.chunks ?? 0)) {
          this.#handed();
          return;
        }
        entry.chunks = chunks;
        this.#note();
      },
    };
  }

  #note(): void {
    if (!this.#over) this.#host.noted(this);
  }

  /** One more of what had happened before is passed; after the last one the handler goes on until it waits, and then for real. */
  #handed(): void {
    if (--this.#left > 0 || !this.#passed) return;
    // What follows a result without another wait was done before, in the same commit as the result was noted.
    this.#host.clock.after(0, () => this.#pass());
  }

  #pass(): void {
    const passed = this.#passed;
    if (!passed) return;
    this.#passed = undefined;
    this.#overlay.clear();
    this.#host.passed(this);
    passed.resolve();
  }
}

function call({ sort, name }: { readonly sort: Sort; readonly name: string }): string {
  const method = sort === 'cpu' ? 'run.cpuBound' : sort === 'io' ? 'run.ioBound' : `ui.${sort}`;
  return `${method}(${name})`;
}

/** A result that cannot be kept (a Response, a class) is made again by the replay. */
function storable(outcome: Outcome): boolean {
  try {
    encode(outcome, 'A result');
    return true;
  } catch {
    return false;
  }
}
