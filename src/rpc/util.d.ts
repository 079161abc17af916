// What Workers have of Node's `node:util`, as far as it is used here: the types of the platform do not have it, and those of Node would
// bring all of Node along.

declare module 'node:util' {
  export const types: {
    isProxy(this: void, value: unknown): boolean;
    isNativeError(this: void, value: unknown): value is Error;
  };
}
