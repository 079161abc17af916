import { open } from 'edgewise/testing';
import { expect, test } from 'vitest';
import app from './counter.ts';
import * as tasks from './tasks.ts';

test('a click counts, also when the server dies', async () => {
  using user = await open(app);
  user.find('Count 0').click();
  await user.shouldSee('Count 1');
  user.server.kill();
  user.find('Count 1').click();
  await user.shouldSee('Count 2');
});

test('the sum arrives, whichever await the server dies at', async () => {
  using user = await open(app, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Sum').click();
  await user.shouldSee('Sum: 4950');
  expect(user.server.errors).toEqual([]);
});

test('a click without a network waits for it', async () => {
  using user = await open(app);
  user.offline();
  user.find('Count 0').click();
  await user.advance('1m');
  user.online();
  await user.shouldSee('Count 1');
});
