import type { Clock } from '../../clock/index.ts';
import { aimOf, type Json, textOf } from '../../protocol/index.ts';
import { InterruptedError, type SettledResult } from '../../rpc/index.ts';
import { encode } from '../../storage/index.ts';
import { journal } from '../../tasks/index.ts';
import {
  describe,
  isFixed,
  isStillAimedAt,
  type Key,
  type Listener,
  type Tree,
  type TreeNode,
  tickEvent,
} from '../../tree/index.ts';
import { functionHash } from '../replay/function-hash.ts';
import { type RunHost, RunJournal } from '../replay/journal.ts';
import type { LiveCells } from '../replay/overlay.ts';
import { InertReplayView, type ReplayView } from '../replay/replay-view.ts';
import { ResultGate } from '../replay/result-gate.ts';
import { isUnanswered, line, type RunHeader, type RunRecord } from '../replay/run-log.ts';
import type { Waits } from '../replay/waits.ts';
import type { Cells } from './cells.ts';
import type { Interrupted } from './notices.ts';
import { type HandlerRun, Runs } from './runs.ts';

/** Milliseconds after which the alarm looks for handlers that nobody has continued: the object may have died with them. */
export const lease = 15_000;
/** The same while they only wait for jobs or answers: the end of any job shortens it to {@link lease}, so this is only for what nobody thought of. */
const jobLease = 24 * 3_600_000;
/** The same while some of them wait for an answer, and none for a job: an answer needs no look. */
const answerLease = 7 * 24 * 3_600_000;

/** The parts of a page that its handlers know. */
export interface HandlersHost {
  readonly host: { readonly development: boolean; readonly build: string };
  readonly clock: Clock;
  readonly cells: Cells;
  readonly tree: Tree;
  readonly values: LiveCells;
  readonly runner: {
    /** Runs `fn`, which writes signals, as one turn. */
    turn<R>(fn: () => R): R;
    /** Runs an author's function in the slot of a node, as a turn; what it throws is reported. Never throws or rejects. */
    guarded(node: TreeNode, run: HandlerRun | undefined, fn: () => unknown): unknown;
  };
  readonly timers: {
    /** A timer runs that an earlier life of the object has started. */
    running(node: TreeNode, run: Promise<unknown>): void;
  };
  readonly notices: {
    /** @param silent true keeps it from the user: it is in the log, and the application hears of it. */
    report(error: unknown, node: TreeNode | undefined, silent?: boolean, interrupted?: Interrupted): void;
  };
  readonly log: {
    /** Tells the author something, in development only and once for each text. */
    advise(text: string): void;
  };
  readonly record: {
    /** Something is to be kept with the next commit. */
    touch(): void;
  };
  readonly due: {
    /** Has {@link Handlers.dueNow} called at a time, also when the object sleeps or dies before; undefined for never. */
    set(key: string, at: number | undefined): void;
    /** When it was said to be due. */
    at(key: string): number | undefined;
  };
  readonly answers: {
    readonly waits: Waits;
    /** Has the browser send what handlers wait for that have not come to their waits again. */
    offer(): void;
    /** Takes away what asks for an answer by that channel: nobody waits for it any more. */
    withdraw(channel: string): void;
  };
  readonly awake: {
    /** A handler began to wait for something else than `run`, or ceased to. */
    changed(): void;
  };
  /** The last open handler has ended. */
  workEnded(): void;
  readonly owner: {
    /** Keeps a job from being forgotten; returns how to let go. */
    holdJob(id: string): () => void;
  };
}

/** Where a run continues. */
interface Found {
  readonly node: TreeNode;
  readonly listener: Listener;
  /** True when the function has around it what it had then. */
  readonly ofThen: boolean;
}

