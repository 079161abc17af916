import { type ReadonlySignal, Signal } from '@preact/signals-core';

/** What every prop of an element takes: a value, a signal, or a function that computes the value. */
export type MaybeReactive<T> = T | ReadonlySignal<T> | (() => T);

/** A signal whose value is kept elsewhere: what a page has kept of it is older. */
export interface StoredElsewhere {
  readonly storedElsewhere: true;
}

export function isStoredElsewhere(source: Signal): boolean {
  return (source as Signal & Partial<StoredElsewhere>).storedElsewhere === true;
}

/** The present value, tracked when read inside an effect or a computed. */
export function read<T>(source: MaybeReactive<T>): T {
  if (source instanceof Signal) return source.value as T;
  return typeof source === 'function' ? (source as () => T)() : (source as T);
}
