import { anyMilliseconds, type Duration } from '../clock/index.ts';
import { CancelledError, outOfTime, type SettledResult, toError, toRejected } from '../rpc/index.ts';
import { taskHost } from './host.ts';
import { journal, type Step, unjournaled, type WaitSort } from './journal.ts';

/** How long a handler waits for somebody. */
export interface WaitOptions {
  /** How long it waits; then the wait throws a {@link TimeoutError}. @default no limit */
  readonly timeout?: Duration;
}

/** The source of an answer. */
export interface Source {
  /** The channel of the answer, unique in the page; '' when only time can end the wait. */
  readonly channel: string;
  /** False when nobody can answer any more. @default true */
  readonly there?: boolean;
  /** The end of the wait when nobody can answer any more. @default a {@link CancelledError} */
  readonly gone?: SettledResult;
  /**
   * Removes the question, such as a dialog. Called once, when the wait is over.
   *
   * @param replayed true when the wait was over before a restart.
   */
  close?(replayed: boolean): void;
}

export interface WaitFor {
  readonly sort: WaitSort;
  /** Distinguishes the wait from others of its kind. @default '' */
  readonly name?: string;
  /** The subject of error messages, such as `ui.confirm`. */
  readonly what: string;
  readonly timeout?: Duration | undefined;
  /** The end of the wait after its time. @default a {@link TimeoutError} */
  readonly expired?: SettledResult;
  /** Shows the question, such as a dialog. A replay calls it again and finds the existing one. */
  open?(): Source;
}

/**
 * Makes the running handler wait for an answer or for a time. The wait is a step in the handler's journal and needs no
 * memory, so it outlives restarts and deploys. An answer is stored in the commit of the event that brings it.
 *
 * @throws {Error} outside of a handler.
 * @throws {CancelledError} (rejects) when another run takes the handler's place, or nobody can answer any more.
 * @throws {TimeoutError} (rejects) when its time is over.
 */
export function waitFor<T>({ sort, name = '', what, timeout, expired, open }: WaitFor): Promise<T> {
  const host = taskHost.require(what);
  const running = journal.get();
  if (!running) {
    throw new Error(
      `${what} was called outside of a handler. It needs a handler, whose journal stores the wait: a page function runs again after each ` +
        'restart, and functions of run.ioBound and background tasks may end with the object. Call it in a handler.',
    );
  }
  const ms = timeout === undefined ? Number.POSITIVE_INFINITY : anyMilliseconds(timeout);
  if (running.interrupted) return new Promise(() => {});
  const source = open?.() ?? { channel: '' };
  const step = running.step(sort, name);
  if (!step)
    throw new Error(`${what} was called in a computed signal or an effect, which cannot wait. Call it in a handler.`);
  const cancelled = (reason: string) => toRejected(new CancelledError(what, reason));
  const result = settled(step, source, () =>
    step.expect({
      channel: source.channel,
      until: host.clock.now() + ms,
      there: source.there !== false,
      gone: source.gone ?? cancelled('the element or page that could answer was removed'),
      superseded: cancelled('another run replaced the handler'),
      expired: expired ?? toRejected(outOfTime.answer(what, ms)),
    }),
  );
  // Because nobody awaits the loser of a `Promise.race`, its rejection must count as handled.
  result.catch(() => {});
  return result as Promise<T>;
}

async function settled(step: Step, { close }: Source, expect: () => Promise<SettledResult>): Promise<unknown> {
  const over = step.waits();
  const known = step.before?.consumed ? step.before.outcome : undefined;
  try {
    const answer = known ?? (await unlessInterrupted(expect(), step.interrupted));
    await step.ready('result');
    const received = step.consumed(answer);
    if (!received.ok) throw toError(received);
    return received.value;
  } finally {
    over();
    // Also for a handler whose writes go to its overlay only.
    if (close) unjournaled(() => close(known !== undefined));
  }
}

function unlessInterrupted<T>(promise: Promise<T>, interrupted: Promise<never> | undefined): Promise<T> {
  return interrupted ? Promise.race([promise, interrupted]) : promise;
}
