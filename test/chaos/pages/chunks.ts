// A handler that pushes the ten thousand chunks of its job into a log.
import { run, ui } from 'edgewise';
import type * as Tasks from '../tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

export function chunks() {
  const log = ui.log({ max: 10_000 }).props({ id: 'log' });
  const ends = ui.state<readonly string[]>([]);
  ui.label(() => ends.value.join()).props({ id: 'ends' });
  ui.button('Go', async () => {
    const job = run.cpuBound(tasks.many);
    for await (const line of job.chunks) log.push(line);
    ends.value = [...ends.value, await job];
  }).props({ id: 'go' });
}
