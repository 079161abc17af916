// What the chaos run clicks on: a number, a text that is bound both ways, and a list whose items have a number each.
import { App, ui } from 'edgewise';

interface Item {
  readonly id: number;
  readonly text: string;
  readonly hits: number;
}

const app = new App({ title: 'Chaos' });

app.page('/', () => {
  const count = ui.state(0);
  const items = ui.state<readonly Item[]>([]);
  const draft = ui.state('');

  ui.button('Count', () => {
    count.value++;
  }).props({ id: 'count' });
  ui.label(() => count.value).props({ id: 'counted' });

  ui.input('What next?', { value: draft });
  ui.button('Add', () => {
    items.value = [...items.value, { id: items.value.length, text: draft.value, hits: 0 }];
    draft.value = '';
  }).props({ id: 'add' });

  ui.column(() => {
    ui.each(
      items,
      (item) => item.id,
      (item) =>
        ui.button(`${item.text} ${item.hits}`, () => {
          items.value = items.value.map((other) => (other.id === item.id ? { ...other, hits: other.hits + 1 } : other));
        }),
    );
  }).props({ id: 'items' });
});

export default app;
export const Session = app.Session;
