import { type Duration, inWords } from '../clock/index.ts';
import type { RemoteError } from './contract.ts';
import { adopt } from './error-data.ts';
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

  /** @internal */
  constructor(task: string, remote: RemoteError) {
    super(remote.message);
    adopt(this, remote, ['task', 'remoteStack']);
    this.task = task;
    this.remoteStack = remote.stack;
  }
}

/** Somebody stopped the call: `job.cancel()`, or the signal given by `run.with({ signal })`, whose reason is then the cause. */
export class CancelledError extends Error {
  /** Always `CancelledError`, also of an error that was stored and read again. */
  override readonly name = 'CancelledError';
  /** What `cancel` was given; undefined without one. */
  readonly reason: string | undefined;

  /** @internal */
  constructor(what: string, reason?: string, options?: ErrorOptions) {
    super(`${what} was cancelled${reason ? `: ${reason}` : ''}.`, options);
    this.reason = reason;
  }
}

/** An attempt took longer than it may, its task was silent for longer, or nobody answered a wait in time. */
export class TimeoutError extends Error {
  /** Always `TimeoutError`, also of an error that was stored and read again. */
  override readonly name = 'TimeoutError';
  /** How long it was given, in milliseconds. */
  readonly timeout: number;

  /** @internal */
  constructor(what: string, timeout: number, advice: string, sort = 'took longer than') {
    super(`${what} ${sort} ${inWords(timeout)} and was stopped. ${advice}`);
    this.timeout = timeout;
  }
}

/** Every attempt was lost without an answer, since what ran it died each time, or there was nothing to run it for too long. */
export class ExhaustedError extends Error {
  /** Always `ExhaustedError`, also of an error that was stored and read again. */
  override readonly name = 'ExhaustedError';

  /** @internal */
  constructor(what: string, why: string, options?: ErrorOptions) {
    super(`${what} was given up: ${why}`, options);
  }
}

/** A handler could not be continued after a restart: its code no longer does what its journal says, or it awaited something else than `run`. */
export class InterruptedError extends Error {
  /** Always `InterruptedError`, also of an error that was stored and read again. */
  override readonly name = 'InterruptedError';
}

/** The compute Worker could not run the task: it is not there, it ended, or it is not one of ours. */
export class ServiceError extends Error {
  /** Always `ServiceError`, also of an error that was stored and read again. */
  override readonly name = 'ServiceError';
  /** The binding. */
  readonly service: string;
  /** Whether another attempt may do better. */
  readonly retryable: boolean;
  /** True when no attempt began: the service was not there to be asked. */
  absent = false;

  /** @internal */
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
