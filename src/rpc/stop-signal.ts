/**
 * Says, once, that work is to stop, and why. What AbortController does, for a fraction of its cost, which is what a task
 * of no length would mostly consist of; where a real AbortSignal is wanted, {@link StopSignal.toSignal} makes one.
 */
export class StopSignal {
  readonly #listeners = new Set<() => void>();
  #reason: Error | undefined;

  /** Undefined while work goes on. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The first reason counts. */
  stop(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** Calls `listener` once when work is to stop; at once when it already is. */
  on(listener: () => void): void {
    if (this.#reason) listener();
    else this.#listeners.add(listener);
  }

  off(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  toSignal(): AbortSignal {
    const controller = new AbortController();
    this.on(() => controller.abort(this.#reason));
    return controller.signal;
  }
}
