import { describe, expect, test } from 'vitest';
import { type List, shared, ui } from '../../src/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open, type User } from '../../src/testing/index.ts';

interface Todo {
  readonly id: string;
  readonly text: string;
  readonly done?: boolean;
}

const letters: readonly Todo[] = ['A', 'B', 'C', 'D'].map((text) => ({ id: text.toLowerCase(), text }));

function page(list: () => List<Todo>, filter?: () => (todo: Todo) => boolean) {
  return () => {
    const todos = list();
    const fits = filter?.();
    ui.sortable(todos, (todo) => ui.label(todo.text), {
      name: ({ text }) => text,
      label: 'Letters',
      ...(fits && { filter: fits }),
    });
    ui.button('Remove B', () => todos.remove('b'));
    ui.button('Add E', () => todos.add({ id: 'e', text: 'E' }));
  };
}

const own = () => ui.list<Todo>(letters, 'id');
const order = (user: User) =>
  user
    .find({ kind: 'sortableItem' })
    .all.map(({ props }) => props.name)
    .join('');
const item = (user: User, name: string) => user.find({ kind: 'sortableItem', text: name });

function move(user: User, name: string, side: 'before' | 'behind', other: string): void {
  item(user, name).emit('move', [item(user, other).node.id, side === 'behind']);
}

describe('a list that a person sorts', () => {
  test.each([
    ['A', 'behind', 'B', 'BACD'],
    ['A', 'behind', 'D', 'BCDA'],
    ['D', 'before', 'A', 'DABC'],
    ['C', 'before', 'B', 'ACBD'],
    ['B', 'before', 'B', 'ABCD'],
  ] as const)('moves %s %s %s: %s, which a kill does not change', async (name, side, other, expected) => {
    using user = await open(page(own));
    move(user, name, side, other);
    await user.advance('1s');
    expect(order(user)).toBe(expected);
    user.server.kill();
    await user.reload();
    expect(order(user)).toBe(expected);
    expect(user.server.errors).toEqual([]);
  });

  test('[NF12] keeps the element of an item that moves, with what was typed into it', async () => {
    using user = await open(() => {
      const todos = own();
      ui.sortable(todos, (todo) => ui.input(todo.text), { name: ({ text }) => text });
    });
    user.find({ kind: 'input', text: 'A' }).type('typed');
    await user.settle();
    const { id } = item(user, 'A').node;
    move(user, 'A', 'behind', 'D');
    await user.settle();
    expect(item(user, 'A').node.id).toBe(id);
    expect(user.find({ kind: 'input', text: 'A' }).value).toBe('typed');
  });

  test('[LW8] moves of two people at the same time stay where each has put them', async () => {
    const pages = page(() => shared.list<Todo>('letters', letters, 'id'));
    using ada = await open(pages);
    using bob = await open(pages, '/', { beside: ada });
    move(ada, 'A', 'behind', 'B');
    move(bob, 'D', 'before', 'C');
    await ada.advance('2s');
    expect([order(ada), order(bob)]).toEqual(['BADC', 'BADC']);
  });

  test('[EO4] a move beside an item that somebody else has removed meanwhile changes nothing', async () => {
    const pages = page(() => shared.list<Todo>('letters', letters, 'id'));
    using ada = await open(pages);
    using bob = await open(pages, '/', { beside: ada });
    const { id } = item(ada, 'B').node;
    bob.find('Remove B').click();
    await ada.advance('2s');
    item(ada, 'D').emit('move', [id, false]);
    await ada.advance('2s');
    expect([order(ada), order(bob)]).toEqual(['ACD', 'ACD']);
    expect(ada.server.errors).toEqual([]);
  });

  test('with a filter, an item goes beside the one that is seen, and the hidden ones stay in their places', async () => {
    const some = letters.map((todo) => ({ ...todo, done: todo.id === 'b' || todo.id === 'c' }));
    const shown = () => {
      const all = ui.state(false);
      ui.button('All', () => (all.value = true));
      return ({ done }: Todo) => all.value || !done;
    };
    using user = await open(page(() => ui.list<Todo>(some, 'id'), shown));
    expect(order(user)).toBe('AD');
    move(user, 'D', 'before', 'A');
    await user.settle();
    expect(order(user)).toBe('DA');
    user.find('All').click();
    await user.settle();
    expect(order(user)).toBe('DABC');
  });

  test.each([null, 5, [], ['a', true], [1], [1.5, true], [1, 'true'], [99_999, true], [-1, false]])(
    '[BD4] a browser that asks to move an item to %j moves nothing',
    async (value) => {
      using user = await open(page(own));
      item(user, 'A').emit('move', value as never);
      await user.advance('1s');
      expect(order(user)).toBe('ABCD');
    },
  );

  test('[NF13] a list without keys of its own is sorted as well', async () => {
    using user = await open(() => {
      const words = ui.list<{ readonly text: string }>([]);
      ui.button('Fill', () => {
        for (const text of ['A', 'B', 'C']) words.add({ text });
      });
      ui.sortable(words, ({ text }) => ui.label(text), { name: ({ text }) => text });
    });
    user.find('Fill').click();
    await user.settle();
    move(user, 'C', 'before', 'A');
    await user.settle();
    expect(order(user)).toBe('CAB');
  });

  test('[WS8] its first HTML is a list whose items have a handle with a name', () => {
    const html = renderTree([
      1,
      'root',
      {},
      [[2, 'sortable', { label: 'Letters' }, [[3, 'sortableItem', { name: 'A' }, [[4, 'label', { text: 'A' }]]]]]],
    ]);
    expect(html).toContain('role="list" aria-label="Letters"');
    expect(html).toMatch(/role="listitem".*<button type="button"[^>]* aria-label="Move A"/);
  });
});
