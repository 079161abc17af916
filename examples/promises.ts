import { run, ui } from 'edgewise';
import { heading } from './layout.ts';
import type * as Tasks from './progress/tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

/** Shows the two promises, ready to try. */
export function promises(development: boolean) {
  const job = ui.job('promises', tasks.heavyComputation);
  const clicks = ui.state(0);

  ui.card(() => {
    heading('It never freezes', 2);
    ui.label('Start ten seconds of arithmetic, and click meanwhile: every click is answered at once.');
    ui.row(() => {
      ui.button('Compute', () => void job.start(10));
      ui.button(
        () => `Clicked ${clicks.value} times`,
        () => clicks.value++,
        { color: 'ghost' },
      ).classes('border-base-300 tabular-nums');
      ui.button('Cancel', () => job.cancel(), { color: 'ghost' }).enable(job.running);
    }).classes('gap-2');
    ui.progress(() => (job.status.value === 'idle' ? 0 : job.progress.value))
      .classes('w-full')
      .props({ 'aria-label': 'Arithmetic' });
    heading('It never forgets', 2);
    if (development) {
      ui.label(
        'While it computes, reload this page, pull the network plug, or kill the servers from a second terminal:',
      );
      ui.label('npm run kill').classes('w-full rounded-box bg-base-200 px-3 py-2 font-mono text-sm');
    } else ui.label('While it computes, reload this page, or pull the network plug.');
    ui.label('The bar goes on, and no click is lost or counted twice.');
  }).classes('w-full');
}
