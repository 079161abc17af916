import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { Timers, type TimersHost } from '../../src/session/page/timers.ts';
import { parked } from '../../src/storage/index.ts';
import { settled, VirtualClock } from '../../src/testing/index.ts';
import type { TreeNode } from '../../src/tree/index.ts';
import { Kit } from './kit.ts';

function timer(interval: number, options: { once?: boolean; tick?: () => unknown } = {}) {
  const kit = new Kit(() => {
    ui.row();
    ui.timer(interval, () => {});
  });
  const node = kit.one('timer');
  const clock = new VirtualClock();
  const dues = new Map<string, number>();
  const host = {
    clock,
    tree: kit.tree,
    delivery: { watched: true },
    ticks: 0,
    handlers: {
      tick: () => {
        host.ticks++;
        return options.tick?.();
      },
    },
    due: {
      at: (key: string) => dues.get(key),
      set: (key: string, at: number | undefined) => void (at === undefined ? dues.delete(key) : dues.set(key, at)),
    },
  };
  const timers = new Timers(host satisfies TimersHost);
  timers.add(node, { interval, once: options.once === true });
  return { kit, node, clock, dues, host, timers };
}

test('[AF4] runs after each interval while somebody watches, and holds nothing while nobody does', async () => {
  const { host, clock, timers } = timer(100);
  await clock.advance(350);
  expect(host.ticks).toBe(3);
  host.delivery.watched = false;
  timers.watchedChanged();
  expect([timers.pending, clock.pending]).toEqual([0, 0]);
  await clock.advance(1000);
  expect(host.ticks).toBe(3);
  host.delivery.watched = true;
  timers.watchedChanged();
  timers.watchedChanged();
  // The run whose time has come is made at once, and the next one an interval later.
  await clock.advance(99);
  expect(host.ticks).toBe(4);
  await clock.advance(1);
  expect(host.ticks).toBe(5);
});

test('[AF4] never overlaps itself: the interval counts from the end of one run', async () => {
  let end = () => {};
  const { host, clock, timers } = timer(100, {
    tick: () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  });
  await clock.advance(1000);
  expect(host.ticks).toBe(1);
  expect(timers.pending).toBe(1);
  timers.watchedChanged();
  await clock.advance(1000);
  expect(host.ticks).toBe(1);
  end();
  await settled();
  await clock.advance(99);
  expect(host.ticks).toBe(1);
  await clock.advance(1);
  expect(host.ticks).toBe(2);
});

test('once means once, also when the page is built again', async () => {
  const { host, clock, node, timers, kit } = timer(100, { once: true });
  await clock.advance(1000);
  expect(host.ticks).toBe(1);
  expect([timers.pending, clock.pending]).toEqual([0, 0]);
  expect(node.props.done).toBe(true);
  expect(kit.again().one('timer').props.done).toBe(true);
});

test('a disabled timer stands still, an enabled one starts anew', async () => {
  const { kit, host, clock, node, timers } = timer(100);
  kit.tree.set(node, 'disabled', true, 'author');
  timers.schedule(node);
  expect(clock.pending).toBe(0);
  kit.tree.set(node, 'disabled', undefined, 'author');
  timers.schedule(node);
  await clock.advance(100);
  expect(host.ticks).toBe(1);
});

test('a timer that is removed ends, also when it just runs', async () => {
  let end = () => {};
  const { kit, host, clock, node, timers } = timer(100, {
    tick: () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  });
  await clock.advance(100);
  kit.tree.remove(node, false);
  end();
  await settled();
  expect([timers.pending, clock.pending]).toEqual([0, 0]);
  await clock.advance(1000);
  expect(host.ticks).toBe(1);
});

test('[AF4] from ten seconds on a timer is a row of the alarm, and nothing in memory', async () => {
  const { host, clock, dues, timers } = timer(10_000);
  const [key, at] = [...dues][0] as [string, number];
  expect(at).toBe(clock.now() + 10_000);
  expect([timers.pending, clock.pending]).toEqual([0, 0]);
  await clock.advance(5_000);
  // A page that is built again goes on waiting where it was.
  timers.watchedChanged();
  expect(dues.get(key)).toBe(at);
  await clock.advance(5_000);
  expect(timers.dueNow(key)).toBe(true);
  expect(host.ticks).toBe(1);
  expect(dues.get(key)).toBe(clock.now() + 10_000);
  expect(timers.dueNow('timer.unknown')).toBe(false);
});

test('[AF4] an alarm for a page that nobody watches runs nothing and rings no more, and the timer runs when somebody watches', async () => {
  const { host, clock, dues, timers } = timer(10_000);
  const [key] = [...dues.keys()] as [string];
  await clock.advance(10_000);
  host.delivery.watched = false;
  expect(timers.dueNow(key)).toBe(true);
  expect([host.ticks, dues.get(key)]).toEqual([0, parked]);
  host.delivery.watched = true;
  timers.watchedChanged();
  await clock.advance(0);
  expect([host.ticks, dues.get(key)]).toEqual([1, clock.now() + 10_000]);
});

test('[AF4] a long timer that goes leaves no row', () => {
  const { kit, node, dues } = timer(60_000);
  expect(dues.size).toBe(1);
  kit.tree.remove(node as TreeNode, false);
  expect(dues.size).toBe(0);
});
