import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const app = new App({ title: 'Hello' });

app.page('/', () => {
  // Durable: a reload, a crash or a deploy does not reset it.
  const clicks = ui.state(0);
  const result = ui.state('Result: none yet');

  ui.card(() => {
    ui.label('Hello').classes('text-2xl font-bold');
    ui.button(
      () => `Clicked ${clicks.value} ${clicks.value === 1 ? 'time' : 'times'}`,
      () => clicks.value++,
    );
    ui.separator();
    ui.label(result);
    ui.button('Calculate', async () => {
      result.value = 'Calculating…';
      // The page never freezes: the task runs in a Worker of its own. The code after the await runs, whatever dies meanwhile.
      result.value = `Result: ${await run.cpuBound(tasks.calculate, 3)}`;
    });
  }).classes('mx-auto mt-12 w-full max-w-md bg-base-100');
});

export default app;
