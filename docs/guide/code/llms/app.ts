import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // types only

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const app = new App({ title: 'Orders' });

app.page('/orders/:id', (page) => {
  const count = ui.state(0); // durable; read and write count.value
  const note = ui.state('');
  const rows = ui.list<{ id: string; text: string }>([], 'id'); // add, update, move, remove, get, items, size

  ui.heading(`Order ${page.params.id}`, { level: 1 });
  ui.label(() => `Rows: ${rows.size}, clicks: ${count.value}`); // a function is followed
  ui.input('Note', { value: note }); // a signal as value binds both ways
  ui.button('Add', () => {
    count.value++;
    rows.add({ id: `${ui.now()}-${ui.random()}`, text: note.value });
  });
  ui.each(rows, (row) => ui.label(row.text)); // an array needs a key: ui.each(array, (x) => x.id, (x) => …)
  ui.show(
    () => count.value > 1,
    () => ui.label('More than one'),
  );
  const sum = ui.button(
    'Sum',
    async () => {
      ui.notify(`Sum: ${await run.cpuBound(tasks.sum, 10)}`);
    },
    { whileRunning: 'ignore' },
  );
  sum.classes('mt-4').enable(() => count.value > 0);
});

export default app; // edgewise/vite exports the classes of its objects
