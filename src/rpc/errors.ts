import { type Duration, inWords } from '../clock/index.ts';
import { checkCloneable } from './cloneable.ts';
import type { RemoteError, Thrown } from './contract.ts';
import { describe, isError } from './describe.ts';
import { taskLimits } from './limits.ts';

/**
 * What a task threw, on this side. It has the name, the message, the cause and the own properties of the original;
 * `instanceof` of the original class is what cannot cross.
 */
export class TaskError extends Error {
  /** The name of the task that threw. */
  readonly task: string;
  /** Where in the task it was thrown. */
  readonly remoteStack: string | undefined;

  constructor(task: string, remote: RemoteError) {
    super(remote.message);
    adopt(this, remote, ['task', 'remoteStack']);
    this.task = task;
    this.remoteStack = remote.stack;
  }
}

/** Somebody stopped the call: `job.cancel()`, or the signal given by `run.with({ signal })`, whose reason is then the cause. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly reason: string | undefined;

  constructor(what: string, reason?: string, options?: ErrorOptions) {
    super(`${what} was cancelled${reason ? `: ${reason}` : ''}.`, options);
    this.reason = reason;
  }
}

/** An attempt took longer than it may, its task was silent for longer, or nobody answered a wait in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  /** How long it was given, in milliseconds. */
  readonly timeout: number;

  constructor(what: string, timeout: number, advice: string, sort = 'took longer than') {
    super(`${what} ${sort} ${inWords(timeout)} and was stopped. ${advice}`);
    this.timeout = timeout;
  }
}

/** Every attempt was lost without an answer, since what ran it died each time, or there was nothing to run it for too long. */
export class ExhaustedError extends Error {
  override readonly name = 'ExhaustedError';

  constructor(what: string, why: string, options?: ErrorOptions) {
    super(`${what} was given up: ${why}`, options);
  }
}

/** A handler could not be continued after a restart: its code no longer does what its journal says, or it awaited something else than `run`. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The compute Worker could not run the task: it is not there, it ended, or it is not one of ours. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** The binding. */
  readonly service: string;
  /** Whether another attempt may do better. */
  readonly retryable: boolean;
  /** True when no attempt began: the service was not there to be asked. */
  absent = false;

  constructor(service: string, message: string, retryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.service = service;
    this.retryable = retryable;
  }
}

/** What is told when time ran out, by whose it was. */
export const outOfTime = {
  answer(what: string, ms: number): TimeoutError {
    return new TimeoutError(what, ms, 'Nobody had answered.', 'waited for');
  },
  attempt(what: string, ms: number): TimeoutError {
    const advice = `Give it more with run.with({ timeout: '${twice(ms)}' }), or try again by itself with retries.`;
    return new TimeoutError(what, ms, advice);
  },
  silence(what: string, ms: number): TimeoutError {
    const advice =
      'A generator is heard of at each yield, a plain function only when it ends. ' +
      `Yield more often, or give it more with run.with({ heartbeat: '${twice(ms)}' }).`;
    return new TimeoutError(what, ms, advice, 'said nothing for');
  },
  total(what: string, ms: number): TimeoutError {
    return new TimeoutError(what, ms, 'That is the limit for all its attempts together.');
  },
  wait(what: string, ms: number): TimeoutError {
    return new TimeoutError(what, ms, 'That is the limit for its wait; it never began.');
  },
} as const;

function twice(ms: number): Duration {
  return `${Math.ceil((ms * 2) / 1_000)}s`;
}

/**
 * More than one RPC message carries.
 * @param what begins the sentence, with its verb.
 */
export function tooLarge(what: string, size: number): RangeError {
  const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  return new RangeError(
    `${what} ${mebibytes(size)} MiB, and a call between Workers carries at most ${mebibytes(taskLimits.message)} MiB. ` +
      'Put the data into R2 and pass its key, or split the work into several calls.',
  );
}

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
export function revive(remote: RemoteError, prototype: object = standard(remote.name)): Error {
  const error = new Error(remote.message);
  Object.setPrototypeOf(error, prototype);
  adopt(error, remote, []);
  if (remote.stack !== undefined) error.stack = remote.stack;
  return error;
}

function standard(name: string): object {
  const known = { AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  return Object.hasOwn(known, name) ? known[name as keyof typeof known].prototype : Error.prototype;
}

/** Properties are defined, not assigned: a remote `__proto__` stays a name like any other. */
function adopt(error: Error, remote: RemoteError, kept: readonly string[]): void {
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
