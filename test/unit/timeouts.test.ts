import { expect, test } from 'vitest';
import { Timeouts } from '../../src/tasks/timeouts.ts';
import { VirtualClock } from '../../src/testing/index.ts';

test('a timeout fires at its time, however long it is, whatever else ends meanwhile, and when the clock is set', async () => {
  for (const skew of [0, 3_600_000, -3_600_000]) {
    const clock = new VirtualClock();
    const timeouts = new Timeouts(clock);
    const fired: [ms: number, at: number][] = [];
    const begin = clock.time;
    for (const ms of [20, 9_999, 10_000, 900_000]) timeouts.set(ms, true, () => fired.push([ms, clock.time - begin]));
    for (const ms of [500, 10_000]) timeouts.clear(timeouts.set(ms, true, () => fired.push([ms, -1])));
    await clock.advance(100);
    const later = timeouts.set(60_000, true, () => fired.push([60_000, -1]));
    if (skew !== 0) clock.skew(skew);
    await clock.advance(2_000);
    timeouts.clear(later);
    await clock.advance(1_000_000);
    expect(fired.map(([ms]) => ms)).toEqual([20, 9_999, 10_000, 900_000]);
    // A clock that was set in the first moments of a timeout says nothing about these.
    for (const [ms, at] of fired) expect(Math.abs(at - ms)).toBeLessThanOrEqual(skew === 0 ? 0 : 250);
    expect(clock.pending).toBe(0);
  }
});

test('attempts that end soon share one timer, which is gone a quarter of a second later', async () => {
  const clock = new VirtualClock();
  const timeouts = new Timeouts(clock);
  for (let attempt = 0; attempt < 100; attempt++) {
    timeouts.clear(timeouts.set(900_000, true, () => expect.fail('It had ended.')));
    expect(clock.pending).toBe(1);
  }
  await clock.advance(250);
  expect(clock.pending).toBe(0);
});
