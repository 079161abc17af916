import { run, shared, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // types only: the code of the tasks stays in the compute Worker

const tasks = run.tasks<typeof Tasks>('COMPUTE');

// One job for the whole server. It lives in an object of its own, so it goes on when whoever started it has left.
const worker = shared.job('compute', tasks.compute);

/** Any visitor starts it, and every open browser shows the same bar. */
export function globalWorker() {
  ui.label('One computation for everybody: any visitor starts it, and all see how far it is.');
  ui.row(() => {
    ui.button('Compute', () => worker.start(6)); // while it runs, another start joins it
    ui.button('Cancel', () => worker.cancel(), { color: 'ghost' }).enable(worker.running);
  });
  ui.label(said);
  // The last thing on the page, so that nothing moves when it comes.
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
