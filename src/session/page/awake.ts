import type { Clock, Timer } from '../../clock/index.ts';
import { traitsOf } from '../../protocol/index.ts';
import type { Tree, TreeNode } from '../../tree/index.ts';

/** Milliseconds between two heartbeats of a page that must not hibernate. */
const interval = 5_000;

/** The parts of a page that decide whether it may sleep. */
export interface AwakeHost {
  readonly clock: Clock;
  readonly tree: Tree;
  readonly delivery: { readonly watched: boolean };
  readonly record: { readonly ended: boolean };
  readonly host: { readonly policy: { readonly foreignAwait: number } };
  readonly handlers: {
    /** Since when each handler awaits something else than `run`, in milliseconds since the epoch. */
    readonly strays: readonly number[];
  };
  readonly log: { advise(text: string): void };
}

/**
 * Prevents hibernation while a browser shows a page whose functions would not survive it: handlers
 * and bindings that handlers made, and, for a limited time, handlers that await a promise outside
 * `run`.
 */
export class Awake {
  readonly #page: AwakeHost;
  #holds = 0;
  #timer: Timer | undefined;

  constructor(page: AwakeHost) {
    this.#page = page;
  }

  /** Why the object cannot hibernate now, as sentences. */
  get reasons(): readonly string[] {
    if (this.#timer === undefined) return [];
    const strays = this.strays;
    return [
      ...(this.#holds > 0
        ? [`${this.#holds} handlers on elements that handlers built, or functions that handlers have bound`]
        : []),
      ...(strays > 0 ? [`${strays} handlers that await a call outside run`] : []),
    ];
  }

  /** Handlers that may be awaited a while longer. */
  get strays(): number {
    const { clock, handlers, host } = this.#page;
    const { strays } = handlers;
    if (strays.length === 0) return 0;
    const now = clock.now();
    return strays.filter((since) => now - since < host.policy.foreignAwait).length;
  }

  /**
   * A handler has attached a function to a node, which hibernation would lose.
   *
   * @param what says so, for the author.
   * @returns a function that gives it up.
   */
  hold(node: TreeNode, what: string): () => void {
    let holds = true;
    const release = () => {
      if (holds) this.#holds--;
      holds = false;
    };
    this.#holds++;
    this.changed();
    if (!traitsOf(node.kind).passing) {
      this.#page.log.advise(
        `${what} It keeps the object awake while a browser watches, and is lost when the server restarts. ` +
          'Make it in the page function, or in ui.each, ui.show or ui.region there, so that it survives.',
      );
    }
    return release;
  }

  /** Starts or stops the heartbeat, when the browser or a reason has changed. */
  changed(): void {
    if (!this.#page.delivery.watched || (this.#holds === 0 && this.strays === 0)) {
      this.end();
      return;
    }
    this.#timer ??= this.#page.clock.after(interval, () => {
      this.#timer = undefined;
      if (!this.#page.record.ended) this.changed();
    });
  }

  end(): void {
    if (this.#timer !== undefined) this.#page.clock.clear(this.#timer);
    this.#timer = undefined;
  }
}
