/** Milliseconds, or a number with its unit. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m` | `${number}h`;

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** The longest time of a timer. A longer one would fire at once. */
const longest = 2 ** 31 - 1;

/** Returns the milliseconds of a duration. @throws {TypeError} for anything else. `Infinity` means for ever. */
export function milliseconds(duration: Duration): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(String(duration)) ?? [];
  const ms = typeof duration === 'number' ? duration : Number(digits) * units[unit as keyof typeof units];
  if (!(ms > 0))
    throw new TypeError(`${JSON.stringify(duration)} is not a length of time. Say 500, '500ms', '30s', '5m' or '1h'.`);
  if (ms > longest && ms !== Number.POSITIVE_INFINITY) {
    throw new RangeError(`${duration} is longer than a timer can run (24 days). Say Infinity for no limit.`);
  }
  return ms;
}

/** Returns a duration as a person says it. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${ms / 1_000} s`;
  return `${Math.round(ms / 6_000) / 10} minutes`;
}
