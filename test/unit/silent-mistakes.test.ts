// Code that reads right and does nothing: an error, or a sentence in development, says what to write instead.

import { run, shared, storage, ui } from 'edgewise';
import type { User } from 'edgewise/testing';
import { expect, test } from 'vitest';
import { click, opened } from './opened.ts';

const advice = (user: User) => user.server.log.filter(({ level }) => level === 'warning').map(({ message }) => message);

test('[NB5] a page function that sets a state is told that this has no effect later', async () => {
  using user = await opened(() => {
    const count = ui.state(0);
    count.value = 5;
    ui.label(() => `Count ${count.value}`);
    ui.button('Go', () => count.value++);
  });
  await user.shouldSee('Count 5');
  expect(advice(user)).toEqual([expect.stringMatching(/has set a ui\.state\. A restart runs it again/)]);
});

test('[NB5] a state whose first value cannot be stored says so before a handler writes it', async () => {
  using user = await opened(() => {
    const day = ui.state(new (class Day {})());
    ui.label(() => typeof day.value);
    ui.button('Go', () => {});
  });
  const said = [expect.stringMatching(/^A state cannot be stored: the value is an instance of a class\./)];
  expect(advice(user)).toEqual(said);
  await click(user, 'Go');
  expect(advice(user)).toEqual(said);
});

test('[BD2] an async function given to update is refused as a promise, also where items have keys', async () => {
  using user = await opened(() => {
    const count = ui.state(0);
    const items = ui.list([{ id: 'a' }], 'id');
    const later = async <T>(value: T) => value;
    ui.button('State', () => count.update(later as never));
    ui.button('Item', () => items.update('a', later as never));
    ui.button('Add', () => items.add(later({ id: 'b' }) as never));
  });
  for (const name of ['State', 'Item', 'Add']) await click(user, name);
  const what = ['A state', 'An item of ui.list', 'An item of ui.list'];
  const why = ' cannot be stored: the value is a promise, which has to be awaited before.';
  expect(user.server.errors.map(String)).toEqual(what.map((each) => expect.stringContaining(each + why)));
});

test('[NB5] objects that two states share are not said to be changed in place, after a restart either', async () => {
  using user = await opened(() => {
    const doc = ui.state({ n: 0, tags: new Map<string, number>() });
    const undo = ui.state<unknown[]>([]);
    ui.button('Go', async () => {
      await run.sleep('200ms');
      undo.value = [...undo.value, doc.value];
      doc.update((now) => ({ ...now, n: now.n + 1 }));
    });
    ui.button('Undo', () => {
      doc.value = undo.value.at(-1) as typeof doc.value;
      undo.value = undo.value.slice(0, -1);
    });
    ui.label(() => `${doc.value.n} ${undo.value.length}`);
  });
  await click(user, 'Go');
  await user.advance('1s');
  await click(user, 'Go');
  await user.advance('1s');
  user.find('Go').click();
  user.find('Go').click();
  await user.advance('240ms');
  user.server.kill();
  await user.advance('10s');
  await click(user, 'Undo');
  await user.shouldSee('3 3');
  expect(advice(user)).toEqual([]);
});

test('[EO9] a page function that commands the browser is told that this has no effect', async () => {
  using user = await opened(() => {
    ui.navigate.to('/sign-in');
    ui.label('The account');
  });
  await user.shouldSee('The account');
  expect(user.browser.path).toBe('/');
  expect(advice(user)).toEqual([expect.stringMatching(/^A page function called navigate, .* Throw redirect\('\/…'\)/)]);
});

