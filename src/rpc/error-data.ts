import { checkCloneable } from './cloneable.ts';
import type { RemoteError, Thrown } from './contract.ts';
import { describe, isError } from './describe.ts';
import { taskLimits } from './limits.ts';

/** The classes of errors that the language has, by their names. */
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

/** Anything thrown, as data that can be cloned. Never throws, although a getter, a Proxy or a `toString` may: what cannot be read is left out. */
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

/** A copy of a value that can be sent, with nothing in it that is computed when it is read; undefined for any other value. */
function copyOf(value: unknown): { readonly value: unknown } | undefined {
  return checkCloneable(value, '').ok ? attempted(() => ({ value: structuredClone(value) })) : undefined;
}

function textOf(value: unknown, otherwise: string): string {
  return value === undefined ? otherwise : (attempted(() => String(value)) ?? describe(value));
}

/** What reading something gives; undefined when that throws. */
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
 * The error again, with its name, message, stack, cause and own properties.
 *
 * @param prototype what it is an instance of; an error of this project keeps its class that way. Default what the language has
 *   under its name.
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

/** Properties are defined, not assigned: a remote `__proto__` stays a name like any other. */
export function adopt(error: Error, remote: RemoteError, kept: readonly string[]): void {
  define(error, 'name', remote.name, false);
  if (remote.cause !== undefined) define(error, 'cause', reviveThrown(remote.cause), false);
  if (remote.errors !== undefined) define(error, 'errors', remote.errors.map(reviveThrown), false);
  for (const [key, value] of Object.entries(remote.own)) {
    if (!kept.includes(key) && !reserved.has(key)) define(error, key, value, true);
  }
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}
