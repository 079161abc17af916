import type { Clock } from '../../clock/index.ts';
import type { Items } from '../../collection/index.ts';
import { Late } from '../../context/index.ts';
import { type AimTexts, type Json, textOf, textsOf } from '../../protocol/index.ts';
import { InterruptedError, type SettledResult } from '../../rpc/index.ts';
import { journal } from '../../tasks/index.ts';
import {
  type DryRun,
  describe,
  isFixed,
  isStillAimedAt,
  type Key,
  type Listener,
  type RemovedNodes,
  type Tree,
  type TreeNode,
  tickEvent,
} from '../../tree/index.ts';
import { functionHash } from '../replay/function-hash.ts';
import { type CellsOfElement, type RunHost, RunJournal } from '../replay/journal.ts';
import type { LiveCells } from '../replay/overlay.ts';
import { textOf as valueText } from '../replay/recorded-values.ts';
import { InertReplayView, type ReplayView } from '../replay/replay-view.ts';
import { ResultGate } from '../replay/result-gate.ts';
import { isUnanswered, originOf, type RunHeader, type RunOrigin, type RunRecord } from '../replay/run-log.ts';
import type { Waits } from '../replay/waits.ts';
import { callsNothing } from './calls-nothing.ts';
import { Cells } from './cells.ts';
import type { InPlaceChanges } from './in-place.ts';
import type { Interrupted } from './notices.ts';
import type { OnceReads } from './once-reads.ts';
import { type HandlerRun, isSamePlace, Runs } from './runs.ts';
import { answerStored } from './stored-answers.ts';

/** Milliseconds after which the alarm continues handlers whose object died. */
export const lease = 15_000;
/**
 * The same while handlers wait only for jobs or answers. The end of any job shortens it to {@link
 * lease}, so this is a last resort.
 */
const jobLease = 24 * 3_600_000;
/** The same while some of them wait for an answer, and none for a job: an answer needs no look. */
const answerLease = 7 * 24 * 3_600_000;

/** The parts of a page that its handlers know. */
export interface HandlersHost {
  readonly host: { readonly development: boolean; readonly build: string };
  readonly clock: Clock;
  readonly cells: Cells;
  readonly tree: Tree;
  readonly values: LiveCells & {
    /** The stored values of an element. */
    of(node: TreeNode): CellsOfElement;
  };
  readonly states: {
    /** Makes the texts of first values, because a handler may change the objects in place. */
    settle(): void;
  };
  readonly runner: {
    /** Runs `fn`, which writes signals, as one turn. */
    turn<R>(fn: () => R): R;
    /** Runs an author's function in the slot of a node, as a turn; what it throws is reported. Never throws or rejects. */
    guarded(
      node: TreeNode,
      run: HandlerRun | undefined,
      fn: () => unknown,
      records: RunJournal | Late<RunJournal>,
    ): unknown;
    /** True where a handler can do without a frame of its own: it is given a late journal. */
    readonly lendsFrame: boolean;
    /** Called when such a handler leaves something running, before that awaits. */
    leavesRunning(): void;
  };
  readonly timers: {
    /** Called when a timer runs that an earlier activation started. */
    running(node: TreeNode, run: Promise<unknown>): void;
  };
  readonly notices: {
    /** @param silent true keeps it from the user: it is in the log, and the application hears of it. */
    report(error: unknown, node: TreeNode | undefined, silent?: boolean, interrupted?: Interrupted): void;
  };
  readonly log: {
    /** Advises the author, in development only and once for each text. */
    advise(text: string): void;
  };
  /** Hears of reads and changes, in development. */
  readonly once: OnceReads | undefined;
  readonly inPlace: InPlaceChanges | undefined;
  readonly record: {
    readonly ended: boolean;
    /** Called when the next commit must store a change. */
    touch(): void;
  };
  readonly due: {
    /** Schedules {@link Handlers.dueNow}, also after hibernation or a crash; undefined for never. */
    set(key: string, at: number | undefined): void;
    /** The scheduled time. */
    at(key: string): number | undefined;
  };
  readonly answers: {
    readonly waits: Waits;
    /** Has the browser send the events of waits that replayed handlers have not reached yet. */
    offer(): void;
    /** Withdraws the request for an answer on a channel that no handler awaits any more. */
    withdraw(channel: string): void;
  };
  readonly inbox: {
    /** Called when every handler is where it was before a restart. */
    release(): void;
  };
  readonly awake: {
    /** Called when a handler starts or stops awaiting a promise outside `run`. */
    changed(): void;
  };
  /** The last open handler has ended. */
  workEnded(): void;
  readonly owner: {
    /** Pins a job; `hold` returns the function that unpins it. */
    readonly jobs: { hold(id: string): () => void };
    /** Commits soon, and resolves when all present changes are durable. */
    durable(): Promise<void>;
  };
}

