import { parse } from '@lukeed/ms';

/** A duration: milliseconds, or a number with its unit. Examples: `500`, `'30s'`, `'1.5h'`, `'7d'`, `'3 days'`. */
export type Duration =
  | number
  | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`
  | `${number} ${'second' | 'minute' | 'hour' | 'day' | 'week'}${'' | 's'}`;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The longest time of a timer in milliseconds. A longer timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Returns the milliseconds of a duration that a timer can run. `Infinity` means no limit.
 *
 * @throws {TypeError} for an invalid duration.
 * @throws {RangeError} above 24 days.
 */
export function milliseconds(duration: Duration): number {
  const ms = anyMilliseconds(duration);
  if (ms > longestTimer && ms !== Number.POSITIVE_INFINITY) {
    throw new RangeError(`${duration} is longer than the longest timer (24 days). Use Infinity for no limit.`);
  }
  return ms;
}

/**
 * Returns the milliseconds of a duration of any length, for uses without a timer. `Infinity` means
 * no limit.
 *
 * @throws {TypeError} for an invalid duration.
 */
export function anyMilliseconds(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : ofText(duration);
  if (!(ms !== undefined && ms > 0)) {
    throw new TypeError(
      `${JSON.stringify(duration)} is not a length of time. Say 500, '500ms', '30s', '5m', '1h', '7d' or '3 days'.`,
    );
  }
  return ms;
}

/** Refuses a text without a unit, because a reader may take '30' for seconds. */
function ofText(text: unknown): number | undefined {
  return typeof text === 'string' && /[a-z]$/i.test(text) ? parse(text) : undefined;
}

/** Returns a duration in words. */
export function inWords(ms: number): string {
  if (ms < second) return `${ms} ms`;
  if (ms < 2 * minute) return `${ms / second} s`;
  if (ms < 2 * hour) return `${rounded(ms / minute)} minutes`;
  return ms < 2 * day ? `${rounded(ms / hour)} hours` : `${rounded(ms / day)} days`;
}

function rounded(count: number): number {
  return Math.round(count * 10) / 10;
}