/** The name under which the alarm finds pages whose handlers have not ended. */
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
  /** Runs of which something is to be stored. */
  readonly #unsaved = new Set<RunJournal>();
  readonly #holds = new Map<RunJournal, Map<string, () => void>>();
  /** Runs of which a look is due whether they wait for something else than `run`. */
  readonly #watched = new WeakSet<RunJournal>();
  /** Runs without a call of `run` of which is kept that they are open, or need not be kept. */
  readonly #told = new WeakSet<RunJournal>();
  /** Runs whose element, or its function, may come when other handlers have been continued. */
  #orphans: { readonly record: RunRecord; readonly release: readonly (() => void)[] }[] = [];
  /** When the alarm looks after the handlers; undefined while it need not. */
  #lookAt: number | undefined;
  /** True once a run was superseded, or the page has ended: what such a run still writes is nobody else's to see. */
  #supersedes = false;
  /** True when the page function may be another one than that of the handlers which are continued. */
  #changed = false;
  #replays = 0;
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

  /** Number of runs that have something in memory which would be lost with it, other than {@link Handlers.strays}. */
  get atWork(): number {
    let count = 0;
    for (const run of this.#open.keys()) if (!run.rests && !run.isStray) count++;
    return count;
  }

  /** Since when each run waits for something else than `run`, which only memory knows. */
  get strays(): readonly number[] {
    return [...this.#open.keys()].flatMap((run) => (run.isStray && run.strayedSince) || []);
  }

  /** Number of runs that have not ended, also those whose handler has left something running. */
  get open(): number {
    return this.#open.size;
  }

  /** The runs that a restart would have to continue, or to report as interrupted. */
  get stored(): readonly RunJournal[] {
    return [...this.#open.keys()].filter((run) => run.durable || (this.#told.has(run) && run.event !== tickEvent));
  }

  /** True while a handler of the element at a key runs. */
  isBusy(key: Key): boolean {
    return this.#runs.isBusy(key);
  }

  get clock(): Clock {
    return this.#page.clock;
  }

  get build(): string {
    return this.#page.host.build;
  }

  /** The journal of the running code, when it is a handler's. */
  get current(): RunJournal | undefined {
    const running = journal.get();
    return running instanceof RunJournal ? running : undefined;
  }

  /** What the running code sees instead of what is there, when what it writes is for nobody else. */
  get replay(): ReplayView | undefined {
    const running = this.#replays > 0 || this.#supersedes ? (journal.get() as ReplayView | undefined) : undefined;
    return running?.isolated ? running : undefined;
  }

  turn<R>(fn: () => R): R {
    return this.#page.runner.turn(fn);
  }

  textOf(cell: string): string | undefined {
    return this.#page.cells.stateText(cell);
  }

  /** True while a handler's code runs. */
  get reading(): boolean {
    return journal.get() !== undefined;
  }

  /**
   * The running code reads a cell.
   *
   * @param own false for a read that is no act of a handler.
   * @returns what it is to see instead of the live value, or undefined.
   */
  reads(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined {
    if (!own) return this.replay?.known(cell);
    const running = journal.get();
    if (running instanceof RunJournal) return running.reads(cell, live, own);
    return running && this.replay?.known(cell);
  }

  /** A cell changes, which had this text until now. */
  changes(cell: string, before: () => string, value: unknown): void {
    const { current } = this;
    for (const run of this.#open.keys()) if (run !== current) run.overwritten(cell, before);
    current?.wrote(cell, value, before);
  }

  /** Somebody answers the handlers that wait there, also those that have not come to their wait again. @returns false when nobody waits. */
  answer(channel: string, answer: () => SettledResult): boolean {
    let heard = this.waits.answer(channel, answer);
    for (const { record } of this.#orphans) {
      record.calls.forEach((call, index) => {
        if (call.channel !== channel || !isUnanswered(call)) return;
        call.answer = answer();
        const text = line(['answer', index, encode(call.answer, 'An answer')]);
        record.rows = this.#page.cells.appendRun(record, { header: undefined, text, rows: record.rows });
        heard = true;
      });
    }
    return heard;
  }

  /**
   * A listener of a node hears of an event.
   *
   * @param id names the run: never the same twice, but the same when an event is applied again whose effects were lost with the object.
   */
  hear(node: TreeNode, event: string, listener: Listener, value: Json | undefined, id: number): void {
    const index = node.listeners?.get(event)?.indexOf(listener) ?? -1;
    const from = { ...this.#place(node), id, event, listener: index, value, build: this.build };
    this.#start(new RunJournal(this, from), node, listener);
  }

  /**
   * A timer is to run.
   *
   * @param repeats true for one that runs again anyway.
   */
  tick(node: TreeNode, repeats: boolean): unknown {
    const [listener] = node.listeners?.get(tickEvent) ?? [];
    if (!listener) return undefined;
    // With the activation in its name, like what it builds: never the same twice.
    const id = this.#activation * 2 ** 20 + this.#ticks++;
    const from = { ...this.#place(node), id, event: tickEvent, listener: 0, value: undefined, build: this.build };
    const run = new RunJournal(this, from);
    // When it waits for something else than `run`, nobody needs to know: the timer does it again.
    if (repeats) this.#told.add(run);
    return this.#follow(run, node, undefined, listener);
  }

  #place(node: TreeNode): Pick<RunHeader, 'node' | 'part' | 'label' | 'aim'> {
    const label = isFixed(this.#page.tree, node) ? textOf(node) : '';
    return { node: node.key, part: partOf(node), label, aim: aimOf(node) };
  }

  /** Starts a run, or has it wait for its turn; a run that waits is kept, since its event counts as applied. */
  #start(run: RunJournal, node: TreeNode, listener: Listener): void {
    run.author = listener.author;
    const outcome = this.#runs.start(run, listener.whileRunning, (open) => {
      if (!run.waiting) return this.#follow(run, node, open, listener);
      run.waiting = false;
      // The run before may have had the element built anew, with another value around its function.
      const now = this.#page.tree.at(run.node);
      const newer = now?.listeners?.get(run.event)?.[run.listener];
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
    this.#keep(run);
  }

  /**
   * Continues what an earlier life of the object left open. Call it when the page is built.
   *
   * @param changed true when the page is another build's.
   */
  resume(records: readonly RunRecord[], changed: boolean): void {
    this.#changed = changed;
    this.#lookAt = this.#page.due.at(handlersDue);
    for (const record of records) {
      this.#readable(record, () => {
        if (this.#continue(record)) return;
        const release = record.calls.flatMap(({ job }) => (job === undefined ? [] : this.#page.owner.holdJob(job)));
        this.#orphans.push({ record, release });
      });
    }
    if (this.#replays === 0) this.#adoptOrphans();
    this.#page.answers.offer();
    this.#look();
  }

  /** Those that nobody has brought back their function to cannot be continued. */
  #adoptOrphans(): void {
    for (const { record, release } of this.#orphans.splice(0)) {
      this.#readable(record, () => {
        if (!this.#continue(record)) this.#lose(record, this.#page.tree.at(record.node), 'the page no longer has it');
      });
      for (const unpin of release) unpin();
    }
  }

  /** Does something with what was stored of a run. A record that cannot be used ends that run, and nothing else. */
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
      if (other === undefined) this.#start(new RunJournal(this, record), node, listener);
      else this.#lose(record, node, other);
      return true;
    }
    const replay = new RunJournal(this, record, record);
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
    this.#runs.start(replay, 'parallel', (run) => this.#follow(replay, node, run, listener), superseded);
    return true;
  }

  #lose(record: RunRecord, node: TreeNode | undefined, why: string, cause?: unknown): void {
    this.#page.cells.forgetRun(record);
    this.#withdrawWaits(record);
    const error = new InterruptedError(`A handler was interrupted by a restart: ${why}.`);
    if (cause !== undefined) error.cause = cause;
    this.#page.notices.report(error, node, record.superseded !== undefined, offerOf(record));
  }

  /** Withdraws what a run asks of its user. */
  #withdrawWaits({ calls }: RunRecord): void {
    for (const call of calls) if (isUnanswered(call)) this.#page.answers.withdraw(call.channel as string);
  }

  /**
   * The function that ran. Within a part of a page that was built for other values since, such as an item of a list, it is the one
   * of then, with what that had around it.
   */
  #find(
    { node: key, event, listener: index, part, before: changed }: RunRecord,
    replay: RunJournal,
  ): Found | undefined {
    const node = this.#page.tree.at(key);
    const within = part === 0 || changed.length === 0 ? undefined : this.#page.tree.at(part);
    const then = within && journal.run(new InertReplayView(replay), () => this.#page.tree.dryRun(within))?.get(key);
    const before = then?.listeners.get(event)?.[index];
    const listener = before ?? node?.listeners?.get(event)?.[index];
    const place = node ?? then?.node;
    return place && listener && { node: place, listener, ofThen: before !== undefined };
  }

  /**
   * A key says which element it is. A place does not: an element that says something else, or that stands beside something else, is
   * another one. After a deploy other code is another handler, unless the element has the same label.
   */
  #whyOther({ label, aim, code, before }: RunRecord, { node, listener, ofThen }: Found) {
    const { tree } = this.#page;
    const same = ofThen || isStillAimedAt(tree, node, aim, Object.keys(before).length > 0);
    const labelled = label !== '' && isFixed(tree, node) && textOf(node) === label;
    if (same && (!this.#changed || labelled || functionHash(listener.author) === code)) return undefined;
    return 'the page has changed, and has another element, or other code, in its place';
  }

  /** Hands what runs have done to the cells, for the next commit. Handlers that wait for something else than `run` leave that they began. */
  save(): void {
    if (this.#open.size === 0 && this.#unsaved.size === 0 && this.#lookAt === undefined) return;
    let strays = false;
    for (const run of this.#open.keys()) {
      run.strayedSince = run.isStray ? (run.strayedSince ?? this.clock.now()) : undefined;
      strays ||= run.isStray;
      if (run.durable || run.superseded || this.#told.has(run)) continue;
      this.#told.add(run);
      this.#keep(run);
    }
    for (const run of this.#unsaved) run.saved(this.#page.cells.appendRun(run, run.save()));
    this.#unsaved.clear();
    if (strays) this.#page.awake.changed();
    this.#look();
  }

  noted(run: RunJournal): void {
    this.#keep(run);
    this.#page.record.touch();
  }

  issued(run: RunJournal, job: string): void {
    const holds = this.#holds.get(run) ?? new Map<string, () => void>();
    this.#holds.set(run, holds);
    if (!holds.has(job)) holds.set(job, this.#page.owner.holdJob(job));
  }

  caughtUp(): void {
    if (--this.#replays === 0 && this.#orphans.length > 0) this.clock.after(0, () => this.#adoptOrphans());
  }

  idle(run: RunJournal): void {
    // First whoever waited goes on until it waits again.
    if (run.returned) this.clock.after(0, () => this.#settle(run));
    else this.#watchStrays(run);
  }

  /** A handler that waits for nothing of `run`, and has not returned, waits for something that a replay would do once more. */
  #watchStrays(run: RunJournal): void {
    // One look for all that the run is handed in one turn: a loop over chunks gets thousands.
    if (!this.#page.host.development || this.#watched.has(run)) return;
    this.#watched.add(run);
    this.clock.after(0, () => {
      this.#watched.delete(run);
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
    this.#page.notices.report(error, node, run.superseded, offerOf(run));
  }

  /** Runs a handler again that was interrupted. @returns false when its element or its function is gone. */
  startAgain({ node: key, event, listener: index, value }: Interrupted, run: number): boolean {
    const node = this.#page.tree.at(key);
    const listener = node?.listeners?.get(event)?.[index];
    if (!node?.shown || !node.enabled || !listener) return false;
    this.hear(node, event, listener, value ?? undefined, run);
    return true;
  }

  /** Another run has taken the place of this one. */
  #supersede(run: RunJournal): void {
    this.#supersedes = true;
    run.supersede();
    if (run.durable) return;
    this.#unsaved.delete(run);
    this.#page.cells.forgetRun(run);
  }

  /** The alarm asks whether somebody looks after the handlers: whoever is here does. */
  dueNow(key: string): boolean {
    if (key !== handlersDue) return false;
    this.waits.expire();
    // What was said is over.
    this.#lookAt = 0;
    this.#look();
    return true;
  }

  /**
   * Says when the alarm has to look after the handlers: soon while the object's death would cut one off, else when the first wait is
   * over. There is always a time while one is open, by which a page that sleeps is known to have open handlers.
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
    // Most handlers have ended before the first look, so what was said before is soon enough: each new time is a row.
    const said = this.#lookAt ?? 0;
    return said > now && said <= at ? said : at;
  }

  get #longestLease(): number {
    const runs = [...this.#open.keys()];
    if (runs.some((run) => !run.rests)) return lease;
    return runs.some((run) => run.waitsForJobs) ? jobLease : answerLease;
  }

  /** The page has ended, and with it all that it has begun. */
  halt(): void {
    this.#supersedes = true;
    for (const run of this.#open.keys()) run.halt();
  }

  /** @param open undefined for a timer's tick, which nothing supersedes. */
  #follow(run: RunJournal, node: TreeNode, open: HandlerRun | undefined, listener: Listener): unknown {
    if (open) open.onSuperseded = () => this.#supersede(run);
    run.author = listener.author;
    const hear = () => journal.run(run, () => listener.hear(run.value as Json | undefined, run.event));
    const { interruption } = run;
    if (interruption) this.#open.set(run, node);
    const result = this.#page.runner.guarded(node, open, interruption ? () => ignoringInterruption(run, hear) : hear);
    if (result instanceof Promise) {
      if (!run.interrupted) this.#open.set(run, node);
      if (!run.waits) this.#watchStrays(run);
      const returned = interruption ? Promise.race([result, interruption.catch(() => {})]) : result;
      return returned.then(() => this.#returned(run));
    }
    if (run.durable && !run.interrupted) this.#open.set(run, node);
    this.#returned(run);
    return undefined;
  }

  /** The handler's own function is over. */
  #returned(run: RunJournal): void {
    run.returns();
    // What it has left running shows that it waits only when it has the thread.
    if (run.durable) this.clock.after(0, () => this.#settle(run));
    else this.#end(run);
  }

  /** The run is over when its handler has returned, and nobody waits for anything that it has called. */
  #settle(run: RunJournal): void {
    if (run.returned && !run.waits && this.#open.has(run)) this.#end(run);
  }

  #end(run: RunJournal): void {
    run.end();
    this.#close(run);
  }

  #close(run: RunJournal): void {
    this.#open.delete(run);
    this.#unsaved.delete(run);
    this.#page.cells.forgetRun(run);
    for (const release of this.#holds.get(run)?.values() ?? []) release();
    this.#holds.delete(run);
    for (const channel of run.dropWaits()) this.#page.answers.withdraw(channel);
    if (run.durable) this.#page.record.touch();
    if (run.strayedSince !== undefined) this.#page.awake.changed();
    if (this.#open.size === 0) this.#look();
  }

  #keep(run: RunJournal): void {
    this.#unsaved.add(run);
    if (this.#lookAt === undefined) {
      this.#lookAt = this.clock.now() + lease;
      this.#page.due.set(handlersDue, this.#lookAt);
    }
  }
}

/** What it takes to start a run again; undefined for the tick of a timer, which starts by itself. */
function offerOf({ node, event, listener, value }: Pick<RunHeader, 'node' | 'event' | 'listener' | 'value'>) {
  return event === tickEvent ? undefined : { node, event, listener, value: (value ?? null) as Json };
}

/** Why a run cannot be continued, when it cannot. */
function whyLost({ calls, foreign }: RunRecord): string | undefined {
  if (calls.length > 0 && !foreign) return undefined;
  return 'it awaited a call outside run.ioBound and run.cpuBound, which cannot be continued';
}

/** Runs a handler that may be told that it cannot go on: that was reported when it happened. */
function ignoringInterruption(run: RunJournal, fn: () => unknown): unknown {
  const caught = (error: unknown) => {
    if (!run.isInterruption(error)) throw error;
  };
  try {
    const result = fn();
    return result instanceof Promise ? result.catch(caught) : result;
  } catch (error) {
    return caught(error);
  }
}

/** The outermost part that the node is in, which can be made again as it was; 0 for none. */
function partOf(node: TreeNode): Key {
  let part: Key = 0;
  for (let each: TreeNode | undefined = node; each; each = each.parent) if (each.rebuild) part = each.key;
  return part;
}
