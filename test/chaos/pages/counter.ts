// A number, a text that is bound both ways, a list of numbered items, and a number of all sessions.
import { shared, ui } from 'edgewise';

interface Item {
  readonly id: number;
  readonly text: string;
  readonly hits: number;
}

const total = shared('total', 0);

export function counter() {
  const count = ui.state(0);
  const items = ui.state<readonly Item[]>([]);
  const draft = ui.state('');

  ui.button('Count', () => {
    // Version 2: total.add(0);
    count.value++;
    total.add(1);
  }).props({ id: 'count' });
  ui.label(() => count.value).props({ id: 'counted' });
  ui.label(total).props({ id: 'total' });

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
        ui.button(
          `${item.text} ${item.hits}`,
          () => {
            items.value = items.value.map((other) =>
              other.id === item.id ? { ...other, hits: other.hits + 1 } : other,
            );
          },
          // Because its text changes with each click, and a second click may be on its way.
          { key: 'hit' },
        ),
    );
  }).props({ id: 'items' });
}
