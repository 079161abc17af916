import { Signal, untracked } from '@preact/signals-core';

const { get, set } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as Required<PropertyDescriptor>;

/** What the owner of a {@link State} may do about its reads and writes. */
export interface StateOwner<T> {
  /** Called with each new value that differs from the present one; false drops the write. */
  written(value: T): boolean;
  /** What the running code is to see instead of the present value, or undefined. */
  seen?(): { readonly value: T } | undefined;
  /** Takes a write of the running code away from everybody else; true when it did. */
  diverted?(value: T): boolean;
}

/**
 * A signal whose owner hears of each write before anyone else does, and may refuse it.
 * Subscribing and comparing are the signal's own.
 */
export class State<T> extends Signal<T> {
  readonly #owner: StateOwner<T>;

  constructor(value: T, owner: StateOwner<T>) {
    super(value);
    this.#owner = owner;
  }

  /** The value that is there, whatever the running code is to see. */
  get present(): T {
    return untracked(() => get.call(this) as T);
  }

  /** Takes an equal value instead, without asking the owner. */
  adopt(value: T): void {
    set.call(this, value);
  }

  override get value(): T {
    const seen = this.#owner.seen?.();
    return seen ? seen.value : (get.call(this) as T);
  }

  override set value(value: T) {
    if (this.#owner.diverted?.(value)) return;
    if (value === this.peek() || !this.#owner.written(value)) return;
    set.call(this, value);
  }
}
