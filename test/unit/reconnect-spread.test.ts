// A deploy drops the connections of all browsers at one moment: how they come back.

import { describe, expect, test } from 'vitest';
import * as watchTimes from '../../client/connection/watch-times.ts';
import { App } from '../../src/app/index.ts';
import { seeded } from '../../src/testing/index.ts';
import { Bench } from './client-wire.ts';

/** Browsers that lose a good connection at once; gives the pauses that they take. */
function pauses(count: number, spread: number | undefined, prepare: (bench: Bench) => void = () => {}): number[] {
  const chance = seeded(3);
  return Array.from({ length: count }, () => {
    const bench = new Bench(spread === undefined ? {} : { spread }).live();
    bench.clock.random = chance;
    bench.clock.pass(watchTimes.settled);
    prepare(bench);
    bench.socket.cut();
    return bench.clock.waiting[0] as number;
  });
}

/** How many of the pauses end in each tenth of the time. */
function tenths(all: readonly number[], time: number): number[] {
  return Array.from({ length: 10 }, (_, tenth) => all.filter((ms) => Math.floor((ms / time) * 10) === tenth).length);
}

describe('browsers that lose their connections at once', () => {
  test.each([
    ['250 ms without a hint', undefined, watchTimes.retryBase],
    ['the time of the hint', 20_000, 20_000],
    ['250 ms with a hint below that', 10, watchTimes.retryBase],
  ])('come back evenly over %s', (_what, spread, time) => {
    const all = pauses(1_000, spread);
    expect(Math.max(...all)).toBeLessThanOrEqual(time);
    for (const part of tenths(all, time)) {
      expect(part).toBeGreaterThan(60);
      expect(part).toBeLessThan(140);
    }
  });

  test('leave the first seconds to others while their tabs are hidden', () => {
    const all = pauses(1_000, undefined, (bench) => bench.watchdog.visible(false));
    for (const part of tenths(all, watchTimes.retryCap)) expect(part).toBeGreaterThan(60);
  });

  test('come back at once when their tab is shown, or when somebody acts', () => {
    const [shown, acting] = [0, 1].map(() => new Bench({ spread: 60_000 }).live()) as [Bench, Bench];
    for (const bench of [shown, acting]) {
      bench.clock.pass(watchTimes.settled);
      bench.socket.cut();
      expect(bench.sockets).toHaveLength(1);
    }
    shown.watchdog.visible(true);
    acting.link.send(2, 'click');
    for (const bench of [shown, acting]) expect(bench.sockets).toHaveLength(2);
  });

  test('do not come back at each click while the server is away', () => {
    const bench = new Bench({ spread: 1_000 }).live();
    bench.socket.cut();
    bench.link.send(2, 'click');
    bench.socket.cut();
    for (let click = 0; click < 5; click++) bench.link.send(2, 'click');
    expect(bench.sockets).toHaveLength(2);
  });
});

describe('the hint of the application', () => {
  test.each(['6m', Number.POSITIVE_INFINITY] as const)(
    'of %s is refused where the application is made',
    (reconnectSpread) => {
      expect(() => new App({ reconnectSpread })).toThrow('reconnectSpread is at most 5 minutes');
    },
  );

  test('of 5 minutes is taken', () => {
    expect(() => new App({ reconnectSpread: '5m' })).not.toThrow();
  });
});
