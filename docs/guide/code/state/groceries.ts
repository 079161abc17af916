import { App, shared, storage, ui } from 'edgewise';

interface Item {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
}

const theme = storage.user<'light' | 'dark'>('theme', 'light'); // of one user, in all tabs
const votes = shared('votes', { yes: 0 }); // of all users

const app = new App({ title: 'Groceries' });

app.page('/', () => {
  const todos = ui.list<Item>([{ id: 'milk', text: 'Milk', done: false }], 'id'); // of this page
  const person = ui.state({ name: 'Ada', address: { city: 'London' } });

  ui.select(['light', 'dark'], { label: 'Theme', value: theme });
  ui.each(todos, ({ id, text, done }) =>
    ui.checkbox(text, { value: done, onChange: (now) => todos.update(id, { done: now }) }),
  );
  ui.label(() => `Done: ${todos.items.filter(({ done }) => done).length}`);

  ui.label(() => person.value.address.city); // sent when the city changes
  ui.button('Move', () => person.update((now) => ({ ...now, address: { ...now.address, city: 'Paris' } })));

  ui.label(() => `Yes: ${votes.value.yes}`);
  ui.button('Vote', () => votes.update((now) => ({ yes: now.yes + 1 }))); // every vote counts

  // #region operations
  ui.button('Operations', () => {
    todos.add({ id: 'eggs', text: 'Eggs', done: false }); // at the end; add(item, 0) at the beginning
    todos.update('eggs', { done: true }); // only this field
    todos.move('eggs', 0);
    todos.remove('milk');
    if (todos.has('eggs')) todos.set({ id: 'eggs', text: 'Six eggs', done: false });
  });
  // #endregion
});

export default app;
