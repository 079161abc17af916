import { Signal, untracked } from '@preact/signals-core';
import { isOwnRead } from './replay-hooks.ts';

const { get, set } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as Required<PropertyDescriptor>;

/** What the owner of a {@link State} may do about its reads and writes. */
export interface StateOwner<T> {
  /** Called with each new value that differs from the present one; false drops the write. */
  written(value: T): boolean;
  /** Called when the present value is written once more. */
  unchanged?(value: T): void;
  /**
   * Called with the present value at each read. Returns what the running code is to see instead, or undefined.
   *
   * @param own false for a read that is no act of the handler that runs, see `isOwnRead`.
   */
  seen?(live: T, own: boolean): { readonly value: T } | undefined;
  /** Takes a write of the running code away from everybody else; true when it did. */
  diverted?(value: T): boolean;
}

/**
 * A durable signal of a page. Assign to `value` to change it: the page stores the new value before anyone sees it.
 *
 * Its owner hears of each write first, and may refuse it. Subscribing and comparing are the signal's own.
 */
export class State<T> extends Signal<T> {
  readonly #owner: StateOwner<T>;

  /** @internal */
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

  /** The value. An equal one changes nothing; an object changed in place is stored too, see `ui.state`. */
  override get value(): T {
    const live = get.call(this) as T;
    const seen = this.#owner.seen?.(live, isOwnRead(this));
    return seen ? seen.value : live;
  }

  override set value(value: T) {
    if (this.#owner.diverted?.(value)) return;
    if (value === this.present) this.#owner.unchanged?.(value);
    else if (this.#owner.written(value)) set.call(this, value);
  }
}
