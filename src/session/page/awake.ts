import type { Clock, Timer } from '../../clock/index.ts';
import type { Tree, TreeNode } from '../../tree/index.ts';

/** Milliseconds between two signs of life of a page that must not sleep. */
const interval = 5_000;

/** The parts of a page that decide whether it may sleep. */
export interface AwakeHost {
  readonly clock: Clock;
  readonly tree: Tree;
  readonly delivery: { readonly watched: boolean };
  readonly record: { readonly ended: boolean };
  readonly log: { advise(text: string): void };
}

/** Keeps the object in memory while somebody watches what would not survive its sleep: handlers on what handlers built. */
export class Awake {
  readonly #page: AwakeHost;
  #holds = 0;
  #timer: Timer | undefined;

  constructor(page: AwakeHost) {
    this.#page = page;
  }

  /** How many handlers keep the object awake now. */
  get holding(): number {
    return this.#timer === undefined ? 0 : this.#holds;
  }

  /** A handler was attached to what a handler built. */
  hold(node: TreeNode): void {
    this.#holds++;
    this.#page.tree.own(node, () => {
      this.#holds--;
    });
    this.watchedChanged();
    this.#page.log.advise(
      `A handler was attached to a ${node.kind} that a handler built. It works, keeps the object awake while somebody ` +
        'watches, and is lost when the server restarts. Build it with ui.each, ui.show or ui.region to keep it.',
    );
  }

  /** The page got or lost its browser. */
  watchedChanged(): void {
    if (this.#holds === 0 || !this.#page.delivery.watched) {
      this.end();
      return;
    }
    this.#timer ??= this.#page.clock.after(interval, () => {
      this.#timer = undefined;
      if (!this.#page.record.ended) this.watchedChanged();
    });
  }

  end(): void {
    if (this.#timer !== undefined) this.#page.clock.clear(this.#timer);
    this.#timer = undefined;
  }
}
