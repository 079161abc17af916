// The part of Node's module that this project uses and the Workers runtime has, too. Node's own types are not used,
// because they would declare all of Node in server code.

declare module 'node:async_hooks' {
  export class AsyncLocalStorage<T> {
    run<R, A extends unknown[]>(store: T, fn: (...args: A) => R, ...args: A): R;
    exit<R, A extends unknown[]>(fn: (...args: A) => R, ...args: A): R;
    getStore(): T | undefined;
    static bind<F extends (...args: never[]) => unknown>(fn: F): F;
    static snapshot(): <R, A extends unknown[]>(fn: (...args: A) => R, ...args: A) => R;
  }
}
