import { effect as followed, computed as original, type ReadonlySignal, untracked } from '@preact/signals-core';

/** How to tell the past, and whose reads are whose; filled by the room that brings handlers back. */
export interface ReplayHooks {
  /**
   * True while the running code does again what it did before a restart, and so reads what it read then. What follows signals must
   * neither take such values for present ones nor begin to follow there: reads of the past subscribe to nothing.
   */
  isReplaying(): boolean;
  /** Runs what follows signals: what it reads is no step of the handler that happens to have it run. */
  unrecorded<R>(fn: () => R): R;
  /** Runs what no handler has called, whichever handler's write or timer happens to start it: it sees what is there. */
  unowned<R>(fn: () => R): R;
}

let hooks: ReplayHooks = { isReplaying: () => false, unrecorded: (fn) => fn(), unowned: (fn) => fn() };

/** A low room cannot tell by itself. */
export function setReplayHooks(given: ReplayHooks): void {
  hooks = given;
}

/** See {@link ReplayHooks.unrecorded}. */
export function unrecorded<R>(fn: () => R): R {
  return hooks.unrecorded(fn);
}

/**
 * Runs `fn` now and whenever a signal changes that it read. An effect belongs to no handler: one that a replay starts reads the
 * present values and subscribes to them, and calls of `run` in it are no steps of the handler.
 */
export function effect(fn: () => void): () => void {
  return followed(() => hooks.unowned(fn));
}

/** A signal that follows others. In the past it is computed anew for each read, from what its sources were. */
export function computed<T>(fn: () => T): ReadonlySignal<T> {
  const compute = () => hooks.unrecorded(fn);
  const signal = original(compute);
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(signal), 'value') as { get(): T };
  return Object.defineProperty(signal, 'value', {
    get: () => (hooks.isReplaying() ? untracked(compute) : get.call(signal)),
  });
}
