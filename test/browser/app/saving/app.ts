// The application of saving.test.ts. The test writes other versions of it.

import { App, run, shared, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const app = new App();
const total = shared('total', 0);

app.page('/', () => {
  const count = ui.state(0, 'count');
  const waited = ui.state(0, 'waited');
  const done = ui.state(0, 'done');
  ui.label('Version 0');
  ui.label(() => `count ${count.value}, waited ${waited.value}, done ${done.value}`);
  ui.label(() => `total ${total.value}`);
  ui.button('Count', () => {
    count.value++;
    total.add(1);
  });
  ui.button('Wait', async () => {
    await run.ioBound(pause, 40);
    waited.value++;
  });
  const job = ui.job('work', tasks.work, { whileRunning: 'parallel' });
  ui.label(() => `attempt ${job.attempt.value} of ${job.status.value}`);
  ui.button('Work', async () => {
    await job.start(10);
    done.value++;
  });
  ui.button('Work long', async () => {
    await job.start(120);
    done.value++;
  });
  ui.input('Name');
  const dialog = ui.dialog(() => ui.input('Reason'));
  ui.button('Open', () => dialog.open());
  for (let line = 0; line < 60; line++) ui.label(`Line ${line}`);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export default app;
