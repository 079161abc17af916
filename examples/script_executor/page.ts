import { type PageContext, run, ui } from 'edgewise';
import hello from './hello.js?raw';
import slow from './slow.js?raw';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

// A Worker of their own, so that a script which computes for ever stops no other task.
const tasks = run.tasks<typeof Tasks>('SCRIPTS');

/** Runs scripts, shows what they write while they run, and lets the visitor change them. */
export function scriptExecutor(page: PageContext) {
  const job = ui.job('script', tasks.runScript, {
    scope: 'page', // Another tab, and another visitor, has its own.
    whileRunning: 'restart',
    timeout: '1m',
  });
  const command = ui.state('');
  const args = ui.state<readonly string[]>([]);
  const code = ui.state('');
  const message = ui.state('Hi there');
  const noLoader = ui.state(false);
  page.onConnect(async () => {
    noLoader.value = !(await run.with({ durable: false, totalTimeout: '10s' }).cpuBound(tasks.hasLoader));
  });

  ui.show(noLoader, howToGetLoader);
  ui.label('Each script runs in an isolate of its own, without network.');
  ui.column(() => {
    row('hello', () => execute('hello', hello));
    row('slow', () => execute('slow', slow));
    row('hello "…"', () => execute(`hello "${message.value}"`, hello, message.value)).add(() => {
      ui.input('', {
        value: message,
        maxLength: 200,
        onEnter: () => execute(`hello "${message.value}"`, hello, message.value),
      })
        .props({ 'aria-label': 'Message' })
        .classes('w-full');
    });
  }).classes('w-full gap-2');

  const dialog = ui.dialog(
    () => {
      ui.heading(() => command.value).classes('font-mono break-all');
      ui.log().follow(job.chunks).classes('h-40 w-full');
      ui.label(outcome).classes('text-sm');
      ui.expansion('Change the script', () => {
        ui.codemirror(code, { language: 'javascript', label: 'Script', maxlength: 20_000 }).classes('h-60 w-full');
      });
      ui.row(() => {
        ui.button('Run again', () => job.start(code.value, args.value), { variant: 'ghost' });
        ui.button('Stop', () => job.cancel(), { variant: 'ghost' }).enable(job.running);
        ui.button('Close', () => dialog.close());
      }).classes('w-full justify-end');
    },
    { label: 'Output' },
  );

  function execute(line: string, script: string, ...given: string[]) {
    command.value = line;
    code.value = script;
    args.value = given;
    dialog.open();
    job.start(script, given);
  }

  function outcome() {
    switch (job.status.value) {
      case 'idle':
        return '';
      case 'waiting':
      case 'running':
        return 'Running...';
      case 'done':
        return job.result.value?.text ?? '';
      case 'cancelled':
        return 'Stopped.';
      case 'timedOut':
        return 'It was ended: it took longer than a minute.';
      default:
        return `It was ended: ${job.error.value?.message}`;
    }
  }
}

function row(line: string, execute: () => void) {
  return ui
    .row(() => {
      ui.label(line).classes('w-24 shrink-0 font-mono');
      ui.button('Run', execute, { label: `Run ${line}`, icon: 'play_arrow' });
    })
    .classes('w-full flex-nowrap items-center');
}

function howToGetLoader() {
  ui.column(() => {
    ui.label('These scripts need a Worker Loader, which the free plan does not have.');
    ui.label('Change to the paid plan, and add this to wrangler.compute.toml:');
    ui.label('[[worker_loaders]]\nbinding = "LOADER"').classes('font-mono whitespace-pre');
  }).classes('w-full gap-2 rounded-box bg-warning/15 p-4');
}
