// The part of Node's module that the Workers runtime has too, and that is used here. Node's own types would bring
// all of Node into server code.

declare module 'node:async_hooks' {
  export class AsyncLocalStorage<T> {
    run<R, A extends unknown[]>(store: T, fn: (...args: A) => R, ...args: A): R;
    exit<R, A extends unknown[]>(fn: (...args: A) => R, ...args: A): R;
    getStore(): T | undefined;
    static bind<F extends (...args: never[]) => unknown>(fn: F): F;
    static snapshot(): <R, A extends unknown[]>(fn: (...args: A) => R, ...args: A) => R;
  }
}
