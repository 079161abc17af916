/** The state from which the next attempt of a task starts; see `checkpoint` of `edgewise/compute`. */
export class Checkpoint<T> {
  /** The value that the next attempt reads with `resumed`. */
  readonly value: T;
  /** Distinguishes a checkpoint from a chunk of the same shape. */
  readonly #mark = true;

  /** @internal */
  constructor(value: T) {
    this.value = value;
  }

  /**
   * Returns true for a checkpoint of this copy of the package.
   * @internal
   */
  static is(value: unknown): value is Checkpoint<unknown> {
    return typeof value === 'object' && value !== null && #mark in value && value.#mark;
  }
}
