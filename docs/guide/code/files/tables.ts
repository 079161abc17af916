import { App, type FileRef, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

const app = new App({ title: 'Tables' });

app.page('/', () => {
  const table = ui.state<FileRef | null>(null); // a file is data: states store it, tasks take it
  const said = ui.state('Choose a table.');

  ui.upload({
    label: 'Choose a table',
    accept: '.csv',
    maxFileSize: 5_000_000,
    autoUpload: true,
    onUpload: async ({ file }) => {
      table.value = file;
      said.value = `${file.name}: ${await run.cpuBound(tasks.countLines, file)} lines`;
    },
    onRejected: ({ reason }) => (said.value = reason),
  });
  ui.label(said);
  ui.button('First line', async () => {
    const text = await table.value?.text();
    said.value = text?.split('\n')[0] ?? '';
  }).show(() => table.value !== null);
  ui.button('Save a copy', async () => {
    const text = await table.value?.text();
    if (text) await ui.download(text.toUpperCase(), { name: 'copy.csv', type: 'text/csv' });
  }).show(() => table.value !== null);
});

export default app;