test('[BD6] a list without keys refuses an item in the place of a key, instead of doing nothing', async () => {
  using user = await opened(() => {
    const tags = ui.list(['red', 'blue']);
    const keyed = ui.list(['red', 'blue'], (tag) => tag);
    ui.each(keyed, (tag) => ui.label(`keyed ${tag}`));
    const said = ui.label('');
    for (const [name, act] of Object.entries({
      Remove: () => tags.remove('red'),
      Update: () => tags.update('red', () => 'green'),
      Move: () => tags.move('red', 1),
      Has: () => tags.has('red'),
      Get: () => tags.get('red'),
    }))
      ui.button(name, () => {
        try {
          act();
          said.text = `${name}: no error`;
        } catch (error) {
          said.text = `${name}: ${(error as Error).message}`;
        }
      });
    ui.button('Others', () => {
      said.text = [tags.remove('green'), tags.has('0'), tags.remove(0), keyed.remove('red')].join();
    });
  });
  for (const name of ['Remove', 'Update', 'Move', 'Has', 'Get']) {
    await click(user, name);
    await user.shouldSee(new RegExp(`^${name}: ui.list.* was given "red", which is an item and no key`));
  }
  await click(user, 'Others');
  await user.shouldSee('false,true,true,true');
  await user.shouldNotSee('keyed red');
});

test.each<
  [what: string, change: (states: { tags: { value: string[] }; seats: { value: Map<string, number> } }) => unknown]
>([
  ['tags', ({ tags }) => tags.value.push('new')],
  ['seats', ({ seats }) => seats.value.set('A1', 2)],
])(
  '[NB5] a handler that changes the object in a state in place is told to assign another one: %s',
  async (name, change) => {
    using user = await opened(() => {
      const tags = ui.state<string[]>([], 'tags');
      const seats = ui.state(new Map([['A1', 1]]), 'seats');
      ui.label(() => `${tags.value.length} ${seats.value.get('A1')}`);
      ui.button('Change', () => void change({ tags, seats }));
      ui.button('Right', async () => {
        const all = tags.value;
        await run.sleep('1s');
        all.push('new');
        tags.value = all;
        seats.value.set('A1', 3);
        seats.value = new Map(seats.value);
      });
    });
    await click(user, 'Right');
    await user.advance('3s');
    await user.shouldSee('1 3');
    expect(advice(user)).toEqual([]);
    await click(user, 'Change');
    expect(advice(user)).toEqual([
      expect.stringMatching(new RegExp(`^The state "${name}" was changed in place by a handler`)),
    ]);
  },
);

test('[NB5] so is one that does so after an await, also with an object that it has assigned itself', async () => {
  using user = await opened(() => {
    const tags = ui.state<string[]>([], 'tags');
    const rows = ui.state<string[]>([], 'rows');
    ui.label(() => `${tags.value.length} ${rows.value.length}`);
    ui.button('Read', async () => {
      await run.sleep('1s');
      tags.value.push('new');
    });
    ui.button('Assigned', async () => {
      const mine: string[] = [];
      rows.value = mine;
      await run.sleep('1s');
      mine.push('new');
    });
  });
  await click(user, 'Read');
  await user.advance('3s');
  expect(advice(user)).toEqual([expect.stringMatching(/^The state "tags" was changed in place by a handler/)]);
  await click(user, 'Assigned');
  await user.advance('3s');
  expect(advice(user)).toEqual([
    expect.anything(),
    expect.stringMatching(/^The state "rows" was changed in place by a handler/),
  ]);
});

test('[NB5] so is one that changes an item of a list in place', async () => {
  using user = await opened(() => {
    const todos = ui.list([{ id: 'milk', done: false }], 'id');
    ui.button('Right', () => todos.update('milk', { done: !todos.get('milk')?.done }));
    ui.button('Wrong', () => {
      const milk = todos.get('milk');
      if (milk) milk.done = true;
    });
  });
  await click(user, 'Right');
  await click(user, 'Right');
  expect(advice(user)).toEqual([]);
  await click(user, 'Wrong');
  expect(advice(user)).toEqual([expect.stringMatching(/^An item of ui\.list.* was changed in place by a handler/)]);
});

