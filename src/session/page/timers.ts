import type { Clock, Timer } from '../../clock/index.ts';
import { outside } from '../../context/index.ts';
import type { TimerSpec } from '../../elements/index.ts';
import { parked } from '../../storage/index.ts';
import type { Tree, TreeNode } from '../../tree/index.ts';

/** From this interval on a timer rides on the object's alarm, so that the object can sleep between two runs. */
const alarmFrom = 10_000;

/** Begins the key of each due row that belongs to a timer. */
export const timerDue = 'timer.';

interface Ticking {
  spec: TimerSpec;
  /** The time of the next run; undefined while the timer is disabled, done, or not shown yet. */
  at: number | undefined;
  pending: Timer | undefined;
  running: boolean;
}

/** The parts of a page that its timers know. */
export interface TimersHost {
  readonly clock: Clock;
  readonly tree: Tree;
  readonly delivery: {
    /** True while a browser is connected, because a hidden page needs no ticks. */
    readonly watched: boolean;
  };
  readonly handlers: {
    /** Runs a tick as a turn of the page; it reports its own errors. `repeats` is true for one that runs again anyway. */
    tick(node: TreeNode, repeats: boolean): unknown;
  };
  readonly due: {
    /** The time at which something is due, as stored. */
    at(key: string): number | undefined;
    /** Stores the time at which something is due, or that it is due no more (undefined). */
    set(key: string, at: number | undefined): void;
  };
}

/**
 * The timers of a page. Each has one time, `at`, which every event below moves in one way only:
 *
 * ```
 *   first watched, enabled again ──► at = now + interval
 *   a run begins, a run ends     ──► at = now + interval     a run never overlaps itself
 *   its part is built again      ──► at stays                another interval counts from the same start
 *   nobody watches               ──► at stays                when it has come, the run waits for the next browser
 *   disabled, done, removed      ──► no time
 * ```
 *
 * | timer | where its time is | a restart of the object |
 * | --- | --- | --- |
 * | from 10 s on | a row that the alarm serves | keeps it |
 * | below 10 s | memory, which keeps the object awake while somebody watches | begins the interval anew; a save keeps it |
 * | made by a handler | memory, likewise | ends the timer: its function is gone |
 */
export class Timers {
  readonly #page: TimersHost;
  readonly #timers = new Map<TreeNode, Ticking>();

  constructor(page: TimersHost) {
    this.#page = page;
  }

