import type { Journal } from '../../tasks/index.ts';

/** How the running code sees its page, when that is not how the page is. */
export interface ReplayView extends Journal {
  /** What it sees of a cell instead of what is there. */
  reads(cell: string): { readonly value: unknown } | undefined;
  rewrites(cell: string, value: unknown): void;
  /** See {@link PageHost.following}. */
  following(start: () => () => void): () => void;
}

/** What a run saw when it began: for whoever makes again what was there then, and does nothing. */
export class InertReplayView implements ReplayView {
  readonly signal = undefined;
  readonly replaying = true;
  readonly isolated = true;
  readonly interrupted = true;
  readonly #run: Pick<ReplayView, 'reads'>;

  constructor(run: Pick<ReplayView, 'reads'>) {
    this.#run = run;
  }

  reads(cell: string): { readonly value: unknown } | undefined {
    return this.#run.reads(cell);
  }

  rewrites(): void {}

  following(): () => void {
    return () => {};
  }

  recordRead(_name: string, read: () => unknown): unknown {
    return read();
  }

  unrecorded<R>(fn: () => R): R {
    return fn();
  }

  step(): never {
    throw new Error('Nothing is done here.');
  }
}
