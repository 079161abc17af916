import type { Clock } from '../clock/index.ts';
import { type Signal, signal } from '../reactive/index.ts';
import { decode, encode } from '../storage/index.ts';
import { InterruptedError, type Journal, type RemoteError, type Step } from '../tasks/index.ts';
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
  ended: boolean;
}

/** What another run, a timer or the user wrote while this one waited. */
interface Change {
  /** How much had been handed over to this run by then. */
  readonly at: number;
  readonly cell: string;
  readonly value: unknown;
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
  /** Cells that changed since the run began, as they were then: what its replay reads. */
  readonly before: Readonly<Record<string, string>>;
  readonly steps: readonly Entry[];
  /** Which step each chunk and result was of, in the order in which they were handed over. */
  readonly handed: readonly number[];
  /** What others changed since the run began. */
  readonly changes: readonly (readonly [at: number, cell: string, value: string])[];
  /** Why the run cannot be continued, or ''. */
  readonly broken: '' | 'foreign' | 'large';
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
 * before is passed; then it goes on for real. What it reads is what it read then, also where others have written since.
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
  readonly #before = new Map<string, string>();
  readonly #handed: number[] = [];
  readonly #changes: Change[] = [];
  /** What the replay reads of cells that have changed: as they were when the run began, then as it and others wrote them. */
  readonly #overlay = new Map<string, unknown>();
  #taken = 0;
  #built = 0;
  /** Calls that a replay has not made yet, and what it has not handed over. */
  #left = 0;
  /** How much a replay has handed over. */
  #again = 0;
  #applied = 0;
  /** Those in a replay whose turn has not come. */
  #early: { readonly index: number; readonly go: () => void }[] = [];
  #passed: PromiseWithResolvers<void> | undefined;
  /** Made when something follows it. */
  #replayed: Signal<boolean> | undefined;
  #over = false;
  #abort: AbortController | undefined;

