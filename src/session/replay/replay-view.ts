import type { Journal } from '../../tasks/index.ts';

/** The page as the running code sees it, where that differs from the live page. */
export interface ReplayView extends Journal {
  /** Returns the last known value of a cell; undefined when the live value counts. */
  known(cell: string): { readonly value: unknown } | undefined;
  rewrites(cell: string, value: unknown): void;
  /** See {@link PageHost.following}. */
  following(start: () => () => void): () => void;
}

/** A view of the page as it was when a run began. A dry run of a builder uses it; writes have no effect. */
export class InertReplayView implements ReplayView {
  readonly signal = undefined;
  readonly replaying = true;
  readonly isolated = true;
  readonly interrupted = true;
  readonly #run: Pick<ReplayView, 'known'>;

  constructor(run: Pick<ReplayView, 'known'>) {
    this.#run = run;
  }

  known(cell: string): { readonly value: unknown } | undefined {
    return this.#run.known(cell);
  }

  rewrites(): void {}

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
}
