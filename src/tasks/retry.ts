import { type Clock, jitteredBackoff } from '../clock/index.ts';
import {
  abortReason,
  CancelledError,
  isPermanent,
  offStop,
  onStop,
  outOfTime,
  StopSignal,
  taskLimits,
} from '../rpc/index.ts';
import { ioCall, isCutOff, poolsOf } from './host.ts';
import type { JobControl } from './job.ts';
import { HandlerSuperseded, journal, type Step } from './journal.ts';
import { type RunOptions, type StoppableOptions, termsOf } from './options.ts';
import type { Semaphore } from './semaphore.ts';

/** Returns the options. Without a signal of their own they get that of the running call or handler. */
export function withHandlersSignal(options: RunOptions): StoppableOptions {
  const signal = options.signal ?? ioCall.get()?.stop ?? journal.get()?.stop;
  return signal ? { ...options, signal } : options;
}

/**
 * Runs a job to its end: waits for a place, then makes attempts until one succeeds or no retry is left. It never rejects.
 * When a place is free, the first attempt starts before it returns.
 *
 * @param step the call in the handler's journal. No attempt begins before the results that the call waits for are stored.
 * @param attempt does the work once. After its `stop` fires, its result is ignored.
 * @param completes returns whether the call is made to its end although another run has taken its handler's place, because it
 * may be a cleanup. The handler gets its CancelledError at once. Default: never.
 */
export async function runWithRetries<R, C>(
  control: JobControl<R, C>,
  places: Semaphore,
  options: StoppableOptions,
  step: Step | undefined,
  attempt: (stop: StopSignal, number: number) => Promise<R>,
  completes: () => boolean = () => false,
): Promise<void> {
  const { host, stop, what } = control;
  const { clock } = host;
  const { retries, timeout, totalTimeout, startTimeout } = termsOf(options);
  if (timeout === Number.POSITIVE_INFINITY) host.keepAlive(control.over);
  const own = options.signal;
  const cancel = () => control.cancel(abortReason(own?.reason), { cause: own?.reason });
  let completed: (() => void) | undefined;
  const aborted = () => {
    if (!(own?.reason instanceof HandlerSuperseded) || !completes()) {
      cancel();
      return;
    }
    completed = step?.completes();
    control.fail(new CancelledError(what, abortReason(own.reason), { cause: own.reason }));
  };
  const limit = (ms: number, end: keyof typeof outOfTime) =>
    ms === Number.POSITIVE_INFINITY ? undefined : clock.after(ms, () => control.giveUp(outOfTime[end](what, ms)));
  const whole = limit(totalTimeout, 'total');
  const start = limit(startTimeout, 'wait');
  let placed = false;
  try {
    if (own?.aborted) cancel();
    else if (own) onStop(own, aborted);
    if (stop.reason) return;
    const free = places.tryAcquire();
    if (!free) await places.acquire(stop, (position) => control.place(position));
    placed = true;
    if (start !== undefined) clock.clear(start);
    const stored = step?.stored();
    if (stored) await stored;
    if (stop.reason) return;
    if ((!free || stored) && isCutOff(host)) {
      control.abandon();
      return;
    }
    for (let number = 1; ; number++) {
      control.begin();
      try {
        control.succeed(
          await withTimeout(control, timeout, step !== undefined, (stopAttempt) => attempt(stopAttempt, number)),
        );
        return;
      } catch (error) {
        if (number > retries || stop.reason || !mayRetry(error)) throw error;
      }
      control.pause(number);
      await pause(clock, jitteredBackoff(clock, number, taskLimits.backoff), stop);
    }
  } catch (error) {
    control.fail(error);
  } finally {
    completed?.();
    if (whole !== undefined) clock.clear(whole);
    if (start !== undefined) clock.clear(start);
    if (own) offStop(own, aborted);
    if (placed) places.release();
  }
}

/** Runs one attempt, and stops it at its timeout or when the job is cancelled. */
function withTimeout<R, C>(
  control: JobControl<R, C>,
  timeout: number,
  shares: boolean,
  attempt: (stop: StopSignal) => Promise<R>,
): Promise<R> {
  const { host, what, stop: whole } = control;
  const stop = new StopSignal();
  return new Promise<R>((resolve, reject) => {
    const { timeouts } = poolsOf(host);
    const finish = () => {
      if (timer !== undefined) timeouts.clear(timer);
      whole.off(cancel);
    };
    const end = (error: Error) => {
      finish();
      reject(error);
      stop.stop(error);
    };
    const cancel = () => end(whole.reason as Error);
    const late = () => end(outOfTime.attempt(what, timeout));
    const timer = timeout === Number.POSITIVE_INFINITY ? undefined : timeouts.set(timeout, shares, late);
    whole.on(cancel);
    const ends =
      <T>(settle: (end: T) => void) =>
      (end: T) => {
        finish();
        settle(end);
      };
    attempt(stop).then(ends(resolve), ends(reject));
  });
}

async function pause(clock: Clock, ms: number, stop: StopSignal): Promise<void> {
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
  try {
    return !isPermanent(error) && (error as { retryable?: unknown }).retryable !== false;
  } catch {
    return true; // a getter or a Proxy that throws rules out no retry
  }
}
