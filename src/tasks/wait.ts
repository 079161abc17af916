import { anyMilliseconds, type Duration } from '../clock/index.ts';
import { CancelledError, outOfTime, type SettledResult, toError, toRejected } from '../rpc/index.ts';
import { taskHost } from './host.ts';
import { journal, type Step, unjournaled, unlessInterrupted, type WaitType } from './journal.ts';
import { checkOptions } from './options.ts';

/** How long a handler waits for somebody. */
export interface WaitOptions {
  /** Limits the wait, which then throws a {@link TimeoutError}. A number is in milliseconds. @default no limit */
  readonly timeout?: Duration;
}

/**
 * Checks the options of a wait: a timeout that is misspelt would wait for ever.
 *
 * @param more the names of further options.
 * @throws {TypeError} when an option is unknown or has a wrong value.
 */
export function checkWait(what: string, options: WaitOptions, more: readonly string[] = []): void {
  checkOptions(what, options, { timeout: wrongTimeout, ...Object.fromEntries(more.map((name) => [name, anything])) });
}

function anything(): undefined {}

function wrongTimeout(value: unknown): string | undefined {
  try {
    anyMilliseconds(value as Duration);
    return undefined;
  } catch {
    return "a length of time above 0, such as 500, '30s', '1h' or '7d'";
  }
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
  /** Shows the question again. Called when the handler waits again after a restart: a deploy may have given it another place. */
  resumed?(): void;
}

export interface WaitFor {
  readonly type: WaitType;
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
export function waitFor<T>({ type, name = '', what, timeout, expired, open }: WaitFor): Promise<T> {
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
  const source: Source = open?.() ?? { channel: '' };
  const { resumed } = source;
  const step = running.step(type, name);
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
      // Also for a handler whose writes go to its overlay only.
      resumed: resumed && (() => unjournaled(resumed)),
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
    const answer = known ?? (await unlessInterrupted(step, expect()));
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
