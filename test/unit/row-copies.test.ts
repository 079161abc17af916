// The copies of a page's rows that sockets have, so that a wake reads nothing.

import { expect, test, vi } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { open, User } from '../../src/testing/index.ts';

/** What a socket has; the test store refuses a wake with other rows than its own. */
const copies = ({ server }: User) => server.wires.map(({ rows }) => rows !== undefined);

function page(): void {
  const count = ui.state(0);
  ui.button('Count', () => {
    count.value++;
  });
  ui.label(() => `Count ${count.value}`);
  ui.timer('60s', () => {
    count.value += 100;
  });
}

test('the socket of a page at rest has a copy of its rows, with which the object wakes', async () => {
  using user = await open({ '/': page }, '/');
  const wake = vi.spyOn(user.server.store, 'wake');
  expect(copies(user), 'after the hello, which is not committed').toEqual([false]);
  user.find('Count').click();
  await user.advance('3s');
  expect(copies(user)).toEqual([true]);
  const [copy] = user.server.wires.map(({ rows }) => rows);
  for (let count = 2; count <= 4; count++) {
    user.server.evict();
    wake.mockClear();
    user.find('Count').click();
    await user.shouldSee(`Count ${count}`);
    expect(wake.mock.calls[0]?.[1]).toBeTypeOf('string');
    await user.advance('3s');
    expect(copies(user)).toEqual([true]);
  }
  expect(user.server.wires[0]?.rows).not.toBe(copy);
});

test('the first write of an object ends the copies of all its sockets, also of those whose pages sleep', async () => {
  using user = await open({ '/': page }, '/');
  using other = await User.open(user.server, user.clock, '/');
  user.find('Count').click();
  other.find('Count').click();
  await user.advance('3s');
  expect(copies(user)).toEqual([true, true]);
  user.server.evict();
  other.find('Count').click();
  await user.advance('10ms');
  expect(copies(user), 'nothing is committed').toEqual([true, true]);
  await user.advance('90ms');
  expect(copies(user)).toEqual([false, false]);
  await user.advance('3s');
  user.server.evict();
  for (const each of [user, other]) each.find('Count').click();
  await user.shouldSee('Count 2');
  await other.shouldSee('Count 3');
});

test('what an alarm writes while the object sleeps ends the copies', async () => {
  using user = await open({ '/': page }, '/');
  user.find('Count').click();
  await user.advance('3s');
  const [before] = user.server.wires.map(({ rows }) => rows);
  user.server.evict();
  await user.advance('58s');
  await user.shouldSee('Count 101');
  expect(user.server.wires.map(({ rows }) => rows)).not.toContain(before);
  user.server.evict(true);
  user.find('Count').click();
  await user.shouldSee('Count 102');
});

test('the store hears how large the rows are, so that it does not read those of a large page for nothing', async () => {
  const many = () => {
    const list = ui.list<{ id: number }>([], 'id');
    ui.button('More', () => {
      for (let id = 0; id < 100; id++) list.add({ id });
    });
  };
  using user = await open({ '/': many }, '/');
  const copy = vi.spyOn(user.server.store, 'copy');
  user.find('More').click();
  await user.advance('3s');
  const [page = '', size = 0] = copy.mock.calls[0] ?? [];
  const rows = user.server.store.cells(page).map((cell) => ({ type: 2, ...cell }));
  expect(rows.length).toBeGreaterThanOrEqual(100);
  expect(size).toBeGreaterThan(3_072);
  expect(size, 'at least').toBeLessThanOrEqual(JSON.stringify(rows).length);
});

test('a commit that fails leaves no copy behind', async () => {
  using user = await open({ '/': page }, '/');
  user.find('Count').click();
  await user.advance('3s');
  user.server.store.failure = new Error('full');
  user.find('Count').click();
  await user.advance('100ms');
  expect(copies(user)).toEqual([false]);
  user.server.store.failure = undefined;
  user.server.evict(true);
  user.find('Count').click();
  await user.advance('1s');
});
