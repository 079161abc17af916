import type { Clock } from '../../clock/index.ts';
import { checkCloneable, InterruptedError, type SettledResult } from '../../rpc/index.ts';
import { encode } from '../../storage/index.ts';
import type { Expected, Step, StepSort } from '../../tasks/index.ts';
import { checksum, type Key, type Listener } from '../../tree/index.ts';
import { functionHash } from './function-hash.ts';
import { type LiveCells, type OverlayRecord, ReplayOverlay } from './overlay.ts';
import { RecordedReads, type RecordedReadsRecord } from './recorded-reads.ts';
import type { ReplayView } from './replay-view.ts';
import type { ResultGate } from './result-gate.ts';
import type { OpenWait, WaitEntry, Waits } from './waits.ts';

interface Entry extends WaitEntry {
  readonly sort: StepSort;
  readonly name: string;
  /** Tells its arguments from others, where they can be told. */
  readonly args?: number;
  job?: string;
  outcome?: SettledResult;
  /** How it ended, when its outcome is not kept: 'value', or the name of an error. */
  end?: string;
  unkept?: true;
  consumed: boolean;
  chunks: number;
  ended: boolean;
}

/** Arguments of more bytes are told apart by their size. */
const mostDigested = 65_536;

/** What is kept of a run of a handler, so that another life of the object can continue it. */
export interface RunRecord extends OverlayRecord {
  /** Counts the runs of the page. */
  readonly id: number;
  /** The element and event, and which of its listeners. */
  readonly node: Key;
  readonly event: string;
  readonly listener: number;
  /** The part of the page, such as a list, that the element is in; 0 for none. */
  readonly part: Key;
  /** What the element says, where that is always the same; '' otherwise. */
  readonly label: string;
  /** Tells the element from others; see `aimOf`. */
  readonly aim: string;
  /** Tells the handler's code from other code. */
  readonly code: number;
  readonly value: unknown;
  readonly steps: readonly Entry[];
  /** Which step each chunk and result was of, in the order in which they were handed over. */
  readonly handed: readonly number[];
  readonly recordedReads: RecordedReadsRecord;
  /** Why the run cannot be continued, or ''. */
  readonly broken: '' | 'foreign' | 'large';
  /** True while it waits for an earlier run of its listener to end. */
  readonly waiting: boolean;
  /** How much had been handed over when another run took its place; absent while none has. */
  readonly superseded?: number;
}

/** Why what a run waits for is cancelled when its page ends. Jobs that outlive the page are not. */
export class PageEnded extends Error {
  constructor() {
    super('The page has ended.');
  }
}

/** What a run needs of its page. */
export interface RunHost {
  readonly clock: Clock;
  readonly gate: ResultGate;
  /** What is there now. */
  readonly values: LiveCells;
  readonly waits: Waits;
  /** The replay has passed all that had happened before. */
  caughtUp(run: RunJournal): void;
  /** Something of the run changed: its record is to be kept with the next commit. */
  noted(run: RunJournal): void;
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
  readonly value: unknown;
  /** The author's function. */
  author: Listener['author'] | undefined;
  /** True while the run waits for an earlier one of its listener to end. */
  waiting = false;
  /** True when the handler's own function has returned. What it left running goes on, while it waits for `run`. */
  returned = false;
  /** True after it waited for something else than `run`. */
  strayed = false;
  /** Milliseconds since the epoch: when it was seen first that it does. */
  strayedSince: number | undefined;
  readonly #host: RunHost;
  /** Made by the first change: most handlers make none that they read again. */
  #past: ReplayOverlay | undefined;
  readonly #entries: Entry[] = [];
  readonly #handed: number[] = [];
  #tellings: RecordedReads | undefined;
  /** Above 0 while code runs that is not the handler's. */
  #aside = 0;
  #taken = 0;
  #built = 0;
  /** How many wait for something that the run has called. */
  #waits = 0;
  /** How many of them wait for a job. */
  #jobWaits = 0;
  /** What it waits for that no code computes, and that nobody has answered. */
  readonly #open = new Map<Entry, OpenWait>();
  /** Calls that a replay has not made yet, and what it has not handed over. */
  #left = 0;
  /** How much a replay has handed over. */
  #again = 0;
  /** Those in a replay whose turn has not come. */
  #early: { readonly index: number; readonly go: () => void }[] = [];
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

