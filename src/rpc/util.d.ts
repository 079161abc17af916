// The used part of `node:util`, because the platform's types lack it and Node's types would add all of Node.

declare module 'node:util' {
  export const types: {
    isProxy(this: void, value: unknown): boolean;
    isNativeError(this: void, value: unknown): value is Error;
  };
}
