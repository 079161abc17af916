import type { Clock } from '../../clock/index.ts';
import { limits } from '../../protocol/index.ts';
import { isUnrecorded } from '../../reactive/index.ts';
import { checkCloneable, InterruptedError, type SettledResult, toError, toRejected } from '../../rpc/index.ts';
import { comparableText, decode, encode } from '../../storage/index.ts';
import type { Before, Expected, Step, StepSort } from '../../tasks/index.ts';
import { checksum, type Key, type Listener } from '../../tree/index.ts';
import { functionHash } from './function-hash.ts';
import { type LiveCells, ReplayOverlay } from './overlay.ts';
import { RecordedReads } from './recorded-reads.ts';
import type { ReplayView } from './replay-view.ts';
import type { ResultGate } from './result-gate.ts';
import {
  isUnanswered,
  isValue,
  type LogEntry,
  line,
  type RecordedCall,
  type RunHeader,
  type RunRecord,
} from './run-log.ts';
import type { OpenWait, Waits } from './waits.ts';

/** Arguments above this many bytes are compared by their size only. */
const mostDigested = 65_536;

/**
 * The reason with which a page that ends cancels the calls of its runs. Jobs that outlive the page
 * are not cancelled.
 */
export class PageEnded extends Error {
  constructor() {
    super('The page has ended.');
  }
}

/** The parts of a page that a run uses. */
export interface RunHost {
  readonly clock: Clock;
  /** The build of the application that runs. */
  readonly build: string;
  readonly gate: ResultGate;
  /** The live values of the cells. */
  readonly values: LiveCells;
  readonly waits: Waits;
  /** Runs `fn`, which writes signals, as one turn. */
  turn<R>(fn: () => R): R;
  /** Returns the stored text of a state; undefined when none is stored. */
  textOf(cell: string): string | undefined;
  /** Called when the replay has repeated every recorded entry. */
  caughtUp(run: RunJournal): void;
  /** Called when the log of the run grew, so the next commit must store it. */
  noted(run: RunJournal): void;
  /** Called when the run has started a job. */
  issued(run: RunJournal, job: string): void;
  /** Called when no code waits for a call of the run any more. */
  idle(run: RunJournal): void;
  /** Called when the run makes a call after it awaited a promise outside `run`. */
  strayed(run: RunJournal, call: string): void;
  /** Called when the run was interrupted, so it cannot be continued. */
  interrupted(run: RunJournal, error: InterruptedError): void;
}

/**
 * The journal of one run of a durable handler. It records the `run.*` calls and their results.
 * After a restart the handler runs from its top and receives the recorded results. Its writes go to
 * an overlay until it has repeated every recorded entry. From then on, its writes are real.
 * Recorded reads return the recorded values, even where other code has written since.
 *
 * ```
 *   before the restart:   write A   cpuBound ──► result   write B   ioBound ──► ... killed
 *   the replay:           (A)       found         same    (B)       made again ──► result   write C
 *                         └────────────── dropped ──────────┘       └──────────── for real ────────
 *                                                             ▲ are A and B what is there?
 * ```
 *
 * A replay that makes another call, or whose overlay differs from the live values, is interrupted.
 */
