// What a page keeps finds its place in another version of the page by its name, or it goes and that is told; it never lands elsewhere.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { open, type User } from '../../src/testing/index.ts';

/** Uses a page, deploys another version of it, and has its browser brought over. */
async function across(before: () => void, use: (user: User) => void, after: () => void): Promise<User> {
  const user = await open({ '/': before });
  use(user);
  await user.advance('3s');
  user.server.deploy({ '/': after });
  user.server.kill();
  await user.advance('3s');
  return user;
}

const told = (user: User) =>
  user.server.log.filter(({ level, message }) => level === 'warning' && /Dropped/.test(message)).length;

const page = (user: User) => JSON.stringify(user.browser.literal());

describe('states', () => {
  const show = (name: string, read: () => unknown) => ui.label(() => `${name}: ${JSON.stringify(read())}`);
  const set = <T>(state: { value: T }, value: T) => ui.button('Set', () => void (state.value = value));

  test.each<[what: string, after: () => void]>([
    [
      'above it',
      () => {
        const count = ui.state(0);
        const name = ui.state('nobody');
        show('count', () => count.value);
        show('name', () => name.value);
      },
    ],
    [
      'of the same type above it',
      () => {
        const count = ui.state('none');
        const name = ui.state('nobody');
        show('count', () => count.value);
        show('name', () => name.value);
      },
    ],
    [
      'below it',
      () => {
        const name = ui.state('nobody');
        const count = ui.state('none');
        show('count', () => count.value);
        show('name', () => name.value);
      },
    ],
  ])(
    'a state that a deploy puts %s does not get the value of another one without a name, and that is told',
    async (_, after) => {
      using user = await across(
        () => {
          const name = ui.state('nobody');
          set(name, 'Ann');
          show('name', () => name.value);
        },
        (user) => user.find('Set').click(),
        after,
      );
      expect(user.sees('name: "nobody"')).toBe(true);
      expect(page(user)).toMatch(/count: (0|\\"none\\")"/);
      expect(told(user)).toBe(1);
      expect(page(user)).toContain('Dropped: 1 ui.state without a name');
    },
  );

  test('a state with a name keeps its value wherever a deploy puts it', async () => {
    using user = await across(
      () => {
        const name = ui.state('nobody', 'name');
        set(name, 'Ann');
      },
      (user) => user.find('Set').click(),
      () => {
        const count = ui.state(0, 'count');
        const other = ui.state('other');
        const name = ui.state('nobody', 'name');
        show('all', () => [count.value, other.value, name.value]);
      },
    );
    expect(user.sees('all: [0,"other","Ann"]')).toBe(true);
    expect(told(user)).toBe(0);
  });

  test('states without names keep their values through a deploy that changes other things', async () => {
    const page = (extra: boolean) => () => {
      const name = ui.state('nobody');
      const chosen = ui.state<string | number>('all');
      const late = ui.state<{ id: number } | null>(null);
      ui.button('Set', () => {
        name.value = 'Ann';
        chosen.value = 7;
        late.value = { id: 1 };
      });
      if (extra) ui.label('new');
      show('all', () => [name.value, chosen.value, late.value]);
    };
    using user = await across(page(false), (user) => user.find('Set').click(), page(true));
    expect(user.sees('all: ["Ann",7,{"id":1}]')).toBe(true);
    expect(told(user)).toBe(0);
  });

  test('a state whose type a deploy has changed begins anew, and no code ever meets the value of before', async () => {
    using user = await across(
      () => {
        const which = ui.state('first');
        const name = ui.state('nobody');
        ui.button('Set', () => {
          which.value = 'second';
          name.value = 'Ann';
        });
      },
      (user) => user.find('Set').click(),
      () => {
        const which = ui.state(1);
        const name = ui.state('nobody');
        ui.label(`which: ${which.value.toFixed(2)}`);
        show('name', () => name.value);
      },
    );
    expect(user.sees('which: 1.00')).toBe(true);
    expect(user.sees('name: "Ann"')).toBe(true);
    expect(told(user)).toBe(1);
  });

  test('what was dropped stays dropped, and what is set anew stays', async () => {
    using user = await across(
      () => set(ui.state('nobody'), 'Ann'),
      (user) => user.find('Set').click(),
      () => {
        const count = ui.state(0);
        const name = ui.state('nobody');
        set(count, 5);
        show('all', () => [count.value, name.value]);
      },
    );
    user.find('Set').click();
    await user.advance('3s');
    user.server.kill();
    await user.advance('12s');
    expect(user.sees('all: [5,"nobody"]')).toBe(true);
  });

  test('in production a dropped value is told in the log, and not to the visitor', async () => {
    const user = await open({ '/': () => void set(ui.state('nobody'), 'Ann') }, '/', { development: false });
    user.find('Set').click();
    await user.advance('3s');
    user.server.deploy({ '/': () => void [ui.state(0), ui.state('nobody')] });
    user.server.kill();
    await user.advance('12s');
    expect(told(user)).toBe(1);
    expect(page(user)).not.toContain('Dropped');
    user[Symbol.dispose]();
  });
});

describe('what the user has set', () => {
  const fields = (...names: string[]) => {
    for (const name of names) ui.input(name);
  };

  test.each<[what: string, after: () => void, shown: Record<string, string>]>([
    ['a field above', () => fields('Phone', 'E-mail', 'Name'), { Phone: '', 'E-mail': 'a@b.c', Name: 'Ann' }],
    ['another order', () => fields('Name', 'E-mail'), { 'E-mail': 'a@b.c', Name: 'Ann' }],
    ['another field in its place', () => fields('Phone', 'Name'), { Phone: '', Name: 'Ann' }],
    [
      'another label, with the old one as its key',
      () => {
        ui.input('Address', { key: 'E-mail' });
        ui.input('Name');
      },
      { Address: 'a@b.c', Name: 'Ann' },
    ],
  ])('stays in the field with its label, after %s', async (_, after, shown) => {
    using user = await across(
      () => fields('E-mail', 'Name'),
      (user) => {
        user.find('E-mail').type('a@b.c');
        user.find('Name').type('Ann');
      },
      after,
    );
    for (const [name, value] of Object.entries(shown)) expect([name, user.find(name).value]).toEqual([name, value]);
    expect(told(user)).toBe('E-mail' in shown || 'Address' in shown ? 0 : 1);
  });

  test('stays in the field with its label in each item of a list', async () => {
    const page = (above: boolean) => () =>
      ui.each(
        ['a', 'b'],
        (item) => item,
        (item) => {
          if (above) ui.input(`Phone ${item}`);
          ui.input(`Note ${item}`);
          ui.checkbox('Done');
        },
      );
    using user = await across(page(false), (user) => user.find('Note b').type('typed'), page(true));
    expect(['Phone b', 'Note a', 'Note b'].map((name) => user.find(name).value)).toEqual(['', '', 'typed']);
  });
});

describe('keys', () => {
  test('elements of a loop with keys keep what was set in them when the data changes', async () => {
    let rows = ['b', 'c'];
    const page = () => {
      for (const row of rows) ui.row(() => void ui.input('Note', { placeholder: row }), { key: row });
    };
    const user = await open({ '/': page });
    user.find('c').type('for c');
    await user.advance('3s');
    rows = ['a', 'b', 'c'];
    user.server.kill();
    await user.advance('12s');
    expect(['a', 'b', 'c'].map((row) => user.find(row).value)).toEqual(['', '', 'for c']);
    user[Symbol.dispose]();
  });
});
