import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // types only: no task code is bundled here

const tasks = run.tasks<typeof Tasks>('COMPUTE'); // the service binding that runs them
const app = new App();

app.page('/', () => {
  const clicks = ui.state(0); // durable: a reload, a crash or a deploy does not reset it
  ui.button(
    () => `Clicked ${clicks.value} ${clicks.value === 1 ? 'time' : 'times'}`,
    () => clicks.value++,
  );

  const result = ui.label('Result: Pending...');
  ui.button('Start CPU Task', async () => {
    result.text = 'Result: Calculating...';
    result.text = `Result: ${await run.cpuBound(tasks.heavyCalculation, 3)}`;
  });
});

export default app; // fetch and queue handlers
export const Session = app.Session; // the Durable Object class
export const Shared = app.Shared; // the Durable Object class of what all sessions share
