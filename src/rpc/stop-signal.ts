/**
 * A cheap AbortController: signals once that work must stop, and why. It exists because an AbortController would be most
 * of the cost of a very short task. {@link StopSignal.toSignal} returns a real AbortSignal.
 */
export class StopSignal {
  readonly #listeners = new Set<() => void>();
  #reason: Error | undefined;

  /** The reason to stop; undefined before {@link StopSignal.stop}. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** Stops the work. Later calls have no effect. */
  stop(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** Calls `listener` once on stop, or immediately if already stopped. */
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
