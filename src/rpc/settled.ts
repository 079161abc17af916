import type { RemoteError } from './contract.ts';
import { isError } from './describe.ts';
import { capture, languageErrors, revive } from './error-data.ts';
import { CancelledError, ExhaustedError, InterruptedError, ServiceError, TaskError, TimeoutError } from './errors.ts';

/** The end of a call as data: its value, an error with the name of its class, or another thrown value. */
export type SettledResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: RemoteError; readonly errorClass: string }
  | { readonly ok: false; readonly thrown: unknown };

/** Classes that every build has, so an error of one of them is restored with its class. */
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

/** Converts a thrown value to data. `errorClass` names its class, which is '' for a class of the application. */
export function toRejected(thrown: unknown): SettledResult {
  if (!isError(thrown)) return { ok: false, thrown };
  const prototype: unknown = Object.getPrototypeOf(thrown);
  const errorClass = Object.entries(classes).find(([, known]) => known.prototype === prototype)?.[0] ?? '';
  return { ok: false, error: capture(thrown), errorClass };
}

/** Restores the value that {@link toRejected} converted. */
export function toError(ending: SettledResult & { readonly ok: false }): unknown {
  if ('thrown' in ending) return ending.thrown;
  const { error } = ending;
  // Because journals that version 0.1 has stored use the name `sort`.
  const errorClass = ending.errorClass ?? (Reflect.get(ending, 'sort') as string | undefined) ?? '';
  if (errorClass === 'DOMException') return new DOMException(error.message, error.name);
  return revive(error, Object.hasOwn(classes, errorClass) ? classes[errorClass]?.prototype : undefined);
}
