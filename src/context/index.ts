import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * An immutable map of context values in which code runs. `with` returns a larger context, so many runs can share one context.
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

  /** Returns this context with one more value, which hides an earlier value of the key. */
  with<T>(key: ContextKey<T>, value: T | Late<T>): AsyncContext {
    return new AsyncContext(key as ContextKey<unknown>, value, this);
  }

  /** Runs `fn` in this context alone, including everything that it calls and awaits. */
  run<R>(fn: () => R): R {
    return frames.run({ context: this }, inside<R>, this, fn);
  }

  /** Runs `fn` in this context until it returns. What it leaves running is in the calling code's context. */
  runAlone<R>(fn: () => R): R {
    return inside(this, fn);
  }
}

/** What a {@link Frame} has for code after an await. */
interface Store {
  context: AsyncContext;
}

/** Runs code of one context, again and again: to enter the same frame costs a tenth of a new one. */
export class Frame {
  readonly #context: AsyncContext;
  readonly #store: Store;
  /** Made at the second use, because it costs as much as three frames. */
  #enter: (<R>(fn: () => R) => R) | undefined;
  #used = false;
  #running = false;

  constructor(context: AsyncContext) {
    this.#context = context;
    this.#store = { context };
  }

  /** True while code runs that entered the frame, and has not awaited anything. */
  get running(): boolean {
    return this.#running;
  }

  /** Runs `fn` in its context when the calling code has none, otherwise in that one. */
  runOutermost<R>(fn: () => R): R {
    if (!isOutside()) return fn();
    this.#running = true;
    try {
      if (this.#used) this.#enter ??= frames.run(this.#store, () => AsyncLocalStorage.snapshot());
      this.#used = true;
      if (this.#enter) return this.#enter(() => inside(this.#context, fn));
      return frames.run(this.#store, inside<R>, this.#context, fn);
    } finally {
      this.#running = false;
    }
  }

  /** Gives another context to all that goes on in the frame after an await. Nothing else may enter the frame any more. */
  become(context: AsyncContext): void {
    this.#store.context = context;
  }
}

/** A value of a context that is made when code asks for it, because most code does not. */
export class Late<T> {
  /** Returns the value, the same one each time; undefined when there is none any more. */
  readonly #make: () => T | undefined;

  constructor(make: () => T | undefined) {
    this.#make = make;
  }

  get value(): T | undefined {
    return this.#make();
  }
}

/** The context of each frame, which follows the code across awaits. */
const frames = new AsyncLocalStorage<Store>();

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
  return running ?? frames.getStore()?.context;
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
    // No function of its own, because each element of a page looks for two values.
    for (let scope = running ?? current(); scope; scope = scope.outer) {
      if (scope.key === this) return scope.value instanceof Late ? (scope.value as Late<T>).value : (scope.value as T);
    }
    return undefined;
  }

  /** True where {@link ContextKey.get} returns a value. Makes none. */
  has(): boolean {
    return this.#innermost() !== undefined;
  }

  /** True where the innermost value is this one. Makes none. */
  is(value: T | Late<T>): boolean {
    return this.#innermost() === value;
  }

  #innermost(): T | Late<T> | undefined {
    for (let scope = current(); scope; scope = scope.outer) {
      if (scope.key === this) return scope.value as T | Late<T>;
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

  /** Runs `fn` with the value until it returns. What it leaves running has the values of the calling code. */
  runAlone<R>(value: T, fn: () => R): R {
    return (current() ?? AsyncContext.empty).with(this, value).runAlone(fn);
  }

  /** Runs `fn` with the value, including everything that it calls and awaits. */
  run<R>(value: T, fn: () => R): R {
    // Because entering a context costs ten times as much as this look: the bound props of a page all have the page's own.
    if (this.#innermost() === value) return fn();
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
