import {
  effect as follow,
  computed as original,
  type ReadonlySignal,
  type Signal,
  untracked,
} from '@preact/signals-core';

/** Tells this module whether a handler runs. The module that records handlers installs it, because this one may not import it. */
export interface ReplayHooks {
  /** True while a handler's code runs. */
  isHandler(): boolean;
  /** True while a handler does again what it did before a restart. */
  isReplaying(): boolean;
  /** Runs code that no handler has called, whichever handler's write or timer happens to start it: it sees what is there. */
  unowned<R>(fn: () => R): R;
}

let hooks: ReplayHooks = { isHandler: () => false, isReplaying: () => false, unowned: (fn) => fn() };

export function setReplayHooks(given: ReplayHooks): void {
  hooks = given;
}

/** Above 0 while code runs that is not the handler's own, such as the function of a computed signal. */
let nested = 0;

/** The signals that a function reads. */
interface Reads {
  readonly found: Set<Signal>;
  /** True when the first read of each counts as the handler's own. */
  readonly own: boolean;
}

let reads: Reads | undefined;

/** What each computed signal read when it was computed. */
const sources = new WeakMap<Signal, ReadonlySet<Signal>>();

/** Runs code that is not the handler's own: its reads and calls are no part of what the handler did. It must be synchronous. */
export function unrecorded<R>(fn: () => R): R {
  return nest(undefined, fn);
}

/** True while {@link unrecorded} code runs. */
export function isUnrecorded(): boolean {
  return nested > 0;
}

function nest<R>(within: Reads | undefined, fn: () => R): R {
  const outer = reads;
  reads = within;
  nested++;
  try {
    return fn();
  } finally {
    nested--;
    reads = outer;
  }
}

/** True when a read of the signal is the running handler's own. A handler that reads a computed signal reads each of its sources once. */
export function isOwnRead(signal: Signal): boolean {
  if (nested === 0) return true;
  if (!reads || reads.found.has(signal)) return false;
  reads.found.add(signal);
  return reads.own;
}

/**
 * Runs `fn` now and whenever a signal changes that it read. An effect belongs to no handler: one that a replay starts reads the
 * present values and subscribes to them, and calls of `run` in it are no steps of the handler.
 */
export function effect(fn: () => void): () => void {
  return follow(() => nest(undefined, () => hooks.unowned(fn)));
}

/** A signal that follows others. A replay computes it for each read, from what its sources were. */
export function computed<T>(fn: () => T): ReadonlySignal<T> {
  const found = new Set<Signal>();
  const signal = original(() => {
    found.clear();
    return nest({ found, own: false }, fn);
  });
  sources.set(signal, found);
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(signal), 'value') as { get(): T };
  return Object.defineProperty(signal, 'value', {
    get() {
      if (hooks.isReplaying()) {
        return untracked(() => (nested === 0 ? nest({ found: new Set(), own: true }, fn) : fn()));
      }
      const value = get.call(signal);
      if (nested > 0) reads?.found.add(signal);
      else if (hooks.isHandler()) readSources(signal, new Set());
      return value;
    },
  });
}

/** Has the handler read each state that the signal was computed from. */
function readSources(signal: Signal, known: Set<Signal>): void {
  for (const source of sources.get(signal) ?? []) {
    if (known.has(source)) continue;
    known.add(source);
    if (sources.has(source)) readSources(source, known);
    else source.peek();
  }
}
