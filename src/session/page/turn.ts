import type { AsyncContext } from '../../context/index.ts';
import { batch } from '../../reactive/index.ts';
import { CancelledError, readable } from '../../rpc/index.ts';
import { slot, type TreeNode } from '../../tree/index.ts';
import type { HandlerRun } from './runs.ts';

/** The parts of a page that the runner of its author's code knows. */
export interface RunnerHost {
  readonly delivery: { flush(): void; flushSoon(): void };
  readonly notices: { report(error: unknown, node: TreeNode | undefined, silent?: boolean): void };
  /** The context of all code of the page. */
  readonly scope: AsyncContext;
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
      return batch(fn);
    } finally {
      if (--this.#turns === 0) this.#page.delivery.flush();
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
   */
  inside<R>(node: TreeNode, builds: boolean, fn: () => R): R {
    // Because the code that started this, such as a timer or a commit, must not lend it its
    // journal.
    return this.#page.scope.with(slot, { node, structural: builds }).run(fn);
  }

  /** Runs an author's function in the slot of a node, as a turn; what it throws is reported. Never throws or rejects. */
  guarded(node: TreeNode, run: HandlerRun | undefined, fn: () => unknown): unknown {
    const failed = (thrown: unknown) => {
      const error = readable(thrown);
      // Because a cancelled handler is no fault; the code that cancelled it shows the result.
      if (error instanceof CancelledError) return;
      this.#page.notices.report(error, node, run?.superseded);
    };
    try {
      const result = this.turn(() => this.inside(node.parent ?? node, false, fn));
      // Because a handler that returns a job waits for it.
      return isThenable(result) ? Promise.resolve(result).then(undefined, failed) : result;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
