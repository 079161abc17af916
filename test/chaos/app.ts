// The page of the chaos run: a number, a text bound both ways, a list of numbered items, and jobs in both lanes.
// The handler of each job adds a line after its await.
import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

interface Item {
  readonly id: number;
  readonly text: string;
  readonly hits: number;
}

const lanes = {
  service: run.tasks<typeof Tasks>('COMPUTE'),
  queue: run.tasks<typeof Tasks>('COMPUTE', { work: { via: 'queue' } }),
};

const app = new App({ title: 'Chaos' });

app.page('/', () => {
  const count = ui.state(0);
  const items = ui.state<readonly Item[]>([]);
  const draft = ui.state('');

  ui.button('Count', () => {
    count.value++;
  }).props({ id: 'count' });
  ui.label(() => count.value).props({ id: 'counted' });

  ui.input('What next?', { value: draft });
  ui.button('Add', () => {
    items.value = [...items.value, { id: items.value.length, text: draft.value, hits: 0 }];
    draft.value = '';
  }).props({ id: 'add' });

  ui.column(() => {
    ui.each(
      items,
      (item) => item.id,
      (item) =>
        ui.button(`${item.text} ${item.hits}`, () => {
          items.value = items.value.map((other) => (other.id === item.id ? { ...other, hits: other.hits + 1 } : other));
        }),
    );
  }).props({ id: 'items' });

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
});

export default app;
export const Session = app.Session;
