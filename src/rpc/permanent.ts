/** Errors that another attempt would only repeat. */
const permanent = new WeakSet<object>();

/** True for an error that was marked. */
export function isPermanent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && permanent.has(error);
}

/** Marks an error so that it is not tried again. */
export function permanently<E extends object>(error: E): E {
  permanent.add(error);
  return error;
}
