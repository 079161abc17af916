// The option `alwaysEvict` of the test kit: the object hibernates in the middle of whatever waits.

import { expect, test } from 'vitest';
import { type Dialog, ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const tasks = { double: (value: number) => value * 2 };
const { double } = run.tasks<typeof tasks>('COMPUTE');

test.each<[what: string, wait: () => () => Promise<unknown>, end: (user: User) => unknown, result: string]>([
  ['run.sleep', () => () => run.sleep('90m'), () => {}, 'undefined'],
  ['run.event', () => () => run.event('paid'), (user) => user.server.send('paid', 17), '17'],
  ['ui.confirm', () => () => ui.confirm('Really?'), (user) => user.find('Really?').answer(true), 'true'],
  ['ui.prompt', () => () => ui.prompt('Who?'), (user) => user.find('Who?').answer('Ada'), 'Ada'],
  [
    'dialog.result',
    () => {
      const dialog: Dialog<string> = ui.dialog<string>(() => void ui.button('This', () => dialog.submit('this')));
      return () => dialog.result();
    },
    (user) => user.find('This').click(),
    'this',
  ],
  [
    'button.clicked',
    () => {
      const next = ui.button('Next');
      return () => next.clicked();
    },
    (user) => user.find('Next').click(),
    'undefined',
  ],
])('[NF9] a handler that waits with %s goes on after its object has slept', async (_what, wait, end, result) => {
  let runs = 0;
  const page = () => {
    const out = ui.state('');
    ui.label(() => out.value);
    const begin = wait();
    ui.button('Go', async () => {
      runs++;
      const answer = await begin();
      out.value = `${answer} ${await run.cpuBound(double, 2)}`;
    });
  };
  using user = await open({ '/': page }, '/', { services: { COMPUTE: tasks }, alwaysEvict: true });
  user.find('Go').click();
  await user.advance('1h');
  expect(user.server.evictions).toBeGreaterThan(0);
  expect(user.server.whyAwake()).toEqual([]);
  void end(user);
  await user.shouldSee(`${result} 4`, { within: '1h' });
  expect(runs).toBeGreaterThan(1);
  expect(user.server.errors).toEqual([]);
});

test('alwaysEvict leaves an object in memory while a browser watches a handler that awaits something else than run', async () => {
  const page = () => {
    const out = ui.state('waits');
    ui.label(() => out.value);
    ui.button('Go', async () => {
      out.value = 'begun';
      await new Promise((resolve) => user.clock.after(60_000, () => resolve(undefined)));
      await new Promise((resolve) => user.clock.after(60_000, () => resolve(undefined)));
      out.value = 'ended';
    });
  };
  using user = await open({ '/': page }, '/', { alwaysEvict: true });
  user.find('Go').click();
  await user.shouldSee('begun');
  const { evictions } = user.server;
  await user.advance('119s');
  expect(user.server.evictions).toBe(evictions);
  await user.shouldSee('ended');
  await user.advance('10s');
  expect(user.server.evictions).toBeGreaterThan(evictions);
  expect(user.server.errors).toEqual([]);
});

test('a page whose handler has waited for a click is built again as the browser shows it', async () => {
  const page = () => {
    const count = ui.state(0);
    ui.label(() => `${count.value} clicks`);
    const next = ui.button('Next');
    ui.button('Go', async () => {
      await next.clicked();
      count.value++;
    });
  };
  using user = await open({ '/': page });
  user.find('Go').click();
  await user.advance('1s');
  user.find('Next').click();
  await user.shouldSee('1 clicks');
  await user.advance('20s');
  user.server.evict();
  const before = user.browser.wire?.sent.length ?? 0;
  user.find('Go').click();
  await user.advance('2s');
  expect(user.browser.wire?.sent.slice(before).filter((frame) => frame.startsWith('["s"'))).toEqual([]);
});