  /** The times of the next runs, by their keys. */
  get times(): ReadonlyMap<string, number> {
    const times = new Map<string, number>();
    for (const [node, { at }] of this.#timers) if (at !== undefined) times.set(dueKey(node), at);
    return times;
  }

  /** Takes the times of the page in whose place this one was built. */
  inherit(times: ReadonlyMap<string, number>): void {
    for (const [node, ticking] of this.#timers) {
      ticking.at ??= times.get(dueKey(node));
      this.schedule(node);
    }
  }

  /** The number of timers that prevent hibernation now. */
  get pending(): number {
    let pending = 0;
    for (const ticking of this.#timers.values()) if (ticking.pending !== undefined || ticking.running) pending++;
    return pending;
  }

  /** Adds the timer of a node, or another interval to the one that the node has already. */
  add(node: TreeNode, spec: TimerSpec): void {
    if (this.#page.tree.isDryRun) return;
    const known = this.#timers.get(node);
    if (known) {
      if (known.at !== undefined) known.at += spec.interval - known.spec.interval;
      known.spec = spec;
      this.#clear(known);
    } else {
      const stored = this.#page.due.at(dueKey(node));
      const at = stored === parked ? 0 : stored;
      this.#timers.set(node, { spec, at, pending: undefined, running: false });
      this.#own(node);
    }
    this.schedule(node);
  }

  /** Schedules what should run and stops what should not. Call it when the page gets or loses its browser. */
  watchedChanged(): void {
    for (const node of this.#timers.keys()) this.schedule(node);
  }

  schedule(node: TreeNode): void {
    const ticking = this.#timers.get(node);
    if (!ticking || ticking.running) return;
    this.#clear(ticking);
    if (isOver(node) || ticking.spec.interval === Number.POSITIVE_INFINITY) {
      this.#put(node, ticking, undefined);
      return;
    }
    const { clock, delivery } = this.#page;
    if (ticking.at === undefined && !delivery.watched) return;
    const now = clock.now();
    // Because a clock that was set back must not add to the interval.
    const at = Math.min(ticking.at ?? Number.POSITIVE_INFINITY, now + ticking.spec.interval);
    if (at > now) this.#put(node, ticking, at);
    if (!delivery.watched || (at > now && isDurable(node, ticking))) return;
    ticking.pending = clock.after(Math.max(0, at - now), () => this.#fire(node));
  }

  /** A run of the timer is open: the next one counts from its end. */
  running(node: TreeNode, run: Promise<unknown>): void {
    const ticking = this.#timers.get(node);
    if (!ticking) return;
    this.#clear(ticking);
    ticking.running = true;
    void run.then(() => outside(() => this.#ended(node, ticking)));
  }

  /** Serves a due row. Returns false when the row is no timer of this page. */
  dueNow(key: string): boolean {
    for (const [node, ticking] of this.#timers) {
      if (dueKey(node) !== key) continue;
      const { clock, delivery } = this.#page;
      const now = clock.now();
      if (isOver(node) || !isDurable(node, ticking)) this.#page.due.set(key, undefined);
      else if (ticking.running) this.#page.due.set(key, now + ticking.spec.interval);
      else if (ticking.at !== undefined && ticking.at > now) this.#page.due.set(key, ticking.at);
      else if (delivery.watched) this.#fire(node);
      else this.#page.due.set(key, parked);
      return true;
    }
    return false;
  }

  #fire(node: TreeNode): void {
    const ticking = this.#timers.get(node);
    if (!ticking) return;
    this.#clear(ticking);
    if (ticking.running || isOver(node)) return;
    const { spec } = ticking;
    // Because the code that scheduled the run, such as a handler, must not lend it its context.
    outside(() => {
      if (spec.once) this.#page.tree.set(node, 'done', true, 'author');
      this.#put(node, ticking, spec.once ? undefined : this.#page.clock.now() + spec.interval);
      const result = this.#page.handlers.tick(node, !spec.once);
      if (result instanceof Promise) this.running(node, result);
      else this.#ended(node, ticking);
    });
  }

  /** A run has ended. */
  #ended(node: TreeNode, ticking: Ticking): void {
    ticking.running = false;
    if (this.#timers.get(node) !== ticking) return;
    // Because no builder makes it again, its end needs no row.
    if (node.dynamic && node.props.done) this.#page.tree.remove(node, true);
    if (!isOver(node)) this.#put(node, ticking, this.#page.clock.now() + ticking.spec.interval);
    this.schedule(node);
  }

  /** Moves the time of the next run, in memory and in its row. */
  #put(node: TreeNode, ticking: Ticking, at: number | undefined): void {
    ticking.at = at;
    const key = dueKey(node);
    const row = isDurable(node, ticking) ? at : undefined;
    if (this.#page.due.at(key) !== row) this.#page.due.set(key, row);
  }

  /** Ends the timer with its node. A node whose part is built again releases what it owns, and stays. */
  #own(node: TreeNode): void {
    this.#page.tree.own(node, () => {
      if (node.alive) {
        this.#own(node);
        return;
      }
      const ticking = this.#timers.get(node);
      if (!ticking) return;
      this.#clear(ticking);
      this.#put(node, ticking, undefined);
      this.#timers.delete(node);
    });
  }

  #clear(ticking: Ticking): void {
    if (ticking.pending !== undefined) this.#page.clock.clear(ticking.pending);
    ticking.pending = undefined;
  }
}

/** Returns true when the timer is stopped until its node changes. */
function isOver(node: TreeNode): boolean {
  return !node.alive || node.props.disabled === true || node.props.done === true || node.isParked;
}

/** True when the object may sleep until the next run: after that a builder makes the timer again. */
function isDurable(node: TreeNode, { spec }: Ticking): boolean {
  return spec.interval >= alarmFrom && !node.dynamic;
}

function dueKey(node: TreeNode): string {
  return timerDue + node.key.toString(36);
}
