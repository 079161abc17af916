import { open } from 'edgewise/testing';
import { expect, test } from 'vitest';
import app from './app.ts';
import * as tasks from './tasks.ts';

test('a message gets its answer', async () => {
  using user = await open(app, '/', { services: { COMPUTE: tasks } });
  user.find('Message').type('Hello there').press('Enter');
  await user.shouldSee('Hello there');
  await user.shouldSee('You wrote: “Hello there”. Tell me more about that.', { within: '1m' });
  expect(user.find('Message').value).toBe('');
});

test('the answer arrives, also when the server dies at each await', async () => {
  using user = await open(app, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Message').fill('Still there?');
  user.find('Send').click();
  await user.shouldSee('You wrote: “Still there?”. Tell me more about that.', { within: '1m' });
  expect(user.server.errors).toEqual([]);
});