  constructor(
    host: RunHost,
    from: Pick<RunRecord, 'id' | 'node' | 'event' | 'listener' | 'part' | 'label' | 'aim' | 'value'>,
    replay?: RunRecord,
  ) {
    this.#host = host;
    this.id = from.id;
    this.node = from.node;
    this.event = from.event;
    this.listener = from.listener;
    this.part = from.part;
    this.label = from.label;
    this.aim = from.aim;
    this.value = from.value;
    if (!replay) return;
    for (const step of replay.steps) {
      const entry = { ...step };
      this.#entries.push(entry);
      if (isUnanswered(entry)) this.#openWait(entry);
    }
    this.#past = new ReplayOverlay();
    this.#past.restore(replay, host.values);
    this.#handed.push(...replay.handed);
    this.#supersededAt = replay.superseded;
    this.#tellings = new RecordedReads(replay.recordedReads);
    // Each call must be made again, each result and chunk that was taken must be taken again.
    const values = replay.steps.filter(isValue).length;
    this.#left = replay.steps.length + values + replay.handed.length;
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
    this.#superseded = true;
    this.#supersededAt ??= this.#handed.length;
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
    return this.#entries.length + this.#handed.length;
  }

  /** True when the run has made a call that outlives the object. */
  get durable(): boolean {
    return this.#entries.length > 0;
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

  /** The jobs that the run has started. */
  get jobs(): readonly string[] {
    return this.#entries.flatMap((entry) => entry.job ?? []);
  }

  /** @param large true when it takes too much to be kept: then it only says that there was a run. */
  record(large = false): RunRecord {
    const { id, node, event, listener, part, label, aim, value, waiting } = this;
    // Whoever has been given all that was asked for, and has not ended, waits for something of which nothing is known.
    const foreign = this.durable && !this.returned && !this.replaying && this.#entries.every((entry) => entry.consumed);
    const past = (!large && this.#past?.record()) || { before: {}, own: [], changes: [] };
    return {
      id,
      node,
      event,
      listener,
      part,
      label,
      aim,
      code: this.author ? functionHash(this.author) : 0,
      value: large ? undefined : value,
      ...past,
      steps: large ? [] : this.#entries,
      handed: large ? [] : this.#handed,
      recordedReads: (!large && this.#tellings?.serialize()) || {},
      waiting,
      ...(this.#supersededAt !== undefined && { superseded: this.#supersededAt }),
      broken: large ? 'large' : foreign ? 'foreign' : '',
    };
  }

  /** Names what the run builds, the same in a replay. */
  nextSegment(): string {
    return `+${this.id}.${this.#built++}`;
  }

  /** The run writes a cell, which had this text until now. */
  recordOwnWrite(cell: string, before: () => string): void {
    if (this.#over) return;
    this.#past ??= new ReplayOverlay();
    if (this.#past.recordOwnWrite(cell, before) && this.durable) this.#host.noted(this);
  }

  /** Somebody else writes a cell while the run waits. */
  recordForeignWrite(cell: string, before: () => string, value: unknown): void {
    if (this.#over) return;
    this.#past ??= new ReplayOverlay();
    if (this.#passed) this.#past.preserve(cell, before);
    this.#past.recordForeignWrite(this.#handed.length, cell, before, value);
    if (this.durable) this.#host.noted(this);
  }

  /** What the run sees of a cell, when it differs from what is there. */
  reads(cell: string): { readonly value: unknown } | undefined {
    if (this.#dropped?.has(cell)) return { value: this.#dropped.get(cell) };
    return this.#past?.get(cell);
  }

  /** The run writes a cell that only the run sees. */
  rewrites(cell: string, value: unknown): void {
    if (this.#superseded || this.#halted) (this.#dropped ??= new Map()).set(cell, value);
    else this.#past?.set(cell, value);
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
    const own = this.#aside === 0 && !this.#over;
    if (this.#passed) {
      const before = own ? this.#tellings?.next(name) : this.#tellings?.last(name);
      if (before) return before.value;
      return read();
    }
    const value = read();
    if (!own) return value;
    this.#tellings ??= new RecordedReads();
    if (this.#tellings.record(name, value) && this.durable) this.#host.noted(this);
    return value;
  }

  unrecorded<R>(fn: () => R): R {
    this.#aside++;
    try {
      return fn();
    } finally {
      this.#aside--;
    }
  }

  step(sort: StepSort, name: string, args?: readonly unknown[]): Step | undefined {
    if (this.#aside > 0) return undefined;
    const index = this.#taken++;
    const known = this.#entries[index];
    const told = args && args.length > 0 ? digest(args) : undefined;
    if (known && this.#passed) {
      const other = known.sort !== sort || known.name !== name;
      if (other || (known.args !== undefined && told !== undefined && known.args !== told)) {
        const now = other ? `is now ${call({ sort, name })}` : 'now has other arguments';
        throw this.#interrupt(
          `its call ${index + 1} was ${call(known)} and ${now}. Its code has changed, or takes another way with the same data.`,
          index,
        );
      }
      this.#passOne();
      return this.#step(index, known, { ...known });
    }
    if (this.strayed) {
      this.strayed = false;
      this.#host.strayed(this, call({ sort, name }));
    }
    const entry: Entry = {
      sort,
      name,
      ...(told !== undefined && { args: told }),
      consumed: false,
      chunks: 0,
      ended: false,
    };
    // What a handler left running when it ended is nobody's to continue.
    if (!this.#over) {
      this.#entries.push(entry);
      this.#host.noted(this);
    }
    return this.#step(index, entry, undefined);
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

  #openWait(entry: Entry): OpenWait {
    const wait = this.#host.waits.open(entry, () => {
      if (entry.answer) this.#open.delete(entry);
      this.#note();
    });
    this.#open.set(entry, wait);
    return wait;
  }

  #expect(entry: Entry, expected: Expected): Promise<SettledResult> {
    if (entry.answer) return Promise.resolve(entry.answer);
    return (this.#open.get(entry) ?? this.#openWait(entry)).attach(expected);
  }

  #step(index: number, entry: Entry, before: Entry | undefined): Step {
    let chunks = 0;
    const known = {
      chunk: () => chunks < (before?.chunks ?? 0),
      end: () => before?.ended === true,
      result: () => before?.consumed === true,
    };
    return {
      name: `run ${index}`,
      before: before && {
        job: before.job,
        outcome: before.outcome,
        consumed: before.consumed,
        chunks: before.chunks,
        ended: before.ended,
      },
      interrupted: this.interruption,
      waits: () => {
        // The end of a job brings its handler back by itself.
        const job = entry.job !== undefined;
        this.#waits++;
        if (job) this.#jobWaits++;
        const done = this.#host.gate.register();
        let over = false;
        return () => {
          if (over) return;
          over = true;
          done();
          if (job) this.#jobWaits--;
          if (--this.#waits === 0) this.#host.idle(this);
        };
      },
      expect: (expected) => this.#expect(entry, expected),
      ready: (what) => {
        const take = () => this.#host.gate.acquire(entry, entry.job !== undefined);
        const turn = known[what]() ? this.#turnOf(index) : this.#passed ? this.#passed.promise.then(take) : take();
        // Whoever waits for its turn may be told instead that there is none.
        return turn && this.#interrupted ? turn.then(() => this.#unlessInterrupted()) : turn;
      },
      issued: (job) => {
        entry.job = job;
        this.#note();
      },
      consumed: (outcome) => {
        if (before?.consumed) {
          if (outcome && !before.outcome) this.#compare(index, before, outcome);
          if (isValue(entry)) this.#passOne();
          else this.#handOver(index);
          return;
        }
        entry.consumed = true;
        delete entry.answer;
        if (outcome && !entry.unkept && storable(outcome)) entry.outcome = outcome;
        else if (outcome) entry.end = endOf(outcome);
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
      unkept: () => {
        if (entry.unkept) return;
        entry.unkept = true;
        if (entry.outcome) entry.end = endOf(entry.outcome);
        delete entry.outcome;
        this.#note();
      },
    };
  }

  #unlessInterrupted(): void {
    if (this.#interrupted?.error) throw this.#interrupted.error;
  }

  #note(): void {
    if (!this.#over) this.#host.noted(this);
  }

  /** A call that had to be made again must end as it did. */
  #compare(index: number, before: Entry, outcome: SettledResult): void {
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
    this.#early.push({ index, go: resolve });
    return promise;
  }

  /** A result or a chunk of before is handed over again. */
  #handOver(index: number): void {
    // What nobody waits for in turn, such as the end of a background task, comes when it comes.
    if (this.#supersededAt === this.#again) this.supersede();
    const at = this.#handed.indexOf(index, this.#again);
    if (at > this.#again) this.#handed.splice(this.#again, 0, ...this.#handed.splice(at, 1));
    this.#again++;
    this.#past?.advanceTo(this.#again);
    this.#supersedeAgain();
    const next = this.#early.find((early) => early.index === this.#handed[this.#again]);
    if (next) {
      this.#early.splice(this.#early.indexOf(next), 1);
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
    const wrong = this.#past?.verify(this.#host.values);
    if (wrong === undefined) {
      this.#pass();
      return;
    }
    this.#interrupt(
      `${wrong} is not what it made of it before. It used something that a restart does not bring back: a variable outside of it, ` +
        'Date.now(), Math.random(), something else than run that it awaited. Keep data in ui.state, and use ui.now() and ui.random().',
      this.#entries.length,
    );
  }

  #pass(): void {
    const passed = this.#passed;
    if (!passed) return;
    this.#passed = undefined;
    this.#past?.clear();
    this.#host.caughtUp(this);
    try {
      for (const start of this.#later.splice(0)) start();
    } finally {
      // Also when what it starts throws: the handler would wait for ever.
      passed.resolve();
      for (const { go } of this.#early.splice(0)) go();
    }
  }

  /** The run cannot be continued: whoever waits for it is told, and what it does from there on has not been done before. */
  #interrupt(why: string, made: number): InterruptedError {
    const error = new InterruptedError(`A handler could not be continued after a restart: ${why}`);
    this.#entries.length = this.#taken = Math.min(made, this.#entries.length);
    this.#over = true;
    if (this.#interrupted) this.#interrupted.error = error;
    this.#pass();
    this.#interrupted?.reject(error);
    this.#host.interrupted(this, error);
    return error;
  }
}

/** A call that gives its value at once. */
function isValue({ sort }: { readonly sort: StepSort }): boolean {
  return sort === 'now' || sort === 'random';
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

function call({ sort, name }: { readonly sort: StepSort; readonly name: string }): string {
  return `${methods[sort]}(${name})`;
}

/** True for a wait that nobody has answered. */
export function isUnanswered({ channel, consumed, answer }: Entry): boolean {
  return channel !== undefined && !consumed && !answer;
}

function endOf(ending: SettledResult): string {
  if (ending.ok) return 'value';
  return 'error' in ending ? ending.error.name : 'something thrown';
}

/** A result that cannot be kept (a Response, an error of a class of the application's own) is made again by the replay. */
function storable(ending: SettledResult): boolean {
  if (!ending.ok && 'error' in ending && ending.sort === '') return false;
  try {
    encode(ending, 'A result');
    return true;
  } catch {
    return false;
  }
}

/** A number for the arguments of a call, the same for equal ones; undefined when something among them has no value, such as a Request. */
function digest(args: readonly unknown[]): number | undefined {
  const measured = checkCloneable(args, '');
  if (!measured.ok) return undefined;
  return measured.bytes > mostDigested ? measured.bytes : checksum(encode(args, 'Arguments'));
}
