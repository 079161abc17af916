/**
 * A cheap AbortController: signals once that work must stop, and why. It exists because an AbortController would be most
 * of the cost of a very short task. {@link StopSignal.toSignal} returns a real AbortSignal.
 */
export class StopSignal {
  /** Created by the first one. */
  #listeners: Set<() => void> | undefined;
  #reason: Error | undefined;

  /** The reason to stop; undefined before {@link StopSignal.stop}. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** Stops the work. Later calls have no effect. A listener that throws keeps no other one from its call. */
  stop(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    for (const listener of this.#listeners ?? []) {
      try {
        listener();
      } catch (error) {
        void Promise.reject(error); // so that the platform reports it, as it does for an AbortSignal
      }
    }
    this.#listeners = undefined;
  }

  /** Calls `listener` once on stop, or immediately if already stopped. */
  on(listener: () => void): void {
    if (this.#reason) listener();
    else (this.#listeners ??= new Set()).add(listener);
  }

  off(listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  toSignal(): AbortSignal {
    const controller = new AbortController();
    this.on(() => controller.abort(this.#reason));
    return controller.signal;
  }
}

/** What stops work: the framework's own signal, or an author's. */
export type Stopper = StopSignal | AbortSignal;

/** Calls `listener` once on stop, or immediately if already stopped. */
export function onStop(stopper: Stopper, listener: () => void): void {
  if (stopper instanceof StopSignal) stopper.on(listener);
  else if (stopper.aborted) listener();
  else stopper.addEventListener('abort', listener, { once: true });
}

export function offStop(stopper: Stopper, listener: () => void): void {
  if (stopper instanceof StopSignal) stopper.off(listener);
  else stopper.removeEventListener('abort', listener);
}
