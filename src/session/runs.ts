import type { Listener, TreeNode } from '../tree/index.ts';

/** One run of a handler that has not ended yet. */
interface Run {
  readonly listener: Listener;
  readonly abort: AbortController;
}

/** The open runs of a page's handlers, and what a second trigger does to them. */
export class Runs {
  readonly #open = new Map<TreeNode, Set<Run>>();
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
   */
  start(node: TreeNode, listener: Listener, start: (signal: AbortSignal) => unknown): void {
    const open = this.#open.get(node);
    const same = open ? [...open].filter((run) => run.listener === listener) : [];
    if (same.length > 0) {
      if (listener.whileRunning === 'ignore') return;
      if (listener.whileRunning === 'queue') {
        const waiting = this.#waiting.get(listener) ?? [];
        waiting.push(() => this.start(node, listener, start));
        this.#waiting.set(listener, waiting);
        return;
      }
      if (listener.whileRunning === 'restart') for (const run of same) run.abort.abort();
    }
    const run: Run = { listener, abort: new AbortController() };
    const result = start(run.abort.signal);
    if (!(result instanceof Promise)) return;
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
      const waiting = this.#waiting.get(listener);
      const next = waiting?.shift();
      if (waiting?.length === 0) this.#waiting.delete(listener);
      next?.();
    });
  }
}
