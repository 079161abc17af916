import type { Journal } from '../../tasks/index.ts';

/** How the running code sees its page, when that is not how the page is. */
export interface ReplayView extends Journal {
  /** What it knows of a cell without another read; undefined when that is what is there. */
  known(cell: string): { readonly value: unknown } | undefined;
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
