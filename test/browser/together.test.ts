// App and compute in one process, as in a `wrangler dev` with both files: one thread, which tasks share by their yields.

import { expect, test } from 'vitest';
import { expectTruth, stage } from './stage.ts';

const world = stage({
  app: 'test/browser/app/wrangler.toml',
  compute: 'test/browser/app/wrangler.compute.toml',
  vars: { OUTSIDE: 'http://127.0.0.1:9' },
  together: true,
});

test('[NB3] in one process with the app, a task that yields lets clicks through, in its page and in another tab', async () => {
  expect(world.servers.app.workerd).toBe(world.servers.compute.workerd);
  const reader = await world.visitor();
  const tab = await reader.open('/jobs');
  const other = await reader.open('/counter');
  await tab.click('Large sum');
  await tab.sees('Result: waiting');
  await tab.click('Click');
  await tab.sees('Clicks: 1');
  await other.click('Add');
  await other.sees('Count: 1');
  expect(await tab.words()).toContain('Result: waiting');
  // Longer than usual: where other work keeps the loop from being compiled, it takes ten times as long.
  await tab.sees('Result: 6750000000', 180_000);
  await expectTruth(tab);
});

test('[NB2] a task without end, in the same process, can still be watched and stopped', async () => {
  const tab = await world.visit('/jobs');
  await tab.click('Endless');
  await tab.sees('endless has begun');
  await tab.click('Click');
  await tab.sees('Clicks: 1');
  await tab.click('Stop');
  await tab.sees('Result: cancelled');
  await expectTruth(tab);
});
