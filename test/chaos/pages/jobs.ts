// Jobs in both lanes. Each handler takes the lines of its job and adds a line of its own after its await.
import { run, ui } from 'edgewise';
import type * as Tasks from '../tasks.ts';

const lanes = {
  service: run.tasks<typeof Tasks>('COMPUTE'),
  queue: run.tasks<typeof Tasks>('COMPUTE', { work: { via: 'queue' } }),
};

export function jobs() {
  const started = ui.state(0);
  const ended = ui.state(0);
  const outcomes = ui.state<readonly { readonly id: number; readonly line: string }[]>([]);
  for (const [lane, tasks] of Object.entries(lanes)) {
    const bar = ui.progress(0).props({ id: `bar-${lane}` });
    ui.button(`Start ${lane}`, async () => {
      const k = started.value++;
      const lines: string[] = [];
      let result: string;
      try {
        const job = run.cpuBound(tasks.work, k, lane);
        bar.value = job.progress;
        for await (const line of job.chunks) lines.push(line);
        result = await job;
      } catch (error) {
        result = String(error);
      }
      const line = `job ${k}: ${result} (${lines.join(' ')})`;
      outcomes.value = [...outcomes.value, { id: outcomes.value.length, line }];
      ended.value++;
    }).props({ id: `start-${lane}` });
  }
  ui.label(() => `${ended.value} of ${started.value}`).props({ id: 'ended' });
  ui.column(() => {
    ui.each(
      outcomes,
      ({ id }) => id,
      ({ line }) => ui.label(line),
    );
  }).props({ id: 'outcomes' });
  ui.column(() => ui.jobs()).props({ id: 'jobs' });
}
