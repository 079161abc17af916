import type { RemoteError } from './contract.ts';

import { isError } from './describe.ts';

import { capture, languageErrors, revive } from './error-data.ts';
import { CancelledError, ExhaustedError, InterruptedError, ServiceError, TaskError, TimeoutError } from './errors.ts';

/** How a call ended, as data: the value, an error with the name of its class, or something else that was thrown. */
export type SettledResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: RemoteError; readonly sort: string }
  | { readonly ok: false; readonly thrown: unknown };

/** Classes that every life of the code has: an error of one of them comes back as what it was. */
const classes: Readonly<Record<string, { readonly prototype: object }>> = {
  ...languageErrors,
  DOMException,
  CancelledError,
  ExhaustedError,
  InterruptedError,
  ServiceError,
  TaskError,
  TimeoutError,
};

/** What was thrown, as data. The sort of an error whose class is the application's own is ''. */
export function toRejected(thrown: unknown): SettledResult {
  if (!isError(thrown)) return { ok: false, thrown };
  const prototype: unknown = Object.getPrototypeOf(thrown);
  const sort = Object.entries(classes).find(([, known]) => known.prototype === prototype)?.[0] ?? '';
  return { ok: false, error: capture(thrown), sort };
}

/** What {@link toRejected} was given. */
export function toError(ending: SettledResult & { readonly ok: false }): unknown {
  if ('thrown' in ending) return ending.thrown;
  const { error, sort } = ending;
  if (sort === 'DOMException') return new DOMException(error.message, error.name);
  return revive(error, Object.hasOwn(classes, sort) ? classes[sort]?.prototype : undefined);
}
