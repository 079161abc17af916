// `ui.list`: a durable list whose items are stored, sent and recorded one by one.

import { expect, test, vi } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { computed } from '../../src/reactive/index.ts';
import { storage } from '../../src/stores/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, seeded, type User } from '../../src/testing/index.ts';
import { attempts } from './attempts.ts';

interface Todo {
  readonly id: number;
  readonly text: string;
  readonly done?: boolean;
}

const milk: readonly Todo[] = [
  { id: 1, text: 'milk' },
  { id: 2, text: 'bread' },
  { id: 3, text: 'eggs' },
];

/** A page with a list and buttons that change it in every way. */
function page(initial: readonly Todo[] = milk) {
  return () => {
    const todos = ui.list<Todo>(initial, 'id');
    ui.label(() => `all: ${todos.items.map(({ text, done }) => `${text}${done ? '!' : ''}`).join(' ')}`);
    ui.button('Add', () => todos.add({ id: 10 + todos.size, text: `new${todos.size}` }));
    ui.button('Add first', () => todos.add({ id: 100 + todos.size, text: `first${todos.size}` }, 0));
    ui.button('Remove', () => todos.remove(2));
    ui.button('Last to second', () => todos.move(todos.at(-1)?.id ?? 0, 1));
    ui.button('First to end', () => todos.move(todos.at(0)?.id ?? 0, -1));
    ui.button('Clear', () => todos.clear());
    ui.each(todos, (todo) => {
      ui.label(`row ${todo.text}${todo.done ? '!' : ''}`);
      ui.button(`Tick ${todo.text}`, () => todos.update(todo.id, { done: true }));
    });
  };
}

