// A named job whose lines are shown twice: by following them, and by a handler that pushes them into a log.
import { run, ui } from 'edgewise';
import type * as Tasks from '../tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

export function output() {
  const job = ui.job('lines', tasks.lines, { whileRunning: 'queue' });
  const started = ui.state(0);
  const ended = ui.state<readonly string[]>([]);
  const log = ui.log({ max: 10_000 }).props({ id: 'log' });
  ui.log({ max: 10_000 }).follow(job.chunks).props({ id: 'followed' });
  ui.progress(job.progress);
  ui.button('Start', async () => {
    const k = started.value++;
    const own = job.start(k);
    for await (const line of own.chunks) log.push(line);
    const result = await own;
    ended.value = [...ended.value, result];
  }).props({ id: 'start' });
  ui.label(() => ended.value.join()).props({ id: 'ended' });
  ui.label(job.status).props({ id: 'status' });
}
