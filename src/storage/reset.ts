import type { SqlDatabase, SqlValue } from './sqlite.ts';

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
 * The storage of an object, which detects a reset. Because a reset instance cannot retry anything, its owner aborts it. The platform
 * makes the storage at its first use, which in a wake with a copy of the rows comes after the patch.
 */
export class WatchedStorage implements SqlDatabase {
  /** Called for each call that fails because of a reset; the call then rethrows the platform's error. */
  readonly lost: (error: unknown) => void;
  readonly #object: { readonly storage: SqlDatabase };
  #sql: SqlDatabase['sql'] | undefined;

  constructor(object: { readonly storage: SqlDatabase }, lost: (error: unknown) => void) {
    this.#object = object;
    this.lost = lost;
  }

  get sql(): SqlDatabase['sql'] {
    return this;
  }

  exec(query: string, ...bindings: SqlValue[]): ReturnType<SqlDatabase['sql']['exec']> {
    const cursor = this.#watched(() => {
      this.#sql ??= this.#object.storage.sql;
      return this.#sql.exec(query, ...bindings);
    });
    return { toArray: () => this.#watched(() => cursor.toArray()) };
  }

  transactionSync<T>(fn: () => T): T {
    return this.#watched(() => this.#object.storage.transactionSync(fn));
  }

  #watched<R>(fn: () => R): R {
    try {
      return fn();
    } catch (error) {
      if (isReset(error)) this.lost(error);
      throw error;
    }
  }
}
