import type { ItemOp, Items } from '../../collection/index.ts';
import type { Journal } from '../../tasks/index.ts';

/** The page as the running code sees it, where that differs from the live page. */
export interface ReplayView extends Journal {
  /** Returns the last known value of a cell; undefined when the live value counts. */
  known(cell: string): { readonly value: unknown } | undefined;
  rewrite(cell: string, value: unknown): void;
  /** @throws {Error} with which an act of the running code was refused before the restart. */
  acts(name: string): void;
  /** Returns the last known items of a collection; undefined when the live ones count. */
  knownItems(cell: string, live: Items): Items | undefined;
  rewriteItems(cell: string, op: ItemOp, value: unknown, live: Items): void;
  /** See {@link PageHost.following}. */
  following(start: () => () => void): () => void;
}

/** What the closure of a replayed handler has. */
interface ClosureView extends Pick<ReplayView, 'knownItems'> {
  captured(cell: string): { readonly value: unknown } | undefined;
}

/** A view of the page as it was when a run began. A dry run of a builder uses it; writes have no effect. */
export class InertReplayView implements ReplayView {
  readonly stop = undefined;
  readonly replaying = true;
  readonly isolated = true;
  readonly interrupted = true;
  readonly #run: ClosureView;

  constructor(run: ClosureView) {
    this.#run = run;
  }

  known(cell: string): { readonly value: unknown } | undefined {
    return this.#run.captured(cell);
  }

  knownItems(cell: string, live: Items): Items | undefined {
    return this.#run.knownItems(cell, live);
  }

  rewrite(): void {}

  rewriteItems(): void {}

  acts(): void {}

  following(): () => void {
    return () => {};
  }

  recordRead(_name: string, read: () => unknown): unknown {
    return read();
  }

  step(): undefined {
    return undefined;
  }

  patched(): boolean {
    return true;
  }

  atEnd(): void {}
}
