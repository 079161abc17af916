import { AsyncLocalStorage } from 'node:async_hooks';

interface Entry {
  readonly key: ScopeKey<unknown>;
  readonly value: unknown;
  readonly outer: Entry | undefined;
}

const entries = new AsyncLocalStorage<Entry | undefined>();

/**
 * A value that code reads from its surroundings instead of its arguments: the slot new elements go into, the page, the
 * runner of tasks. It follows the code through its awaits. The room that declares the key owns its meaning; a higher room fills it.
 */
export class ScopeKey<T> {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The innermost value, or undefined outside of any {@link ScopeKey.run}. */
  get(): T | undefined {
    for (let entry = entries.getStore(); entry; entry = entry.outer) {
      if (entry.key === this) return entry.value as T;
    }
    return undefined;
  }

  /** @throws {Error} when called outside; `what` begins the sentence, as in "A label". */
  need(what: string): T {
    const value = this.get();
    if (value === undefined) {
      throw new Error(
        `${what} needs a ${this.name}, and this code runs outside of one. ` +
          'Call it in a page function, in a handler, or in what one of them awaits.',
      );
    }
    return value;
  }

  /** Runs `fn` with the value in place, for all that it calls and awaits. */
  run<R>(value: T, fn: () => R): R {
    return entries.run({ key: this as ScopeKey<unknown>, value, outer: entries.getStore() }, fn);
  }
}

/** Runs `fn` outside of every scope: for work that must not belong to whoever happened to start it. */
export function outside<R>(fn: () => R): R {
  return entries.run(undefined, fn);
}

/** Keeps the present scopes; the function that comes back runs others in them, whoever calls it. */
export function capture(): <R>(fn: () => R) => R {
  return AsyncLocalStorage.snapshot();
}