/** A read of a cell, or a write to it. */
interface Act {
  readonly cell: string;
  readonly value: unknown;
  /** Of a read: the text of an object. */
  readonly text?: string | undefined;
  /** Of a write: returns the text of the old value. */
  readonly before?: () => string;
}

/** The place where a replay continues a run. */
interface Found {
  readonly node: TreeNode;
  readonly listener: Listener;
  /** True when the closure of the function has its values of that time. */
  readonly ofThen: boolean;
}

/** The key of the due row that marks a page with open handlers. */
export const handlersDue = 'handlers';

/** Runs the handlers of a page, and continues after a restart those that had not ended. */
export class Handlers implements RunHost {
  readonly gate: ResultGate;
  readonly values: LiveCells;
  readonly waits: Waits;
  readonly #page: HandlersHost;
  readonly #activation: number;
  readonly #runs: Runs;
  readonly #open = new Map<RunJournal, TreeNode>();
  /** Runs with entries to store. */
  readonly #unsaved = new Set<RunJournal>();
  readonly #holds = new Map<RunJournal, Map<string, () => void>>();
  /** The parts of replayed runs as they were. */
  static readonly #dryRuns = new WeakMap<RunJournal, DryRun>();
  /** The runs that continue with a removed element, which its key does not tell from another that took its place. */
  static readonly #lost = new WeakMap<TreeNode, Set<RunJournal>>();
  /** Runs to check for an await outside `run`. */
  static readonly #watched = new WeakSet<RunJournal>();
  /** Runs without a `run.*` call whose row is already written, or that need no row. */
  static readonly #recorded = new WeakSet<RunJournal>();
  /** Restored runs whose element or function may appear once other handlers have continued. */
  #orphans: { readonly record: RunRecord; readonly release: readonly (() => void)[] }[] = [];
  /** The running handler without a run: its late journal, and what it has read and written so far. */
  #brief: { readonly late: Late<RunJournal>; readonly acts: Act[] } | undefined;
  /** When the alarm checks the handlers; undefined for never. */
  #lookAt: number | undefined;
  /** True once a run was superseded or the page has ended, so that writes of that run are private. */
  #supersedes = false;
  /** True when another build may have made the page function. */
  #changed = false;
  #replays = 0;
  /** The runs that an earlier activation began. */
  static readonly #replayed = new WeakSet<RunJournal>();
  /** Those of them whose function had returned or thrown. What it throws in its replay was reported then. */
  static readonly #ended = new WeakSet<RunJournal>();
  /** The runs that have given the page objects when their replay ended; firm where they are sure to use them again. */
  #claims: WeakMap<object, { readonly run: RunJournal; readonly firm: boolean }> | undefined;
  /** True when an earlier activation has left runs open, until the page has come to rest with them. */
  #resumed = false;
  #ticks = 0;

