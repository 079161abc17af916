import { run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // types only: the code of the tasks stays in the compute Worker

const tasks = run.tasks<typeof Tasks>('COMPUTE');

/** A computation with a bar. It belongs to this page, and goes on through a reload and through the death of any server. */
export function progress() {
  // A name finds the job again. `per: 'page'` keeps it private: another tab has a job of its own.
  const job = ui.job('computation', tasks.heavyComputation, { scope: 'page' });

  ui.label('Click the button to start a computation of a few seconds.');
  ui.button('Compute', compute, { whileRunning: 'ignore' }); // what a second click does: or 'queue', 'restart', 'parallel'
  const bar = ui.row(() => {
    ui.progress(job.progress).classes('grow');
    ui.button('Cancel', () => job.cancel(), { color: 'ghost' })
      .classes('btn-sm')
      .enable(job.running);
  });
  bar.classes('w-full flex-nowrap').visible = false;

  async function compute() {
    bar.visible = true;
    try {
      await job.start(4);
      ui.notify('Done!', { type: 'positive' });
      await run.ioBound(pause, 1_000); // the full bar is worth a look
    } finally {
      bar.visible = false; // also after Cancel, which makes the await throw
    }
  }
}

function pause(ms: number) {
  return new Promise<void>((resolve) => setTimeout(resolve, ms));
}
