import { Signal, untracked } from '@preact/signals-core';
import { isOwnRead } from './replay-hooks.ts';

const { get, set } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as Required<PropertyDescriptor>;

/** The hooks by which the owner of a {@link State} controls its reads and writes. */
export interface StateOwner<T> {
  /** Called with each new value that differs from the present one. Returns false to drop the write. */
  written(value: T): boolean;
  /** Called when a write has the present value. Returns true for an object that has changed in place since it was stored. */
  unchanged?(value: T): boolean;
  /**
   * Called with the present value at each read. Returns another value for the running code, or undefined.
   *
   * @param own false for a read that is not the running handler's own, see `isOwnRead`.
   */
  seen?(live: T, own: boolean): { readonly value: T } | undefined;
  /** Stores no value from now on, because it is a secret. */
  conceal?(): void;
  /** Writes to the replay overlay instead of the state. Returns true when it did. */
  diverted?(value: T): boolean;
}

/** An object that has other contents than when it was assigned before. To the signal it is another value. */
class Renewed<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/**
 * A durable signal of a page. Assign to `value` to change it: the page stores the new value before anyone sees it.
 *
 * Its owner is called before each write and may refuse it. Subscription and comparison are those of the signal.
 */
export class State<T> extends Signal<T> {
  /** The value that its page function gives it, before any change. */
  readonly initial: T;
  readonly #owner: StateOwner<T>;

  /** @internal */
  constructor(value: T, owner: StateOwner<T>, initial = value) {
    super(value);
    this.initial = initial;
    this.#owner = owner;
  }

  /** Returns the stored value, also while a replay reads another one. */
  get present(): T {
    return untracked(() => this.#live());
  }

  /**
   * Keeps the value in memory only, because it is a secret such as a password.
   * @internal
   */
  conceal(): void {
    this.#owner.conceal?.();
  }

  /** Replaces the value by an equal one, without calling the owner. */
  adopt(value: T): void {
    if (value !== this.present) set.call(this, value);
  }

  #live(): T {
    const held = get.call(this) as T | Renewed<T>;
    return held instanceof Renewed ? held.value : held;
  }

  /** The value. An equal one changes nothing. An object that was changed in place counts as another one when it is assigned. */
  override get value(): T {
    const live = this.#live();
    const seen = this.#owner.seen?.(live, isOwnRead(this));
    return seen ? seen.value : live;
  }

  override set value(value: T) {
    if (this.#owner.diverted?.(value)) return;
    if (value === this.present) {
      if (this.#owner.unchanged?.(value)) set.call(this, new Renewed(value));
    } else if (this.#owner.written(value)) set.call(this, value);
  }

  /**
   * Replaces the value by what a function makes of it.
   *
   * @example
   * const person = ui.state({ name: 'Ada', born: 1815 });
   * person.update((now) => ({ ...now, name: 'Grace' }));
   *
   * @param change returns the new value: a new object, because one that changes in place is not noticed.
   */
  update(change: (value: T) => T): void {
    this.value = change(this.value);
  }
}
