import { computed, Signal } from '@preact/signals-core';

/** A signal that is computed at each read, because its sources may differ for each reader. */
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
