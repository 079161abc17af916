import { type Duration, inWords, milliseconds } from '../clock/index.ts';
import { closestName, type Stopper, taskLimits } from '../rpc/index.ts';

/** How a call is carried out; see `run.with`. */
export interface RunOptions {
  /**
   * Limits one attempt, without the wait for a place. With `via: 'queue'` at most 15 minutes, because the platform then ends its
   * consumer.
   *
   * @default '15m'
   */
  readonly timeout?: Duration;
  /**
   * Limits the time between two yields of a `cpuBound` call, from 5 seconds. It detects a stuck task, or a machine that no longer
   * answers, long before `timeout`. A missed heartbeat counts like a timeout, so `retries` applies. Each yield counts, also a bare
   * one. A plain function sends no heartbeat, so it must end in that time.
   *
   * @default Infinity
   */
  readonly heartbeat?: Duration;
  /**
   * Number of further attempts after an error, a timeout or a missed heartbeat, with random pauses that grow. Not repeated are a
   * cancelled call, a wrong argument, an unknown task, and an error whose `retryable` is false.
   *
   * @default 0
   */
  readonly retries?: number;
  /**
   * Cancels the call when it aborts. A call with a signal of its own is not cancelled together with the handler or the call
   * around it.
   *
   * @default the signal of the handler or of the `run.ioBound` call around it
   */
  readonly signal?: AbortSignal;
  /** Limits the call with all its attempts and pauses. A number is in milliseconds. @default Infinity */
  readonly totalTimeout?: Duration;
  /** Limits the wait for the first attempt. A number is in milliseconds. @default Infinity */
  readonly startTimeout?: Duration;
  /**
   * The lane of a `cpuBound` call. `service` calls the compute Worker from the session. `queue` sends a message first, for work that
   * takes minutes or must not retain the session in memory.
   *
   * @default 'service'
   */
  readonly via?: 'service' | 'queue';
  /**
   * Cancels a `cpuBound` call when nobody views its page any more. `true` waits 5 seconds, so a reload does not cancel it; a
   * duration waits that long. With `false` the call runs on, and a returning visitor finds its result.
   *
   * @default false
   */
  readonly cancelOnLeave?: boolean | Duration;
  /**
   * False runs a `cpuBound` call without a row, so it waits for no commit. A handler that is cut off makes its calls of the last
   * moments again after a restart, and continues with their new results. Every other call of the handler waits until these are
   * stored. Use it for work that is quicker to repeat than to store. It excludes `key`, `cancelOnLeave` and `via: 'queue'`.
   *
   * @default true; false in a page function for a call without a name and a key, because the function runs again after each restart
   */
  readonly durable?: boolean;
  /** An idempotency key: while a `cpuBound` call of the same task and key is open, another one joins it. @default none */
  readonly key?: string;
}

/** Options of a call. Its signal is the author's, or else that of the running call or handler. */
export interface StoppableOptions extends Omit<RunOptions, 'signal'> {
  readonly signal?: Stopper;
}

/** Returns the expected value as the end of a sentence; undefined for a valid value. */
type Check = (value: unknown) => string | undefined;

export type Checks = Readonly<Record<string, Check>>;

/** Returns a check for one of these words. */
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

/** Checks for a text that is not empty, because an empty key would count as none, and the call would join no other. */
export function textCheck(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty';
}

/** The check of each option of a call. */
export const runChecks = {
  timeout: duration,
  heartbeat: (value) =>
    duration(value) ??
    (milliseconds(value as Duration) < taskLimits.heartbeat
      ? `at least ${taskLimits.heartbeat / 1_000} seconds, because a task sends one heartbeat a second`
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
 * Checks the names and values of options where the author writes them, before a job uses them.
 *
 * @param where begins the sentence: `run.with`.
 * @throws {TypeError} when an option is unknown or has a wrong value.
 */
export function checkOptions(where: string, options: unknown, checks: Checks = runChecks): void {
  if (typeof options !== 'object' || options === null) {
    const example = 'retries' in checks ? 'retries: 2' : "timeout: '7d'";
    throw new TypeError(
      `The options of ${where} must be an object, such as { ${example} }, but are ${shown(options)}.`,
    );
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
    if (expected)
      throw new TypeError(`The option ${name} of ${where} must be ${expected}; it was given ${shown(value)}.`);
  }
}

/** The checked options of a call. Times are in milliseconds, Infinity for no limit. */
export interface Terms {
  readonly retries: number;
  readonly timeout: number;
  readonly heartbeat: number;
  readonly totalTimeout: number;
  readonly startTimeout: number;
  readonly lane: 'service' | 'queue';
}

/**
 * Converts checked options to terms.
 *
 * @throws {RangeError} when `timeout` exceeds the 15 minutes of a queue consumer.
 */
export function termsOf({
  retries = 0,
  timeout,
  heartbeat,
  totalTimeout,
  startTimeout,
  via: lane = 'service',
}: StoppableOptions): Terms {
  const limit = (given: Duration | undefined) => (given === undefined ? Number.POSITIVE_INFINITY : milliseconds(given));
  if (lane === 'queue' && limit(timeout ?? taskLimits.timeout) > taskLimits.consumer) {
    throw new RangeError(
      `With via: 'queue' an attempt may take at most ${inWords(taskLimits.consumer)}, because the platform then ends its consumer; ` +
        `it was given timeout: ${shown(timeout)}. Use a shorter timeout and yield checkpoints, from which the next attempt continues (retries), ` +
        "or remove via: 'queue'.",
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

/** Returns a value for messages. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
