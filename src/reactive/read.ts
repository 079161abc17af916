import { type ReadonlySignal, Signal } from '@preact/signals-core';

/** The argument of a prop: a value, a signal, or a function that computes the value. */
export type MaybeReactive<T> = T | ReadonlySignal<T> | (() => T);

/** A signal whose value is stored outside the page, so the page's stored value may be older. */
export interface StoredElsewhere {
  readonly storedElsewhere: true;
}

export function isStoredElsewhere(source: Signal): boolean {
  return (source as Signal & Partial<StoredElsewhere>).storedElsewhere === true;
}

/** Returns the present value, and tracks it inside an effect or a computed. */
export function read<T>(source: MaybeReactive<T>): T {
  if (source instanceof Signal) return source.value as T;
  return typeof source === 'function' ? (source as () => T)() : (source as T);
}
