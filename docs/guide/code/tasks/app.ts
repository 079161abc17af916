import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // types only: the code of the tasks stays in the compute Worker

const tasks = run.tasks<typeof Tasks>('COMPUTE');

const app = new App({ title: 'Primes' });

app.page('/', () => {
  const total = ui.state('');
  // The name finds the job again: after a reload, in another tab, after a crash.
  const search = ui.job('search', tasks.primes, { whileRunning: 'restart' });

  ui.button('Search', () => search.start(5_000));
  ui.button('Cancel', () => search.cancel()).enable(search.running);
  ui.progress(search.progress);
  ui.log().follow(search.chunks);
  ui.label(() => (search.result.value === undefined ? search.status.value : `Primes: ${search.result.value}`));

  ui.button('Sum', async () => {
    total.value = `Sum: ${await run.with({ retries: 2 }).cpuBound(tasks.sum, 10_000)}`;
  });
  ui.label(total);
});

export default app;
