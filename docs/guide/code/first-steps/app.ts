import { App, ui } from 'edgewise';

const app = new App({ title: 'Packing list' });

app.page('/', () => {
  const things = ui.list<{ text: string }>([]); // durable: a reload, a crash or a deploy does not reset it
  const draft = ui.state('');

  function add() {
    if (draft.value.trim() === '') return;
    things.add({ text: draft.value.trim() });
    draft.value = ''; // the field shows it at once
  }

  ui.heading('Packing list', { level: 1 });
  ui.input('What do you take along?', { value: draft, onEnter: add });
  ui.button('Add', add);
  ui.each(things, (thing) => ui.label(thing.text));
  ui.label(() => `Things: ${things.size}`); // a function is followed: it shows each change
});

export default app;
