import { App, ui } from 'edgewise';

const app = new App({ title: 'To do' });

app.page('/', () => {
  const todos = ui.list<{ id: string; text: string; done: boolean }>([], 'id');
  const text = ui.state('');

  ui.input('What is to be done?', { value: text }) // bind_value
    .on('keydown.enter', () => {
      todos.add({ id: `${ui.now()}-${ui.random()}`, text: text.value, done: false });
      text.value = '';
    });
  // In place of @ui.refreshable: each item is shown by itself.
  ui.each(todos, ({ id, text, done }) => {
    ui.row(() => {
      ui.checkbox(text, { value: done, onChange: (now) => todos.update(id, { done: now }) });
      ui.button('', () => todos.remove(id), { icon: 'delete', label: `Delete ${text}`, variant: 'ghost' });
    });
  });
  ui.label(() => `Open: ${todos.items.filter(({ done }) => !done).length}`); // bind_text_from
});

export default app;
