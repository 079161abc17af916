/** What a task hands on to its next attempt; see `checkpoint` of `edgewise/compute`. */
export class Checkpoint<T> {
  readonly value: T;
  /** Tells it from any chunk of the same shape. */
  readonly #mark = true;

  constructor(value: T) {
    this.value = value;
  }

  static is(value: unknown): value is Checkpoint<unknown> {
    return typeof value === 'object' && value !== null && #mark in value && value.#mark;
  }
}
