import { CancelledError, run, ui } from 'edgewise';
import type * as Tasks from '../tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

/** Shows a job to watch and stop: the result of `run.cpuBound` is awaitable and carries signals. */
export function progress() {
  let stop: (() => void) | undefined;

  const busy = ui.state(false);

  ui.label('Click the button to write a report.');
  ui.row(() => {
    ui.button('Start Report', write, { whileRunning: 'ignore' });
    ui.button('Cancel', () => stop?.(), { variant: 'ghost' }).enable(busy);
  });
  const bar = ui.progress(0).classes('w-full');
  const result = ui.label('Report: Pending...');
  const log = ui.log().classes('w-full');

  async function write() {
    busy.value = true;
    result.text = 'Report: Writing...';
    const job = run.cpuBound(tasks.report, { title: 'Primes', sections: 8 });
    stop = () => job.cancel();
    bar.value = job.progress;
    try {
      for await (const line of job.chunks) log.push(line);
      const { primes } = await job;
      result.text = `Report: ${primes} primes`;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      result.text = 'Report: Cancelled';
    } finally {
      busy.value = false;
    }
  }
}
