import type { Clock, Timer } from '../../clock/index.ts';
import { NotFound, Redirect, thrownOutcome } from '../../elements/index.ts';
import { isKind } from '../../protocol/index.ts';
import { batch, readingOnce } from '../../reactive/index.ts';
import { readable } from '../../rpc/index.ts';
import { sharedLimits } from '../../shared/index.ts';
import type { PageRow } from '../../storage/index.ts';
import type { Tree, TreeNode } from '../../tree/index.ts';
import type { PageDefinition, PageRequest, SessionHost } from '../host.ts';
import type { Delivery } from '../sync/delivery.ts';
import type { BuiltNode, Cells } from './cells.ts';
import type { Commands } from './commands.ts';
import type { Handlers } from './handlers.ts';
import type { Notices } from './notices.ts';
import type { PageLog } from './page-log.ts';
import type { States } from './states.ts';
import type { TurnRunner } from './turn.ts';

/** The parts of a page that its build fills, and those that begin when it is built. */
export interface BuildHost {
  readonly definition: PageDefinition;
  readonly request: PageRequest;
  readonly host: Pick<SessionHost, 'build' | 'policy' | 'keepAlive'>;
  readonly clock: Clock;
  readonly cells: Cells;
  readonly tree: Tree;
  readonly runner: TurnRunner;
  readonly delivery: Delivery;
  readonly commands: Commands;
  readonly handlers: Handlers;
  readonly states: States;
  readonly notices: Notices;
  readonly presence: { changed(): void };
  readonly record: { readonly ended: boolean; touch(): void; changed(): void };
  readonly log: PageLog;
}

/**
 * Runs the author's page function, once for each page in memory, and puts back what no builder
 * makes.
 *
 * ```
 *   start ──► running ──► done: nodes of handlers restored, handlers continued
 *                │
 *                └─────► failure: the page function threw, or took too long
 * ```
 */
export class Build {
  /** Settles when the build has ended, and is undefined from then on. Never rejects. */
  running: Promise<void> | undefined;
  /** Why the page could not be built. */
  failure: Error | undefined;
  /** True when the builder is done and has what it waited for. */
  ready = false;
  /** What parts, and functions for props, have thrown while the page was {@link Build.returning}. */
  readonly failed: (readonly [error: unknown, node: TreeNode | undefined])[] = [];
  #returning = false;
  readonly #page: BuildHost;
  /** Settles {@link Build.running}. */
  #settle: () => void = () => {};
  /** The promises that the page awaits before it is shown. */
  readonly #awaited = new Set<Promise<unknown>>();
  /** Async functions that fill elements. */
  readonly #fillings: Promise<unknown>[] = [];

  constructor(page: BuildHost) {
    this.#page = page;
  }

