// What the simulator found, each as a small story. The seeds are those of the day it was found.

import { expect, test, vi } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { encode } from '../../src/protocol/index.ts';
import { open } from '../../src/testing/index.ts';

const counter = {
  '/': () => {
    const count = ui.state(0);
    ui.label(() => `Count ${count.value}`);
    ui.button('Add', () => void count.value++);
  },
};

test('an alarm that rings while a browser is on its way back ends nothing (seed 736)', async () => {
  using user = await open(counter, '/', { latency: 20 });
  user.server.kill();
  for (let ms = 0; ms < 500; ms += 10) {
    user.server.ring();
    await user.clock.advance(10);
  }
  user.find('Add').click();
  await user.shouldSee('Count 1');
  expect(user.browser.ended).toEqual([]);
});

test('a page whose rows were never written is made again for a socket that slept (seed 138)', async () => {
  using user = await open(counter);
  user.server.store.failure = new Error('The disk is full.');
  user.find('Add').click();
  await user.advance('1s');
  user.server.store.failure = undefined;
  user.server.evict(true);
  user.find('Add').click();
  await user.shouldSee('Count 2', { within: '1m' });
  await user.advance('30s');
  expect(user.browser.link.pending).toEqual([]);
  expect(user.browser.ended).toEqual([]);
});

test('an object that wakes says for which page before it reads, so that one statement reads all of it', async () => {
  using user = await open(counter);
  await user.advance('5s');
  user.server.evict();
  const { store } = user.server;
  const copy = user.server.wires[0]?.rows;
  const wake = vi.spyOn(store, 'wake');
  const reads = (['due', 'page', 'cells'] as const).map((name) => vi.spyOn(store, name));
  user.find('Add').click();
  await user.shouldSee('Count 1');
  expect(wake).toHaveBeenCalledExactlyOnceWith(store.pages()[0]?.page, copy);
  const [first = 0] = wake.mock.invocationCallOrder;
  for (const { mock } of reads) expect(mock.invocationCallOrder[0]).toBeGreaterThan(first);
});

test('the order in which props were set makes no difference to a page at rest (seed 26)', async () => {
  using user = await open({
    '/': () => {
      const label = ui.label('Here');
      ui.button('Toggle', () => {
        label.visible = !label.visible;
        label.style('color: red');
      });
    },
  });
  user.find('Toggle').click().click().click();
  await user.advance('5s');
  user.server.evict();
  const [wire] = user.server.connections;
  const before = wire?.sent.length;
  user.find('Toggle').click();
  await user.advance('5s');
  expect(wire?.sent.slice(before).filter((text) => !/^\[\d|^\["a"/.test(text))).toEqual([]);
  expect(user.sees('Here')).toBe(true);
});

test('[AF2] a socket that slept and comes back after others have been served gets a snapshot, not a gap (seed 327611)', async () => {
  using user = await open(counter);
  await user.advance('5s');
  const stale = user.browser.wire;
  user.server.evict();
  stale?.hold('up');
  // The browser goes on elsewhere, while what it said into the old socket is still on its way.
  stale?.browser.send(encode(['a', 0]));
  stale?.cut('browser', { late: true });
  await user.advance('1s');
  for (let click = 0; click < 3; click++) user.find('Add').click();
  await user.advance('3s');
  user.offline();
  stale?.release('up');
  await user.advance('1s');
  const frames = stale?.sent.map((text) => JSON.parse(text) as unknown[]) ?? [];
  expect(frames.map(([first]) => first)).toEqual(['w', 's', 'a']);
  user.online();
  await user.shouldSee('Count 3');
});

test('what a socket remembers of a page at rest does not outlive the next event (harsh eviction within a commit)', async () => {
  using user = await open(counter);
  await user.advance('5s');
  user.find('Add').click();
  await user.advance('10ms');
  expect(user.sees('Count 1')).toBe(true);
  user.server.evict(true);
  user.find('Add').click();
  await user.shouldSee('Count 2', { within: '1m' });
  await user.advance('1m');
  expect(user.sees('Count 2')).toBe(true);
  const page = user.server.session.pages.get(user.browser.link.page);
  expect(user.browser.literal()).toEqual(page?.tree.literal());
});

test('an element in a disabled one is disabled, also for a client without manners', async () => {
  using user = await open({
    '/': () => {
      const count = ui.state(0);
      ui.label(() => `Count ${count.value}`);
      ui.row(() => void ui.button('Add', () => void count.value++)).enable(false);
    },
  });
  user.browser.wire?.browser.send(encode([1, user.find('Add').node.id, 'click']));
  await user.advance('1s');
  expect(user.sees('Count 0')).toBe(true);
});

test('[WS1] a page that a first paint wakes shows its own browser what has changed meanwhile', async () => {
  let rows = ['one'];
  using user = await open({ '/': () => rows.forEach((row) => void ui.label(row, { key: row })) });
  await user.advance('5s');
  user.server.evict();
  rows = ['zero', 'one'];
  // Another tab of the visitor asks for the page.
  await user.server.session.open('/', user.browser.link.page);
  await user.shouldSee('zero');
});

test('a session that wakes for a click reads each kind of row at most once, and no jobs when none is open', async () => {
  using user = await open(counter);
  user.find('Add').click();
  await user.advance('5s');
  user.server.evict();
  const { store } = user.server;
  const kinds = ['page', 'pages', 'cells', 'jobs', 'files'] as const;
  const reads = kinds.map((kind) => [kind, vi.spyOn(store, kind)] as const);
  user.find('Add').click();
  await user.shouldSee('Count 2');
  const counted = Object.fromEntries(reads.map(([kind, read]) => [kind, read.mock.calls.length]));
  expect(counted).toEqual({ page: 1, pages: 0, cells: 1, jobs: 0, files: 0 });
});
