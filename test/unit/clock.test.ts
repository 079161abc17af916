import { expect, test } from 'vitest';
import {
  BackoffPauses,
  backoff,
  type Duration,
  inWords,
  jitteredBackoff,
  milliseconds,
  systemClock,
} from '../../src/clock/index.ts';
import { settled, VirtualClock } from '../../src/testing/index.ts';

test.each<[Duration, number]>([
  [500, 500],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5h', 5_400_000],
  ['5m', 300_000],
  ['7d', 604_800_000],
  ['3 days', 259_200_000],
  ['1 week', 604_800_000],
  ['2 minutes', 120_000],
])('the duration %s is %d milliseconds', (duration, ms) => {
  expect(milliseconds(duration)).toBe(ms);
});

test.each(['', '30', '0s', '-5s', '5 turns', '1h 30m', 'soon', 0, -1, Number.NaN, null, undefined, {}])(
  '%j is refused as a duration, by an error that says what one is',
  (given) => {
    expect(() => milliseconds(given as Duration)).toThrow(TypeError);
    expect(() => milliseconds(given as Duration)).toThrow("is not a length of time. Say 500, '500ms', '30s'");
  },
);

test('a duration that no timer can run is refused', () => {
  expect(() => milliseconds('25d')).toThrow(RangeError);
  expect(milliseconds('24d')).toBe(2_073_600_000);
});

test('a duration is said in the words of a person', () => {
  expect([inWords(50), inWords(30_000), inWords(300_000)]).toEqual(['50 ms', '30 s', '5 minutes']);
});

test('a backoff doubles with each failure, up to its bound', () => {
  const limits = { first: 100, most: 1_000 };
  expect([1, 2, 3, 4, 5, 50].map((failures) => backoff(failures, limits))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoff(Number.POSITIVE_INFINITY, limits)).toBe(1_000);
});

test('a jittered backoff is anything up to the backoff', () => {
  const at = (chance: number) => jitteredBackoff({ random: () => chance }, 3, { first: 100, most: 1_000 });
  expect([at(0), at(0.5), at(0.999)]).toEqual([0, 200, 399.6]);
});

test('pauses end one by one, or all at once without a word', async () => {
  const clock = new VirtualClock();
  const pauses = new BackoffPauses(clock, { first: 100, most: 1_000 });
  let over = 0;
  void pauses.pause(1).then(() => over++);
  await clock.advance(100);
  expect([over, pauses.pending, clock.pending]).toEqual([1, 0, 0]);
  void pauses.pause(5).then(() => over++);
  expect(pauses.pending).toBe(1);
  pauses.abandon();
  await settled();
  expect([over, pauses.pending, clock.pending]).toEqual([1, 0, 0]);
});

test('an id is 32 hexadecimal digits, and never the same twice', () => {
  const ids = Array.from({ length: 1_000 }, systemClock.newId);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(1_000);
});