export class RunJournal implements ReplayView {
  readonly id: number;
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  readonly part: Key;
  readonly label: string;
  readonly aim: string;
  readonly build: string;
  readonly value: unknown;
  /** The author's function. */
  author: Listener['author'] | undefined;
  /** True while the run waits for an earlier one of its listener to end. */
  waiting = false;
  /** True when the handler's own function has returned. Calls that it left open still use `run`. */
  #returned = false;
  /** True after the run awaited a promise outside `run`. */
  strayed = false;
  /** The time at which `strayed` was first seen, in milliseconds since the epoch. */
  strayedSince: number | undefined;
  readonly #host: RunHost;
  readonly #reads = new RecordedReads();
  /** Created by the first write. */
  #overlay: ReplayOverlay | undefined;
  /** The cells that changed since the run began. Only set for a run whose part may be rebuilt as it was. */
  #changed: Set<string> | undefined;
  /** Copies of values read from signals without a cell, by the name of the signal. */
  #copies: Map<string, { readonly text: string; readonly value: unknown }> | undefined;
  /** Entries recorded before the first call. Most handlers never make a call, so these stay unencoded. */
  #early: (() => LogEntry | undefined)[] | undefined;
  /** Lines of the log that are not stored yet. */
  #unsaved = '';
  #savedHeader: string | undefined;
  /** The number of stored rows. */
  #rows = 0;
  /** Characters of the log. */
  #size = 0;
  #durable = false;
  /** The results of {@link patched}; each stays the same for the whole run. */
  #patches: Map<string, boolean> | undefined;
  /** The recorded calls that a replay repeats. */
  #calls: readonly RecordedCall[] = [];
  #handed: number[] = [];
  #taken = 0;
  /** The number of results and chunks that the run has received, in a replay too. */
  #received = 0;
  #built = 0;
  /** The number of waiters on calls of the run. */
  #waits = 0;
  /** The number of those waiters that wait for a job. */
  #jobWaits = 0;
  /** The open waits for an answer of a user, a handler or an event. */
  readonly #open = new Map<RecordedCall, OpenWait>();
  /** The number of recorded calls, results and chunks that a replay has not repeated yet. */
  #left = 0;
  /** The number of results and chunks that a replay has delivered. */
  #again = 0;
  /** Waiters in a replay whose recorded position has not come yet. */
  #waiting: { readonly index: number; readonly go: () => void }[] = [];
  #passed: PromiseWithResolvers<void> | undefined;
  /** Functions to call when the replay ends. */
  #later: (() => void)[] = [];
  #interrupted: (PromiseWithResolvers<never> & { error?: InterruptedError }) | undefined;
  #over = false;
  #abort: AbortController | undefined;
  /** {@link RunRecord.superseded} */
  #supersededAt: number | undefined;
  #superseded = false;
  #halted = false;
  /** The writes of the run since it was superseded; only the run itself reads them. */
  #dropped: Map<string, unknown> | undefined;

