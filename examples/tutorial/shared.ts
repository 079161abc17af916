import { shared, ui } from 'edgewise';

// Signals for all visitors. Each lives in an object of its own and is the same in every open page.
const count = shared('tutorial.count', 0);
const note = shared('tutorial.note', '');

export function sharedPage() {
  ui.label(() => `Clicks of all visitors together: ${count.value}`);
  // Not `count.value++`, because two visitors who click at the same moment would count once.
  ui.row(() => {
    ui.button('Add one', () => count.add(1));
    ui.button(
      'Back to zero',
      () => {
        count.value = 0;
      },
      { variant: 'ghost' },
    );
  });

  // Has a maximum length, because every visitor loads the text that one visitor writes.
  ui.input('A note for everybody', { value: note, maxLength: 200 });
  ui.label(() => (note.value === '' ? 'Nobody has written a note.' : `The note: ${note.value}`));
}
