import type { Clock } from '../clock/index.ts';
import type { Json } from '../protocol/index.ts';
import { InterruptedError, journal } from '../tasks/index.ts';
import type { Listener, TreeNode } from '../tree/index.ts';
import type { Cells } from './cells.ts';
import { type RunHost, RunJournal, type RunRecord } from './journal.ts';
import { type Run, Runs } from './runs.ts';

/** Milliseconds after which the alarm looks for handlers that nobody has continued: the object may have died with them. */
const lease = 15_000;

/** What handlers need of their page. */
export interface HandlersHost {
  readonly clock: Clock;
  readonly cells: Cells;
  /** Runs an author's function in the slot of a node, as a turn; what it throws is reported. Never throws or rejects. */
  guarded(node: TreeNode, run: Run | undefined, fn: () => unknown): unknown;
  busy(node: TreeNode, busy: boolean): void;
  /** The node at a key, when it is there. */
  at(key: number): TreeNode | undefined;
  report(error: unknown, node: TreeNode | undefined): void;
  /** Something is to be kept with the next commit. */
  touch(): void;
  /** Has {@link Handlers.dueNow} called at a time, also when the object sleeps or dies before; undefined for never. */
  due(key: string, at: number | undefined): void;
  /** Keeps a job from being forgotten; returns how to let go. */
  holdJob(id: string): () => void;
  /** Names the next run: never the same twice, but the same when an event is applied again whose effects were lost with the object. */
  nextRun(): number;
}

/** The name under which the alarm finds pages whose handlers have not ended. */
export const handlersDue = 'handlers';

/** Runs the handlers of a page, and continues after a restart those that had not ended. */
export class Handlers implements RunHost {
  readonly #host: HandlersHost;
  readonly #runs: Runs;
  readonly #open = new Map<RunJournal, TreeNode>();
  readonly #holds = new Map<RunJournal, Map<string, () => void>>();
  /** Runs without a call of `run`, of which is kept that they are open. */
  readonly #told = new WeakSet<RunJournal>();
  #leased = false;
  #replays = 0;

  constructor(host: HandlersHost) {
    this.#host = host;
    this.#runs = new Runs((node, busy) => host.busy(node, busy));
  }

  /** Number of runs that have not ended. */
  get count(): number {
    return this.#runs.count;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  /** The journal of the running code, when it is a handler's. */
  get current(): RunJournal | undefined {
    return journal.get() as RunJournal | undefined;
  }

  /** True while the running code does again what it did before a restart. */
  get replaying(): boolean {
    return this.#replays > 0 && this.current?.replaying === true;
  }

  /** A durable value changes: who reads it again after a restart must find it as it was. */
  changes(cell: string, before: unknown, value: unknown): void {
    const { current } = this;
    for (const run of this.#open.keys()) if (run !== current) run.overtaken(cell, before, value);
    current?.writes(cell, before);
  }

  hear(node: TreeNode, event: string, listener: Listener, value: Json | undefined): void {
    // What a handler built has no handler after a restart, so there is nothing to continue it with.
    const index = node.built ? -1 : (node.listeners?.get(event)?.indexOf(listener) ?? -1);
    if (index < 0) {
      this.#runs.start(node, listener, (run) => this.#host.guarded(node, run, () => listener.hear(value, event)));
      return;
    }
    const from = { id: this.#host.nextRun(), node: node.key, event, listener: index, value };
    this.#start(new RunJournal(this, from), node, listener);
  }

  /** Starts a run, or has it wait for its turn; a run that waits is kept, since its event counts as applied. */
  #start(run: RunJournal, node: TreeNode, listener: Listener): void {
    const outcome = this.#runs.start(node, listener, (open) => {
      run.waiting = false;
      return this.#follow(run, node, open, listener);
    });
    if (outcome === 'refused') {
      this.#host.report(
        new RangeError(
          'A handler was not started: too many of its page have not ended yet. Use whileRunning, or bound what they wait for.',
        ),
        node,
      );
    }
    if (outcome !== 'waiting') return;
    run.waiting = true;
    this.#keep(run);
  }

  /** Continues what an earlier life of the object left open. Call it when the page is built. */
  resume(records: readonly RunRecord[]): void {
    for (const record of records) {
      const node = this.#host.at(record.node);
      const listener = node?.listeners?.get(record.event)?.[record.listener];
      if (node && listener && record.waiting) {
        this.#start(new RunJournal(this, record), node, listener);
        continue;
      }
      if (!node || !listener || record.steps.length === 0 || record.broken !== '') {
        this.#host.cells.forgetRun(record);
        const why =
          !node || !listener
            ? 'the page no longer has it'
            : record.broken === 'large'
              ? 'what it has done so far took too much to be kept. Do more in each task, and less in the handler'
              : 'it waited for something else than run.ioBound or run.cpuBound, which cannot be continued';
        this.#host.report(new InterruptedError(`A handler was interrupted by a restart: ${why}.`), node);
        continue;
      }
      this.#replays++;
      const replay = new RunJournal(this, record, record);
      for (const job of replay.jobs) this.#hold(replay, job);
      this.#runs.start(node, listener, (run) => this.#follow(replay, node, run, listener), 'parallel');
    }
    if (this.#open.size > 0) this.#renew();
  }

  /** Notes handlers that wait for something else than `run`, so that their interruption is at least told. Call it before a commit. */
  note(): void {
    for (const run of this.#open.keys()) {
      if (run.durable || this.#told.has(run)) continue;
      this.#told.add(run);
      this.#keep(run);
    }
  }

  noted(run: RunJournal): void {
    this.#keep(run);
    for (const job of run.jobs) this.#hold(run, job);
    this.#host.touch();
  }

  passed(): void {
    this.#replays--;
  }

  /** The alarm asks whether somebody looks after the handlers: whoever is here does. */
  dueNow(key: string): boolean {
    if (key !== handlersDue) return false;
    if (this.#open.size > 0) this.#renew();
    else this.#host.due(handlersDue, undefined);
    return true;
  }

  #follow(run: RunJournal, node: TreeNode, open: Run, listener: Listener): unknown {
    open.onAbort = () => run.abort();
    const result = this.#host.guarded(node, open, () =>
      journal.run(run, () => listener.hear(run.value as Json | undefined, run.event)),
    );
    if (!(result instanceof Promise)) {
      this.#ended(run, node);
      return result;
    }
    this.#open.set(run, node);
    return result.then(() => this.#ended(run, node));
  }

  #ended(run: RunJournal, node: TreeNode): void {
    this.#open.delete(run);
    const wrong = run.end();
    this.#host.cells.forgetRun(run);
    for (const release of this.#holds.get(run)?.values() ?? []) release();
    this.#holds.delete(run);
    if (run.durable) this.#host.touch();
    if (this.#open.size === 0 && this.#leased) {
      this.#leased = false;
      this.#host.due(handlersDue, undefined);
    }
    if (wrong) this.#host.report(wrong, node);
  }

  #keep(run: RunJournal): void {
    this.#host.cells.keepRun(run);
    if (!this.#leased) this.#renew();
  }

  #renew(): void {
    this.#leased = true;
    this.#host.due(handlersDue, this.#host.clock.now() + lease);
  }

  #hold(run: RunJournal, job: string): void {
    const holds = this.#holds.get(run) ?? new Map<string, () => void>();
    this.#holds.set(run, holds);
    if (!holds.has(job)) holds.set(job, this.#host.holdJob(job));
  }
}
