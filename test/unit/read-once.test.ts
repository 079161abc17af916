// In development, an author hears of a value that a page has read once, and that has changed since.

import { type PageContext, shared, storage, ui } from 'edgewise';
import type { User } from 'edgewise/testing';
import { expect, test } from 'vitest';
import { opened } from './opened.ts';

const advice = (user: User) => user.server.log.filter(({ fault }) => fault === 'author').map(({ message }) => message);

async function clicked(build: (page: PageContext) => void): Promise<string[]> {
  using user = await opened(build);
  expect(advice(user)).toEqual([]);
  user.find('Go').click();
  await user.advance('1s');
  user.find('Go').click();
  await user.advance('1s');
  return advice(user);
}

test.each([
  ['a text', (count: { value: number }) => ui.label(`Count ${count.value}`)],
  ['an element around it', (count: { value: number }) => ui.row(() => ui.label(`Count ${count.value}`))],
  ['a computed signal', (count: { value: number }) => ui.label(`Twice ${ui.computed(() => count.value * 2).value}`)],
  ['a part', (count: { value: number }) => ui.show(true, () => ui.label(`Count ${count.value}`))],
  ['an item', (count: { value: number }) => ui.each([1, 2], String, (item) => ui.label(`${item} of ${count.value}`))],
])('[WS6] a page that reads a state once, for %s, is told so, once', async (_, build) => {
  const said = await clicked(() => {
    const count = ui.state(0, 'count');
    build(count);
    ui.button('Go', () => count.value++);
  });
  expect(said).toEqual([expect.stringContaining('The state "count" has changed')]);
});

test('[WS6] a page that reads a field once is told so', async () => {
  const said = await clicked(() => {
    const name = ui.input('Name');
    ui.label(`Hello ${name.value}`);
    ui.button('Go', () => {
      name.value += 'x';
    });
  });
  expect(said).toEqual([expect.stringContaining('The value of input "Name" has changed')]);
});

test('[WS6] a page that reads a stored or a shared value once is told so', async () => {
  const said = await clicked(() => {
    const theme = storage.user('theme', 'light');
    const votes = shared('votes', 0);
    const seats = shared.list<string>('seats', []);
    ui.label(`${theme.value} ${votes.value} ${seats.size}`);
    ui.button('Go', () => {
      theme.value += 'r';
      votes.add(1);
      seats.add('Ada');
    });
  });
  expect(said).toEqual([
    expect.stringContaining("storage.user('theme') has changed"),
    expect.stringContaining("shared('votes') has changed"),
    expect.stringContaining("shared.list('seats') has changed"),
  ]);
});

test('[WS6] a page that reads a list once is told so', async () => {
  const said = await clicked(() => {
    const names = ui.list<string>(['Ada'], undefined, 'names');
    for (const name of names) ui.label(name);
    ui.button('Go', () => names.add('Grace'));
  });
  expect(said).toEqual([expect.stringContaining('ui.list(…, "names") has changed')]);
});

test('[WS6] a page whose functions follow a state, in any way, is told nothing', async () => {
  const said = await clicked(() => {
    const count = ui.state(0);
    const names = ui.list<string>(['Ada']);
    const twice = ui.computed(() => count.value * 2);
    ui.label(count);
    ui.label(() => `Count ${count.value} of ${twice.value}`).classes(() => (count.value > 0 ? 'text-error' : ''));
    ui.number('Count', { value: count });
    ui.slider({ value: () => count.value });
    ui.show(
      () => count.value > 0,
      () => ui.label(() => `Count ${count.value}`),
    );
    ui.region(() => ui.label(`Count ${count.value}, ${names.size}`));
    ui.each(names, (name) => ui.label(() => `${name} ${count.value}`));
    const field = ui.input('Field');
    ui.label(() => field.value);
    ui.row(() => ui.label(() => names.items.join(', ')));
    ui.table(() => names.items.map((name) => ({ name, count: count.value })), {
      columns: [{ name: 'name' }, { name: 'count' }],
      rowKey: 'name',
    });
    ui.button('Go', () => {
      count.value++;
      field.value += 'x';
      names.add(`Name ${count.value}`);
    });
  });
  expect(said).toEqual([]);
});