test('[NB5] the error of a part says of which element it is a part, instead of a number', async () => {
  using user = await opened(() => {
    const tags = ui.state(['red']);
    const each = () =>
      ui.each(
        tags,
        (tag) => tag,
        (tag) => ui.label(tag),
      );
    ui.column(each);
    each();
    ui.button('Again', () => {
      tags.value = ['red', 'red'];
    });
  });
  await click(user, 'Again');
  const lines = user.server.log.filter(({ level }) => level === 'error').map(({ element }) => element);
  expect(lines).toEqual([expect.stringMatching(/^a part of column \d+$/), 'a part of the page']);
});

test('[NB5] the error of a function that a label follows is not called one of a handler', async () => {
  using user = await opened(() => {
    const person = ui.state<{ name: string } | null>({ name: 'Ada' });
    ui.label(() => (person.value as { name: string }).name, { key: 'name' });
    ui.button('Leave', () => {
      person.value = null;
    });
  });
  await click(user, 'Leave');
  const lines = user.server.log.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(lines).toEqual([expect.stringMatching(/^Code of label .* failed\.$/)]);
});

test.each<[what: string, build: () => void]>([
  [
    'an item of a list',
    () => {
      const todos = ui.list([{ id: 'milk', done: false }], 'id');
      ui.each(todos, (todo) =>
        ui.checkbox('Done', {
          value: todo.done,
          onChange: (done) => {
            todo.done = done;
          },
        }),
      );
    },
  ],
  [
    'an item of a state',
    () => {
      const todos = ui.state([{ id: 'milk', done: false }]);
      ui.each(
        todos,
        ({ id }) => id,
        (todo) =>
          ui.checkbox('Done', {
            value: todo.done,
            onChange: (done) => {
              todo.done = done;
            },
          }),
      );
    },
  ],
])('[NB5] so is one that reads nothing, and changes what its row was made of: %s', async (_, build) => {
  using user = await opened(build);
  await click(user, 'Done');
  expect(advice(user)).toEqual([expect.stringMatching(/was changed in place by a handler/)]);
});

interface Place {
  (name: string, initial: { tags: string[] }): { value: { tags: string[] } };
  list: typeof storage.user.list;
  map: typeof storage.user.map;
}

test.each<[name: string, of: Place]>([
  ['storage.user', storage.user],
  ['storage.tab', storage.tab],
  ['storage.general', storage.general],
  ['shared', shared],
])('[NB5] so is one that changes a stored or shared value, or an item, in place: %s', async (name, of) => {
  const value = of('value', { tags: [] });
  const list = of.list('list', [{ id: 'milk', done: false }], 'id');
  const map = of.map('map', { seat: { taken: false } });
  using user = await opened(() => {
    ui.label(() => `${value.value.tags.length} ${list.size} ${map.size}`);
    ui.each(list, (item) =>
      ui.button('Done', () => {
        item.done = true;
      }),
    );
    ui.button('Push', () => value.value.tags.push('new'));
    ui.button('Take', () => {
      const seat = map.get('seat');
      if (seat) seat.taken = true;
    });
    ui.button('Right', () => {
      value.value = { tags: [...value.value.tags, 'right'] };
      list.update('milk', { done: false });
      map.update('seat', ({ taken }) => ({ taken: !taken }));
    });
  });
  await click(user, 'Right');
  await click(user, 'Right');
  expect(advice(user)).toEqual([]);
  for (const act of ['Push', 'Done', 'Take']) await click(user, act);
  expect(advice(user).map((text) => text.split(' was changed in place')[0])).toEqual([
    `${name}('value')`,
    `An item of ${name}.list('list')`,
    `An item of ${name}.map('map')`,
  ]);
});

test('[NB5] so is one that changes a shared value that nobody has written yet', async () => {
  const votes = shared('votes', { yes: 0 });
  using user = await opened(() => {
    ui.label(() => `Yes ${votes.value.yes}`);
    ui.button('Vote', () => votes.value.yes++);
  });
  await click(user, 'Vote');
  expect(advice(user)).toEqual([expect.stringMatching(/^shared\('votes'\) was changed in place by a handler/)]);
});

