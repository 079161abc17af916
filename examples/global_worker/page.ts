import { run, shared, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');

// One job for the whole server. It lives in an object of its own, so it continues after its starter has left.
const worker = shared.job('compute', tasks.compute);

/** Shows one job to everybody: any visitor starts it, and every open browser shows the same bar. */
export function globalWorker() {
  ui.label('One computation for everybody: any visitor starts it, and all see how far it is.');
  ui.row(() => {
    // While it runs, another start joins it.
    ui.button('Compute', () => worker.start(6), { icon: 'play_arrow', color: 'primary' });
    ui.button('Cancel', () => worker.cancel(), { icon: 'close', variant: 'ghost' }).enable(worker.running);
  });
  ui.row(() => {
    ui.icon(() => looks().icon, { color: () => looks().color });
    ui.label(() => looks().text);
  }).classes('items-center');
  // The bar is last, so that nothing moves when it appears.
  ui.progress(worker.progress)
    .classes('w-full')
    .show(() => worker.running.value || worker.status.value === 'done');
}

/** What the state of the job looks like. */
function looks() {
  switch (worker.status.value) {
    case 'idle':
      return { icon: 'schedule', color: 'neutral', text: 'Nobody has started it yet.' } as const;
    case 'waiting':
    case 'running':
      return { icon: 'hourglass_top', color: 'info', text: 'Computing...' } as const;
    case 'done':
      return {
        icon: 'check_circle',
        color: 'success',
        text: `Done! ${worker.result.value?.toLocaleString('en')}`,
      } as const;
    case 'cancelled':
      return { icon: 'cancel', color: 'warning', text: 'Cancelled.' } as const;
    default:
      return { icon: 'error', color: 'error', text: `It failed: ${worker.error.value?.message}` } as const;
  }
}
