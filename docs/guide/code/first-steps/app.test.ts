import { open } from 'edgewise/testing';
import { test } from 'vitest';
import app from './app.ts';

test('the list has what was added, also when the server dies', async () => {
  using user = await open(app);
  user.find('What do you take along?').type('Socks').press('Enter');
  await user.shouldSee('Things: 1');
  user.server.kill();
  await user.reload();
  await user.shouldSee('Socks');
});
