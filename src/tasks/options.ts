import { type Duration, inWords, milliseconds } from '../clock/index.ts';
import { closestName, taskLimits } from '../rpc/index.ts';

/** How a call is carried out; see `run.with`. */
export interface RunOptions {
  /**
   * How long one attempt may take, not counting the wait for a place. With `via: 'queue'` at most 15 minutes, because the platform ends
   * what takes a message from a queue after that time.
   *
   * @default '15m'
   */
  readonly timeout?: Duration;
  /**
   * How long an attempt of a `cpuBound` call may go without a yield, at least 5 seconds. A task that is stuck, or whose
   * machine no longer answers, is then found long before `timeout`, and counts like an attempt that took too long: `retries`
   * decide. Each yield counts, also one that repeats its progress or says nothing. A plain function is heard of only when it
   * ends, so it must end in that time.
   *
   * @default no limit
   */
  readonly heartbeat?: Duration;
  /**
   * How many times to try again after an error, a timeout or a silence, with pauses that grow and are random. Not tried again:
   * what was cancelled, what cannot succeed (a wrong argument, an unknown task), and an error whose `retryable` is false.
   *
   * @default 0
   */
  readonly retries?: number;
  /** Cancels the call when it aborts. @default none */
  readonly signal?: AbortSignal;
  /** How long a call may take with all its attempts and pauses. @default no limit */
  readonly totalTimeout?: Duration;
  /** How long a call may wait for its first attempt. @default no limit */
  readonly startTimeout?: Duration;
  /**
   * The lane of a `cpuBound` call. `service` calls the compute Worker from the session; `queue` sends a message first, for what takes
   * minutes or must not depend on the session being awake.
   *
   * @default 'service'
   */
  readonly via?: 'service' | 'queue';
  /**
   * Cancels a `cpuBound` call when nobody watches its page any more: after 5 seconds with `true` (a reload is no leaving), or after
   * a time. With false, work goes on, and its result is there on return.
   *
   * @default false
   */
  readonly cancelOnLeave?: boolean | Duration;
  /**
   * False leaves a `cpuBound` call out of the rows that outlive the session's object: nothing waits for a commit, and a handler that is
   * cut off in it makes the call again. For what is quicker to ask again than to keep. It then has no `key`, no `cancelOnLeave`, and is
   * not sent through a queue. A page function's calls have no rows by default, because it runs again after each restart and finds nothing
   * again that has no name and no key.
   *
   * @default true; false in a page function
   */
  readonly durable?: boolean;
  /**
   * An idempotency key: while a `cpuBound` call of the same task with the same key has not ended, another one joins it.
   *
   * @default none
   */
  readonly key?: string;
}

/** What a value has to be, as the end of a sentence, when it is not that; undefined when it is. */
type Check = (value: unknown) => string | undefined;

export type Checks = Readonly<Record<string, Check>>;

/** One of these words. */
export function oneOf(...words: readonly string[]): Check {
  const quoted = words.map((word) => `'${word}'`);
  const expected = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return (value) => (words.includes(value as string) ? undefined : expected);
}

function duration(value: unknown): string | undefined {
  try {
    milliseconds(value as Duration);
    return undefined;
  } catch {
    return "a length of time above 0 and up to 24 days, such as 500, '500ms', '30s', '5m' or '1h', or Infinity for no limit";
  }
}

function yesOrNo(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'true or false';
}

/** A text that is not empty: an empty key would be none, and a call that was to join another would run beside it. */
export function textCheck(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty';
}

/** What each option of a call has to be. */
export const runChecks = {
  timeout: duration,
  heartbeat: (value) =>
    duration(value) ??
    (milliseconds(value as Duration) < taskLimits.heartbeat
      ? `at least ${taskLimits.heartbeat / 1_000} seconds, since a task is heard of once a second`
      : undefined),
  totalTimeout: duration,
  startTimeout: duration,
  retries: (value) => (Number.isInteger(value) && (value as number) >= 0 ? undefined : 'a whole number from 0'),
  signal: (value) => (value instanceof AbortSignal ? undefined : 'an AbortSignal'),
  via: oneOf('service', 'queue'),
  cancelOnLeave: (value) => (yesOrNo(value) && duration(value) ? 'true, false or a length of time' : undefined),
  durable: yesOrNo,
  key: textCheck,
} satisfies { readonly [K in keyof RunOptions]-?: Check };

/**
 * Finds a misspelt name and a wrong value where they are written, long before a job would stumble over them.
 *
 * @param where begins the sentence: `run.with`.
 * @throws {TypeError}
 */
export function checkOptions(where: string, options: unknown, checks: Checks = runChecks): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`The options of ${where} are an object, such as { retries: 2 }, and not ${shown(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) {
      const known = Object.keys(checks);
      const guess = closestName(name, known);
      throw new TypeError(
        `${where} has no option "${name}".${guess ? ` Did you mean "${guess}"?` : ''} It has: ${known.join(', ')}.`,
      );
    }
    if (value === undefined) continue;
    const expected = checks[name]?.(value);
    if (expected) throw new TypeError(`The option ${name} of ${where} is ${expected}; it was given ${shown(value)}.`);
  }
}

/** The times of a call in milliseconds, Infinity for no limit. */
export interface Terms {
  readonly retries: number;
  readonly timeout: number;
  readonly heartbeat: number;
  readonly totalTimeout: number;
  readonly startTimeout: number;
  readonly lane: 'service' | 'queue';
}

/**
 * What options mean, which were checked where they were given.
 *
 * @throws {RangeError} for a `timeout` that no consumer of the queue lives for.
 */
export function termsOf({
  retries = 0,
  timeout,
  heartbeat,
  totalTimeout,
  startTimeout,
  via: lane = 'service',
}: RunOptions): Terms {
  const limit = (given: Duration | undefined) => milliseconds(given ?? Number.POSITIVE_INFINITY);
  if (lane === 'queue' && limit(timeout ?? taskLimits.timeout) > taskLimits.consumer) {
    throw new RangeError(
      `With via: 'queue' an attempt may take at most ${inWords(taskLimits.consumer)}, because the platform ends its consumer then; ` +
        `it was given timeout: ${shown(timeout)}. Give it less and yield checkpoints, from which the next attempt goes on (retries), ` +
        "or leave via: 'queue' out.",
    );
  }
  return {
    retries,
    timeout: limit(timeout ?? taskLimits.timeout),
    heartbeat: limit(heartbeat),
    totalTimeout: limit(totalTimeout),
    startTimeout: limit(startTimeout),
    lane,
  };
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
