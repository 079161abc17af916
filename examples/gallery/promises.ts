import { type PageContext, run, ui } from 'edgewise';
import type * as Tasks from '../progress/tasks.ts';
import { killAddress, killServers } from './kill.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

/** Shows the two promises, ready to try. */
export function promises(page: PageContext) {
  const job = ui.job('promises', tasks.heavyComputation);
  const clicks = ui.state(0);

  ui.card(() => {
    title('It never freezes');
    ui.label('Start ten seconds of arithmetic, and click meanwhile: every click is answered at once.');
    ui.row(() => {
      ui.button('Compute', () => void job.start(10), { color: 'primary' });
      ui.button(
        () => `Clicked ${clicks.value} ${clicks.value === 1 ? 'time' : 'times'}`,
        () => clicks.value++,
        { variant: 'outline' },
      ).classes('tabular-nums');
      ui.button('Cancel', () => job.cancel(), { variant: 'ghost' })
        .classes('border-base-300')
        .enable(job.running);
    }).classes('gap-2');
    ui.progress(() => (job.status.value === 'idle' ? 0 : job.progress.value))
      .classes('w-full')
      .props({ 'aria-label': 'Arithmetic' });
    ui.separator();
    title('It never forgets');
    const address = killAddress(page);
    if (address) killing(address);
    else ui.label('While it computes, reload this page, or pull the network plug.');
    ui.label('The bar goes on, and no click is lost or counted twice.');
  }).classes('w-full');
}

function title(text: string) {
  ui.heading(text).classes('text-lg font-semibold');
}

/** A button whose handler dies while it waits, and continues in the next process. */
function killing(address: string) {
  const kills = ui.state(0);
  const killed = ui.state('');

  async function kill() {
    // Recorded before it is used. The call that dies is made again, and the key says that it is the same one.
    const key = await run.ioBound(async () => crypto.randomUUID());
    killed.value = await run.ioBound(killServers, address, key);
    kills.value++; // this line and the one above run in a new process
  }

  ui.label('While it computes, kill all servers of this page with SIGKILL:');
  ui.button('Kill the server', kill, { icon: 'cancel', color: 'error', whileRunning: 'ignore' });
  ui.row(() => {
    ui.label('Or, in a second terminal:').classes('text-sm opacity-70');
    ui.label('npm run kill').classes('rounded-box bg-base-200 px-3 py-2 font-mono text-sm');
  }).classes('gap-2');
  ui.row(() => {
    ui.icon('check_circle', { color: 'success' });
    ui.label(
      () => `Kill ${kills.value}: ${killed.value} died. The handler of the button continued after its await.`,
    ).classes('flex-1');
  })
    .classes('w-full flex-nowrap items-start gap-2 rounded-box bg-base-200 p-3 text-sm')
    .show(() => kills.value > 0);
}
