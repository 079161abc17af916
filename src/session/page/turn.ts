import { type AsyncContext, Frame, Late } from '../../context/index.ts';
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
  /** Of all turns that leave nothing running. */
  #frame: Frame | undefined;
  /** Of the last handler without a frame of its own. */
  #context: AsyncContext | undefined;

  constructor(page: RunnerHost) {
    this.#page = page;
  }

  /** One synchronous run of author code: one batch of signals, one flush. */
  turn<R>(fn: () => R): R {
    this.#turns++;
    try {
      // Because the effects at the end of the batch are the page's: one context for all of them, not one for each.
      this.#frame ??= new Frame(this.#page.scope);
      return this.#frame.runOutermost(() => batch(fn));
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
   *   a timer or a commit. With a late one, the code runs in the frame of the turn, which {@link lendsFrame}.
   */
  inside<R>(node: TreeNode, builds: boolean, fn: () => R, records?: Journal | Late<Journal>): R {
    const scope = this.#page.scope.with(slot, { node, structural: builds });
    const context = records ? scope.with(journal, records) : scope;
    if (!(records instanceof Late)) return context.run(fn);
    this.#context = context;
    return context.runAlone(fn);
  }

  /** True where a handler can do without a frame of its own, which is a tenth of the cost of a click. */
  get lendsFrame(): boolean {
    return this.#frame?.running === true;
  }

  /** The last handler without a frame of its own leaves something running, and takes the frame of the turn along. */
  leavesRunning(): void {
    if (this.#context) this.#frame?.become(this.#context);
    this.#frame = undefined;
  }

  /** Runs an author's function in the slot of a node, as a turn; what it throws is reported. Never throws or rejects. */
  guarded(node: TreeNode, run: HandlerRun | undefined, fn: () => unknown, records?: Journal | Late<Journal>): unknown {
    const into = node.parent ?? node;
    try {
      // A handler of an event is in the turn of its event.
      const result =
        this.#turns > 0
          ? this.inside(into, false, fn, records)
          : this.turn(() => this.inside(into, false, fn, records));
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