test('[NB5] what is shown of a variable is told that nothing notices when a handler changes it', async () => {
  using user = await opened(() => {
    let count = 0;
    let open = true;
    const words = ['a'];
    const rows = [{ id: 1 }];
    const named = ui.state('x');
    ui.label(() => `Count ${count}`);
    ui.label(() => `${named.value} is followed, and ${count} is not`);
    ui.show(
      () => open,
      () => ui.label('open'),
    );
    ui.each(
      words,
      (word) => word,
      (word) => ui.label(word),
    );
    ui.table(rows);
    const assigned = ui.label(() => `Assigned ${count}`);
    ui.label(() => 'always the same');
    ui.button('Count', () => {
      count++;
      assigned.text = 'by hand';
    });
    ui.button('Open', () => {
      open = !open;
    });
    ui.button('Word', () => words.push('b'));
    ui.button('Row', () => rows.push({ id: 2 }));
    ui.button('Name', () => {
      named.value += 'y';
    });
  });
  await click(user, 'Name');
  expect(advice(user)).toEqual([]);
  const what = [
    'The text of label "Count 0"',
    'The condition of a ui.show',
    'The array of a ui.each',
    'The array of a ui.table',
  ];
  for (const [at, act] of ['Count', 'Open', 'Word', 'Row'].entries()) {
    await click(user, act);
    expect(advice(user)).toHaveLength(at + 1);
    expect(advice(user).at(-1)).toMatch(
      `${what[at]} follows no state, so the page does not notice that it has changed.`,
    );
  }
  using other = await opened(() => {
    const rows = [{ id: 1 }];
    const table = ui.table(rows);
    ui.button('Rows', () => {
      rows.push({ id: 3 });
      table.rows = rows;
    });
  });
  await click(other, 'Rows');
  expect(advice(other)).toEqual([]);
});

test('[BD6] a list refuses an update that gives an item another key, under which nobody would find it', async () => {
  const cart = storage.user.list('cart', [{ id: 'milk', n: 1 }], 'id');
  using user = await opened(() => {
    const people = ui.list([{ name: 'Ada' }], ({ name }) => name);
    ui.label(() => `${people.items.map(({ name }) => name)} ${cart.items.map(({ id, n }) => `${id} ${n}`)}`);
    ui.button('Rename', () => people.update('Ada', { name: 'Grace' }));
    ui.button('Function', () => cart.update('milk', ({ n }) => ({ id: 'eggs', n })));
    ui.button('Right', () => cart.update('milk', ({ id, n }) => ({ id, n: n + 1 })));
  });
  for (const act of ['Rename', 'Function', 'Right']) await click(user, act);
  await user.shouldSee('Ada milk 2');
  expect(user.server.errors.map((error) => (error as Error).message)).toEqual([
    expect.stringMatching(/^The item "Ada" of ui\.list.* would have the key "Grace"/),
    expect.stringMatching(/^The item "milk" of storage\.user\.list\('cart'\) would have the key "eggs"/),
  ]);
});

test('[NB5] elements that a handler adds to a removed one are told of, and a dialog that a page function opens is not', async () => {
  using user = await opened(() => {
    const dialog = ui.dialog();
    dialog.add(() => void ui.button('Close', () => dialog.close()));
    dialog.open();
    const box = ui.column();
    ui.button('Clear', () => box.clear());
    ui.button('Remove', () => box.delete());
    ui.button('Add', () => box.add(() => ui.row(() => ui.label('Added'))));
  });
  for (const act of ['Close', 'Add', 'Clear', 'Add', 'Remove']) await click(user, act);
  expect(advice(user)).toEqual([]);
  await click(user, 'Add');
  expect(advice(user)).toEqual(['A handler added elements to a column that has been removed: nobody sees them.']);
});
