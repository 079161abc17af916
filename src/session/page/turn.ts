import type { AsyncContext } from '../../context/index.ts';
import { batch } from '../../reactive/index.ts';
import { CancelledError, readable } from '../../rpc/index.ts';
import { type Journal, journal } from '../../tasks/index.ts';
import { slot, type TreeNode } from '../../tree/index.ts';
import type { HandlerRun } from './runs.ts';

/** The parts of a page that the runner of its author's code knows. */
export interface RunnerHost {
  readonly delivery: { flush(): void; flushSoon(): void };
  readonly notices: { report(error: unknown, node: TreeNode | undefined, silent?: boolean): void };
  /** The context of all code of the page. */
  readonly scope: AsyncContext;
  readonly inPlace?: { ran(): void } | undefined;
}

/** Runs an author's code: in turns of one batch and one flush, in the context of the page, and with its errors reported. */
export class TurnRunner {
  readonly #page: RunnerHost;
  #turns = 0;

  constructor(page: RunnerHost) {
    this.#page = page;
  }

  /** One synchronous run of author code: one batch of signals, one flush. */
  turn<R>(fn: () => R): R {
    this.#turns++;
    try {
      // Because the effects at the end of the batch are the page's: one context for all of them, not one for each.
      return this.#page.scope.runOutermost(() => batch(fn));
    } finally {
      if (--this.#turns === 0) {
        this.#page.delivery.flush();
        this.#page.inPlace?.ran();
      }
    }
  }

  /** Something of the tree changed: what does so outside of a turn is flushed when it gives the thread back. */
  changed(): void {
    if (this.#turns === 0) this.#page.delivery.flushSoon();
  }

  /**
   * Runs code in the slot of a node.
   *
   * @param builds true for a builder, whose elements can be made again.
   * @param records the journal of a handler's code. Other code has none, also not that of the code that started it, such as
   *   a timer or a commit.
   * @param ends true for code that leaves nothing running when it returns, and needs no frame: a tenth of the cost of a click.
   */
  inside<R>(node: TreeNode, builds: boolean, fn: () => R, records?: Journal, ends = false): R {
    const scope = this.#page.scope.with(slot, { node, structural: builds });
    const context = records ? scope.with(journal, records) : scope;
    return ends ? context.runAlone(fn) : context.run(fn);
  }

  /** Runs an author's function in the slot of a node, as a turn; what it throws is reported. Never throws or rejects. */
  guarded(node: TreeNode, run: HandlerRun | undefined, fn: () => unknown, records?: Journal, ends = false): unknown {
    const into = node.parent ?? node;
    try {
      // A handler of an event is in the turn of its event.
      const result =
        this.#turns > 0
          ? this.inside(into, false, fn, records, ends)
          : this.turn(() => this.inside(into, false, fn, records, ends));
      if (!isThenable(result)) return result;
      // Because a handler that returns a job waits for it.
      return Promise.resolve(result).then(undefined, (error) => this.#failed(error, node, run));
    } catch (error) {
      this.#failed(error, node, run);
      return undefined;
    }
  }

  #failed(thrown: unknown, node: TreeNode, run: HandlerRun | undefined): void {
    const error = readable(thrown);
    // Because a cancelled handler is no fault; the code that cancelled it shows the result.
    if (!(error instanceof CancelledError)) this.#page.notices.report(error, node, run?.superseded);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
