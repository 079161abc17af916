import { Signal, untracked } from '@preact/signals-core';
import { isOwnRead } from './replay-hooks.ts';

const { get, set } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as Required<PropertyDescriptor>;

/** The hooks by which the owner of a {@link State} controls its reads and writes. */
export interface StateOwner<T> {
  /** Called with each new value that differs from the present one. Returns false to drop the write. */
  written(value: T): boolean;
  /** Called when a write has the present value. */
  unchanged?(value: T): void;
  /**
   * Called with the present value at each read. Returns another value for the running code, or undefined.
   *
   * @param own false for a read that is not the running handler's own, see `isOwnRead`.
   */
  seen?(live: T, own: boolean): { readonly value: T } | undefined;
  /** Writes to the replay overlay instead of the state. Returns true when it did. */
  diverted?(value: T): boolean;
}

/**
 * A durable signal of a page. Assign to `value` to change it: the page stores the new value before anyone sees it.
 *
 * Its owner is called before each write and may refuse it. Subscription and comparison are those of the signal.
 */
export class State<T> extends Signal<T> {
  readonly #owner: StateOwner<T>;

  /** @internal */
  constructor(value: T, owner: StateOwner<T>) {
    super(value);
    this.#owner = owner;
  }

  /** Returns the stored value, also while a replay reads another one. */
  get present(): T {
    return untracked(() => get.call(this) as T);
  }

  /** Replaces the value by an equal one, without calling the owner. */
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
