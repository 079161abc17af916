/** Errors that another attempt would repeat. */
const permanent = new WeakSet<object>();

/** True for an error that {@link permanently} marked. */
export function isPermanent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && permanent.has(error);
}

/** Marks an error that no retry can avoid, and returns it. */
export function permanently<E extends object>(error: E): E {
  permanent.add(error);
  return error;
}