  constructor(host: RunHost, from: Omit<RunHeader, 'code' | 'waiting'>, replay?: RunRecord) {
    this.#host = host;
    this.id = from.id;
    this.node = from.node;
    this.event = from.event;
    this.listener = from.listener;
    this.part = from.part;
    this.label = from.label;
    this.aim = from.aim;
    this.build = from.build;
    this.value = from.value;
    if (!replay) return;
    this.#calls = replay.calls.map((call) => ({ ...call }));
    this.#calls.forEach((call, index) => {
      if (isUnanswered(call)) this.#openWait(index, call);
    });
    this.#handed = [...replay.handed];
    this.#durable = replay.calls.length > 0;
    for (const name of replay.patched) this.#patch(name, true);
    this.#rows = replay.rows;
    this.#supersededAt = replay.superseded;
    this.#size = replay.size;
    const overlay = new ReplayOverlay();
    this.#overlay = overlay;
    for (const [cell, last] of replay.own) {
      overlay.write(cell);
      if (!last) overlay.overwrite(cell);
    }
    for (const [cell, text] of replay.before) {
      this.#changed ??= new Set();
      this.#changed.add(cell);
      this.#reads.wrote(cell, overlay.revive(text, host.values.live(cell)?.value, undefined));
    }
    for (const [name, ...read] of replay.reads) this.#reads.restore(name, read);
    // Each call must be made again, each result and chunk that was taken must be taken again.
    const values = replay.calls.filter(isValue).length;
    this.#left = replay.calls.length + values + replay.handed.length;
    this.#passed = Promise.withResolvers();
    this.#interrupted = Promise.withResolvers();
    this.#interrupted.promise.catch(() => {});
    this.#supersedeAgain();
  }

  /**
   * Returns the abort signal, created on first use because most handlers never ask. A superseded
   * run gets none, because its later calls are cleanup.
   */
  get signal(): AbortSignal | undefined {
    if (this.#superseded) return undefined;
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /** Marks the run as superseded: cancels its waits and makes its later writes private. */
  supersede(): void {
    if (this.#superseded) return;
    const known = this.#supersededAt !== undefined;
    if (!known) this.#note(['superseded']);
    if (!known && this.#passed) {
      // Because a replay must first repeat what the run did before it was superseded.
      this.#supersededAt = this.#handed.length;
      this.#supersedeAgain();
      return;
    }
    this.#superseded = true;
    this.#abort?.abort(new Error('The handler was started again.'));
    for (const wait of [...this.#open.values()]) wait.superseded();
  }

  /** Ends the run with its page: its waits never settle, its new calls never start, and its writes are private. */
  halt(): void {
    this.#halted = this.#over = true;
    this.dropWaits();
    this.#abort?.abort(new PageEnded());
  }

  /** True after another run superseded this one. */
  get superseded(): boolean {
    return this.#superseded || this.#supersededAt !== undefined;
  }

  get replaying(): boolean {
    return this.#passed !== undefined;
  }

  get isolated(): boolean {
    return this.#passed !== undefined || this.#superseded || this.#halted;
  }

  get interrupted(): boolean {
    return this.#halted || this.#interrupted?.error !== undefined;
  }

  /** A promise that rejects when the run is interrupted; undefined outside a replay. */
  get interruption(): Promise<never> | undefined {
    return this.#passed && this.#interrupted?.promise;
  }

  /** Returns true for the error with which this run was interrupted. */
  isInterruption(error: unknown): boolean {
    return error !== undefined && error === this.#interrupted?.error;
  }

  /** The number of calls made and results received. A replay reaches the same numbers. */
  get position(): number {
    return this.#taken + this.#received;
  }

  /** True when the run has made a call, so that it outlives the object. */
  get durable(): boolean {
    return this.#durable;
  }

  /** True while the run waits for a job. */
  get waitsForJobs(): boolean {
    return this.#jobWaits > 0;
  }

  /** True while code waits for a call of the run. */
  get waits(): boolean {
    return this.#waits > 0;
  }

  /** True while the run awaits a promise outside `run`. */
  get isStray(): boolean {
    return !this.returned && this.#waits === 0 && !this.replaying;
  }

  /**
   * True while the run waits only for rows, jobs or answers. These wake the page themselves, so the
   * run needs no memory.
   */
  get rests(): boolean {
    let answers = 0;
    for (const wait of this.#open.values()) if (wait.attached && !wait.inMemory) answers++;
    return this.#waits > 0 && !this.replaying && this.#waits === this.#jobWaits + answers;
  }

  get returned(): boolean {
    return this.#returned;
  }

  /** Records that the handler's own function has returned. */
  returns(): void {
    this.#returned = true;
    if (this.#durable) this.#note(['returned']);
  }

  /** Returns the entries recorded since the last call, for the next commit. */
  save(): { readonly header: string | undefined; readonly text: string; readonly rows: number } {
    const { id, node, event, listener, part, label, aim, build, value, waiting } = this;
    const code = this.author ? functionHash(this.author) : 0;
    const now = encode(
      { id, node, event, listener, part, label, aim, code, build, value, waiting } satisfies RunHeader,
      'A handler',
    );
    const header = now === this.#savedHeader ? undefined : now;
    this.#savedHeader = now;
    const text = this.#unsaved;
    this.#unsaved = '';
    return { header, text, rows: this.#rows };
  }

  /** Records how many rows the log now takes. */
  saved(rows: number): void {
    this.#rows = rows;
  }

  /** Returns the name of the next element that the run builds; the same in a replay. */
  nextSegment(): string {
    return `+${this.id}.${this.#built++}`;
  }

  /** Records that the run writes a cell. `before` returns the text of the old value. */
  wrote(cell: string, value: unknown, before?: () => string): void {
    if (this.#over) return;
    this.#reads.wrote(cell, value);
    this.#overlay ??= new ReplayOverlay();
    if (this.#overlay.write(cell)) this.#note(['own', cell]);
    if (before) this.#changes(cell, before);
  }

  /** Records that other code writes a cell. */
  overwritten(cell: string, before: () => string): void {
    if (this.#over) return;
    if (this.#overlay?.overwrite(cell)) this.#note(['overwritten', cell]);
    this.#changes(cell, before);
  }

  #changes(cell: string, before: () => string): void {
    if (this.part === 0 || this.#changed?.has(cell)) return;
    this.#changed ??= new Set();
    this.#changed.add(cell);
    this.#note(['before', cell, before()]);
  }

  /**
   * Records that the running code reads a cell.
   * @returns the value to read instead of the live one, or undefined.
   */
  reads(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined {
    if (this.#passed) {
      if (!own) return this.known(cell);
      return this.#reads.replay(cell, (text, last) => this.#revive(cell, text, last));
    }
    if (!own || this.#over) return undefined;
    const dropped = this.#dropped?.has(cell) === true;
    if (dropped) return { value: this.#dropped?.get(cell) };
    const at = this.#reads.record(cell, live);
    if (at === undefined) return undefined;
    const stored = this.#host.textOf(cell);
    this.#note(() => {
      const text = stored ?? textOf(live);
      return text === undefined ? undefined : ['read', cell, at, text];
    });
    return undefined;
  }

  #revive(cell: string, text: string, last: unknown): unknown {
    return this.#overlay?.revive(text, this.#host.values.live(cell)?.value, last);
  }

  known(cell: string): { readonly value: unknown } | undefined {
    if (this.#passed) return this.#reads.last(cell);
    return this.#dropped?.has(cell) ? { value: this.#dropped.get(cell) } : undefined;
  }

  /** Writes a cell to the overlay, which only the run reads. */
  rewrites(cell: string, value: unknown): void {
    this.#reads.wrote(cell, value);
    if (this.#superseded || this.#halted) {
      this.#dropped ??= new Map();
      this.#dropped.set(cell, value);
    } else this.#overlay?.rewrite(cell, value);
  }

  /** Calls `start` when the replay has ended; see {@link PageHost.following}. */
  following(start: () => () => void): () => void {
    if (this.#superseded) return () => {};
    let end: (() => void) | undefined;
    let ended = false;
    this.#later.push(() => {
      if (!ended) end = start();
    });
    return () => {
      ended = true;
      end?.();
    };
  }

  recordRead(name: string, read: () => unknown): unknown {
    if (this.#passed) {
      const before = isUnrecorded() ? this.known(name) : this.#reads.replay(name, (text) => text);
      return before ? this.#copy(name, before.value as string) : read();
    }
    const value = read();
    if (isUnrecorded() || this.#over) return value;
    const text = packed(value);
    if (text === undefined) return value;
    const at = this.#reads.record(name, text);
    if (at !== undefined) this.#note(['read', name, at, text]);
    return typeof value === 'object' ? this.#copy(name, text) : value;
  }

  /** Returns a copy of the value; the same object while the text stays the same. */
  #copy(name: string, text: string): unknown {
    this.#copies ??= new Map();
    const known = this.#copies.get(name);
    if (known?.text === text) return known.value;
    const value = unpacked(text);
    this.#copies.set(name, { text, value });
    return value;
  }

  step(type: StepSort, name: string, args?: readonly unknown[], fn?: Listener['author']): Step | undefined {
    if (isUnrecorded()) return undefined;
    const index = this.#taken++;
    const known = this.#passed && this.#calls[index];
    const digested = args && args.length > 0 ? digest(args) : undefined;
    const code = fn && functionHash(fn);
    if (known) {
      const now = difference(known, { type, name, args: digested, code });
      if (now !== undefined) {
        const { build } = this.#host;
        const deployed =
          build === this.build
            ? ''
            : ` The run began in build "${this.build}", and this is build "${build}": mark a change of a handler with run.patched('name').`;
        throw this.#interrupt(
          `its call ${index + 1} was ${call(known)} and ${now}. Its code has changed, or takes another way with the same data.${deployed}`,
          index,
        );
      }
      this.#passOne();
      const { job, outcome, consumed, chunks, ended, failure } = known;
      return this.#step(index, known, {
        job,
        outcome: settledFrom(outcome),
        consumed,
        chunks,
        ended,
        failure: settledFrom(failure),
      });
    }
    if (this.strayed) {
      this.strayed = false;
      this.#host.strayed(this, call({ type, name }));
    }
    if (this.#size > limits.journal) {
      throw new RangeError(
        `A handler has recorded ${this.#size} characters of its calls and reads; its journal stores at most ${limits.journal}. ` +
          'Do the rest in a second handler or a timer, or store large results in R2 or a database.',
      );
    }
    // Because no replay continues the code that a handler left running when it ended.
    if (!this.#over) {
      this.#begin();
      const entry = ['call', type, name, digested ?? null] as const;
      this.#note(code === undefined ? entry : [...entry, code]);
    }
    const made = { type, name, args: digested, code, consumed: false, chunks: 0, ended: false };
    return this.#step(index, made, undefined);
  }

  patched(name: string): boolean {
    if (isUnrecorded()) return true;
    const known = this.#patches?.get(name);
    if (known !== undefined) return known;
    // Because the replayed code ran without the change.
    const changed = !this.#passed;
    this.#patch(name, changed);
    if (changed) this.#note(['patched', name]);
    return changed;
  }

  #patch(name: string, changed: boolean): void {
    this.#patches ??= new Map();
    this.#patches.set(name, changed);
  }

  /** Makes the run durable, at its first call. */
  #begin(): void {
    if (this.#durable) return;
    this.#durable = true;
    for (const entry of this.#early ?? []) this.#note(entry);
    this.#early = undefined;
    if (this.#returned) this.#note(['returned']);
  }

  #note(entry: LogEntry | (() => LogEntry | undefined)): void {
    if (this.#over) return;
    if (!this.#durable) {
      this.#early ??= [];
      this.#early.push(typeof entry === 'function' ? entry : () => entry);
      return;
    }
    const made = typeof entry === 'function' ? entry() : entry;
    if (!made) return;
    const text = line(made);
    this.#unsaved += text;
    this.#size += text.length;
    this.#host.noted(this);
  }

  /** Ends the run. A replay that ends before it has repeated every entry is interrupted. */
  end(): void {
    if (this.#passed) this.#interrupt('it ended before it had made all the calls that it made before.', this.#taken);
    this.#over = true;
  }

  /** Drops all open waits. @returns the channels of the dropped waits. */
  dropWaits(): readonly string[] {
    const channels = [...this.#open.keys()].flatMap(({ channel }) => channel ?? []);
    for (const wait of this.#open.values()) wait.drop();
    this.#open.clear();
    return channels;
  }

  #openWait(index: number, call: RecordedCall): OpenWait {
    let begun = call.since !== undefined;
    const wait = this.#host.waits.open(call, () => {
      const { channel = '', since = 0, until = null, answer } = call;
      if (!begun) this.#note(['wait', index, channel, since, until]);
      begun = true;
      if (!answer) return;
      this.#open.delete(call);
      const text = textOf(answer);
      if (text !== undefined) this.#note(['answer', index, text]);
    });
    this.#open.set(call, wait);
    return wait;
  }

  #expect(index: number, call: RecordedCall, expected: Expected): Promise<SettledResult> {
    if (call.answer) return Promise.resolve(call.answer);
    return (this.#open.get(call) ?? this.#openWait(index, call)).attach(expected);
  }

  #step(index: number, made: RecordedCall, before: Before | undefined): Step {
    let chunks = 0;
    let job = before?.job;
    let again = false;
    const known = {
      chunk: () => chunks < (before?.chunks ?? 0),
      end: () => before?.ended === true,
      result: () => before?.consumed === true,
    };
    const who = {};
    return {
      name: `run ${index}`,
      before,
      interrupted: this.interruption,
      waits: () => {
        // Because the end of a job wakes its handler itself.
        const byJob = job !== undefined;
        this.#waits++;
        if (byJob) this.#jobWaits++;
        const done = this.#host.gate.register();
        let over = false;
        return () => {
          if (over) return;
          over = true;
          done();
          if (byJob) this.#jobWaits--;
          if (--this.#waits === 0) this.#host.idle(this);
        };
      },
      expect: (expected) => this.#expect(index, made, expected),
      ready: (what) => {
        const take = () => this.#host.gate.acquire(who, job !== undefined);
        const turn = known[what]() ? this.#turnOf(index) : this.#passed ? this.#passed.promise.then(take) : take();
        // Because an interruption may come while the code waits for its position.
        return turn && this.#interrupted ? turn.then(() => this.#unlessInterrupted()) : turn;
      },
      issued: (id) => {
        job = id;
        this.#note(['job', index, id]);
        this.#host.issued(this, id);
      },
      consumed: (outcome, persisted = false) => {
        const stored = persisted && outcome.ok;
        this.#received++;
        if (before?.consumed) {
          const { outcome: recorded } = before;
          if (!recorded && !stored) this.#compare(index, made, outcome);
          if (isValue(made)) this.#passOne();
          else this.#handOver(index);
          return recorded ?? (stored ? copied(outcome) : outcome);
        }
        made.consumed = true;
        const text = stored || again ? undefined : this.#textOf(outcome);
        this.#note(['result', index, text ?? null, stored || text !== undefined ? null : endOf(outcome)]);
        if (text !== undefined) return decode(text) as SettledResult;
        return stored ? copied(outcome) : outcome;
      },
      chunk: () => {
        const before = known.chunk();
        chunks++;
        this.#received++;
        if (before) this.#handOver(index);
        else this.#note(['chunk', index]);
      },
      ended: (failure) => {
        this.#received++;
        if (before?.ended) {
          this.#handOver(index);
          return before.failure ?? failure;
        }
        const text = failure && this.#textOf(failure);
        this.#note(['end', index, text ?? null]);
        return text === undefined ? failure : (decode(text) as SettledResult);
      },
      unkept: () => {
        if (again) return;
        again = true;
        this.#note(['again', index]);
      },
    };
  }

  /**
   * Returns the text of a settled call, or undefined when it has none or the journal is full. A
   * `Response` or an error of an application's class has no text. A replay repeats such a call.
   */
  #textOf(outcome: SettledResult): string | undefined {
    if (!outcome.ok && 'error' in outcome && outcome.sort === '') return undefined;
    const text = textOf(outcome);
    return text !== undefined && this.#size + text.length > limits.journal ? undefined : text;
  }

  #unlessInterrupted(): void {
    if (this.#interrupted?.error) throw this.#interrupted.error;
  }

  /** Interrupts the run when a repeated call settled in another way than recorded. */
  #compare(index: number, before: Pick<RecordedCall, 'type' | 'name' | 'end'>, outcome: SettledResult): void {
    const end = endOf(outcome);
    if (before.end === undefined || before.end === end) return;
    const [was, now] = [before.end, end].map((each) => (each === 'value' ? 'with a value' : `with ${each}`));
    throw this.#interrupt(
      `its call ${index + 1}, ${call(before)}, had to be made again, since its result could not be stored. It ended ${was} and now ends ${now}.`,
      index,
    );
  }

  /**
   * Returns undefined when the next recorded delivery belongs to this step; otherwise a promise for
   * that moment.
   */
  #turnOf(index: number): Promise<void> | undefined {
    if (!this.#passed || this.#handed[this.#again] === index) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ index, go: resolve });
    return promise;
  }

  /** Delivers a recorded result or chunk. */
  #handOver(index: number): void {
    // Because some deliveries have no waiter, such as the end of a background task, they may come
    // early.
    if (this.#supersededAt === this.#again) this.supersede();
    const at = this.#handed.indexOf(index, this.#again);
    if (at > this.#again) this.#handed.splice(this.#again, 0, ...this.#handed.splice(at, 1));
    this.#again++;
    this.#supersedeAgain();
    const next = this.#waiting.find(({ index }) => index === this.#handed[this.#again]);
    if (next) {
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      // Because the code that just received a result must first run until its next await.
      this.#host.clock.after(0, next.go);
    }
    this.#passOne();
  }

  /** Supersedes the run at its recorded position, once the run waits again. */
  #supersedeAgain(): void {
    if (this.#supersededAt === this.#again) this.#host.clock.after(0, () => this.supersede());
  }

  /**
   * Counts one repeated entry. After the last one, the run continues until its next await, and then
   * the replay ends.
   */
  #passOne(): void {
    if (--this.#left > 0 || !this.#passed) return;
    // Because the code up to the next await was committed together with the recorded result.
    this.#host.clock.after(0, () => this.#arrive());
  }

  #arrive(): void {
    if (!this.#passed) return;
    const wrong = this.#host.turn(() => this.#overlay?.verify(this.#host.values));
    if (wrong === undefined) {
      this.#pass();
      return;
    }
    this.#interrupt(
      `${wrong} differs from what the handler wrote before. It read something that a restart does not restore: an outer variable, ` +
        'Date.now(), Math.random(), an awaited call outside run. Store data in ui.state, and use ui.now() and ui.random().',
      this.#taken,
    );
  }

  #pass(): void {
    const passed = this.#passed;
    if (!passed) return;
    this.#passed = undefined;
    this.#calls = [];
    this.#handed = [];
    this.#reads.pass();
    this.#host.caughtUp(this);
    try {
      for (const start of this.#later.splice(0)) start();
    } finally {
      // Because the handler would wait for ever, even when a function above throws.
      passed.resolve();
      for (const { go } of this.#waiting.splice(0)) go();
    }
  }

  /** Interrupts the run: rejects its waiters with the error, and makes its later calls new ones. */
  #interrupt(why: string, made: number): InterruptedError {
    const error = new InterruptedError(`A handler could not be continued after a restart: ${why}`);
    this.#taken = made;
    this.#over = true;
    if (this.#interrupted) this.#interrupted.error = error;
    this.#pass();
    this.#interrupted?.reject(error);
    this.#host.interrupted(this, error);
    return error;
  }
}

/** Returns how a call differs from the recorded one; undefined when it does not. */
function difference(then: Pick<RecordedCall, 'type' | 'name' | 'args' | 'code'>, now: typeof then): string | undefined {
  if (then.type !== now.type || then.name !== now.name) return `is now ${call(now)}`;
  const differ = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  if (differ(then.code, now.code)) return 'now runs other code';
  return differ(then.args, now.args) ? 'now has other arguments' : undefined;
}

/** Returns the name by which the author calls it. */
const methods: Readonly<Record<StepSort, string>> = {
  cpu: 'run.cpuBound',
  io: 'run.ioBound',
  sleep: 'run.sleep',
  event: 'run.event',
  dialog: 'dialog.result',
  clicked: 'button.clicked',
  confirm: 'ui.confirm',
  prompt: 'ui.prompt',
  now: 'ui.now',
  random: 'ui.random',
};

function call({ type, name }: { readonly type: StepSort; readonly name: string }): string {
  return `${methods[type]}(${name})`;
}

function settledFrom(text: string | undefined): SettledResult | undefined {
  return text === undefined ? undefined : (decode(text) as SettledResult);
}

function endOf(ending: SettledResult): string {
  if (ending.ok) return 'value';
  return 'error' in ending ? ending.error.name : 'something thrown';
}

/** Returns the text of a settled result; undefined when it has none. */
function textOf(value: unknown): string | undefined {
  try {
    return encode(value, 'A value');
  } catch {
    return undefined;
  }
}

/** Returns a copy of the value, or the value itself when it has no text. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const text = textOf(value);
  return text === undefined ? value : (decode(text) as T);
}

function copied(outcome: SettledResult & { readonly ok: true }): SettledResult {
  return { ok: true, value: copy(outcome.value) };
}

/**
 * Returns a hash of the arguments of a call; undefined when they have no text. Equal arguments have
 * equal hashes.
 */
function digest(args: readonly unknown[]): number | undefined {
  const checked = checkCloneable(args, '');
  if (checked.ok && checked.bytes > mostDigested) return checked.bytes;
  const text = comparableText(args);
  return text === undefined ? undefined : checksum(text);
}

/** Returns the text of a value read from a signal; undefined when it has none. An error retains its class. */
function packed(value: unknown): string | undefined {
  return textOf(value instanceof Error ? { thrown: toRejected(value) } : { value });
}

function unpacked(text: string): unknown {
  const { thrown, value } = decode(text) as { readonly thrown?: SettledResult; readonly value?: unknown };
  return thrown && !thrown.ok ? toError(thrown) : value;
}