  /** @param activation names the page's stay in memory, another one each time the page is built. */
  constructor(page: HandlersHost, activation: number) {
    this.#page = page;
    this.#activation = activation;
    this.gate = new ResultGate(page.clock);
    this.values = page.values;
    this.waits = page.answers.waits;
    this.#runs = new Runs((key, busy) => {
      const node = page.tree.at(key);
      if (node) page.tree.set(node, 'busy', busy || undefined, 'passing');
    });
  }

  /** Number of runs that have not ended. */
  get count(): number {
    return this.#runs.count;
  }

  /** The number of runs with state in memory only, other than {@link Handlers.strays}. */
  get atWork(): number {
    let count = 0;
    for (const run of this.#open.keys()) if (!run.rests && !run.isStray) count++;
    return count;
  }

  /** For each run that awaits a promise outside `run`: since when. */
  get strays(): readonly number[] {
    return [...this.#open.keys()].flatMap((run) => (run.isStray && run.strayedSince) || []);
  }

  /** Number of runs that have not ended, also those whose handler has left something running. */
  get open(): number {
    return this.#open.size;
  }

  /** The runs that a restart must continue or report as interrupted. */
  get stored(): readonly RunJournal[] {
    return [...this.#open.keys()].filter(
      (run) => run.durable || (Handlers.#recorded.has(run) && run.origin.event !== tickEvent),
    );
  }

  /** The keys of the elements of which a handler runs. */
  get busy(): ReadonlyMap<Key, unknown> {
    return this.#runs.open;
  }

  get clock(): Clock {
    return this.#page.clock;
  }

  get once(): OnceReads | undefined {
    return this.#page.once;
  }

  get inPlace(): InPlaceChanges | undefined {
    return this.#page.inPlace;
  }

  get build(): string {
    return this.#page.host.build;
  }

  /** The journal of the running code, when it is a handler's. */
  get current(): RunJournal | undefined {
    const running = journal.get();
    return running instanceof RunJournal ? running : undefined;
  }

  /** The view of the running code when its writes are private. */
  get replay(): ReplayView | undefined {
    const running = this.#replays > 0 || this.#supersedes ? (journal.get() as ReplayView | undefined) : undefined;
    return running?.isolated ? running : undefined;
  }

  turn<R>(fn: () => R): R {
    return this.#page.runner.turn(fn);
  }

  textOf(cell: string): string | undefined {
    return this.#page.cells.stateText(cell) ?? this.values.firstText(cell);
  }

  /** True while a handler's code runs. */
  get reading(): boolean {
    return journal.has();
  }

  /**
   * Records that the running code reads a cell.
   *
   * @param own false for a read that is no act of a handler.
   * @returns what it is to see instead of the live value, or undefined.
   */
  read(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined {
    if (!own) return this.replay?.known(cell);
    const brief = this.#brief;
    if (brief && journal.is(brief.late)) {
      // Because code may change an object in place.
      const text = typeof live === 'object' && live !== null ? (this.textOf(cell) ?? valueText(live)) : undefined;
      brief.acts.push({ cell, value: live, text });
      return undefined;
    }
    const running = journal.get();
    if (running instanceof RunJournal) return running.read(cell, live, own);
    return running && this.replay?.known(cell);
  }

  /**
   * Records that the running code reads all items of a collection.
   * @returns what it is to see instead of the live ones, or undefined.
   */
  readItems(cell: string, live: Items, own: boolean): Items | undefined {
    const running = journal.get();
    if (running instanceof RunJournal) return running.readItems(cell, live, own);
    return running && this.replay?.knownItems(cell, live);
  }

  /** Records that the running code reads a number. Returns what it is to see. */
  readNumber(cell: string, read: () => number): number {
    const running = journal.get();
    return running ? (running.recordRead(cell, read) as number) : read();
  }

  /** Records that the running code has changed items of a version to the next one. */
  wroteItems(cell: string, before: number, after: number): void {
    this.current?.wroteItems(cell, before, after);
  }

  /** Records that a cell changes; `before` returns the text of the old value. */
  recordWrite(cell: string, before: () => string, value: unknown): void {
    const brief = this.#brief;
    if (brief && journal.is(brief.late)) {
      brief.acts.push({ cell, value, before });
      return;
    }
    const { current } = this;
    for (const run of this.#open.keys()) if (run !== current) run.overwritten(cell, before);
    current?.wrote(cell, value, before);
  }

  /** Records that a write of the running code to a cell, or to the items of a collection, is refused. */
  refused(name: string, error: unknown): void {
    this.current?.refused(name, error);
  }

  /** Counts an act of the running code that may be refused. @throws {Error} in a replay, when it was refused before the restart. */
  acts(name: string): void {
    (this.replay ?? this.current)?.acts(name);
  }

  /**
   * Records that an element is removed. The handlers of its part, or of the page function, continue with that element, not
   * with one that takes its place.
   */
  removed(node: TreeNode): void {
    const { current } = this;
    if (!current && this.#open.size === 0) return;
    let part: Key | undefined;
    // The running one is open from its first await on.
    for (const run of new Set([...this.#open.keys(), current])) {
      // Because a replay makes again what a handler has made.
      if (!run || (run.origin.part === 0 && node.dynamic)) continue;
      part ??= partOf(node);
      if (run.origin.part !== part && (part !== 0 || node.dynamic)) continue;
      if (run.lose(Cells.prefix(node.key), this.#page.values.of(node))) this.#continues(run, node);
    }
  }

  #continues(run: RunJournal, node: TreeNode): void {
    const runs = Handlers.#lost.get(node) ?? new Set();
    Handlers.#lost.set(node, runs.add(run));
  }

  /** Records a write to a removed element in the journals of the runs that continue with it. */
  rewriteLost(node: TreeNode, cells: Partial<CellsOfElement>): void {
    for (const run of Handlers.#lost.get(node) ?? [])
      run.rewriteLost(Cells.prefix(node.key), { values: [], lists: [], ...cells });
  }

  /**
   * Answers the handlers that wait on a channel, also replayed ones that have not reached their
   * wait.
   *
   * @returns false when none waits.
   */
  answer(channel: string, answer: () => SettledResult): boolean {
    const heard = this.waits.answer(channel, answer);
    const orphans = this.#orphans.map(({ record }) => record);
    return answerStored(this.#page.cells, orphans, channel, answer) || heard;
  }

  /**
   * Runs a listener of a node for an event.
   *
   * @param id names the run: never the same twice, but the same when an event is applied again
   * whose effects were lost with the object.
   * @param aim what the browser's user saw there, if one caused the event.
   */
  hear(node: TreeNode, event: string, listener: Listener, value: Json | undefined, id: number, aim?: string): void {
    const index = node.listeners?.get(event)?.indexOf(listener) ?? -1;
    const makeRun = () => new RunJournal(this, this.#origin(node, id, event, index, value, aim));
    listener.callsNothing ??= listener.direct === true && callsNothing(listener.author);
    const isBrief = listener.callsNothing && this.#isAlone();
    if (isBrief) this.#hearBriefly(makeRun, node, listener, () => listener.hear(value, event));
    else this.#start(makeRun(), node, listener);
  }

  /** True while no other handler runs, is open or is replayed, and a turn lends its frame. */
  #isAlone(): boolean {
    if (this.#brief || !this.#page.runner.lendsFrame) return false;
    return this.#open.size === 0 && this.#runs.count === 0 && this.#replays === 0 && !this.#supersedes;
  }

  /**
   * Runs a handler that calls nothing. It is over when it returns, so it needs neither a run nor a frame. What it reads and writes is
   * noted, because an author's accessor may make a call of `run` after all. Then the run is made, with what came before.
   */
  #hearBriefly(makeRun: () => RunJournal, node: TreeNode, listener: Listener, hear: () => unknown): void {
    const { states, runner } = this.#page;
    states.settle();
    const acts: Act[] = [];
    let run: RunJournal | undefined;
    let runs = true;
    const whole = (): RunJournal => {
      if (run) return run;
      this.#brief = undefined;
      runner.leavesRunning();
      run = makeRun();
      run.author = listener.author;
      for (const { cell, value, text, before } of acts) {
        if (before) run.wrote(cell, value, before);
        else run.read(cell, value, true, text ?? valueText(value));
      }
      return run;
    };
    const late = new Late(() => (runs ? whole() : run));
    this.#brief = { late, acts };
    const result = runner.guarded(node, undefined, hear, late);
    if (result instanceof Promise) {
      const run = whole();
      this.#runs.start(run.origin, 'parallel', (open) => this.#wait(run, node, open, result));
    } else if (run) this.#ran(run, node);
    this.#brief = undefined;
    runs = false;
  }

  /**
   * Runs a timer.
   *
   * @param repeats true for one that runs again anyway.
   */
  tick(node: TreeNode, repeats: boolean): unknown {
    const [listener] = node.listeners?.get(tickEvent) ?? [];
    if (!listener) return undefined;
    // Because the name contains the activation, it never repeats.
    const id = this.#activation * 2 ** 20 + this.#ticks++;
    const run = new RunJournal(this, this.#origin(node, id, tickEvent, 0, undefined));
    // Because a repeating timer runs again anyway, an await outside `run` needs no row.
    if (repeats) Handlers.#recorded.add(run);
    return this.#follow(run, node, undefined, listener);
  }

  /** Runs all listeners of the page itself for an event that no browser sends. */
  announce(event: string): void {
    const { root } = this.#page.tree;
    for (const listener of root.listeners?.get(event) ?? []) {
      // Because the name contains the activation, it never repeats.
      this.hear(root, event, listener, undefined, this.#activation * 2 ** 20 + this.#ticks++);
    }
  }

  #origin(
    node: TreeNode,
    id: number,
    event: string,
    listener: number,
    value: Json | undefined,
    aim: string | AimTexts = textsOf(node),
  ): RunOrigin {
    const label = isFixed(this.#page.tree, node) ? textOf(node) : '';
    return { node: node.key, part: partOf(node), label, aim, id, event, listener, value, build: this.build };
  }

  /** Starts a run, or queues it. A queued run is stored, because its event counts as applied. */
  #start(run: RunJournal, node: TreeNode, listener: Listener): void {
    run.author = listener.author;
    const outcome = this.#runs.start(run.origin, listener.whileRunning, (open) => {
      if (!run.waiting) return this.#follow(run, node, open, listener);
      run.waiting = false;
      // Because the previous run may have rebuilt the element, with another value in its closure.
      const now = this.#page.tree.at(run.origin.node);
      const newer = now?.listeners?.get(run.origin.event)?.[run.origin.listener];
      return now && newer ? this.#follow(run, now, open, newer) : this.#follow(run, node, open, listener);
    });
    if (outcome === 'refused') {
      this.#page.notices.report(
        new RangeError(
          'A handler was not started: too many handlers of the page are open. Set whileRunning, or limit their waits.',
        ),
        node,
      );
    }
    if (outcome !== 'waiting') return;
    run.waiting = true;
    this.#persist(run);
  }

  /**
   * Continues the runs that an earlier activation left open. Call it when the page is built.
   *
   * @param changed true when the page is another build's.
   */
  resume(records: readonly RunRecord[], changed: boolean): void {
    this.#changed = changed;
    this.#lookAt = this.#page.due.at(handlersDue);
    this.#resumed = records.length > 0;
    for (const record of records) {
      this.#readable(record, () => {
        if (this.#continue(record)) return;
        const release = record.calls.flatMap(({ job }) => (job === undefined ? [] : this.#page.owner.jobs.hold(job)));
        this.#orphans.push({ record, release });
      });
    }
    if (this.#replays === 0) this.#adoptOrphans();
    this.#page.answers.offer();
    this.#look();
  }

  /** Fails the runs whose handler function was not found after the rebuild. */
  #adoptOrphans(): void {
    for (const { record, release } of this.#orphans.splice(0)) {
      this.#readable(record, () => {
        if (!this.#continue(record)) this.#lose(record, this.#page.tree.at(record.node), 'the page no longer has it');
      });
      for (const unpin of release) unpin();
    }
  }

  /** Uses a stored run. An invalid record ends that run only. */
  #readable(record: RunRecord, use: () => void): void {
    try {
      use();
    } catch (error) {
      this.#lose(record, this.#page.tree.at(record.node), 'what was stored of it cannot be read', error);
    }
  }

  /** @returns false when there is nothing to continue it with. */
  #continue(record: RunRecord): boolean {
    if (record.unreadable !== undefined) throw record.unreadable;
    if (record.waiting) {
      const node = this.#page.tree.at(record.node);
      const listener = node?.listeners?.get(record.event)?.[record.listener];
      if (!node || !listener) return false;
      const other = this.#whyOther(record, { node, listener, ofThen: false });
      if (other === undefined) this.#start(new RunJournal(this, originOf(record)), node, listener);
      else this.#lose(record, node, other);
      return true;
    }
    this.#page.states.settle();
    const replay = new RunJournal(this, originOf(record), record);
    Handlers.#replayed.add(replay);
    if (record.returned) Handlers.#ended.add(replay);
    this.#replays++;
    const found = this.#find(record, replay);
    const lost = found && (whyLost(record) ?? this.#whyOther(record, found));
    if (!found || lost !== undefined) {
      this.#replays--;
      replay.dropWaits();
      if (found) this.#lose(record, found.node, lost as string);
      return found !== undefined;
    }
    const { node, listener } = found;
    for (const { job } of record.calls) if (job !== undefined) this.issued(replay, job);
    if (record.event === tickEvent) {
      const run = this.#follow(replay, node, undefined, listener);
      if (run instanceof Promise) this.#page.timers.running(node, run);
      return true;
    }
    const superseded = record.superseded !== undefined;
    this.#supersedes ||= superseded;
    this.#runs.start(replay.origin, 'parallel', (run) => this.#follow(replay, node, run, listener), superseded);
    return true;
  }

  #lose(record: RunRecord, node: TreeNode | undefined, why: string, cause?: unknown): void {
    this.#page.cells.forgetRun(record);
    this.#withdrawWaits(record);
    const error = new InterruptedError(`A handler was interrupted by a restart: ${why}.`);
    if (cause !== undefined) error.cause = cause;
    this.#page.notices.report(error, node, record.superseded !== undefined, offerOf(record));
  }

  /** Withdraws the questions of a run to its user. */
  #withdrawWaits({ calls }: RunRecord): void {
    for (const call of calls) if (isUnanswered(call)) this.#page.answers.withdraw(call.channel as string);
  }

  /**
   * Returns the function that ran. In a part that was rebuilt for other values, such as a list
   * item, this is the earlier function with its closure.
   */
  #find(
    { node: key, event, listener: index, part, before: changed }: RunRecord,
    replay: RunJournal,
  ): Found | undefined {
    const { tree } = this.#page;
    const node = tree.at(key);
    const removed = removedFrom(replay);
    const within = part === 0 ? undefined : (tree.at(part) ?? tree.gone.get(part)?.node);
    const dryRun = () => within && tree.dryRun(within, removed);
    const built = part === 0 ? tree.gone : journal.run(new InertReplayView(replay), dryRun);
    const then = built?.get(key);
    const before = then?.listeners.get(event)?.[index];
    const listener = before ?? (node ?? then?.node)?.listeners?.get(event)?.[index];
    const isLost = before !== undefined && removed.has(key);
    const place = isLost ? then?.node : (node ?? then?.node);
    if (built) Handlers.#dryRuns.set(replay, built);
    for (const each of [...(built?.nodes ?? []), ...tree.gone.nodes])
      if (!each.alive && removed.has(each.key)) this.#continues(replay, each);
    for (let each = place; each; each = each.parent) replay.captures(built?.get(each.key)?.item);
    return (
      place && listener && { node: place, listener, ofThen: isLost || (before !== undefined && changed.length > 0) }
    );
  }

  /**
   * Returns why the element is another one. A key identifies an element; a position does not, so a
   * changed text or neighbour means another element. After a deploy, changed code means another
   * handler, unless the element has the same label.
   */
  #whyOther({ label, aim, code, before }: RunRecord, { node, listener, ofThen }: Found) {
    const { tree } = this.#page;
    const same = ofThen || isStillAimedAt(tree, node, aim, Object.keys(before).length > 0);
    const labelled = label !== '' && isFixed(tree, node) && textOf(node) === label;
    if (same && (!this.#changed || labelled || functionHash(listener.author) === code)) return undefined;
    return 'the page has changed, and has another element, or other code, in its place';
  }

  /**
   * Passes the entries of the runs to the cells, for the next commit. Runs that await a promise
   * outside `run` store only that they began.
   */
  save(): void {
    if (this.#open.size === 0 && this.#unsaved.size === 0 && this.#lookAt === undefined) return;
    let strays = false;
    for (const run of this.#open.keys()) {
      run.strayedSince = run.isStray ? (run.strayedSince ?? this.clock.now()) : undefined;
      strays ||= run.isStray;
      if (run.durable || run.superseded || Handlers.#recorded.has(run)) continue;
      Handlers.#recorded.add(run);
      this.#persist(run);
    }
    for (const run of this.#unsaved) run.saved(this.#page.cells.appendRun(run.origin, run.save()));
    this.#unsaved.clear();
    if (strays) this.#page.awake.changed();
    this.#look();
  }

  isHeld(run: RunJournal): boolean {
    return this.#open.size > (this.#open.has(run) ? 1 : 0);
  }

  claim(run: RunJournal, theirs: Iterable<object>, mine: Iterable<object>, isFirm: (part: object) => boolean): boolean {
    const firm = new Map([...mine].map((part) => [part, isFirm(part)] as const));
    const needed = [...firm.values()].some(Boolean);
    // Because a handler that began since may have the page's own.
    if (!needed && [...this.#open.keys()].some((run) => !Handlers.#replayed.has(run))) return false;
    for (const part of theirs) {
      const claim = this.#claims?.get(part);
      if (claim && claim.run !== run && this.#open.has(claim.run) && (claim.firm || !needed)) return false;
    }
    this.#claims ??= new WeakMap();
    for (const [part, isFirm] of firm) this.#claims.set(part, { run, firm: isFirm });
    return true;
  }

  get development(): boolean {
    return this.#page.host.development;
  }

  renew(): void {
    this.#page.tree.renewParts();
  }

  noted(run: RunJournal): void {
    this.#persist(run);
    this.#page.record.touch();
  }

  durable(): Promise<void> {
    // Because the code of an object that was abandoned may run on, and nothing of it becomes durable.
    return this.#page.record.ended ? new Promise(() => {}) : this.#page.owner.durable();
  }

  issued(run: RunJournal, job: string): void {
    const holds = this.#holds.get(run) ?? new Map<string, () => void>();
    this.#holds.set(run, holds);
    if (!holds.has(job)) holds.set(job, this.#page.owner.jobs.hold(job));
  }

  /**
   * The running handler has replaced jobs by another start of their name. Earlier runs of the same
   * listener that had started them are superseded, as with `whileRunning: 'restart'`.
   */
  replacedJobs(jobs: readonly string[]): void {
    const { current } = this;
    if (!current) return;
    for (const [run, holds] of this.#holds) {
      const replaced = isSamePlace(run.origin, current.origin) && jobs.some((job) => holds.has(job));
      if (run !== current && replaced) this.#runs.supersede(run.origin);
    }
  }

  recall(run: RunJournal): void {
    const removed = removedFrom(run);
    journal.run(run, () => {
      for (const built of new Set([Handlers.#dryRuns.get(run), this.#page.tree.gone])) built?.recall(removed);
    });
  }

  caughtUp(): void {
    if (--this.#replays > 0) return;
    this.clock.after(0, () => {
      this.#adoptOrphans();
      this.#page.inbox.release();
    });
  }

  get replays(): boolean {
    return this.#replays > 0;
  }

  idle(run: RunJournal): void {
    // Because the waiting code must first run until its next await.
    if (run.returned) this.clock.after(0, () => this.#settle(run));
    else this.#watchStrays(run);
  }

  /** Marks a run that waits for no call of `run`, because a replay would repeat its await. */
  #watchStrays(run: RunJournal): void {
    // One check per turn, because a loop over chunks may receive thousands.
    if (!this.#page.host.development || Handlers.#watched.has(run)) return;
    Handlers.#watched.add(run);
    this.clock.after(0, () => {
      Handlers.#watched.delete(run);
      run.strayed ||= !run.returned && !run.waits;
    });
  }

  strayed(run: RunJournal, call: string): void {
    const node = this.#open.get(run);
    this.#page.log.advise(
      `A handler${node ? ` of ${describe(node)}` : ''} awaited a call outside run.ioBound and run.cpuBound before it called ${call}. ` +
        'A restart would repeat the awaited call. Pass it to run.ioBound, which records its result.',
    );
  }

  interrupted(run: RunJournal, error: InterruptedError): void {
    const node = this.#open.get(run);
    this.#close(run);
    this.#page.notices.report(error, node, run.superseded, offerOf(run.origin));
  }

  /** Runs a handler again that was interrupted. @returns false when its element or its function is gone. */
  startAgain({ node: key, event, listener: index, value }: Interrupted, run: number): boolean {
    const node = this.#page.tree.at(key);
    const listener = node?.listeners?.get(event)?.[index];
    if (!node?.shown || !node.enabled || !listener) return false;
    this.hear(node, event, listener, value ?? undefined, run);
    return true;
  }

  /** Supersedes a run. */
  #supersede(run: RunJournal): void {
    this.#supersedes = true;
    run.supersede();
    if (run.durable) return;
    this.#unsaved.delete(run);
    this.#page.cells.forgetRun(run.origin);
  }

  /** Does nothing but schedule the next check, because an activation in memory continues its handlers itself. */
  dueNow(key: string): boolean {
    if (key !== handlersDue) return false;
    this.waits.expire();
    // Because the due time has passed.
    this.#lookAt = 0;
    this.#look();
    return true;
  }

  /**
   * The page has come to rest. Replays needed a soon check, and an object that sleeps until then
   * would be woken by each check, only to set the next one.
   */
  rested(): void {
    if (!this.#resumed || this.#longestLease === lease) return;
    this.#resumed = false;
    this.#lookAt = 0;
    this.#look();
  }

  /**
   * Schedules the next check of the alarm: soon while a crash would cut a handler off, else at the
   * first timeout. A page with open handlers always has a time, which marks it while it sleeps.
   */
  #look(): void {
    const at = this.#open.size === 0 ? undefined : this.#nextLook();
    if (at === this.#lookAt) return;
    if (at === undefined) this.#page.workEnded();
    this.#lookAt = at;
    this.#page.due.set(handlersDue, at);
  }

  #nextLook(): number {
    const now = this.clock.now();
    const at = Math.min(now + this.#longestLease, this.waits.next);
    // Because most handlers end before the first check, an earlier time stays; each new time is a
    // row.
    const said = this.#lookAt ?? 0;
    return said > now && said <= at ? said : at;
  }

  get #longestLease(): number {
    const runs = [...this.#open.keys()];
    if (runs.some((run) => !run.rests)) return lease;
    return runs.some((run) => run.waitsForJobs) ? jobLease : answerLease;
  }

  /** Halts every run with the page. */
  halt(): void {
    this.#supersedes = true;
    for (const run of this.#open.keys()) run.halt();
    this.gate.close();
    for (const holds of this.#holds.values()) for (const release of holds.values()) release();
    this.#holds.clear();
    for (const { release } of this.#orphans.splice(0)) for (const unpin of release) unpin();
  }

  /** @param open undefined for a timer's tick, which nothing supersedes. */
  #follow(run: RunJournal, node: TreeNode, open: HandlerRun | undefined, listener: Listener): unknown {
    run.author = listener.author;
    this.#page.states.settle();
    const hear = () => listener.hear(run.origin.value as Json | undefined, run.origin.event);
    const { interruption } = run;
    if (interruption) this.#open.set(run, node);
    const ended = Handlers.#ended.has(run);
    const replay = interruption && (() => ignoring((error) => ended || run.isInterruption(error), hear));
    const result = this.#page.runner.guarded(node, open, replay ?? hear, run);
    if (result instanceof Promise) return this.#wait(run, node, open, result);
    this.#ran(run, node);
    return undefined;
  }

  /** The handler of a run awaits something. */
  #wait(run: RunJournal, node: TreeNode, open: HandlerRun | undefined, result: Promise<unknown>): Promise<void> {
    if (open) open.onSuperseded = () => this.#supersede(run);
    if (!run.interrupted) this.#open.set(run, node);
    if (!run.waits) this.#watchStrays(run);
    const { interruption } = run;
    const returned = interruption ? Promise.race([result, interruption.catch(() => {})]) : result;
    return returned.then(() => this.#returned(run));
  }

  /** The handler of a run has returned at once. */
  #ran(run: RunJournal, node: TreeNode): void {
    if (run.durable && !run.interrupted) this.#open.set(run, node);
    this.#returned(run);
  }

  /** Records that the handler's own function has returned. */
  #returned(run: RunJournal): void {
    run.returns();
    // Because calls left running register their waits only when they have the thread.
    if (run.durable) this.clock.after(0, () => this.#settle(run));
    else this.#end(run);
  }

  /** Ends a run once its handler has returned and no code waits for its calls. */
  #settle(run: RunJournal): void {
    if (run.returned && !run.waits && this.#open.has(run)) this.#end(run);
  }

  #end(run: RunJournal): void {
    run.end();
    this.#close(run);
  }

  #adviseReplacing(run: RunJournal): void {
    const node = this.#open.get(run);
    this.#page.log.advise(
      `A handler${node ? ` of ${describe(node)}` : ''} changed an object in place that the page does not have any more, so the change is lost. ` +
        'After a restart, handlers that waited at the same time have objects of their own. ' +
        "Replace the object instead, as in rows.value = rows.value.map((row) => (row.id === id ? { ...row, state: 'paid' } : row)).",
    );
  }

  #close(run: RunJournal): void {
    if (run.changedApart) this.#adviseReplacing(run);
    this.#unsaved.delete(run);
    this.#page.cells.forgetRun(run.origin);
    // Most handlers end at once and have left nothing.
    if (!this.#open.delete(run) && this.#lookAt === undefined) return;
    for (const release of this.#holds.get(run)?.values() ?? []) release();
    this.#holds.delete(run);
    for (const channel of run.dropWaits()) this.#page.answers.withdraw(channel);
    if (run.durable) this.#page.record.touch();
    if (run.strayedSince !== undefined) this.#page.awake.changed();
    if (this.#open.size === 0) this.#look();
    this.inPlace?.ran();
  }

  #persist(run: RunJournal): void {
    this.#unsaved.add(run);
    if (this.#lookAt === undefined) {
      this.#lookAt = this.clock.now() + lease;
      this.#page.due.set(handlersDue, this.#lookAt);
    }
  }
}

/** Returns the data that starts a run again; undefined for a timer's tick, which repeats itself. */
function offerOf({ node, event, listener, value }: Pick<RunHeader, 'node' | 'event' | 'listener' | 'value'>) {
  return event === tickEvent ? undefined : { node, event, listener, value: (value ?? null) as Json };
}

/** Returns the elements that were removed while a run was open, as it knows them. */
function removedFrom(run: RunJournal): RemovedNodes {
  return {
    has: (key) => run.hasLost(Cells.prefix(key)),
    props(key) {
      const prefix = Cells.propCell(key, '');
      return Object.fromEntries(
        [...run.knownWithin(prefix)].map(([cell, value]) => [cell.slice(prefix.length), value as Json]),
      );
    },
  };
}

/** Returns why a run cannot be continued; undefined when it can. */
function whyLost({ calls, foreign }: RunRecord): string | undefined {
  if (calls.length > 0 && !foreign) return undefined;
  return 'it awaited a call outside run.ioBound and run.cpuBound, which cannot be continued';
}

/** Runs a handler and ignores the errors that were reported already. */
function ignoring(isKnown: (error: unknown) => boolean, fn: () => unknown): unknown {
  const caught = (error: unknown) => {
    if (!isKnown(error)) throw error;
  };
  try {
    const result = fn();
    return result instanceof Promise ? result.catch(caught) : result;
  } catch (error) {
    return caught(error);
  }
}

/** Returns the outermost part around the node that can be rebuilt as it was; 0 for none. */
function partOf(node: TreeNode): Key {
  let part: Key = 0;
  for (let each: TreeNode | undefined = node; each; each = each.parent) if (each.rebuild) part = each.key;
  return part;
}
