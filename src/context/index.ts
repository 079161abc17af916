import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Values by their keys, for code to run in. A scope is never changed: `with` makes a larger one, so one that many runs share is
 * made once.
 */
export class Scope {
  static readonly empty = new Scope(undefined, undefined, undefined);
  readonly key: ScopeKey<unknown> | undefined;
  readonly value: unknown;
  readonly outer: Scope | undefined;

  private constructor(key: ScopeKey<unknown> | undefined, value: unknown, outer: Scope | undefined) {
    this.key = key;
    this.value = value;
    this.outer = outer;
  }

  /** The same with one value more, which hides another one of that key. */
  with<T>(key: ScopeKey<T>, value: T): Scope {
    return new Scope(key as ScopeKey<unknown>, value, this);
  }

  /** Runs `fn` in this scope and no other, for all that it calls and awaits. */
  run<R>(fn: () => R): R {
    return scopes.run(this, fn);
  }
}

const scopes = new AsyncLocalStorage<Scope>();

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
    for (let scope = scopes.getStore(); scope; scope = scope.outer) {
      if (scope.key === this) return scope.value as T;
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
    return (scopes.getStore() ?? Scope.empty).with(this, value).run(fn);
  }
}

/** Runs `fn` outside of every scope: for work that must not belong to whoever happened to start it. */
export function outside<R>(fn: () => R): R {
  return Scope.empty.run(fn);
}

/** Keeps the present scopes; the function that comes back runs others in them, whoever calls it. */
export function capture(): <R>(fn: () => R) => R {
  return AsyncLocalStorage.snapshot();
}
