import { open } from 'edgewise/testing';
import { expect, test } from 'vitest';
import app from './app.ts';
import * as tasks from './tasks.ts';

test('an order has what was added, and its sum arrives though the server dies at the await', async () => {
  using user = await open(app, '/orders/7', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Note').type('Pears');
  user.find('Add').click();
  await user.shouldSee('Rows: 1, clicks: 1');
  user.server.kill();
  await user.reload();
  await user.shouldSee('Rows: 1, clicks: 1');
  user.find('Sum').click();
  await user.shouldSee('Sum: 45');
  expect(user.server.errors).toEqual([]);
});
