import type { SqlDatabase } from './sqlite.ts';

/**
 * Returns true when the platform has taken the storage from this instance of an object for good:
 * its code was updated, it moved, or a write failed. Every later storage call fails; only a new
 * instance can work.
 */
export function isReset(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { durableObjectReset, message } = error as { durableObjectReset?: unknown; message?: unknown };
  // Because older versions set no property, compare the messages of workerd 1.20261102.
  return (
    durableObjectReset === true ||
    /object to be reset|object reset because|no longer access storage/i.test(String(message))
  );
}

/**
 * Wraps the storage of an object to detect a reset. Because a reset instance cannot retry anything,
 * its owner aborts it.
 *
 * @param reset called for each call that fails because of a reset; the call then rethrows the
 * platform's error.
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
    lost: reset,
  };
}
