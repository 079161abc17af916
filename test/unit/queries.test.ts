import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { open } from '../../src/testing/index.ts';

function page(): void {
  ui.heading('Orders', { level: 1 });
  ui.label('3 orders of 17');
  ui.button('Delete');
  ui.button('Delete all');
  ui.button('', undefined, { icon: 'x', key: 'close' }).props({ 'aria-label': 'Close' });
  ui.card(() => {
    ui.button('', undefined, { key: 'card' }).add(() => ui.label('Ship order 7'));
  });
  ui.input('Name');
  ui.checkbox('Urgent');
  ui.label('Delete is final').props({ role: 'note' });
}

test.each([
  [/^3 orders of \d+$/, true],
  [/orders of 18/, false],
  [/^delete$/i, true],
  [/ORDERS/, false],
  [/./g, true],
])('shouldSee takes the pattern %s', async (pattern, seen) => {
  using user = await open(page);
  expect(user.sees(pattern)).toBe(seen);
  // Also a second time: a pattern with the flag g remembers where it was.
  expect(user.sees(pattern)).toBe(seen);
  if (seen) await user.shouldSee(pattern);
  else await expect(user.shouldSee(pattern, { within: 10 })).rejects.toThrow(`Nobody sees ${String(pattern)}`);
});

test.each([
  [{ role: 'button', name: 'Delete' }, 'button'],
  [{ role: 'button', name: /all$/ }, 'button'],
  [{ role: 'button', name: 'Close' }, 'button'],
  [{ role: 'button', name: 'Ship order 7' }, 'button'],
  [{ role: 'heading', name: 'Orders' }, 'heading'],
  [{ role: 'textbox', name: 'Name' }, 'input'],
  [{ role: 'checkbox', name: 'Urgent' }, 'checkbox'],
  [{ role: 'note' }, 'label'],
  [{ role: 'button', text: 'Delete' }, 'button'],
])('find takes the role and the name %o', async (query, kind) => {
  using user = await open(page);
  expect(user.find(query).node.kind).toBe(kind);
});

test.each([{}, { text: undefined }, { label: 'Name' }, undefined, null])(
  'a query of %o is refused, because it would match everything',
  async (query) => {
    using user = await open(page);
    expect(() => user.sees(query as never)).toThrow(/A query is a text, a pattern, or an object of kind, role, name/);
  },
);

test('what is not found is said in words, with the tree', async () => {
  using user = await open(page);
  expect(() => user.find({ role: 'button', name: /Cancel/ }).node).toThrow(
    /There is no button named \/Cancel\/\. The page is:\nroot\n {2}heading "Orders"/,
  );
});
