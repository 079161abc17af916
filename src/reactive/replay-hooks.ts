import {
  effect as follow,
  computed as original,
  type ReadonlySignal,
  type Signal,
  untracked,
} from '@preact/signals-core';

/** The state of the running handler. `tasks` installs these hooks, because this module may not import `tasks`. */
export interface ReplayHooks {
  /** True while a handler's code runs. */
  isHandler(): boolean;
  /** True while a handler is replayed. */
  isReplaying(): boolean;
  /** Runs code that belongs to no handler, although a handler's write may have started it. It reads the present values. */
  unowned<R>(fn: () => R): R;
}

let hooks: ReplayHooks = { isHandler: () => false, isReplaying: () => false, unowned: (fn) => fn() };

export function setReplayHooks(given: ReplayHooks): void {
  hooks = given;
}

/** Above 0 while code runs that is not the handler's own, such as the function of a computed signal. */
let nested = 0;

/** The signals that a function has read. */
interface Reads {
  readonly found: Set<Signal>;
  /** True when the first read of each signal counts as the handler's own. */
  readonly own: boolean;
}

let reads: Reads | undefined;

/** The sources of each computed signal, from its last computation. */
const sources = new WeakMap<Signal, ReadonlySet<Signal>>();

/** Runs synchronous code that is not the handler's own, so its reads and calls are not recorded. */
export function unrecorded<R>(fn: () => R): R {
  return nest(undefined, fn);
}

/** The same, and adds each state, list, stored or shared value and prop that the code reads to a set. */
export function unrecordedInto<R>(found: Set<Signal>, fn: () => R): R {
  return nest({ found, own: false }, fn);
}

/** True while {@link unrecorded} code runs. */
export function isUnrecorded(): boolean {
  return nested > 0;
}

function nest<R>(within: Reads | undefined, fn: () => R): R {
  const outer = reads;
  const once = readsOnce;
  reads = within;
  readsOnce = false;
  nested++;
  try {
    return fn();
  } finally {
    nested--;
    readsOnce = once;
    reads = outer;
  }
}

/** True while code of a builder runs that nothing calls again when what it read changes. */
let readsOnce = false;

/** Runs a builder whose reads nothing follows, such as a page function. Functions that are followed are no part of it. */
export function readingOnce<R>(fn: () => R): R {
  return noted(true, fn);
}

/** Runs the framework's own reads within a builder. */
export function notReadingOnce<R>(fn: () => R): R {
  return noted(false, fn);
}

/** True for a read whose value the author's code has once and for all. */
export function isReadOnce(): boolean {
  return readsOnce;
}

function noted<R>(once: boolean, fn: () => R): R {
  const outer = readsOnce;
  readsOnce = once;
  try {
    return fn();
  } finally {
    readsOnce = outer;
  }
}

/** Returns true when a read of the signal is the running handler's own. Reading a computed signal reads each of its sources once. */
export function isOwnRead(signal: Signal): boolean {
  if (nested === 0) return true;
  if (!reads || reads.found.has(signal)) return false;
  reads.found.add(signal);
  return reads.own;
}

/**
 * Runs `fn` now and whenever a signal that it read changes. An effect belongs to no handler. One that a replay starts reads the
 * present values, and its calls of `run` are no steps of the handler.
 */
export function effect(fn: () => void): () => void {
  const unowned = () => hooks.unowned(fn);
  return follow(() => nest(undefined, unowned));
}

/** Returns a signal that follows others. During a replay, each read computes it from the recorded values of its sources. */
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
      if (readsOnce || (nested === 0 && hooks.isHandler())) readSources(signal, new Set());
      return value;
    },
  });
}

/** Reads each state that the signal was computed from, so that the handler's journal records them. */
function readSources(signal: Signal, known: Set<Signal>): void {
  for (const source of sources.get(signal) ?? []) {
    if (known.has(source)) continue;
    known.add(source);
    if (sources.has(source)) readSources(source, known);
    else source.peek();
  }
}
