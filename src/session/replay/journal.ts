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

/** Arguments of more bytes are told apart by their size. */
const mostDigested = 65_536;

/** Why what a run waits for is cancelled when its page ends. Jobs that outlive the page are not. */
export class PageEnded extends Error {
  constructor() {
    super('The page has ended.');
  }
}

/** What a run needs of its page. */
export interface RunHost {
  readonly clock: Clock;
  /** The build of the application that runs. */
  readonly build: string;
  readonly gate: ResultGate;
  /** What is there now. */
  readonly values: LiveCells;
  readonly waits: Waits;
  /** Runs `fn`, which writes signals, as one turn. */
  turn<R>(fn: () => R): R;
  /** The text of a state as it is stored; undefined when it is not. */
  textOf(cell: string): string | undefined;
  /** The replay has passed all that had happened before. */
  caughtUp(run: RunJournal): void;
  /** The log of the run grew: it is to be stored with the next commit. */
  noted(run: RunJournal): void;
  /** The run has started a job. */
  issued(run: RunJournal, job: string): void;
  /** Nobody waits for anything that the run has called. */
  idle(run: RunJournal): void;
  /** The run awaited something else than `run` before it made a call. */
  strayed(run: RunJournal, call: string): void;
  /** The run cannot be continued, and was told so. */
  interrupted(run: RunJournal, error: InterruptedError): void;
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
 *                                                             ▲ are A and B what is there?
 * ```
 *
 * A replay that makes another call, or has made other values than those that are there, is no replay: the run is interrupted.
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
  /** True when the handler's own function has returned. What it left running goes on, while it waits for `run`. */
  #returned = false;
  /** True after it waited for something else than `run`. */
  strayed = false;
  /** Milliseconds since the epoch: when it was seen first that it does. */
  strayedSince: number | undefined;
  readonly #host: RunHost;
  readonly #reads = new RecordedReads();
  /** Made by the first write. */
  #overlay: ReplayOverlay | undefined;
  /** Cells that were changed since the run began, in a run whose part of the page may have to be made again as it was. */
  #changed: Set<string> | undefined;
  /** What was read of signals that no cell holds, made of its text. */
  #copies: Map<string, { readonly text: string; readonly value: unknown }> | undefined;
  /** What happened before the first call: most handlers never make one. */
  #early: (() => LogEntry | undefined)[] | undefined;
  /** Lines of the log that are not stored yet. */
  #unsaved = '';
  #savedHeader: string | undefined;
  /** Rows that are stored. */
  #rows = 0;
  /** Characters of the log. */
  #size = 0;
  #durable = false;
  /** Answers of {@link patched}, each the same for the whole run. */
  #patches: Map<string, boolean> | undefined;
  /** What a replay is to do again. */
  #calls: readonly RecordedCall[] = [];
  #handed: number[] = [];
  #taken = 0;
  /** How much it was handed, in a replay as well. */
  #received = 0;
  #built = 0;
  /** How many wait for something that the run has called. */
  #waits = 0;
  /** How many of them wait for a job. */
  #jobWaits = 0;
  /** What it waits for that no code computes, and that nobody has answered. */
  readonly #open = new Map<RecordedCall, OpenWait>();
  /** Calls that a replay has not made yet, and what it has not handed over. */
  #left = 0;
  /** How much a replay has handed over. */
  #again = 0;
  /** Those in a replay whose turn has not come. */
  #waiting: { readonly index: number; readonly go: () => void }[] = [];
  #passed: PromiseWithResolvers<void> | undefined;
  /** What the replay starts when it has passed. */
  #later: (() => void)[] = [];
  #interrupted: (PromiseWithResolvers<never> & { error?: InterruptedError }) | undefined;
  #over = false;
  #abort: AbortController | undefined;
  /** {@link RunRecord.superseded} */
  #supersededAt: number | undefined;
  #superseded = false;
  #halted = false;
  /** What it has written since it was superseded. */
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

  /** Made when it is asked for: most handlers never do. What a superseded run calls from there on is cleanup, which nobody stops. */
  get signal(): AbortSignal | undefined {
    if (this.#superseded) return undefined;
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /** Another run takes the place of this one: what it waits for is cancelled, and what it writes from here on is for itself alone. */
  supersede(): void {
    if (this.#superseded) return;
    const known = this.#supersededAt !== undefined;
    if (!known) this.#note(['superseded']);
    if (!known && this.#passed) {
      // A replay first does again what the run did before.
      this.#supersededAt = this.#handed.length;
      this.#supersedeAgain();
      return;
    }
    this.#superseded = true;
    this.#abort?.abort(new Error('The handler was started again.'));
    for (const wait of [...this.#open.values()]) wait.superseded();
  }

  /** The page has ended: nothing that the run waits for comes, nothing that it calls from here on begins, and nobody sees what it writes. */
  halt(): void {
    this.#halted = this.#over = true;
    this.dropWaits();
    this.#abort?.abort(new PageEnded());
  }

  /** True after another run took its place. */
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

  /** Rejects when the run is interrupted; undefined when it cannot be. */
  get interruption(): Promise<never> | undefined {
    return this.#passed && this.#interrupted?.promise;
  }

  /** True for what the handler was told when it was interrupted. */
  isInterruption(error: unknown): boolean {
    return error !== undefined && error === this.#interrupted?.error;
  }

  /** Grows with each call that the run makes and each result that it is handed; a replay comes to the same number again. */
  get position(): number {
    return this.#taken + this.#received;
  }

  /** True when the run has made a call that outlives the object. */
  get durable(): boolean {
    return this.#durable;
  }

  /** True while it waits for a job. */
  get waitsForJobs(): boolean {
    return this.#jobWaits > 0;
  }

  /** True while somebody waits for something that the run has called. */
  get waits(): boolean {
    return this.#waits > 0;
  }

  /** True while it waits for something else than `run`. */
  get isStray(): boolean {
    return !this.returned && this.#waits === 0 && !this.replaying;
  }

  /** True while all that it waits for are rows, jobs or answers, which bring it back by themselves: then nothing of it is in memory. */
  get rests(): boolean {
    let answers = 0;
    for (const wait of this.#open.values()) if (wait.attached && !wait.inMemory) answers++;
    return this.#waits > 0 && !this.replaying && this.#waits === this.#jobWaits + answers;
  }

  get returned(): boolean {
    return this.#returned;
  }

  /** The handler's own function has returned. */
  returns(): void {
    this.#returned = true;
    if (this.#durable) this.#note(['returned']);
  }

  /** What is to be stored since the last call of this. */
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

  /** Told how many rows the log takes now. */
  saved(rows: number): void {
    this.#rows = rows;
  }

  /** Names what the run builds, the same in a replay. */
  nextSegment(): string {
    return `+${this.id}.${this.#built++}`;
  }

