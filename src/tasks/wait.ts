import { anyMilliseconds, type Duration } from '../clock/index.ts';
import { CancelledError, outOfTime, type SettledResult, toError, toRejected } from '../rpc/index.ts';
import { taskHost } from './host.ts';
import { journal, type Step, unjournaled, type WaitSort } from './journal.ts';

/** How long a handler waits for somebody. */
export interface WaitOptions {
  /** How long it waits; then the wait throws a {@link TimeoutError}. @default no limit */
  readonly timeout?: Duration;
}

/** Where an answer comes from. */
export interface Source {
  /** Names it among all that handlers of the page wait for; '' when only time can end the wait. */
  readonly channel: string;
  /** False when nobody can answer there any more. Default true. */
  readonly there?: boolean;
  /** What the wait ends with when nobody can answer any more. Default a {@link CancelledError}. */
  readonly gone?: SettledResult;
  /**
   * Puts away what was there for the answer. Called once, when the wait is over.
   *
   * @param replayed true when it was over before a restart.
   */
  close?(replayed: boolean): void;
}

export interface WaitFor {
  readonly sort: WaitSort;
  /** Tells the wait from others of its sort. Default ''. */
  readonly name?: string;
  /** Begins sentences, as in `ui.confirm`. */
  readonly what: string;
  readonly timeout?: Duration | undefined;
  /** What the wait ends with when its time is over. Default a {@link TimeoutError}. */
  readonly expired?: SettledResult;
  /** Puts there what is answered, such as a dialog. A replay calls it again, and finds what is there. */
  open?(): Source;
}

/**
 * Has the running handler wait for somebody's answer, or for a time. The wait is a step in the handler's journal and holds nothing in
 * memory, so it outlives restarts and deploys; an answer is kept from the moment it is given.
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
      `${what} waits in a handler, whose journal keeps the wait, and this code belongs to none. A page function runs again after each ` +
        'restart; what run.ioBound is given and background tasks may end with the object. Call it in a handler.',
    );
  }
  const ms = timeout === undefined ? Number.POSITIVE_INFINITY : anyMilliseconds(timeout);
  if (running.interrupted) return new Promise(() => {});
  const source = open?.() ?? { channel: '' };
  const step = running.step(sort, name);
  if (!step) throw new Error(`${what} was called by what follows signals, which cannot wait. Call it in a handler.`);
  const cancelled = (reason: string) => toRejected(new CancelledError(what, reason));
  const result = settled(step, source, () =>
    step.expect({
      channel: source.channel,
      until: host.clock.now() + ms,
      there: source.there !== false,
      gone: source.gone ?? cancelled('what it waited for is gone'),
      superseded: cancelled('The handler was started again.'),
      expired: expired ?? toRejected(outOfTime.answer(what, ms)),
    }),
  );
  // Whoever loses a race is awaited by nobody.
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
    // Also when what the handler writes is for itself alone.
    if (close) unjournaled(() => close(known !== undefined));
  }
}

function unlessInterrupted<T>(promise: Promise<T>, interrupted: Promise<never> | undefined): Promise<T> {
  return interrupted ? Promise.race([promise, interrupted]) : promise;
}
