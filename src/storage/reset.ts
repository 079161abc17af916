import type { SqlDatabase } from './sqlite.ts';

/**
 * True when the platform says that this instance of an object has lost its storage for good, because its code was updated, it moved, or
 * a write failed. Every further call of its storage fails the same way; only another instance can go on.
 */
export function isReset(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { durableObjectReset, message } = error as { durableObjectReset?: unknown; message?: unknown };
  // The texts are those of workerd 1.20261102; the property is what newer ones set.
  return (
    durableObjectReset === true ||
    /object to be reset|object reset because|no longer access storage/i.test(String(message))
  );
}

/**
 * The storage of an object, which says so when the instance was reset. Nothing may be tried again in such an instance, so its owner aborts it.
 *
 * @param reset is called for each call that fails for this reason, which then throws what the platform threw.
 */
export function watchForReset(database: SqlDatabase, reset: (error: unknown) => void): SqlDatabase {
  const watched = <R>(fn: () => R): R => {
    try {
      return fn();
    } catch (error) {
      if (isReset(error)) reset(error);
      throw error;
    }
  };
  return {
    sql: {
      exec(query, ...bindings) {
        const cursor = watched(() => database.sql.exec(query, ...bindings));
        return { toArray: () => watched(() => cursor.toArray()) };
      },
    },
    transactionSync: (fn) => watched(() => database.transactionSync(fn)),
  };
}
