import { Signal } from '@preact/signals-core';

const { get, set } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as Required<PropertyDescriptor>;

/**
 * A signal whose owner hears of each write before anyone else does, and may refuse it.
 * Reading, subscribing and comparing are the signal's own.
 */
export class State<T> extends Signal<T> {
  readonly #written: (value: T) => boolean;

  /** @param written is called with each new value that differs from the present one; false drops the write. */
  constructor(value: T, written: (value: T) => boolean) {
    super(value);
    this.#written = written;
  }

  override get value(): T {
    return get.call(this) as T;
  }

  override set value(value: T) {
    if (value === this.peek() || !this.#written(value)) return;
    set.call(this, value);
  }
}