  /** The run writes a cell, which had this text until now. */
  wrote(cell: string, value: unknown, before?: () => string): void {
    if (this.#over) return;
    this.#reads.wrote(cell, value);
    this.#overlay ??= new ReplayOverlay();
    if (this.#overlay.write(cell)) this.#note(['own', cell]);
    if (before) this.#changes(cell, before);
  }

  /** Somebody else writes a cell. */
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

  /** The running code reads a cell. @returns what it is to see instead of what is there, or undefined. */
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

  /** The run writes a cell that only the run sees. */
  rewrites(cell: string, value: unknown): void {
    this.#reads.wrote(cell, value);
    if (this.#superseded || this.#halted) {
      this.#dropped ??= new Map();
      this.#dropped.set(cell, value);
    } else this.#overlay?.rewrite(cell, value);
  }

  /** Starts something when the replay has passed; see {@link PageHost.following}. */
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

  /** The same object for as long as the text is the same. */
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
        `A handler has recorded ${this.#size} characters of its calls and reads, and at most ${limits.journal} are stored. ` +
          'Do the rest in a handler of its own or by a timer, or keep large results in R2 or a database.',
      );
    }
    // What a handler left running when it ended is nobody's to continue.
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
    // What a replay does again was done without the change.
    const changed = !this.#passed;
    this.#patch(name, changed);
    if (changed) this.#note(['patched', name]);
    return changed;
  }

  #patch(name: string, changed: boolean): void {
    this.#patches ??= new Map();
    this.#patches.set(name, changed);
  }

  /** From its first call on, the run is stored. */
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

  /** The handler has ended. When it did so before it had done all that it did before, it is interrupted. */
  end(): void {
    if (this.#passed) this.#interrupt('it ended before it had made all the calls that it made before.', this.#taken);
    this.#over = true;
  }

  /** Nobody waits any more. @returns what answers would have come by. */
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
        // The end of a job brings its handler back by itself.
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
        // Whoever waits for its turn may be told instead that there is none.
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
   * The text of how a call ended. Undefined for what has none, such as a Response or an error of a class of the application's own, and
   * for what there is no room for: a replay makes such a call again.
   */
  #textOf(outcome: SettledResult): string | undefined {
    if (!outcome.ok && 'error' in outcome && outcome.sort === '') return undefined;
    const text = textOf(outcome);
    return text !== undefined && this.#size + text.length > limits.journal ? undefined : text;
  }

  #unlessInterrupted(): void {
    if (this.#interrupted?.error) throw this.#interrupted.error;
  }

  /** A call that had to be made again must end as it did. */
  #compare(index: number, before: Pick<RecordedCall, 'type' | 'name' | 'end'>, outcome: SettledResult): void {
    const end = endOf(outcome);
    if (before.end === undefined || before.end === end) return;
    const [was, now] = [before.end, end].map((each) => (each === 'value' ? 'with a value' : `with ${each}`));
    throw this.#interrupt(
      `its call ${index + 1}, ${call(before)}, had to be made again, since its result could not be kept. It ended ${was} and now ends ${now}.`,
      index,
    );
  }

  /** Undefined when what comes next, by the order in which it came before, is of this step; otherwise settles when it is. */
  #turnOf(index: number): Promise<void> | undefined {
    if (!this.#passed || this.#handed[this.#again] === index) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ index, go: resolve });
    return promise;
  }

  /** A result or a chunk of before is handed over again. */
  #handOver(index: number): void {
    // What nobody waits for in turn, such as the end of a background task, comes when it comes.
    if (this.#supersededAt === this.#again) this.supersede();
    const at = this.#handed.indexOf(index, this.#again);
    if (at > this.#again) this.#handed.splice(this.#again, 0, ...this.#handed.splice(at, 1));
    this.#again++;
    this.#supersedeAgain();
    const next = this.#waiting.find(({ index }) => index === this.#handed[this.#again]);
    if (next) {
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      // First whoever has just been handed something goes on until it waits.
      this.#host.clock.after(0, next.go);
    }
    this.#passOne();
  }

  /** In a replay, another run takes the place of this one when it did before: once the run waits again. */
  #supersedeAgain(): void {
    if (this.#supersededAt === this.#again) this.#host.clock.after(0, () => this.supersede());
  }

  /** One more of what had happened before is passed; after the last one the handler goes on until it waits, and then for real. */
  #passOne(): void {
    if (--this.#left > 0 || !this.#passed) return;
    // What follows a result without another wait was done before, in the same commit as the result was noted.
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
      `${wrong} is not what it made of it before. It used something that a restart does not bring back: a variable outside of it, ` +
        'Date.now(), Math.random(), something else than run that it awaited. Keep data in ui.state, and use ui.now() and ui.random().',
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
      // Also when what it starts throws: the handler would wait for ever.
      passed.resolve();
      for (const { go } of this.#waiting.splice(0)) go();
    }
  }

  /** The run cannot be continued: whoever waits for it is told, and what it does from there on has not been done before. */
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

/** Says how a call differs from the one that was recorded in its place, or nothing when it is the same. */
function difference(then: Pick<RecordedCall, 'type' | 'name' | 'args' | 'code'>, now: typeof then): string | undefined {
  if (then.type !== now.type || then.name !== now.name) return `is now ${call(now)}`;
  const differ = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  if (differ(then.code, now.code)) return 'now runs other code';
  return differ(then.args, now.args) ? 'now has other arguments' : undefined;
}

/** What the author calls. */
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

/** Undefined for what has no text. */
function textOf(value: unknown): string | undefined {
  try {
    return encode(value, 'A value');
  } catch {
    return undefined;
  }
}

/** The same data in other objects. What has no text is handed out as it is. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const text = textOf(value);
  return text === undefined ? value : (decode(text) as T);
}

function copied(outcome: SettledResult & { readonly ok: true }): SettledResult {
  return { ok: true, value: copy(outcome.value) };
}

/** A number for the arguments of a call, the same for equal ones; undefined when they have no text. */
function digest(args: readonly unknown[]): number | undefined {
  const checked = checkCloneable(args, '');
  if (checked.ok && checked.bytes > mostDigested) return checked.bytes;
  const text = comparableText(args);
  return text === undefined ? undefined : checksum(text);
}

/** The text of what was read of a signal; undefined for what has none. An error keeps its class. */
function packed(value: unknown): string | undefined {
  return textOf(value instanceof Error ? { thrown: toRejected(value) } : { value });
}

function unpacked(text: string): unknown {
  const { thrown, value } = decode(text) as { readonly thrown?: SettledResult; readonly value?: unknown };
  return thrown && !thrown.ok ? toError(thrown) : value;
}
