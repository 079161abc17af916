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

/** Error classes of this project. An error of one of them is restored from its row with its class. */
const classes: Readonly<Record<string, object>> = {
  ServiceError: ServiceError.prototype,
  TimeoutError: TimeoutError.prototype,
  ExhaustedError: ExhaustedError.prototype,
  CancelledError: CancelledError.prototype,
};

/** Returns an error that fits into a job's row: itself, or else its name, message and shortened stack. */
export function storableError(error: RemoteError): RemoteError {
  try {
    if (encode(error, 'An error').length <= jobLimits.error) return error;
  } catch {
    // A property or a cause of the error cannot be serialised.
  }
  const { stack } = error;
  return { ...errorSummary(error), ...(stack !== undefined && { stack: stack.slice(0, jobLimits.message) }) };
}

/** Returns only the name and message of an error that another attempt follows, because a thousand jobs may store one. */
export function errorSummary({ name, message }: RemoteError): RemoteError {
  return { name: name.slice(0, 256), message: message.slice(0, jobLimits.message), own: {} };
}

/** Converts any thrown value to an error that fits into a job's row. */
export function storableErrorFrom(thrown: unknown): RemoteError {
  return storableError(capture(thrown));
}

/** Returns the error that awaiting a job with this end throws; undefined for a successful job. */
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
