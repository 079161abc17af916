import { type Clock, type Duration, milliseconds } from '../clock/index.ts';
import { TimeoutError, timeoutAdvice } from './errors.ts';
import type { JobControl } from './job.ts';
import { journal } from './journal.ts';
import { taskLimits } from './limits.ts';
import type { Places } from './places.ts';
import { Stop } from './stop.ts';

/** How a call is carried out; see `run.with`. */
export interface RunOptions {
  /** How long one attempt may take, not counting the wait for a place; 15 minutes unless given. */
  readonly timeout?: Duration;
  /**
   * How many times to try again after an error or a timeout, with pauses that grow and are random; 0 unless given. Not tried again:
   * what was cancelled, what cannot succeed (a wrong argument, an unknown task), and an error whose `retryable` is false.
   */
  readonly retries?: number;
  /** Cancels the call when it aborts. */
  readonly signal?: AbortSignal;
  /** How long a `cpuBound` call may take with all its attempts and pauses; no limit unless given. */
  readonly total?: Duration;
  /** How long a `cpuBound` call may wait for its first attempt; no limit unless given. */
  readonly wait?: Duration;
  /**
   * The lane of a `cpuBound` call. `service` calls the compute Worker from the session; `queue` sends a message first, for what takes
   * minutes or must not depend on the session being awake. Default `service`.
   */
  readonly via?: 'service' | 'queue';
  /**
   * Cancels a `cpuBound` call when nobody watches its page any more: after 5 seconds with `true` (a reload is no leaving), or after
   * a time. Default false: work goes on, and its result is there on return.
   */
  readonly cancelOnLeave?: boolean | Duration;
  /**
   * False leaves a `cpuBound` call out of the rows that outlive the session's object: it then costs a bare call instead of two commits,
   * and a handler that is cut off in it is not continued. For what is quicker to ask again than to keep. Default true.
   */
  readonly durable?: boolean;
  /** An idempotency key: while a `cpuBound` call of the same task with the same key has not ended, another one joins it. Default none. */
  readonly key?: string;
}

/** The options, with the signal of the handler that runs when they have none of their own. */
export function withHandlersSignal(options: RunOptions): RunOptions {
  const signal = options.signal ?? journal.get()?.signal;
  return signal ? { ...options, signal } : options;
}

/** Errors that another attempt would only repeat. */
const permanent = new WeakSet<object>();

/** True for an error that was marked. */
export function isPermanent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && permanent.has(error);
}

/** Marks an error so that it is not tried again. */
export function permanently<E extends object>(error: E): E {
  permanent.add(error);
  return error;
}

/**
 * Carries a job from its start to its end: waits for a place, then tries until it succeeds or may not be tried again.
 * Never rejects. When a place is free, the first attempt starts before this returns.
 *
 * @param attempt does the work once. When its `stop` says so it is no longer awaited, and what it then answers is ignored.
 */
export async function carryOut<R, C>(
  control: JobControl<R, C>,
  places: Places,
  options: RunOptions,
  attempt: (stop: Stop, number: number) => Promise<R>,
): Promise<void> {
  const { host, stop } = control;
  const own = options.signal;
  const cancel = () => control.cancel(reasonOf(own?.reason), { cause: own?.reason });
  let placed = false;
  try {
    const timeout = milliseconds(options.timeout ?? taskLimits.timeout);
    const retries = checkRetries(options.retries ?? 0);
    if (own?.aborted) cancel();
    own?.addEventListener('abort', cancel, { once: true });
    if (stop.reason) return;
    if (!places.tryTake()) await places.take(stop);
    placed = true;
    for (let number = 1; ; number++) {
      control.begin();
      try {
        control.succeed(await within(control, timeout, (stopAttempt) => attempt(stopAttempt, number)));
        return;
      } catch (error) {
        if (number > retries || stop.reason || !mayRetry(error)) throw error;
      }
      await pause(host.clock, backoff(host.clock, number), stop);
    }
  } catch (error) {
    control.fail(error);
  } finally {
    own?.removeEventListener('abort', cancel);
    if (placed) places.giveBack();
  }
}

/** One attempt, stopped when time is up or the job is cancelled; whatever comes first decides. */
function within<R, C>(control: JobControl<R, C>, timeout: number, attempt: (stop: Stop) => Promise<R>): Promise<R> {
  const { host, what, stop: whole } = control;
  const stop = new Stop();
  return new Promise<R>((resolve, reject) => {
    const end = (error: Error) => {
      reject(error);
      stop.stop(error);
    };
    const cancel = () => end(whole.reason as Error);
    const late = () => end(new TimeoutError(what, timeout, timeoutAdvice(timeout)));
    const timer = timeout === Number.POSITIVE_INFINITY ? undefined : host.clock.after(timeout, late);
    whole.on(cancel);
    const finish = () => {
      if (timer !== undefined) host.clock.clear(timer);
      whole.off(cancel);
    };
    stop.on(finish);
    attempt(stop).then(
      (value) => {
        finish();
        resolve(value);
      },
      (error) => {
        finish();
        reject(error);
      },
    );
  });
}

/** Full jitter: any length up to a bound that doubles. Equal pauses would bring everybody back at the same moment. */
function backoff(clock: Clock, attempt: number): number {
  return clock.random() * Math.min(taskLimits.backoffMost, taskLimits.backoffFirst * 2 ** (attempt - 1));
}

async function pause(clock: Clock, ms: number, stop: Stop): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = clock.after(ms, resolve);
  const cancel = () => reject(stop.reason);
  stop.on(cancel);
  try {
    await promise;
  } finally {
    clock.clear(timer);
    stop.off(cancel);
  }
}

function mayRetry(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true;
  return !isPermanent(error) && (error as { retryable?: unknown }).retryable !== false;
}

function checkRetries(retries: number): number {
  if (Number.isInteger(retries) && retries >= 0) return retries;
  throw new TypeError(`retries is a whole number from 0, not ${String(retries)}.`);
}

function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error ? reason.message : undefined;
}
