import { type ReadonlySignal, Signal } from '@preact/signals-core';

/** What every prop of an element takes: a value, a signal, or a function that computes the value. */
export type MaybeReactive<T> = T | ReadonlySignal<T> | (() => T);

/** The present value, tracked when read inside an effect or a computed. */
export function read<T>(source: MaybeReactive<T>): T {
  if (source instanceof Signal) return source.value as T;
  return typeof source === 'function' ? (source as () => T)() : (source as T);
}
