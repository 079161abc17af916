import type { Clock } from '../../clock/index.ts';
import { type ItemOp, Items, JournaledItems } from '../../collection/index.ts';
import { aimFrom, limits } from '../../protocol/index.ts';
import { isUnrecorded } from '../../reactive/index.ts';
import { InterruptedError, type SettledResult, StopSignal } from '../../rpc/index.ts';
import { decode, encode } from '../../storage/index.ts';
import { type Before, type Expected, HandlerSuperseded, type Step, type StepType } from '../../tasks/index.ts';
import type { Listener } from '../../tree/index.ts';
import { ApartObjects } from './apart.ts';
import { functionHash } from './function-hash.ts';
import { type Claim, type LiveCells, ReplayOverlay } from './overlay.ts';
import { describeCall, difference } from './recorded-call.ts';
import { itemsFromText, itemsText, itemsWith } from './recorded-items.ts';
import { type LastValue, RecordedReads } from './recorded-reads.ts';
import {
  copied,
  digest,
  endOf,
  isSimple,
  packed,
  settledFrom,
  settledText,
  textOf,
  unpacked,
} from './recorded-values.ts';
import type { ReplayView } from './replay-view.ts';
import type { ResultGate } from './result-gate.ts';
import {
  isUnanswered,
  isValue,
  type LogEntry,
  type Loss,
  line,
  type RecordedCall,
  type RunHeader,
  type RunOrigin,
  type RunRecord,
} from './run-log.ts';
import type { OpenWait, Waits } from './waits.ts';

/**
 * The reason with which a page that ends cancels the calls of its runs. Jobs that outlive the page
 * are not cancelled.
 */
export class PageEnded extends Error {
  constructor() {
    super('The page has ended.');
  }
}

/** The stored values of an element. */
export interface CellsOfElement {
  readonly values: readonly (readonly [cell: string, text: string])[];
  readonly lists: readonly (readonly [cell: string, items: Items])[];
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
  /** Asks for objects of the page in exchange for equal ones of the run. */
  claim(run: RunJournal, ...objects: Parameters<Claim>): boolean;
  /** Builds the parts of the page again, because states have other objects now. */
  renew(): void;
  /** True when the author is told of what cannot work. */
  readonly development: boolean;
  /** True while other runs are open, which may change in place what a state holds. */
  isHeld(run: RunJournal): boolean;
  /** Gives what was removed of the part of a run, and only the run has, the values that the run knows. */
  recall(run: RunJournal): void;
  /** Called when the replay has repeated every recorded entry. */
  caughtUp(run: RunJournal): void;
  /** Called when the log of the run grew, so the next commit must store it. */
  noted(run: RunJournal): void;
  /** Commits soon, and resolves when everything noted so far is durable. */
  durable(): Promise<void>;
  /** Called when the run has started a job. */
  issued(run: RunJournal, job: string): void;
  /** Called when no code waits for a call of the run any more. */
  idle(run: RunJournal): void;
  /** Called when the run makes a call after it awaited a promise outside `run`. */
  strayed(run: RunJournal, call: string): void;
  /** Called when the run was interrupted, so it cannot be continued. */
  interrupted(run: RunJournal, error: InterruptedError): void;
}

/** What a run that is no replay has to repeat. Shared, because each click makes a run. */
const none = Object.freeze([]) as never as never[];

/** The characters of the log from which on a passing call waits for their storage, so that a loop of them is bounded. */
const mostUnstored = 65_536;

