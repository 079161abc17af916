import {
  CancelledError,
  capture,
  ExhaustedError,
  type RemoteError,
  revive,
  ServiceError,
  TaskError,
  TimeoutError,
} from '../rpc/index.ts';
import { encode } from '../storage/index.ts';
import { jobLimits } from './limits.ts';
import type { EndState } from './record.ts';

/** Our own errors, and what the platform's become: they keep their class when they are kept. */
const classes: Readonly<Record<string, object>> = {
  ServiceError: ServiceError.prototype,
  TimeoutError: TimeoutError.prototype,
  ExhaustedError: ExhaustedError.prototype,
  CancelledError: CancelledError.prototype,
};

/** An error as the row of a job can keep it: what is too large, or cannot be kept, gives way to the message. */
export function storableError(error: RemoteError): RemoteError {
  try {
    if (encode(error, 'An error').length <= jobLimits.error) return error;
  } catch {
    // Something that the error brings along cannot be kept.
  }
  const { stack } = error;
  return { ...errorSummary(error), ...(stack !== undefined && { stack: stack.slice(0, jobLimits.message) }) };
}

/** What is to be read of an error that another attempt follows: a thousand jobs may wait with one. */
export function errorSummary({ name, message }: RemoteError): RemoteError {
  return { name: name.slice(0, 256), message: message.slice(0, jobLimits.message), own: {} };
}

/** Anything thrown, as the row of a job can keep it. */
export function storableErrorFrom(thrown: unknown): RemoteError {
  return storableError(capture(thrown));
}

/** What whoever awaits a job of this end is told; undefined for one that is done. */
export function errorOf(task: string, state: EndState): Error | undefined {
  switch (state.status) {
    case 'done':
      return undefined;
    case 'cancelled':
      return new CancelledError(`Task "${task}"`, state.reason);
    case 'failed':
      return state.source === 'task' ? new TaskError(task, state.error) : revived(state.error);
    case 'timedOut':
    case 'exhausted':
      return revived(state.error);
  }
}

function revived(error: RemoteError): Error {
  return revive(error, Object.hasOwn(classes, error.name) ? classes[error.name] : undefined);
}
