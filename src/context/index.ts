import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * An immutable map of context values in which code runs. `with` returns a larger context, so many runs can share one context.
 */
export class AsyncContext {
  static readonly empty = new AsyncContext(undefined, undefined, undefined);
  readonly key: ContextKey<unknown> | undefined;
  readonly value: unknown;
  readonly outer: AsyncContext | undefined;
  /** Enters this context, for a tenth of the cost of a new frame. Made at the second use, because it costs as much as three frames. */
  #enter: (<R>(fn: () => R) => R) | undefined;
  #entered = false;

  private constructor(key: ContextKey<unknown> | undefined, value: unknown, outer: AsyncContext | undefined) {
    this.key = key;
    this.value = value;
    this.outer = outer;
  }

  /** Returns this context with one more value, which hides an earlier value of the key. */
  with<T>(key: ContextKey<T>, value: T): AsyncContext {
    return new AsyncContext(key as ContextKey<unknown>, value, this);
  }

  /** Runs `fn` in this context alone, including everything that it calls and awaits. */
  run<R>(fn: () => R): R {
    return frames.run(this, inside<R>, this, fn);
  }

  /** Runs `fn` in this context until it returns. What it leaves running is in the calling code's context. */
  runAlone<R>(fn: () => R): R {
    return inside(this, fn);
  }

  /** Runs `fn` in this context when the calling code has none, otherwise in that one. */
  runOutermost<R>(fn: () => R): R {
    if (!isOutside()) return fn();
    if (!this.#entered) {
      this.#entered = true;
      return this.run(fn);
    }
    this.#enter ??= this.run(capture);
    return this.#enter(fn);
  }
}

/** The context of each frame, which follows the code across awaits. */
const frames = new AsyncLocalStorage<AsyncContext>();

/**
 * The context of the code that runs, until its first await; undefined afterwards, when only its frame knows it. A click asks for
 * its context a dozen times, and to ask a frame takes three times as long.
 */
let running: AsyncContext | undefined;

function inside<R>(context: AsyncContext, fn: () => R): R {
  const outer = running;
  running = context;
  try {
    return fn();
  } finally {
    running = outer;
  }
}

function current(): AsyncContext | undefined {
  return running ?? frames.getStore();
}

/**
 * A value that code reads from its context instead of its arguments: the slot for new elements, the page, the host of tasks. It
 * follows the code across awaits. The module that declares the key owns its meaning; a higher module sets it.
 */
export class ContextKey<T> {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The innermost value, or undefined outside of any {@link ContextKey.run}. */
  get(): T | undefined {
    for (let scope = running ?? frames.getStore(); scope; scope = scope.outer) {
      if (scope.key === this) return scope.value as T;
    }
    return undefined;
  }

  /** Returns the innermost value. @param what begins the error's sentence, as in "A label". @throws {Error} outside of any {@link ContextKey.run}. */
  require(what: string): T {
    const value = this.get();
    if (value === undefined) {
      throw new Error(
        `${what} needs a ${this.name}, and this code runs outside of one. ` +
          'Call it in a page function or a handler, or in a function that one of them awaits.',
      );
    }
    return value;
  }

  /** Runs `fn` with the value, including everything that it calls and awaits. */
  run<R>(value: T, fn: () => R): R {
    // Because entering a context costs ten times as much as this look: the bound props of a page all have the page's own.
    if (this.get() === value) return fn();
    return (current() ?? AsyncContext.empty).with(this, value).run(fn);
  }
}

/** Runs `fn` outside of every context, for work that must not belong to its caller. */
export function outside<R>(fn: () => R): R {
  return isOutside() ? fn() : AsyncContext.empty.run(fn);
}

function isOutside(): boolean {
  return (current() ?? AsyncContext.empty) === AsyncContext.empty;
}

/** Runs `fn`, which asks for many values of its context, and looks only once for the frame that has them. */
export function inContext<R>(fn: () => R): R {
  const context = current();
  return context === undefined || context === running ? fn() : inside(context, fn);
}

/** Captures the current contexts and returns a function that runs others in them. */
export function capture(): <R>(fn: () => R) => R {
  const context = current() ?? AsyncContext.empty;
  const enter = AsyncLocalStorage.snapshot();
  return (fn) => enter(() => inside(context, fn));
}