  constructor(
    host: RunHost,
    from: Pick<RunRecord, 'id' | 'node' | 'event' | 'listener' | 'value'>,
    replay?: RunRecord,
  ) {
    this.#host = host;
    this.id = from.id;
    this.node = from.node;
    this.event = from.event;
    this.listener = from.listener;
    this.value = from.value;
    if (!replay) return;
    for (const entry of replay.steps) this.#entries.push({ ...entry });
    for (const [cell, text] of Object.entries(replay.before)) {
      this.#before.set(cell, text);
      this.#overlay.set(cell, decode(text));
    }
    this.#handed.push(...replay.handed);
    for (const [at, cell, text] of replay.changes) this.#changes.push({ at, cell, value: decode(text) });
    // Each call must be made again, each result and chunk that was taken must be taken again.
    const values = replay.steps.filter(isValue).length;
    this.#left = replay.steps.length + values + replay.handed.length;
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

  /** Has the effect or computed that calls this run again when the replay is over. */
  untilReplayed(): void {
    this.#replayed ??= signal(false);
    void this.#replayed.value;
  }

  /** True when the run has made a call that outlives the object. */
  get durable(): boolean {
    return this.#entries.length > 0;
  }

  /** The jobs that the run has started. */
  get jobs(): readonly string[] {
    return this.#entries.flatMap((entry) => entry.job ?? []);
  }

  /** @param large true when it takes too much to be kept: then it only says that there was a run. */
  record(large = false): RunRecord {
    const { id, node, event, listener, value, waiting } = this;
    // Whoever has been given all that was asked for, and has not ended, waits for something of which nothing is known.
    const foreign = this.durable && !this.replaying && this.#entries.every((entry) => entry.consumed);
    return {
      id,
      node,
      event,
      listener,
      value: large ? undefined : value,
      before: large ? {} : Object.fromEntries(this.#before),
      steps: large ? [] : this.#entries,
      handed: large ? [] : this.#handed,
      changes: large ? [] : this.#changes.map(({ at, cell, value }) => [at, cell, encode(value, 'A value')] as const),
      waiting,
      broken: large ? 'large' : foreign ? 'foreign' : '',
    };
  }

  /** Names what the run builds, the same in a replay. */
  nextSegment(): string {
    return `+${this.id}.${this.#built++}`;
  }

  /** The run writes a cell, which was `value` until now. */
  writes(cell: string, value: unknown): void {
    if (this.#over || this.#before.has(cell)) return;
    this.#before.set(cell, encode(value, 'A value'));
    if (this.durable) this.#host.noted(this);
  }

  /** Somebody else writes a cell while the run waits. */
  overtaken(cell: string, before: unknown, value: unknown): void {
    if (this.#over) return;
    if (!this.#before.has(cell)) this.#before.set(cell, encode(before, 'A value'));
    const at = this.#handed.length;
    const known = this.#changes.findLastIndex((change) => change.at < at || change.cell === cell);
    if (known >= 0 && this.#changes[known]?.at === at) this.#changes.splice(known, 1);
    this.#changes.push({ at, cell, value });
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
        // What it does from here on has not been done before.
        this.#entries.length = index;
        this.#taken = index;
        this.#pass();
        throw new InterruptedError(
          `A handler could not be continued after a restart: its call ${index + 1} was ${call(known)} and is now ${call({ sort, name })}. ` +
            'Its code has changed, or takes another way with the same data.',
        );
      }
      this.#passOne();
      return this.#step(index, known, { ...known });
    }
    const entry: Entry = { sort, name, consumed: false, chunks: 0, ended: false };
    // What a handler left running when it ended is nobody's to continue.
    if (!this.#over) {
      this.#entries.push(entry);
      this.#host.noted(this);
    }
    return this.#step(index, entry, undefined);
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

  #step(index: number, entry: Entry, before: Entry | undefined): Step {
    let chunks = 0;
    const known = {
      chunk: () => chunks < (before?.chunks ?? 0),
      end: () => before?.ended === true,
      result: () => before?.consumed === true,
    };
    return {
      before: before && {
        job: before.job,
        outcome: before.outcome,
        consumed: before.consumed,
        chunks: before.chunks,
        ended: before.ended,
      },
      ready: (what) => (known[what]() ? this.#turnOf(index) : this.#passed?.promise),
      issued: (job) => {
        entry.job = job;
        this.#note();
      },
      consumed: (outcome) => {
        if (before?.consumed) {
          if (isValue(entry)) this.#passOne();
          else this.#handOver(index);
          return;
        }
        entry.consumed = true;
        if (outcome && storable(outcome)) entry.outcome = outcome;
        if (!isValue(entry)) this.#handed.push(index);
        this.#note();
      },
      chunk: () => {
        const again = known.chunk();
        chunks++;
        if (again) {
          this.#handOver(index);
          return;
        }
        entry.chunks = chunks;
        this.#handed.push(index);
        this.#note();
      },
      ended: () => {
        if (before?.ended) {
          this.#handOver(index);
          return;
        }
        entry.ended = true;
        this.#handed.push(index);
        this.#note();
      },
    };
  }

  #note(): void {
    if (!this.#over) this.#host.noted(this);
  }

  /** Undefined when what comes next, by the order in which it came before, is of this step; otherwise settles when it is. */
  #turnOf(index: number): Promise<void> | undefined {
    if (!this.#passed || this.#handed[this.#again] === index) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#early.push({ index, go: resolve });
    return promise;
  }

  /** A result or a chunk of before is handed over again. */
  #handOver(index: number): void {
    // What nobody waits for in turn, such as the end of a background task, comes when it comes.
    const at = this.#handed.indexOf(index, this.#again);
    if (at > this.#again) this.#handed.splice(this.#again, 0, ...this.#handed.splice(at, 1));
    this.#again++;
    // What others wrote until then is there now.
    for (let change = this.#changes[this.#applied]; change && change.at < this.#again; ) {
      this.#overlay.set(change.cell, change.value);
      change = this.#changes[++this.#applied];
    }
    const next = this.#early.find(({ index }) => index === this.#handed[this.#again]);
    if (next) {
      this.#early.splice(this.#early.indexOf(next), 1);
      // First whoever has just been handed something goes on until it waits.
      this.#host.clock.after(0, next.go);
    }
    this.#passOne();
  }

  /** One more of what had happened before is passed; after the last one the handler goes on until it waits, and then for real. */
  #passOne(): void {
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
    if (this.#replayed) this.#replayed.value = true;
    passed.resolve();
    for (const { go } of this.#early.splice(0)) go();
  }
}

/** A call that gives its value at once. */
function isValue({ sort }: { readonly sort: Sort }): boolean {
  return sort === 'now' || sort === 'random';
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
