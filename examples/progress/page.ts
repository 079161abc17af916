import { run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');

/** Shows a computation with a bar. It belongs to this page and survives a reload and the death of any server. */
export function progress() {
  // The name finds the job again. `scope: 'page'` makes it private: another tab has its own job.
  const job = ui.job('computation', tasks.heavyComputation, { scope: 'page' });

  ui.label('Click the button to start a computation of a few seconds.');
  ui.button('Compute', compute, { icon: 'play_arrow', color: 'primary', whileRunning: 'ignore' }); // Ignores a second click. Or: 'queue', 'restart', 'parallel'.
  const bar = ui.row(() => {
    ui.progress(job.progress).classes('grow');
    ui.button('Cancel', () => job.cancel(), { icon: 'close', variant: 'ghost', size: 'sm' }).enable(job.running);
  });
  bar.classes('w-full flex-nowrap items-center').visible = false;

  async function compute() {
    bar.visible = true;
    try {
      await job.start(4);
      ui.notify('Done!', { type: 'positive' });
      await run.sleep('1s'); // So that the visitor sees the full bar.
    } finally {
      bar.visible = false; // Also after Cancel, which makes the await throw.
    }
  }
}
