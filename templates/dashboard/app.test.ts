import { open } from 'edgewise/testing';
import { expect, test } from 'vitest';
import app from './app.ts';
import * as tasks from './tasks.ts';

test('a report fills the figures and the months', async () => {
  using user = await open(app, '/', { services: { COMPUTE: tasks } });
  user.find('Region').choose('North');
  user.find('Report').click();
  await user.shouldSee('Dec', { within: '1m' });
  await user.shouldSee('4,800,000');
  expect(user.server.errors).toEqual([]);
});

test('the report is there after the server dies', async () => {
  using user = await open(app, '/', { services: { COMPUTE: tasks } });
  user.find('Report').click();
  await user.shouldSee('Dec', { within: '1m' });
  user.server.kill();
  await user.reload();
  await user.shouldSee('Dec');
});
