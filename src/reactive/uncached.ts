import { computed, Signal } from '@preact/signals-core';

/** A signal that is computed where it is read, each time: what it reads may be another thing for each reader. */
export class UncachedComputed<T> extends Signal<T> {
  readonly #compute: () => T;

  constructor(compute: () => T) {
    super();
    this.#compute = compute;
  }

  override get value(): T {
    return this.#compute();
  }

  override peek(): T {
    return computed(this.#compute).peek();
  }
}
