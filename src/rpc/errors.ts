import { type Duration, inWords } from '../clock/index.ts';
import type { RemoteError } from './contract.ts';
import { adopt } from './error-data.ts';
import { taskLimits } from './limits.ts';

/**
 * The error that a task threw, with the name, message, cause and own properties of the original. It is no instance of
 * the original class, because classes do not cross RPC.
 */
export class TaskError extends Error {
  /** The name of the task that threw. */
  readonly task: string;
  /** The stack trace in the compute Worker. */
  readonly remoteStack: string | undefined;

  /** @internal */
  constructor(task: string, remote: RemoteError) {
    super(remote.message);
    adopt(this, remote, ['task', 'remoteStack']);
    this.task = task;
    this.remoteStack = remote.stack;
  }
}

/** The error of a cancelled call: by `job.cancel()`, or by the signal of `run.with({ signal })`, whose reason is the cause. */
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

/** Returns the reason of an aborted signal as the text of a {@link CancelledError}. */
export function abortReason(reason: unknown): string | undefined {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error ? reason.message : undefined;
}

/** The error of an attempt that took too long, of a task that was silent too long, or of a wait without an answer in time. */
export class TimeoutError extends Error {
  /** Always `TimeoutError`, also of an error that was stored and read again. */
  override readonly name = 'TimeoutError';
  /** The limit in milliseconds. */
  readonly timeout: number;

  /** @internal */
  constructor(what: string, timeout: number, advice: string, verb = 'took longer than') {
    super(`${what} ${verb} ${inWords(timeout)} and was stopped. ${advice}`);
    this.timeout = timeout;
  }
}

/** The error of a job whose every attempt was lost with its Worker, or whose compute service was away for too long. */
export class ExhaustedError extends Error {
  /** Always `ExhaustedError`, also of an error that was stored and read again. */
  override readonly name = 'ExhaustedError';

  /** @internal */
  constructor(what: string, why: string, options?: ErrorOptions) {
    super(`${what} was given up: ${why}`, options);
  }
}

/** The error of a handler that a restart ended: its code diverged from its journal, or it awaited something other than `run`. */
export class InterruptedError extends Error {
  /** Always `InterruptedError`, also of an error that was stored and read again. */
  override readonly name = 'InterruptedError';
}

/** The error of a call whose compute Worker is not running, ended, or does not use `compute(tasks)`. */
export class ServiceError extends Error {
  /** Always `ServiceError`, also of an error that was stored and read again. */
  override readonly name = 'ServiceError';
  /** The name of the service binding. */
  readonly service: string;
  /** True when another attempt may succeed. */
  readonly retryable: boolean;
  /** True when no attempt started, because the service was not reachable. */
  absent = false;
  /** True when the service lacks the task because it is of another build than the application. */
  otherBuild = false;

  /** @internal */
  constructor(service: string, message: string, retryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.service = service;
    this.retryable = retryable;
  }
}

/** Timeout errors, by the limit that was exceeded. */
export const outOfTime = {
  answer(what: string, ms: number): TimeoutError {
    return new TimeoutError(what, ms, 'Nobody answered within that time.', 'waited for');
  },
  attempt(what: string, ms: number): TimeoutError {
    const advice = `Give it more with run.with({ timeout: '${twice(ms)}' }), or repeat it with run.with({ retries: 1 }).`;
    return new TimeoutError(what, ms, advice);
  },
  silence(what: string, ms: number): TimeoutError {
    const advice =
      'Each yield of a generator counts as a heartbeat; a plain function has none before it ends. ' +
      `Yield more often, or give it more with run.with({ heartbeat: '${twice(ms)}' }).`;
    return new TimeoutError(what, ms, advice, 'sent no heartbeat for');
  },
  total(what: string, ms: number): TimeoutError {
    return new TimeoutError(what, ms, 'The option totalTimeout limits all its attempts and pauses together.');
  },
  wait(what: string, ms: number): TimeoutError {
    return new TimeoutError(
      what,
      ms,
      'The option startTimeout limits the wait for the first attempt, which never began.',
    );
  },
} as const;

function twice(ms: number): Duration {
  return `${Math.ceil((ms * 2) / 1_000)}s`;
}

/**
 * Returns the error of a value that exceeds one RPC message.
 *
 * @param what subject and verb of the sentence, such as `The result is`.
 * @param size its size in bytes.
 * @param most the limit in bytes. @default 32 MiB
 */
export function tooLarge(what: string, size: number, most: number = taskLimits.message): RangeError {
  const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  return new RangeError(
    `${what} ${mebibytes(size)} MiB, and a call between Workers carries at most ${mebibytes(most)} MiB. ` +
      'Put the data into R2 and pass its key, or split the work into several calls.',
  );
}
