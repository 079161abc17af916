import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Values by their keys, for code to run in. A scope is never changed: `with` makes a larger one, so one that many runs share is
 * made once.
 */
export class AsyncContext {
  static readonly empty = new AsyncContext(undefined, undefined, undefined);
  readonly key: ContextKey<unknown> | undefined;
  readonly value: unknown;
  readonly outer: AsyncContext | undefined;

  private constructor(key: ContextKey<unknown> | undefined, value: unknown, outer: AsyncContext | undefined) {
    this.key = key;
    this.value = value;
    this.outer = outer;
  }

  /** The same with one value more, which hides another one of that key. */
  with<T>(key: ContextKey<T>, value: T): AsyncContext {
    return new AsyncContext(key as ContextKey<unknown>, value, this);
  }

  /** Runs `fn` in this scope and no other, for all that it calls and awaits. */
  run<R>(fn: () => R): R {
    return scopes.run(this, fn);
  }
}

const scopes = new AsyncLocalStorage<AsyncContext>();

/**
 * A value that code reads from its surroundings instead of its arguments: the slot new elements go into, the page, the
 * runner of tasks. It follows the code through its awaits. The room that declares the key owns its meaning; a higher room fills it.
 */
export class ContextKey<T> {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The innermost value, or undefined outside of any {@link ContextKey.run}. */
  get(): T | undefined {
    for (let scope = scopes.getStore(); scope; scope = scope.outer) {
      if (scope.key === this) return scope.value as T;
    }
    return undefined;
  }

  /** @throws {Error} when called outside; `what` begins the sentence, as in "A label". */
  require(what: string): T {
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
    return (scopes.getStore() ?? AsyncContext.empty).with(this, value).run(fn);
  }
}

/** Runs `fn` outside of every scope: for work that must not belong to whoever happened to start it. */
export function outside<R>(fn: () => R): R {
  return AsyncContext.empty.run(fn);
}

/** Keeps the present scopes; the function that comes back runs others in them, whoever calls it. */
export function capture(): <R>(fn: () => R) => R {
  return AsyncLocalStorage.snapshot();
}
