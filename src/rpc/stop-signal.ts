/**
 * A cheap AbortController: signals once that work must stop, and why. It exists because an AbortController would be most
 * of the cost of a very short task. {@link StopSignal.toSignal} returns a real AbortSignal.
 */
export class StopSignal {
  /** Created by the first one. An array, because nearly all signals have one listener. */
  #listeners: (() => void)[] | undefined;
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
    const listeners = this.#listeners ?? [];
    // One by one, because a listener may take off a later one.
    while (listeners.length > 0) {
      try {
        listeners.shift()?.();
      } catch (error) {
        void Promise.reject(error); // so that the platform reports it, as it does for an AbortSignal
      }
    }
    this.#listeners = undefined;
  }

  /** Calls `listener` once on stop, or immediately if already stopped. */
  on(listener: () => void): void {
    if (this.#reason) listener();
    else (this.#listeners ??= []).push(listener);
  }

  off(listener: () => void): void {
    const at = this.#listeners?.indexOf(listener) ?? -1;
    if (at >= 0) this.#listeners?.splice(at, 1);
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