/** The characters below which a row is written again with the next entries: otherwise a loop of calls has a row for each. */
const shortRow = 4_096;

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
  /** What the run handles, and where it began. */
  readonly origin: RunOrigin;
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
  /** In development, after a replay. */
  #apart: ApartObjects | undefined;
  /** Created by the first write. */
  #overlay: ReplayOverlay | undefined;
  /** The removed elements of its part whose last values a replay has not learned yet. */
  #losses: Loss[] = none;
  /** The cells that changed since the run began. Only set for a run whose part may be rebuilt as it was. */
  #changed: Set<string> | undefined;
  /** Copies of values read from signals without a cell, by the name of the signal. */
  #copies: Map<string, { readonly text: string; readonly value: unknown }> | undefined;
  /** Entries recorded before the first call. Most handlers never make a call, so these stay unencoded. */
  #early: (LogEntry | (() => LogEntry | undefined))[] | undefined;
  /** Lines of the log that are not stored yet. */
  #unsaved = '';
  /** What the stored header was made of and can change. */
  #saved: Pick<RunJournal, 'author' | 'waiting'> | undefined;
  /** The number of stored rows. */
  #rows = 0;
  /** The text of the last row while it is short, so that the next entries go into that row. */
  #tail = '';
  /** Characters of the log. */
  #size = 0;
  #durable = false;
  /** The results of {@link patched}; each stays the same for the whole run. */
  #patches: Map<string, boolean> | undefined;
  /** The recorded calls that a replay repeats. */
  #calls: readonly RecordedCall[] = none;
  #handed: number[] = none;
  #taken = 0;
  /** The number of results and chunks that the run has received, in a replay too. */
  #received = 0;
  /** The value of `#received` at the last result that only the log has, and at the last one of these that is of no passing call. */
  #noted = 0;
  #firm = 0;
  /** The value of `#received` and of `#size` up to which the log is known to be durable. */
  #stored = 0;
  #storedSize = 0;
  #built = 0;
  /** The number of waiters on calls of the run. */
  #waits = 0;
  /** The number of those waiters that wait for a job. */
  #jobWaits = 0;
  /** The open waits for an answer of a user, a handler or an event. */
  #open: Map<RecordedCall, OpenWait> | undefined;
  /** The number of recorded calls, results and chunks that a replay has not repeated yet. */
  #left = 0;
  /** The number of results and chunks that a replay has delivered. */
  #again = 0;
  /** Waiters in a replay whose recorded position has not come yet. */
  #waiting: { readonly index: number; readonly go: () => void }[] | undefined;
  #passed: PromiseWithResolvers<void> | undefined;
  /** Functions to call when the replay ends. */
  #later: (() => void)[] | undefined;
  #interrupted: (PromiseWithResolvers<never> & { error?: InterruptedError }) | undefined;
  #over = false;
  #atEnd: (() => void)[] | undefined;
  #stop: StopSignal | undefined;
  /** {@link RunRecord.superseded} */
  #supersededAt: number | undefined;
  #superseded = false;
  #halted = false;
  /** The writes of the run since it was superseded; only the run itself reads them. */
  #dropped: Map<string, unknown> | undefined;

  constructor(host: RunHost, origin: RunOrigin, replay?: RunRecord) {
    this.#host = host;
    this.origin = origin;
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
    this.#size = this.#storedSize = replay.size;
    const overlay = new ReplayOverlay();
    this.#overlay = overlay;
    for (const [cell, last] of replay.own) {
      overlay.write(cell);
      if (!last) overlay.overwrite(cell);
    }
    this.#losses = [...replay.losses];
    for (const [prefix] of replay.losses) overlay.lose(prefix);
    for (const [cell, text] of replay.before) {
      this.#changed ??= new Set();
      this.#changed.add(cell);
      this.#reads.capture(cell, overlay.revive(text, undefined), text);
    }
    for (const [name, ...read] of replay.reads) this.#reads.restore(name, read);
    for (const [name, ...refusal] of replay.refusals) this.#reads.restoreRefusal(name, refusal);
    // Each call must be made again, each result and chunk that was taken must be taken again.
    const values = replay.calls.filter(isValue).length;
    this.#left = replay.calls.length + values + replay.handed.length;
    this.#passed = Promise.withResolvers();
    this.#interrupted = Promise.withResolvers();
    this.#interrupted.promise.catch(() => {});
    this.#supersedeAgain();
  }

  /**
   * What stops the calls, created on first use because most handlers make none. A superseded run
   * has none, because its later calls are cleanup.
   */
  get stop(): StopSignal | undefined {
    if (this.#superseded) return undefined;
    this.#stop ??= new StopSignal();
    return this.#stop;
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
    this.#stop?.stop(new HandlerSuperseded());
    for (const wait of [...(this.#open?.values() ?? [])]) wait.superseded();
  }

  /** Ends the run with its page: its calls never settle, its new calls never start, and its writes are private. */
  halt(): void {
    this.#halted = this.#over = true;
    this.dropWaits();
    this.#stop?.stop(new PageEnded());
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
    for (const wait of this.#open?.values() ?? []) if (wait.attached && !wait.inMemory) answers++;
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

  /** Returns the entries recorded since the last call, for the next commit, and the number of the row where they go. */
  save(): { readonly header: string | undefined; readonly text: string; readonly rows: number } {
    const { author, waiting } = this;
    const saved = this.#saved?.author === author && this.#saved?.waiting === waiting ? this.#saved : undefined;
    this.#saved = saved ?? { author, waiting };
    const first = this.#unsaved === '' || this.#tail === '' ? this.#rows : this.#rows - 1;
    const text = first < this.#rows ? this.#tail + this.#unsaved : this.#unsaved;
    if (text !== '') this.#tail = text.length < shortRow ? text : '';
    this.#unsaved = '';
    return { header: saved ? undefined : this.#header(), text, rows: first };
  }

  #header(): string {
    const { aim, ...origin } = this.origin;
    const code = this.author ? functionHash(this.author) : 0;
    const header = { ...origin, aim: typeof aim === 'string' ? aim : aimFrom(aim), code, waiting: this.waiting };
    return encode(header satisfies RunHeader, 'A handler');
  }

  /** Records how many rows the log now takes. */
  saved(rows: number): void {
    this.#rows = rows;
  }

  /** Returns the name of the next element that the run builds; the same in a replay. */
  nextSegment(): string {
    return `+${this.origin.id}.${this.#built++}`;
  }

  /** Records that the run writes a cell. `before` returns the text of the old value. */
  wrote(cell: string, value: unknown, before?: () => string): void {
    if (this.#over) return;
    this.#reads.wrote(cell, value);
    this.#overlay ??= new ReplayOverlay();
    if (this.#overlay.write(cell)) this.#note(['own', cell]);
    if (before) this.#recordBefore(cell, before);
  }

  /** Records that a write of the run is refused, because it cannot be stored or has no room. A replay refuses it, too. */
  refused(name: string, error: unknown): void {
    if (this.#over) return;
    const text = packed(error);
    const at = this.#reads.refused(name);
    if (text !== undefined) this.#note(['refused', name, at, text]);
  }

  /**
   * Counts an act of the run that may be refused.
   *
   * @throws {Error} in a replay, with which the act was refused before the restart.
   */
  acts(name: string): void {
    refuse(this.#reads.countWrite(name));
  }

  /** Records that other code writes a cell. */
  overwritten(cell: string, before: () => string): void {
    if (this.#over) return;
    this.#reads.overwritten(cell);
    if (this.#overlay?.overwrite(cell)) this.#note(['overwritten', cell]);
    this.#recordBefore(cell, before);
  }

  /**
   * Records that an element of the run's part was removed. The run continues with that element, also after a restart, when
   * another one has its place.
   *
   * @param prefix how the names of its cells begin.
   * @returns false when one of the same name was removed before, with which the run continues.
   */
  lose(prefix: string, cells: CellsOfElement): boolean {
    if (this.#over || this.hasLost(prefix)) return false;
    for (const [cell, items] of cells.lists)
      for (const { key, text } of items.all) this.#recordBefore(JournaledItems.cellOf(cell, key), () => text);
    for (const [cell, text] of cells.values) this.#recordBefore(cell, () => text);
    this.#overlay ??= new ReplayOverlay();
    this.#overlay.lose(prefix);
    this.#noteLoss(prefix, cells);
    return true;
  }

  /** Records that code writes cells of an element that the run continues with although it was removed. */
  rewriteLost(prefix: string, cells: CellsOfElement): void {
    if (this.#over) return;
    const loss = this.#noteLoss(prefix, cells);
    if (this.#passed) this.#losses.push(loss);
  }

  #noteLoss(prefix: string, { values, lists }: CellsOfElement): Loss {
    // All that a replay still has to repeat came before.
    const position = this.#passed ? this.position + this.#left : this.position;
    const loss: Loss = [prefix, position, values, lists.map(([cell, items]) => [cell, itemsText(items, undefined)()])];
    this.#note(['lost', ...loss]);
    return loss;
  }

  /** Gives the run the values of removed elements, once it is where it was when they were removed. */
  #learnLosses(until = this.position): void {
    const due = this.#losses.filter(([, position]) => position < until);
    if (due.length === 0) return;
    this.#losses = this.#losses.slice(due.length);
    // Only the last texts, because what the run has written itself is the same object still.
    for (const [cell, text] of new Map(due.flatMap(([, , values]) => values)))
      this.#reads.learn(cell, (last) => this.#revive(text, last));
    for (const [cell, text] of new Map(due.flatMap(([, , , lists]) => lists))) {
      const items = itemsFromText(text, undefined, new Items());
      for (const [name] of this.#reads.within(`${cell}.`)) this.#reads.learn(name, () => undefined);
      for (const { key, value } of items.all) this.#reads.learn(JournaledItems.cellOf(cell, key), () => value);
      this.#reads.learn(cell, () => items);
    }
  }

  /** True when the element of these cells was removed while the run was open. */
  hasLost(prefix: string): boolean {
    return this.#overlay?.hasLost(prefix) === true;
  }

  /** Returns the cells with names that begin like this, and what the run read or wrote last of each. */
  knownWithin(prefix: string): Iterable<readonly [cell: string, value: unknown]> {
    return this.#reads.within(prefix);
  }

  #recordBefore(cell: string, before: () => string): void {
    if (this.origin.part === 0 || this.#changed?.has(cell)) return;
    this.#changed ??= new Set();
    this.#changed.add(cell);
    this.#note(['before', cell, before()]);
  }

  /**
   * Records that the running code reads a cell.
   *
   * @param noted the text that the value had; undefined to make it of the value.
   * @returns the value to read instead of the live one, or undefined.
   */
  read(cell: string, live: unknown, own: boolean, noted?: string): { readonly value: unknown } | undefined {
    if (this.#passed) {
      this.#learnLosses();
      if (!own) return this.known(cell);
      return this.#reads.replay(cell, (text, last) => this.#revive(text, last));
    }
    if (!own || this.#over) return undefined;
    const dropped = this.#dropped?.has(cell) === true;
    if (dropped) return { value: this.#dropped?.get(cell) };
    const at = this.#reads.record(cell, live);
    if (at === undefined) return undefined;
    // What the run itself has changed in place before its first call, a replay changes again. What else has changed since
    // the value was stored must be recorded.
    const stored = noted ?? (this.#durable || this.#host.isHeld(this) ? undefined : this.#host.textOf(cell));
    if (stored === undefined && !this.#durable) {
      const text = textOf(live);
      if (text !== undefined) this.#note(['read', cell, at, text]);
      return undefined;
    }
    this.#note(() => {
      const text = stored ?? textOf(live);
      return text === undefined ? undefined : ['read', cell, at, text];
    });
    return undefined;
  }

  #revive(text: string, last: LastValue | undefined): unknown {
    // Because the handler may have changed in place what its closure has.
    return last?.captured === text ? last.value : this.#overlay?.revive(text, last?.value);
  }

  /** Returns the value of a cell for the closure of the replayed handler; undefined when it has none of its own. */
  captured(cell: string): { readonly value: unknown } | undefined {
    const known = this.known(cell);
    if (known || !this.#passed) return known;
    const text = this.#host.textOf(cell);
    if (text === undefined) return undefined;
    const value = this.#overlay?.revive(text, undefined);
    this.#reads.capture(cell, value, text);
    return { value };
  }

  /** Records what the closure of the replayed handler has. */
  captures(item: unknown): void {
    this.#overlay?.captures(item);
  }

  known(cell: string): { readonly value: unknown } | undefined {
    if (this.#passed) return this.#reads.last(cell);
    return this.#dropped?.has(cell) ? { value: this.#dropped.get(cell) } : undefined;
  }

  /**
   * Writes a cell to the overlay, which only the run reads.
   *
   * @throws {Error} with which the write was refused before the restart.
   */
  rewrite(cell: string, value: unknown): void {
    this.#learnLosses();
    refuse(this.#reads.wrote(cell, value));
    if (this.#superseded || this.#halted) {
      this.#dropped ??= new Map();
      this.#dropped.set(cell, value);
    } else this.#overlay?.rewrite(cell, value);
  }

  // ---- the items of collections

  /**
   * Records that the running code reads all items of a collection.
   * @returns the items to read instead of the live ones, or undefined.
   */
  readItems(cell: string, live: Items, own: boolean): Items | undefined {
    if (this.#passed) {
      this.#learnLosses();
      if (!own) return this.knownItems(cell, live);
      const read = this.#reads.replay(cell, (text, known) => itemsFromText(text, known?.value, live));
      return read?.value instanceof Items ? read.value : undefined;
    }
    if (this.#dropped?.has(cell)) return this.#dropped.get(cell) as Items;
    if (!own || this.#over) return undefined;
    const known = this.#reads.last(cell)?.value;
    const at = this.#reads.record(cell, live.version);
    if (at === undefined) return undefined;
    const text = itemsText(live, typeof known === 'number' ? known : undefined);
    this.#note(() => ['read', cell, at, text()]);
    return undefined;
  }

  knownItems(cell: string, live: Items): Items | undefined {
    if (!this.#passed) return this.#dropped?.get(cell) as Items | undefined;
    const known = this.#reads.last(cell)?.value;
    if (known instanceof Items) return known;
    const prefix = `${cell}.`;
    const single = [...this.#reads.within(prefix)].map(([name, value]) => [name.slice(prefix.length), value] as const);
    return single.length === 0 ? undefined : itemsWith(live, single);
  }

  /** Records that the run has changed items of a version to the next one. A replay that knew the one makes the other. */
  wroteItems(cell: string, before: number, after: number): void {
    if (this.#over) return;
    if (this.#reads.last(cell)?.value === before) this.#reads.wrote(cell, after);
    else this.#reads.countWrite(cell);
  }

  /**
   * Changes the items that only the run reads.
   *
   * @throws {Error} with which the operation was refused before the restart.
   */
  rewriteItems(cell: string, op: ItemOp, value: unknown, live: Items): void {
    this.#learnLosses();
    refuse(this.#reads.countWrite(cell));
    const prefix = `${cell}.`;
    if (op[0] === 'x') for (const item of this.#overlay?.within(prefix) ?? []) this.rewrite(item, undefined);
    if (this.#superseded || this.#halted) {
      this.#dropped ??= new Map();
      const mine = (this.#dropped.get(cell) as Items | undefined) ?? live.copy();
      mine.apply(op, value);
      this.#dropped.set(cell, mine);
      return;
    }
    const known = this.#reads.last(cell)?.value;
    if (known instanceof Items) known.apply(op, value);
  }

  /** Calls `start` when the replay has ended; see {@link PageHost.following}. */
  following(start: () => () => void): () => void {
    if (this.#superseded) return () => {};
    let end: (() => void) | undefined;
    let ended = false;
    this.#later ??= [];
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

  step(
    type: StepType,
    name: string,
    args?: readonly unknown[],
    fn?: Listener['author'],
    passing = false,
  ): Step | undefined {
    if (isUnrecorded()) return undefined;
    const index = this.#taken++;
    const known = this.#passed && this.#calls[index];
    const digested = args && args.length > 0 ? digest(args) : undefined;
    const code = fn && functionHash(fn);
    if (known) {
      const now = difference(known, { type, name, args: digested, code });
      if (now !== undefined) {
        throw this.#interrupt(
          `its call ${index + 1} was ${describeCall(known)} and ${now}. Its code has changed, or takes another way with the same data.${this.#otherBuild}`,
          index,
        );
      }
      const before = this.#before(index, known);
      this.#passOne();
      return this.#step(index, known, before, passing);
    }
    if (this.strayed) {
      this.strayed = false;
      this.#host.strayed(this, describeCall({ type, name }));
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
    return this.#step(index, made, undefined, passing);
  }

  /** The advice for a run that another build began; '' for one of this build. */
  get #otherBuild(): string {
    const { build } = this.#host;
    if (build === this.origin.build) return '';
    return ` The run began in build "${this.origin.build}", and this is build "${build}": mark a change of a handler with run.patched('name').`;
  }

  /** Returns what is recorded of a call that the replay makes again. */
  #before(index: number, known: RecordedCall): Before {
    const { job, outcome, consumed, chunks, ended, unfinished = false, failure } = known;
    try {
      return { job, outcome: settledFrom(outcome), consumed, chunks, ended, unfinished, failure: settledFrom(failure) };
    } catch (error) {
      const why = `what was stored of its call ${index + 1}, ${describeCall(known)}, cannot be read.`;
      throw Object.assign(this.#interrupt(why, index), { cause: error });
    }
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
      this.#early.push(entry);
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
    // Because the last recorded result may have come in this very moment.
    if (this.#left <= 0) this.#endReplay();
    if (this.#passed) {
      const why = `it ended before it had made all the calls that it made before.${this.#otherBuild}`;
      this.#interrupt(why, this.#taken);
    }
    this.#over = true;
    // Because the frame of the handler holds the run until the next major collection.
    if (!this.#durable) {
      this.#early = undefined;
      this.#overlay = undefined;
      this.#reads.forget();
    }
    this.#ended();
  }

  atEnd(fn: () => void): void {
    this.#atEnd ??= [];
    this.#atEnd.push(fn);
  }

  #ended(): void {
    if (this.#atEnd) for (const fn of this.#atEnd.splice(0)) fn();
  }

  /** Drops all open waits. @returns the channels of the dropped waits. */
  dropWaits(): readonly string[] {
    if (!this.#open?.size) return [];
    const channels = [...this.#open.keys()].flatMap(({ channel }) => channel ?? []);
    for (const wait of this.#open.values()) wait.drop();
    this.#open.clear();
    return channels;
  }

  #openWait(index: number, call: RecordedCall): OpenWait {
    let noted = call.channel;
    const wait = this.#host.waits.open(call, () => {
      const { channel = '', since = 0, until = null, answer } = call;
      if (channel !== noted) this.#note(['wait', index, channel, since, until]);
      noted = channel;
      if (!answer) return;
      this.#open?.delete(call);
      const text = textOf(answer);
      if (text !== undefined) this.#note(['answer', index, text]);
    });
    this.#open ??= new Map();
    this.#open.set(call, wait);
    return wait;
  }

  #expect(index: number, call: RecordedCall, expected: Expected): Promise<SettledResult> {
    if (call.answer) return Promise.resolve(call.answer);
    return (this.#open?.get(call) ?? this.#openWait(index, call)).attach(expected);
  }

  #step(index: number, made: RecordedCall, before: Before | undefined, passing: boolean): Step {
    let chunks = 0;
    let job = before?.job;
    let again = false;
    const known = {
      chunk: () => chunks < (before?.chunks ?? 0),
      end: () => before?.ended === true,
      result: () => before?.consumed === true,
    };
    const who = {};
    const waits = () => {
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
    };
    return {
      name: `run ${index}`,
      before,
      interrupted: this.interruption,
      waits,
      completes: () => {
        if (!before?.unfinished) this.#note(['completes', index]);
        const over = waits();
        return () => {
          this.#note(['completed', index]);
          over();
        };
      },
      expect: (expected) => this.#expect(index, made, expected),
      ready: (what) => {
        if (this.#halted) return never();
        const take = () => this.#host.gate.acquire(who, job !== undefined);
        const turn = known[what]() ? this.#turnOf(index) : this.#passed ? this.#passed.promise.then(take) : take();
        // Because an interruption may come while the code waits for its position.
        return turn && this.#interrupted ? turn.then(() => this.#unlessInterrupted()) : turn;
      },
      stored: () => this.#storedSoon(passing),
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
        if (!stored) {
          this.#noted = this.#received;
          if (!passing) this.#firm = this.#received;
        }
        const text = stored || again ? undefined : this.#textOf(outcome);
        this.#note(['result', index, text ?? null, stored || text !== undefined ? null : endOf(outcome)]);
        if (text !== undefined && !isSimple(outcome)) return decode(text) as SettledResult;
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
      repeatOnReplay: () => {
        if (again) return;
        again = true;
        this.#note(['again', index]);
      },
    };
  }

  /** {@link Step.stored} */
  #storedSoon(passing: boolean): Promise<void> | undefined {
    const [noted, size] = [this.#noted, this.#size];
    const awaited = passing && size - this.#storedSize < mostUnstored ? this.#firm : noted;
    if (this.#over || awaited <= this.#stored) return undefined;
    return this.#host.durable().then(() => {
      this.#stored = Math.max(this.#stored, noted);
      this.#storedSize = Math.max(this.#storedSize, size);
    });
  }

  /**
   * Returns the text of a settled call, or undefined when it has none or the journal is full. A
   * `Response` or an error of an application's class has no text. A replay repeats such a call.
   */
  #textOf(outcome: SettledResult): string | undefined {
    if (!outcome.ok && 'error' in outcome && outcome.errorClass === '') return undefined;
    const text = settledText(outcome);
    return text !== undefined && this.#size + text.length > limits.journal ? undefined : text;
  }

  #unlessInterrupted(): Promise<void> | undefined {
    if (this.#interrupted?.error) throw this.#interrupted.error;
    return this.#halted ? never() : undefined;
  }

  /** Interrupts the run when a repeated call settled in another way than recorded. */
  #compare(index: number, before: Pick<RecordedCall, 'type' | 'name' | 'end'>, outcome: SettledResult): void {
    const end = endOf(outcome);
    if (before.end === undefined || before.end === end) return;
    const [was, now] = [before.end, end].map((each) => (each === 'value' ? 'with a value' : `with ${each}`));
    throw this.#interrupt(
      `its call ${index + 1}, ${describeCall(before)}, had to be made again, since its result could not be stored. It ended ${was} and now ends ${now}.`,
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
    this.#waiting ??= [];
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
    const next = this.#waiting?.find(({ index }) => index === this.#handed[this.#again]);
    if (next) {
      this.#waiting = this.#waiting?.filter((each) => each !== next);
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
    this.#host.clock.after(0, () => this.#endReplay());
  }

  #endReplay(): void {
    if (!this.#passed) return;
    const wrong = this.#host.turn(() => {
      // Another build may write something else. What was written stays, as the effects of its calls do.
      const isSameBuild = this.#host.build === this.origin.build;
      const wrong = isSameBuild ? this.#overlay?.verify(this.#host.values) : undefined;
      // Because closures of the page have the objects from before.
      const claim: Claim = (...objects) => this.#host.claim(this, ...objects);
      if (wrong === undefined && this.#overlay?.handOver(this.#host.values, this.#reads.values, claim))
        this.#host.renew();
      if (wrong === undefined && this.#host.development) this.#apart = this.#apartFrom(this.#host.values);
      return wrong;
    });
    if (wrong === undefined) {
      this.#learnLosses(Number.POSITIVE_INFINITY);
      this.#host.recall(this);
      this.#pass();
      return;
    }
    this.#interrupt(
      `${wrong} differs from what the handler wrote before. It read something that a restart does not restore: an outer variable, ` +
        'Date.now(), Math.random(), an awaited call outside run. Store data in ui.state, and use ui.now() and ui.random().',
      this.#taken,
    );
  }

  #apartFrom(present: LiveCells): ApartObjects {
    const cells: [mine: unknown, theirs: unknown][] = [];
    for (const [cell, mine] of this.#reads.values) {
      const now = present.live(cell);
      if (now) cells.push([mine, now.value]);
    }
    return new ApartObjects(cells);
  }

  /** True when the run has, since a restart, changed an object in place that the page does not have. In development only. */
  get changedApart(): boolean {
    return this.#apart?.changed === true;
  }

  #pass(): void {
    const passed = this.#passed;
    if (!passed) return;
    this.#passed = undefined;
    this.#calls = this.#handed = none;
    this.#reads.pass();
    this.#host.caughtUp(this);
    try {
      for (const start of this.#later?.splice(0) ?? []) start();
    } finally {
      // Because the handler would wait for ever, even when a function above throws.
      passed.resolve();
      for (const { go } of this.#waiting?.splice(0) ?? []) go();
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
    this.#ended();
    return error;
  }
}

/** Throws the error of a recorded refusal. */
function refuse(text: string | undefined): void {
  if (text !== undefined) throw unpacked(text);
}

/** Returns what a run waits for whose page has ended: a new promise, because one for all would hold all who wait. */
function never(): Promise<never> {
  return new Promise(() => {});
}
