import type { Listener, TreeNode } from '../../tree/index.ts';

/** Runs of a page that are open at once. More only pile up: whatever they wait for does not keep pace. */
const mostOpen = 500;
/** Triggers that wait in the line of one listener. */
const mostWaiting = 1_000;

/** One run of a handler that has not ended yet. */
export interface HandlerRun {
  readonly listener: Listener;
  /** True once a newer run took its place. A plain flag: an AbortController for each click would be a tenth of its cost. */
  aborted: boolean;
  /** Set by whoever wants to hear of it. */
  onAbort?: () => void;
}

/** The open runs of a page's handlers, and what a second trigger does to them. */
export class Runs {
  readonly #open = new Map<TreeNode, Set<HandlerRun>>();
  readonly #waiting = new Map<Listener, (() => void)[]>();
  readonly #busy: (node: TreeNode, busy: boolean) => void;
  #count = 0;

  /** @param busy is told when a node's first run opens and when its last one ends. */
  constructor(busy: (node: TreeNode, busy: boolean) => void) {
    this.#busy = busy;
  }

  /** Number of open runs. */
  get count(): number {
    return this.#count;
  }

  /**
   * Starts a run, as far as the listener's policy lets it.
   *
   * @param start runs the handler; it reports its own errors and never throws or rejects.
   * @param policy `parallel` continues a run that was open before, whatever the listener says of new ones.
   */
  start(
    node: TreeNode,
    listener: Listener,
    start: (run: HandlerRun) => unknown,
    policy = listener.whileRunning,
  ): 'started' | 'ignored' | 'waiting' | 'refused' {
    const open = this.#open.get(node);
    const same = open ? [...open].filter((run) => run.listener === listener) : undefined;
    if (same && same.length > 0) {
      if (policy === 'ignore') return 'ignored';
      if (policy === 'queue') {
        const waiting = this.#waiting.get(listener) ?? [];
        if (waiting.length >= mostWaiting) return 'refused';
        waiting.push(() => this.start(node, listener, start));
        this.#waiting.set(listener, waiting);
        return 'waiting';
      }
      if (policy === 'restart') {
        for (const run of same) {
          run.aborted = true;
          run.onAbort?.();
        }
      }
    }
    if (this.#count >= mostOpen) return 'refused';
    const run: HandlerRun = { listener, aborted: false };
    const result = start(run);
    if (!(result instanceof Promise)) return 'started';
    this.#count++;
    const runs = this.#open.get(node) ?? new Set();
    this.#open.set(node, runs.add(run));
    if (runs.size === 1) this.#busy(node, true);
    void result.then(() => {
      this.#count--;
      runs.delete(run);
      if (runs.size === 0) {
        this.#open.delete(node);
        this.#busy(node, false);
      }
      this.#next(node, listener);
    });
    return 'started';
  }

  /** A run has ended: the triggers that waited have their turn, up to the first one whose run stays open. */
  #next(node: TreeNode, listener: Listener): void {
    const waiting = this.#waiting.get(listener);
    while (waiting && waiting.length > 0) {
      if ([...(this.#open.get(node) ?? [])].some((run) => run.listener === listener)) return;
      waiting.shift()?.();
    }
    this.#waiting.delete(listener);
  }
}
