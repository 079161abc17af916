import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const app = new App({ title: 'Dashboard' });

const regions = { all: 'All regions', north: 'North', south: 'South', west: 'West' };

app.page('/', () => {
  const region = ui.state('all');
  // The name finds the job again: after a reload, in another tab, after a crash. A new choice cancels the report before it.
  const report = ui.job('report', tasks.report, { whileRunning: 'restart' });
  const months = () => report.result.value?.months ?? [];

  ui.column(() => {
    ui.label('Sales').classes('text-2xl font-bold');
    ui.row(() => {
      ui.select(regions, { label: 'Region', value: region });
      ui.button('Report', () => report.start(region.value));
      ui.button('Cancel', () => report.cancel(), { variant: 'ghost' }).enable(report.running);
    }).classes('items-end');
    ui.progress(report.progress).classes('w-full').show(report.running);
    ui.label(() => report.error.value?.message ?? '').classes('text-error');

    ui.row(() => {
      figure('Revenue', () => amount(report.result.value?.revenue));
      figure('Orders', () => amount(report.result.value?.orders));
      figure('Best month', () => report.result.value?.best ?? '–');
    }).classes('w-full');

    ui.each(
      months,
      (month) => month.name,
      (month) => {
        ui.row(() => {
          ui.label(month.name).classes('w-12');
          ui.progress(month.share).classes('grow');
          ui.label(amount(month.revenue)).classes('w-24 text-right tabular-nums');
        }).classes('w-full flex-nowrap items-center');
      },
    );
  }).classes('mx-auto w-full max-w-3xl p-6');
});

function figure(title: string, value: () => string) {
  ui.card(() => {
    ui.label(title).classes('text-sm opacity-70');
    ui.label(value).classes('text-2xl font-semibold tabular-nums');
  }).classes('grow gap-1 bg-base-100');
}

function amount(value: number | undefined): string {
  return value === undefined ? '–' : value.toLocaleString('en');
}

export default app;