  /** Runs the builder, with the cells in place. `row` is what the page was before, when it was. */
  start(row?: PageRow): void {
    const { definition, request, host, clock, tree, runner, delivery, record } = this.#page;
    this.#returning = row !== undefined;
    let result: unknown;
    try {
      const build = () => tree.construct(() => readingOnce(() => definition.build(request)));
      result = thrownOutcome(batch(() => runner.inside(tree.root, true, build)));
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!(result instanceof Promise) && this.#awaited.size === 0 && this.#fillings.length === 0) {
      this.#complete(row);
      return;
    }
    const arrived = Promise.resolve(result).then((returned) => {
      thrownOutcome(returned);
      return this.#arrived();
    });
    const limit = host.policy.build;
    this.running = new Promise((resolve) => {
      const timer = clock.after(limit, () => {
        const message = `The page ${definition.pattern} was not built within ${limit / 1000} s. `;
        this.#fail(new Error(`${message}Build the page first, then load slow data in a handler or a timer.`));
        this.#settle();
      });
      this.#settle = () => {
        clock.clear(timer);
        resolve();
      };
      arrived.then(
        () => {
          if (!this.failure && !record.ended) this.#complete(row);
          this.#settle();
        },
        (error: unknown) => {
          if (!this.failure && !record.ended) this.#fail(error);
          this.#settle();
        },
      );
    });
    host.keepAlive(this.running);
    void this.running.then(() => {
      this.running = undefined;
      delivery.flush();
    });
  }

  /** See {@link PageHost.returning}. */
  get returning(): boolean {
    return this.#returning && !this.ready;
  }

  /** What the page function threw in place of a page; undefined when it failed, or has built the page. */
  get outcome(): NotFound | Redirect | undefined {
    const { failure } = this;
    return failure instanceof NotFound || failure instanceof Redirect ? failure : undefined;
  }

  /** Gives up a build that runs. Call it when the page has ended: it counts neither as built nor as failed. */
  stop(): void {
    this.#settle();
  }

  /** The page is not shown before the promise settles, within a bound. Does nothing once the page is built. */
  await(promise: Promise<unknown>): void {
    if (!this.ready) this.#awaited.add(promise);
  }

  /** See {@link PageHost.fill}. */
  fill(node: TreeNode, structural: boolean, filling: Promise<unknown>): void {
    // Because an author notified below, or waiting for a failed page function, is notified once.
    filling.catch(() => {});
    if (!structural || this.ready || node.inPart) {
      throw new TypeError(
        `The function given to ui.${node.kind} is async, and only a page function waits for such a one. ` +
          'In a handler, await first and add then. In ui.each, ui.show and ui.region, build at once, and load in a handler or a timer.',
      );
    }
    this.#fillings.push(this.#page.tree.construct(() => filling));
  }

  /** See {@link PageHost.fillSubPage}. */
  fillSubPage(filling: Promise<unknown>): void {
    filling.catch(() => {});
    if (this.ready) {
      throw new TypeError(
        'The function of a sub page returned a promise. Write it as an async function, so that its page waits for it.',
      );
    }
    this.#fillings.push(this.#page.tree.construct(() => filling));
  }

  /** Waits for what the page needs before it is shown, but not for long: what comes late is shown when it comes. */
  async #arrived(): Promise<void> {
    // One after the other: a function that fills an element may fill others.
    for (const filling of this.#fillings) await filling;
    if (this.#awaited.size === 0) return;
    const { clock } = this.#page;
    let late = false;
    let timer: Timer;
    const bound = new Promise<void>((resolve) => {
      timer = clock.after(sharedLimits.firstValue, () => {
        late = true;
        resolve();
      });
    });
    // A value that came may make parts that use others.
    for (let size = -1; !late && size !== this.#awaited.size; ) {
      size = this.#awaited.size;
      await Promise.race([bound, Promise.allSettled(this.#awaited)]);
    }
    clock.clear(timer);
    this.#awaited.clear();
  }

  /** The builder has returned. Never throws. */
  #complete(row: PageRow | undefined): void {
    const { cells, commands, delivery, handlers, host, record, tree } = this.#page;
    try {
      this.#restore();
      const sameBuild = row?.build === host.build;
      // A part that failed may have values.
      if (row && !sameBuild && this.failed.length === 0) this.#dropUnclaimed();
      commands.restore();
      tree.discard();
      if (row && sameBuild) delivery.rebuilt(row);
      this.ready = true;
      // The notice from before the restart is still there.
      for (const [error, node] of this.failed) this.#page.notices.report(error, node, sameBuild);
      handlers.resume(cells.openRuns, !sameBuild);
      // Whatever the build changed was held back until now, because a build that fails must change nothing that is stored.
      record.changed();
      this.#page.presence.changed();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Puts back the nodes that handlers had built. One that cannot be put back is dropped, and harms nothing else. */
  #restore(): void {
    const { cells, log } = this.#page;
    for (const node of cells.builtNodes) {
      try {
        if (this.#restoreNode(node)) continue;
        log.advise(`Dropped a ${node.kind} that a handler had built: its parent element no longer exists.`);
      } catch (error) {
        const message = `Dropped a ${node.kind} that a handler had built: its stored row is invalid.`;
        log.write({ level: 'error', fault: 'framework', message, error });
      }
      cells.forget(node.key);
    }
  }

  /** Returns false when there is no place for the node. */
  #restoreNode({ key, parent: within, kind, props }: BuiltNode): boolean {
    const { cells, tree } = this.#page;
    const parent = tree.at(within);
    if (!parent || !isKind(kind)) return false;
    // A handler's functions are gone, unless it is continued, so its timer has nothing to do.
    if (kind === 'timer' && cells.openRuns.length === 0) cells.forget(key);
    else tree.restore(parent, key, kind, { ...props });
    return true;
  }

  /** Drops the stored values of elements and states that the new builder does not make. */
  #dropUnclaimed(): void {
    const { cells, definition, notices, record, states, tree, log } = this.#page;
    cells.foreign = false;
    const dropped = batch(() => states.reconcile());
    const unclaimed = cells.keys().filter((key) => tree.at(key) === undefined);
    const held = unclaimed.filter((key) => cells.forget(key)).length;
    if (held > 0) dropped.push(`what was stored for ${held} element${held > 1 ? 's' : ''} that it no longer makes`);
    if (cells.dirty) record.touch();
    if (dropped.length === 0) return;
    const message =
      `The new version of ${definition.pattern} lacks states or elements of the previous one. Dropped: ${dropped.join(', ')}. ` +
      "A name (`ui.state(0, 'count')`), a label or a key keeps a value within its element.";
    log.write({ level: 'warning', fault: 'author', message });
    notices.developing(message);
  }

  #fail(thrown: unknown): void {
    const { definition, log } = this.#page;
    this.ready = false;
    const error = readable(thrown);
    this.failure = error instanceof Error ? error : new Error(String(error));
    if (!this.outcome) log.threw(`The page ${definition.pattern} could not be built.`, error);
  }
}
