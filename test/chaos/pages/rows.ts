// Rows of a plain loop over data that others change. A rebuild shows other rows, and a click may still be under way.
import { run, ui } from 'edgewise';
import { linesOf, note } from '../calls.ts';

export async function rows() {
  const names = await run.ioBound(linesOf, 'rows');
  const hits = ui.state<readonly string[]>([]);
  const paid = ui.state<readonly string[]>([]);
  ui.label(() => hits.value.join()).props({ id: 'hits' });
  ui.label(() => paid.value.join()).props({ id: 'paid' });
  for (const name of names) {
    ui.row(() => {
      ui.label(name);
      ui.button('Delete', () => {
        // Version 2: if (name === '') return;
        hits.value = [...hits.value, name];
      }).props({ 'data-do': 'delete', 'data-of': name });
    });
  }
  for (const name of names.filter((each) => each.startsWith('kept'))) {
    ui.row(
      () => {
        ui.label(`pay ${name}`);
        ui.button('Pay', async () => {
          await run.ioBound(note, 'payments', name);
          paid.value = [...paid.value, name];
        }).props({ 'data-do': 'pay', 'data-of': name });
      },
      { key: `pay ${name}` },
    );
  }
}
