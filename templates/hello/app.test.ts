import { open } from 'edgewise/testing';
import { expect, test } from 'vitest';
import app from './app.ts';
import * as tasks from './tasks.ts';

test('clicks count, also when the server dies', async () => {
  using user = await open(app);
  user.find('Clicked 0 times').click();
  await user.shouldSee('Clicked 1 time');
  user.server.kill();
  user.find('Clicked 1 time').click();
  await user.shouldSee('Clicked 2 times');
});

test('the page shows the result of the calculation', async () => {
  using user = await open(app, '/', { services: { COMPUTE: { ...tasks, calculate } } });
  user.find('Calculate').click();
  await user.shouldSee('Calculating…');
  await user.shouldSee('Result: 30');
  expect(user.server.errors).toEqual([]);
});

// As the real task, and quicker.
function* calculate(units: number): ReturnType<typeof tasks.calculate> {
  yield 0.5;
  return units * 10;
}
