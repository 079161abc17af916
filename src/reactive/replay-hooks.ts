import { computed as original, type ReadonlySignal, untracked } from '@preact/signals-core';

/** How to tell the past, and whose reads are whose; filled by the room that brings handlers back. */
export interface PastHooks {
  /**
   * True while the running code does again what it did before a restart, and so reads what it read then. What follows signals must
   * neither take such values for present ones nor begin to follow there: reads of the past subscribe to nothing.
   */
  inPast(): boolean;
  /** Runs what follows signals: what it reads is no step of the handler that happens to have it run. */
  aside<R>(fn: () => R): R;
}

let hooks: PastHooks = { inPast: () => false, aside: (fn) => fn() };

/** A low room cannot tell by itself. */
export function tellPastBy(given: PastHooks): void {
  hooks = given;
}

/** See {@link PastHooks.aside}. */
export function aside<R>(fn: () => R): R {
  return hooks.aside(fn);
}

/** A signal that follows others. In the past it is computed anew for each read, from what its sources were. */
export function computed<T>(fn: () => T): ReadonlySignal<T> {
  const compute = () => hooks.aside(fn);
  const signal = original(compute);
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(signal), 'value') as { get(): T };
  return Object.defineProperty(signal, 'value', {
    get: () => (hooks.inPast() ? untracked(compute) : get.call(signal)),
  });
}
