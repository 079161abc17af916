import { type FileRef, type RowRequest, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const rowsPerPage = 50;

/** Reads a table of any length: the rows stay in the file, and the page gets those that it shows. */
export function csv() {
  const file = ui.state<FileRef | null>(null);
  // A new file cancels the reading of the one before. `scope: 'page'` makes it private to this tab.
  const reading = ui.job('reading', tasks.analyse, { scope: 'page', whileRunning: 'restart' });
  const open = async (chosen: FileRef) => {
    const before = file.value;
    file.value = chosen;
    reading.start(chosen, rowsPerPage);
    await before?.delete();
  };

  ui.row(() => {
    ui.upload({
      label: 'Choose a CSV file',
      accept: '.csv,text/csv',
      maxFileSize: 10_000_000,
      autoUpload: true,
      onUpload: (event) => open(event.file),
      onRejected: ({ reason }) => ui.notify(reason, { type: 'warning' }),
    }).classes('grow');
    ui.button('Try 100,000 rows', trial, { icon: 'auto_awesome', variant: 'soft', whileRunning: 'ignore' });
  }).classes('w-full items-center');

  ui.row(() => {
    ui.label(() => `Reading ${file.value?.name}…`);
    ui.progress(reading.progress).classes('min-w-32 grow');
    ui.button('Cancel', () => reading.cancel(), { icon: 'close', variant: 'ghost', size: 'sm' });
  })
    .classes('w-full items-center')
    .show(reading.running);
  ui.label(state)
    .classes('opacity-70')
    .show(() => state() !== '');
  ui.row(() => {
    ui.icon('error');
    ui.label(() => reading.error.value?.message ?? '');
  })
    .classes('items-center text-error')
    .show(() => reading.error.value !== undefined);

  ui.each(
    () => (file.value && reading.result.value ? [{ file: file.value, analysis: reading.result.value }] : []),
    ({ file }) => file.id,
    ({ file, analysis }) => results(file, analysis),
  );

  async function trial() {
    const text = await run.cpuBound(tasks.sample, 100_000);
    await open(await ui.file(text, { name: 'orders.csv', type: 'text/csv' }));
  }

  function state(): string {
    if (reading.status.value === 'idle') return 'No file yet. Choose one of up to 10 MB, or try a made-up one.';
    return reading.status.value === 'cancelled' ? 'Cancelled. Choose a file to begin again.' : '';
  }
}

function results(file: FileRef, { columns, rows, total, ...summary }: Tasks.Analysis) {
  const names = columns.map(({ name }) => name);
  const numbers = columns.filter(({ numeric }) => numeric).map(({ name }) => name);
  const search = ui.state('');
  const by = ui.state(summary.by);
  const measure = ui.state(summary.measure);
  const groups = ui.state(summary.groups);
  const values = () => groups.value.map(({ sum, count }) => (measure.value ? Math.round(sum) : count));

  const load = (wanted: RowRequest) => run.cpuBound(tasks.rowsOf, file, search.value, wanted);
  const draw = async () => {
    const asked = [search.value, by.value, measure.value] as const;
    const drawn = await run.cpuBound(tasks.groupsOf, file, ...asked);
    // The search and both columns ask by themselves, and the answer to an earlier one may come later.
    const now = [search.value, by.value, measure.value];
    if (asked.every((value, index) => value === now[index])) groups.value = drawn;
  };
  const find = () => Promise.all([table.reload(), draw()]);
  const save = async () => {
    const text = await run.cpuBound(tasks.filtered, file, search.value);
    await ui.download(text, { name: `filtered-${file.name}`, type: 'text/csv' });
  };

  ui.row(() => {
    // Each letter replaces the search before.
    ui.input('Search', { value: search, type: 'search', icon: 'search', clearable: true })
      .classes('grow')
      .onChange(find, 'restart');
    ui.button('Download', save, { icon: 'download', whileRunning: 'ignore' });
  }).classes('w-full items-end');
  const table = ui
    .table(
      { rows, total, load },
      {
        columns: columns.map(({ name, numeric }, index) => ({
          name,
          label: name,
          field: ({ cells }: Tasks.Row) => cells[index],
          align: numeric ? ('right' as const) : ('left' as const),
          sortable: true,
        })),
        label: file.name,
        pagination: rowsPerPage,
        stickyHeader: true,
        dense: true,
        noData: 'No row contains this text.',
      },
    )
    .classes('max-h-[60dvh] w-full whitespace-nowrap');

  ui.heading('Summary');
  ui.row(() => {
    ui.select(names, { label: 'By', value: by }).onChange(draw, 'restart');
    if (numbers.length > 0) ui.select(numbers, { label: 'Sum of', value: measure }).onChange(draw, 'restart');
  });
  ui.column(() => {
    ui.barChart(values, { labels: () => groups.value.map(({ name }) => name), label: 'Sums' });
    ui.donut(() => groups.value.map(({ name, count }) => [name, count] as const), { label: 'Rows' });
  })
    .classes('grid w-full items-center gap-4 md:grid-cols-[2fr_1fr]')
    .show(() => groups.value.length > 0);
}
