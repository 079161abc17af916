import { checkCloneable } from './cloneable.ts';
import type { RemoteError, Thrown } from './contract.ts';
import { describe, isError } from './describe.ts';
import { taskLimits } from './limits.ts';

/** The error classes of the language, by name. */
export const languageErrors: Readonly<Record<string, { readonly prototype: object }>> = {
  Error,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Converts any thrown value to data that can be cloned. It never throws, and omits properties that throw when they are read. */
export function capture(thrown: unknown): RemoteError {
  const captured = captureThrown(thrown, taskLimits.causes);
  if ('error' in captured) return captured.error;
  return {
    name: 'Error',
    message: `The task threw ${describe(thrown)}, which is not an Error.`,
    cause: captured,
    own: {},
  };
}

function captureThrown(thrown: unknown, depth: number): Thrown {
  if (!isError(thrown)) return { value: (copyOf(thrown) ?? { value: describe(thrown) }).value };
  const read = (key: string) => attempted(() => (thrown as unknown as Record<string, unknown>)[key]);
  const own: [string, unknown][] = [];
  for (const key of attempted(() => Object.keys(thrown)) ?? []) {
    const copy = reserved.has(key)
      ? undefined
      : attempted(() => copyOf((thrown as unknown as Record<string, unknown>)[key]));
    if (copy) own.push([key, copy.value]);
  }
  const stack = read('stack');
  const cause = read('cause');
  const errors = read('errors');
  return {
    error: {
      name: textOf(read('name'), 'Error'),
      message: textOf(read('message'), ''),
      own: Object.fromEntries(own),
      ...(stack !== undefined && { stack: textOf(stack, '') }),
      ...(cause !== undefined && depth > 0 && { cause: captureThrown(cause, depth - 1) }),
      ...(Array.isArray(errors) &&
        thrown instanceof AggregateError &&
        depth > 0 && { errors: errors.map((error) => captureThrown(error, depth - 1)) }),
    },
  };
}

/** Returns a copy without getters of a value that can be sent; undefined for any other value. */
function copyOf(value: unknown): { readonly value: unknown } | undefined {
  return checkCloneable(value, '').ok ? attempted(() => ({ value: structuredClone(value) })) : undefined;
}

function textOf(value: unknown, otherwise: string): string {
  return value === undefined ? otherwise : (attempted(() => String(value)) ?? describe(value));
}

/** Returns what `read` returns; undefined when it throws. */
function attempted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const reserved = new Set(['name', 'message', 'stack', 'cause', 'errors']);

function reviveThrown(thrown: Thrown): unknown {
  return 'value' in thrown ? thrown.value : revive(thrown.error);
}

/**
 * Restores an error with its name, message, stack, cause and own properties.
 *
 * @param prototype the prototype of its class, such as one of this project. @default the language's class of that name
 */
export function revive(remote: RemoteError, prototype: object = prototypeOf(remote.name)): Error {
  const error = new Error(remote.message);
  Object.setPrototypeOf(error, prototype);
  adopt(error, remote, []);
  if (remote.stack !== undefined) error.stack = remote.stack;
  return error;
}

function prototypeOf(name: string): object {
  return (Object.hasOwn(languageErrors, name) ? languageErrors[name] : undefined)?.prototype ?? Error.prototype;
}

/** Copies a remote error's properties, except the named ones. It defines them, so that `__proto__` stays an ordinary name. */
export function adopt(error: Error, remote: RemoteError, except: readonly string[]): void {
  define(error, 'name', remote.name, false);
  if (remote.cause !== undefined) define(error, 'cause', reviveThrown(remote.cause), false);
  if (remote.errors !== undefined) define(error, 'errors', remote.errors.map(reviveThrown), false);
  for (const [key, value] of Object.entries(remote.own)) {
    if (!except.includes(key) && !reserved.has(key)) define(error, key, value, true);
  }
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}
