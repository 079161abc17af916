import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

const app = new App({ title: 'Counter' });

app.page('/', () => {
  const count = ui.state(0);
  ui.button(
    () => `Count ${count.value}`,
    () => count.value++,
  );
  const result = ui.label('No sum yet');
  ui.button('Sum', async () => {
    result.text = `Sum: ${await run.cpuBound(tasks.sum, 100)}`;
  });
});

export default app;
