import type { Clock, Timer } from '../../clock/index.ts';
import type { TimerSpec } from '../../elements/index.ts';
import type { Tree, TreeNode } from '../../tree/index.ts';

/** From this interval on a timer rides on the object's alarm, so that the object can sleep between two runs. */
const alarmFrom = 10_000;

interface Ticking {
  readonly spec: TimerSpec;
  pending: Timer | undefined;
  running: boolean;
}

/** The parts of a page that its timers know. */
export interface TimersHost {
  readonly clock: Clock;
  readonly tree: Tree;
  readonly delivery: {
    /** True while a browser is connected: nobody needs the ticks of a page that nobody sees. */
    readonly watched: boolean;
  };
  readonly handlers: {
    /** Runs a tick as a turn of the page; it reports its own errors. `repeats` is true for one that runs again anyway. */
    tick(node: TreeNode, repeats: boolean): unknown;
  };
  readonly due: {
    /** When something is due, as stored. */
    at(key: string): number | undefined;
    /** Stores that something is due at a time, or no more (undefined). */
    set(key: string, at: number | undefined): void;
  };
}

/**
 * The timers of a page. A timer waits for its own tick to end before it counts again, so it never overlaps itself; it
 * stands still while nobody watches.
 */
export class Timers {
  readonly #page: TimersHost;
  readonly #timers = new Map<TreeNode, Ticking>();

  constructor(page: TimersHost) {
    this.#page = page;
  }

  /** Number of timers that keep the object in memory now. */
  get pending(): number {
    let pending = 0;
    for (const ticking of this.#timers.values()) if (ticking.pending !== undefined || ticking.running) pending++;
    return pending;
  }

  add(node: TreeNode, spec: TimerSpec): void {
    if (this.#page.tree.isDryRun) return;
    this.#timers.set(node, { spec, pending: undefined, running: false });
    this.#page.tree.own(node, () => {
      this.stop(node);
      this.#timers.delete(node);
      if (spec.interval >= alarmFrom) this.#page.due.set(dueKey(node), undefined);
    });
    this.schedule(node);
  }

  /** Starts what should run and stops what should not; call it when the page gets or loses its watcher. */
  watchedChanged(): void {
    for (const node of this.#timers.keys()) this.schedule(node);
  }

  schedule(node: TreeNode): void {
    const ticking = this.#timers.get(node);
    if (!ticking || ticking.running) return;
    const runs = this.#page.delivery.watched && node.alive && !node.props.disabled && !node.props.done;
    if (!runs) {
      this.stop(node);
      return;
    }
    if (ticking.pending !== undefined) return;
    const { spec } = ticking;
    if (spec.interval >= alarmFrom) {
      // A rebuild must not push back what was already under way.
      const key = dueKey(node);
      if (this.#page.due.at(key) === undefined) this.#page.due.set(key, this.#page.clock.now() + spec.interval);
    } else ticking.pending = this.#page.clock.after(spec.interval, () => this.#fire(node));
  }

  stop(node: TreeNode): void {
    const ticking = this.#timers.get(node);
    if (ticking?.pending === undefined) return;
    this.#page.clock.clear(ticking.pending);
    ticking.pending = undefined;
  }

  /** A timer runs already: its next run waits for the end of this one. */
  running(node: TreeNode, run: Promise<unknown>): void {
    const ticking = this.#timers.get(node);
    if (!ticking) return;
    this.stop(node);
    ticking.running = true;
    void run.then(() => {
      ticking.running = false;
      this.schedule(node);
    });
  }

  /** The alarm says that something is due; true when it was a timer of this page. */
  dueNow(key: string): boolean {
    for (const node of this.#timers.keys()) {
      if (dueKey(node) !== key) continue;
      this.#page.due.set(key, undefined);
      if (this.#page.delivery.watched) this.#fire(node);
      return true;
    }
    return false;
  }

  #fire(node: TreeNode): void {
    const ticking = this.#timers.get(node);
    if (!ticking) return;
    ticking.pending = undefined;
    if (!node.alive || node.props.disabled || node.props.done) return;
    const { spec } = ticking;
    if (spec.once) this.#page.tree.set(node, 'done', true, 'author');
    const result = this.#page.handlers.tick(node, !spec.once);
    if (result instanceof Promise) this.running(node, result);
    else this.schedule(node);
  }
}

function dueKey(node: TreeNode): string {
  return `timer.${node.key.toString(36)}`;
}
