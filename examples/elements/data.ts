import { shared, storage, ui } from 'edgewise';
import source from './data.ts?raw';
import type { Family } from './family.ts';

export const data: Family = {
  title: 'Data',
  line: 'Tables, trees and charts: many things at a glance.',
  source,
  entries: [
    { name: 'Table', build: planets },
    { name: 'Table with elements in cells', build: tasks },
    { name: 'Table with many rows', build: readings },
    { name: 'List with a row an item', build: shopping },
    { name: 'List in an order of your own', build: chores },
    { name: 'Values of tab, user and application', build: visits },
    { name: 'Notes of all visitors', build: notes },
    { name: 'Tree', build: folders },
    { name: 'Line chart', build: temperatures },
    { name: 'Bar chart', build: sales },
    { name: 'Donut and sparkline', build: shares },
  ],
};

function planets() {
  const search = ui.state('');
  ui.input('Search', { value: search, clearable: true });
  ui.table(
    [
      { id: 1, name: 'Mercury', moons: 0, day: 4222.6 },
      { id: 2, name: 'Venus', moons: 0, day: 2802 },
      { id: 3, name: 'Earth', moons: 1, day: 24 },
      { id: 4, name: 'Mars', moons: 2, day: 24.7 },
      { id: 5, name: 'Jupiter', moons: 97, day: 9.9 },
    ],
    {
      columns: [
        { name: 'name', label: 'Planet', sortable: true },
        { name: 'moons', align: 'right', sortable: true },
        { name: 'day', align: 'right', sortable: true, format: (hours: number) => `${hours.toFixed(1)} h` },
      ],
      filter: search,
      selection: 'multiple',
      onSelect: (rows) => ui.notify(rows.map(({ name }) => name).join(', ') || 'Nothing selected'),
      label: 'Planets',
    },
  );
}

function tasks() {
  const rows = ui.state([
    { id: 1, task: 'Buy milk', done: false },
    { id: 2, task: 'Call Grace', done: true },
  ]);
  const table = ui.table(rows, {
    columns: [
      { name: 'task' },
      {
        name: 'done',
        cell: (row) =>
          ui
            .switch('', {
              value: row.done,
              onChange: (done) => {
                rows.value = rows.value.map((one) => (one.id === row.id ? { ...one, done } : one));
              },
            })
            .props({ 'aria-label': `${row.task} is done` }),
      },
      {
        name: 'remove',
        label: '',
        align: 'right',
        cell: (row) =>
          ui
            .button(
              '',
              () => {
                rows.value = rows.value.filter((one) => one.id !== row.id);
              },
              { icon: 'delete', variant: 'ghost', size: 'sm' },
            )
            .props({ 'aria-label': `Remove ${row.task}` }),
      },
    ],
  });
  ui.button('Add', () => {
    const id = Math.max(0, ...rows.value.map((row) => row.id)) + 1;
    table.addRows([{ id, task: `Task ${id}`, done: false }]);
  });
}

function readings() {
  const rows = Array.from({ length: 10_000 }, (_, id) => ({
    id,
    sensor: `Sensor ${id % 40}`,
    celsius: (id * 37) % 61,
  }));
  ui.table(rows, {
    columns: [
      { name: 'id', label: 'No.', align: 'right', sortable: true },
      { name: 'sensor', sortable: true },
      { name: 'celsius', label: '°C', align: 'right', sortable: true },
    ],
    pagination: 25,
    stickyHeader: true,
    dense: true,
    label: 'Readings',
  }).classes('max-h-96');
}

function temperatures() {
  const days = ui.state([12, 14, 13, 17, 19, 18, 21]);
  ui.lineChart(() => ({ Day: days.value, Night: days.value.map((celsius) => celsius - 8) }), {
    labels: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    unit: ' °C',
    label: 'Temperatures of the week',
  });
  ui.button('Next day', () => {
    days.value = [...days.value.slice(1), Math.round(10 + ui.random() * 15)];
  });
}

function sales() {
  ui.barChart(
    { Apples: [3, 5, 2, 6], Pears: [1, 4, 4, 2] },
    { labels: ['Q1', 'Q2', 'Q3', 'Q4'], stacked: true, label: 'Sales by quarter' },
  );
}

function shares() {
  ui.row(() => {
    ui.donut({ Done: 12, Open: 5, Late: 2 }, { label: 'Tasks', text: 19 });
    ui.sparkline([3, 4, 4, 7, 6, 9], { label: 'Sales of six weeks' });
  });
}

function folders() {
  const chosen = ui.state<string | null>(null);
  ui.tree(
    [
      { id: 'src', label: 'Sources', icon: 'folder', children: [{ id: 'app.ts' }, { id: 'tasks.ts' }] },
      { id: 'README.md', icon: 'description' },
    ],
    { value: chosen, tick: 'leaf', expanded: ['src'], label: 'Files' },
  );
  ui.label(() => `Selected: ${chosen.value ?? 'nothing'}`);
}

function shopping() {
  const items = ui.list(
    [
      { id: 1, text: 'Milk', done: true },
      { id: 2, text: 'Bread', done: false },
      { id: 3, text: 'Eggs', done: false },
    ],
    'id',
  );
  const text = ui.state('');
  const add = () => {
    if (text.value.trim() === '') return;
    const id = Math.max(0, ...items.items.map((item) => item.id)) + 1;
    items.add({ id, text: text.value.trim(), done: false });
    text.value = '';
  };
  ui.row(() => {
    ui.input('What to buy', { value: text, onEnter: add });
    ui.button('Add', add, { color: 'primary' });
  });
  ui.column(() =>
    ui.each(items, (item) =>
      ui.row(() => {
        ui.checkbox(item.text, { value: item.done, onChange: (done) => void items.update(item.id, { done }) });
        ui.button('To the top', () => void items.move(item.id, 0), { variant: 'ghost', size: 'sm' });
        ui.button('Remove', () => void items.remove(item.id), { variant: 'ghost', size: 'sm' });
      }),
    ),
  );
  ui.label(() => `Items: ${items.size}`);
}

function chores() {
  const list = ui.list(
    [
      { id: 1, text: 'Water the flowers' },
      { id: 2, text: 'Feed the cat' },
      { id: 3, text: 'Wash the car' },
    ],
    'id',
  );
  ui.sortable(list, (chore) => ui.label(chore.text), { name: (chore) => chore.text, label: 'Chores' });
}

function visits() {
  const scopes = [
    ['This tab', storage.tab],
    ['You', storage.user],
    ['Everybody', storage.general],
  ] as const;
  for (const [who, scope] of scopes) {
    const clicks = scope('gallery clicks', 0);
    ui.row(
      () => {
        ui.button(`${who}: one more`, () => clicks.update((count) => count + 1));
        ui.label(() => `Clicks: ${clicks.value}`);
      },
      { key: who },
    );
  }
  ui.input('Your name, in all your tabs', { value: storage.user('gallery name', '') });
}

function notes() {
  const all = shared.list<string>('gallery notes');
  const text = ui.state('');
  const add = () => {
    if (text.value.trim() === '') return;
    all.add(text.value.trim().slice(0, 200));
    // The newest twenty stay.
    if (all.size > 20) all.remove(all.keys[0] ?? '');
    text.value = '';
  };
  ui.row(() => {
    ui.input('A note for everybody', { value: text, onEnter: add });
    ui.button('Add', add);
  });
  ui.column(() => ui.each(all, (note) => ui.label(note)));
}
