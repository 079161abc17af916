import { shared, ui } from 'edgewise';

// Signals for all visitors. They live in objects of their own and are the same in every open page.
const count = shared('tutorial.count', 0);
const note = shared('tutorial.note', '');

export function sharedPage() {
  ui.label(() => `Clicked ${count.value} times by all visitors together`);
  // Not `count.value++`: two visitors who click in the same moment would count once.
  ui.row(() => {
    ui.button('Add one', () => count.add(1));
    ui.button(
      'Back to zero',
      () => {
        count.value = 0;
      },
      { color: 'ghost' },
    );
  });

  // With a length: what one visitor writes, every other one has to load.
  ui.input('A note for everybody', { value: note, maxLength: 200 });
  ui.label(() => (note.value === '' ? 'Nobody has written a note.' : `The note: ${note.value}`));
}