function shown(user: User): string {
  return user.page.match(/all: ([^\n"]*)/)?.[1] ?? '';
}

function rows(user: User): string {
  return [...user.page.matchAll(/"row ([^"]*)"/g)].map((found) => found[1]).join(' ');
}

test('[NF13] what handlers add, change, move and remove shows in order, and is there after a kill, a reload and a deploy', async () => {
  using user = await open({ '/': page() });
  const click = async (name: string) => {
    user.find({ kind: 'button', text: name }).click();
    await user.settle();
  };
  const steps: readonly [name: string, all: string][] = [
    ['Add', 'milk bread eggs new3'],
    ['Last to second', 'milk new3 bread eggs'],
    ['Tick bread', 'milk new3 bread! eggs'],
    ['Remove', 'milk new3 eggs'],
    ['Add first', 'first3 milk new3 eggs'],
    ['First to end', 'milk new3 eggs first3'],
  ];
  for (const [name, all] of steps) {
    await click(name);
    expect([shown(user), rows(user)], name).toEqual([all, all]);
    user.server.kill();
    await user.advance('10s');
    expect([shown(user), rows(user)], `${name}, killed`).toEqual([all, all]);
  }
  await user.reload();
  expect([shown(user), rows(user)]).toEqual(['milk new3 eggs first3', 'milk new3 eggs first3']);
  user.server.deploy({ '/': page([{ id: 9, text: 'other' }]) });
  await user.advance('10s');
  expect(rows(user), 'a list that was changed keeps its items').toBe('milk new3 eggs first3');
  await click('Clear');
  user.server.kill();
  await user.advance('10s');
  expect([shown(user), rows(user)]).toEqual(['', '']);
  expect(user.server.errors).toEqual([]);
});

test('[NF13] any operations with kills at any moment: the page shows what an array would', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const chance = seeded(seed);
    using user = await open({ '/': page() }, '/', { seed });
    let model = [...milk];
    for (let step = 0; step < 25; step++) {
      const names = [
        'Add',
        'Add first',
        'Remove',
        'Last to second',
        'First to end',
        ...(chance() < 0.1 ? ['Clear'] : []),
      ];
      const name = names[Math.floor(chance() * names.length)] as string;
      const size = model.length;
      const free = (id: number) => !model.some((todo) => todo.id === id);
      if (name === 'Add' && !free(10 + size)) continue;
      if (name === 'Add first' && !free(100 + size)) continue;
      user.find({ kind: 'button', text: name }).click();
      if (chance() < 0.3) user.server.kill();
      await user.advance('5s');
      if (name === 'Add') model = [...model, { id: 10 + size, text: `new${size}` }];
      if (name === 'Add first') model = [{ id: 100 + size, text: `first${size}` }, ...model];
      if (name === 'Remove') model = model.filter(({ id }) => id !== 2);
      if (name === 'Clear') model = [];
      if (name === 'Last to second' && size > 1) model.splice(1, 0, model.pop() as Todo);
      if (name === 'First to end' && size > 0) model.push(model.shift() as Todo);
      const all = model.map(({ text }) => text).join(' ');
      expect([shown(user), rows(user)], `seed ${seed}, step ${step}: ${name}`).toEqual([all, all]);
    }
    expect(user.server.errors, `seed ${seed}`).toEqual([]);
  }
});

test('[WS2] an item more costs a list of 9,000 the same rows, bytes and builds as a list of 10', async () => {
  const costs: unknown[] = [];
  for (const count of [10, 9_000]) {
    let built = 0;
    const items = Array.from({ length: count }, (_, id) => ({ id, text: 'item' }));
    using user = await open({
      '/': () => {
        const list = ui.list(items, 'id');
        const clicks = ui.state(0);
        // The first commit of a large page stores the numbers of elements.
        ui.button('Begin', () => void clicks.value++);
        ui.button('Add', () => list.add({ id: 20_000 + list.size, text: 'new' }));
        ui.button('Change', () => list.update(5, { text: 'changed' }));
        ui.button('Remove', () => list.remove(7));
        ui.button('Move', () => list.move(3, 6));
        ui.each(list, (item) => {
          built++;
          ui.label(item.text);
        });
      },
    });
    user.find('Begin').click();
    await user.advance('5s');
    const written = vi.spyOn(user.server.store, 'writeCell');
    for (const name of ['Add', 'Add', 'Change', 'Move', 'Remove']) {
      const sent = user.browser.wire?.sent.length ?? 0;
      built = 0;
      written.mockClear();
      user.find({ kind: 'button', text: name }).click();
      await user.advance('100ms');
      const bytes = (user.browser.wire?.sent.slice(sent) ?? []).filter((text) => !text.startsWith('["a"'));
      // Rounded, because longer numbers take more digits.
      costs.push([count, name, written.mock.calls.length, built, bytes.map((text) => Math.ceil(text.length / 64))]);
    }
  }
  expect(costs.slice(5).map((cost) => (cost as unknown[]).slice(1))).toEqual(
    costs.slice(0, 5).map((cost) => (cost as unknown[]).slice(1)),
  );
});

test('[NF5] a handler reads the items in a replay as it read them, whoever has changed them since', async () => {
  const gate = Promise.withResolvers<void>();
  const seen: unknown[][] = [];
  using user = await open({
    '/': () => {
      const todos = ui.list<Todo>(milk, 'id');
      const total = computed(() => todos.items.length);
      ui.button('Go', async () => {
        const run1 = [todos.size, todos.items.map(({ text }) => text).join(), todos.get(2)?.text, todos.has(9)];
        todos.add({ id: 9, text: 'mine' });
        run1.push(todos.items.map(({ text }) => text).join(), total.value);
        await run.ioBound(() => gate.promise);
        const run2 = [todos.size, todos.items.map(({ text }) => text).join(), todos.get(2)?.text ?? null];
        todos.update(9, (todo) => ({ ...todo, text: 'mine again' }));
        await run.sleep('1s');
        seen.push([...run1, ...run2, todos.get(9)?.text]);
      });
      ui.button('Other', () => {
        todos.remove(2);
        todos.add({ id: 8, text: 'theirs' }, 0);
      });
      ui.label(() => `all: ${todos.items.map(({ text }) => text).join(' ')}`);
    },
  });
  user.find('Go').click();
  await user.settle();
  user.find('Other').click();
  await user.settle();
  for (let kill = 0; kill < 2; kill++) {
    user.server.kill();
    await user.advance('10s');
  }
  gate.resolve();
  await user.advance('10s');
  expect(user.server.errors).toEqual([]);
  expect(seen.slice(-1)).toEqual([
    [3, 'milk,bread,eggs', 'bread', false, 'milk,bread,eggs,mine', 4, 4, 'theirs,milk,eggs,mine', null, 'mine again'],
  ]);
  expect(shown(user)).toBe('theirs milk eggs mine again');
});

test('[NF4] the handler of an item that it removes continues after a kill', async () => {
  using user = await open(
    {
      '/': () => {
        const todos = ui.list<Todo>(milk, 'id');
        const done = ui.state('');
        ui.label(() => `done ${done.value}`);
        ui.each(todos, (todo) =>
          ui.button(`Delete ${todo.text}`, async () => {
            todos.remove(todo.id);
            await run.sleep('1s');
            done.value = `${done.value}${todo.text}`;
          }),
        );
      },
    },
    '/',
    { alwaysReplay: true },
  );
  for (const name of ['bread', 'milk']) {
    user.find(`Delete ${name}`).click();
    await user.advance('10s');
  }
  await user.shouldSee('done breadmilk', { within: '1m' });
  expect(user.server.replays).toBeGreaterThan(1);
  expect(user.server.errors).toEqual([]);
});

test.each([{ alwaysReplay: true }, { alwaysEvict: true }])(
  '[NF4] handlers that change items between awaits do so once with %o',
  async (kit) => {
    using user = await open(
      {
        '/': () => {
          const lines = ui.list<string>([]);
          ui.label(() => `all: ${[...lines].join(' ')}`);
          ui.button('Go', async () => {
            for (let step = 0; step < 5; step++) {
              const key = lines.add(`step${step}:${lines.size}`);
              await run.sleep('1s');
              if (step % 2 === 1) lines.remove(key);
              if (step === 2) lines.move(key, 0);
            }
            lines.add(`end${lines.items.length}`);
          });
        },
      },
      '/',
      kit,
    );
    user.find('Go').click();
    await user.advance('1m');
    expect(shown(user)).toBe('step2:1 step0:0 step4:2 end3');
    expect(user.server.errors).toEqual([]);
  },
);

test('[NF6] a replay that adds another item than before is reported, never hidden', async () => {
  let count = 0;
  using user = await open(
    {
      '/': () => {
        const lines = ui.list<{ id: number; text: string }>([], 'id');
        ui.button('Go', async () => {
          lines.add({ id: 1, text: `try ${++count}` });
          await run.sleep('1s');
        });
      },
    },
    '/',
    { alwaysReplay: true },
  );
  user.find('Go').click();
  await user.advance('1m');
  expect(user.server.errors.map((error) => (error as Error).name)).toEqual(['InterruptedError']);
});

test('[NF7] an item that a handler adds is the same object afterwards, also after a restart', async () => {
  const same: boolean[] = [];
  using user = await open(
    {
      '/': () => {
        const todos = ui.list<Todo>([], 'id');
        ui.button('Go', async () => {
          const todo = { id: 1, text: 'mine' };
          todos.add(todo);
          await run.sleep('1s');
          same.push(todos.get(1) === todo, todos.items.includes(todo));
        });
      },
    },
    '/',
    { alwaysReplay: true },
  );
  user.find('Go').click();
  await user.advance('1m');
  expect(same.slice(-2)).toEqual([true, true]);
  expect(user.server.errors).toEqual([]);
});

test('[NF10] a list is known by its name or variable: a deploy that inserts another one before keeps its items', async () => {
  const build = (names: readonly string[]) => () => {
    for (const name of names) {
      const list = ui.list<string>([], undefined, name);
      ui.label(() => `${name}: ${[...list].join()}`);
      ui.button(`Add to ${name}`, () => list.add(`of ${name}`));
    }
  };
  using user = await open({ '/': build(['a', 'b']) });
  for (const name of ['a', 'b']) user.find(`Add to ${name}`).click();
  await user.settle();
  user.server.deploy({ '/': build(['new', 'b', 'a']) });
  await user.advance('10s');
  for (const text of ['a: of a', 'b: of b']) expect(user.page).toContain(text);
  for (const names of [['b'], ['a', 'b']]) {
    user.server.deploy({ '/': build(names) });
    user.cut();
    await user.advance('10s');
  }
  expect(user.page).toContain('"a: "');
  expect(user.page).toContain('b: of b');
});

test('[BD2] an item that cannot be stored is refused in the line that adds it, and nothing of it is shown', async () => {
  using user = await open({
    '/': () => {
      const list = ui.list<Record<string, unknown>>([{ id: 1 }], 'id', 'things');
      const attempt = attempts(() => `${list.size}`);
      attempt('Function', () => list.add({ id: 2, at: { click: () => {} } }));
      attempt('Huge', () => list.add({ id: 2, text: 'x'.repeat(2_000_000) }));
      attempt('Change', () => list.update(1, { text: 'x'.repeat(2_000_000) }));
      attempt('Twice', () => list.add({ id: 1 }));
      attempt('No key', () => list.add({}));
    },
  });
  for (const [name, text] of [
    ['Function', 'The item "2" of ui.list(…, "things") cannot be stored: the value.at.click is a function.'],
    ['Huge', '1 RangeError'],
    ['Change', '1 RangeError'],
    ['Twice', 'ui.list(…, "things") has an item with the key "1" already.'],
    ['No key', 'A key of ui.list(…, "things") is undefined;'],
  ] as const) {
    user.find({ kind: 'button', text: name }).click();
    await user.settle();
    expect(user.page.replaceAll('\\"', '"')).toContain(text);
    expect(user.page).toContain('label "1 ');
  }
  user.server.kill();
  await user.advance('10s');
  expect(user.page).toContain('label "1 ');
});

test('[NF4] two runs of a handler that give an item the same fields continue after a kill', async () => {
  const pages = {
    '/': () => {
      const rows = ui.list([{ id: 'a', state: 'new' }], 'id');
      ui.label(() => rows.get('a')?.state ?? '');
      ui.button('Pay', async () => {
        rows.update('a', { state: 'paying' });
        await run.sleep('2s');
        rows.update('a', { state: 'paid' });
        await run.sleep('2s');
        rows.update('a', { state: 'sent' });
      });
    },
  };
  using user = await open(pages);
  user.find('Pay').click();
  await user.advance('1s');
  user.find('Pay').click();
  // The first run has paid, and the second one, which changed nothing so far, still waits.
  await user.advance('1100ms');
  user.server.kill();
  await user.advance('1s');
  await user.shouldSee('paid');
  await user.advance('10s');
  await user.shouldSee('sent');
  expect(user.server.errors).toEqual([]);
});

test('[NF5] a refused change of an item is refused again by a replay, and no change before it', async () => {
  const pages = {
    '/': () => {
      const seats = storage.user.map('seats', { a: { by: 'nobody' } });
      const said = ui.log();
      ui.button('Take', async () => {
        const results = ['nobody', 'x'.repeat(300_000), 'Ada'].map((by) => {
          try {
            return `${seats.update('a', { by })}`;
          } catch {
            return 'refused';
          }
        });
        await run.sleep('2s');
        said.push(`${results.join()} ${seats.get('a')?.by}`);
      });
    },
  };
  using user = await open(pages);
  user.find('Take').click();
  await user.advance('1s');
  user.server.kill();
  await user.advance('10s');
  expect(user.page).toContain('true,refused,true Ada');
  expect(user.server.errors).toEqual([]);
});
