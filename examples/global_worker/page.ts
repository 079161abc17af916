import { run, shared, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');

// One job for the whole server. It lives in an object of its own, so it continues after its starter has left.
const worker = shared.job('compute', tasks.compute);

/** Shows one job to everybody: any visitor starts it, and every open browser shows the same bar. */
export function globalWorker() {
  ui.label('One computation for everybody: any visitor starts it, and all see how far it is.');
  ui.row(() => {
    ui.button('Compute', () => worker.start(6)); // While it runs, another start joins it.
    ui.button('Cancel', () => worker.cancel(), { color: 'ghost' }).enable(worker.running);
  });
  ui.label(said);
  // The bar is last, so that nothing moves when it appears.
  ui.progress(worker.progress)
    .classes('w-full')
    .show(() => worker.running.value || worker.status.value === 'done');
}

function said() {
  switch (worker.status.value) {
    case 'idle':
      return 'Nobody has started it yet.';
    case 'waiting':
    case 'running':
      return 'Computing...';
    case 'done':
      return `Done! ${worker.result.value?.toLocaleString('en')}`;
    case 'cancelled':
      return 'Cancelled.';
    default:
      return `It failed: ${worker.error.value?.message}`;
  }
}
