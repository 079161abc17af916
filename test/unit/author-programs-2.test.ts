// Programs of lists, storage, files, sub pages and jobs, each played without a fault and with one.

import { describe, expect, test } from 'vitest';
import { App, type FileRef, type List, notFound, run, shared, storage, ui } from '../../src/index.ts';
import type { NodeLiteral } from '../../src/protocol/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const tasks = {
  words: async (file: FileRef) => (await file.text()).split(/\s+/).filter(Boolean).length,
  async *lines(texts: string[]): AsyncGenerator<{ n: number; text: string }, number> {
    for (const [n, text] of texts.entries()) yield { n, text };
    return texts.length;
  },
};
const { words, lines } = run.tasks<typeof tasks>('COMPUTE');

const modes = ['kill', 'reload', 'deploy', 'alwaysReplay', 'alwaysEvict'] as const;
type Mode = (typeof modes)[number] | 'no fault';

interface Program {
  app(): App;
  readonly path?: string;
  act(user: User, fault: (user?: User) => Promise<void>): Promise<void>;
  readonly ends: readonly string[];
  /** A fault that it does not meet. */
  readonly except?: Mode;
}

interface Todo {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
}

const programs: Readonly<Record<string, Program>> = {
  'todos in a list, whose rows are ticked, renamed by a question, moved, and removed after a confirmation': {
    app: () =>
      new App().page('/', () => {
        const todos = ui.list<Todo>(
          ['a', 'b', 'c'].map((id) => ({ id, text: `todo ${id}`, done: false })),
          'id',
        );
        const log = ui.log();
        const draft = ui.input('New');
        ui.button('Add', () => {
          todos.add({ id: draft.value, text: draft.value, done: false }, 0);
          draft.value = '';
        });
        ui.each(todos, (todo) => {
          ui.row(() => {
            ui.checkbox(todo.text, { value: todo.done, onChange: (done) => todos.update(todo.id, { done }) });
            ui.button(`Rename ${todo.id}`, async () => {
              const text = await ui.prompt('Text?', { value: todo.text });
              if (text === null) return;
              todos.update(todo.id, { text });
            });
            ui.button(`Up ${todo.id}`, () => todos.move(todo.id, Math.max(0, todos.keys.indexOf(todo.id) - 1)));
            ui.button(`Remove ${todo.id}`, async () => {
              if (!(await ui.confirm(`Remove ${todo.text}?`))) return;
              await run.sleep('1s');
              todos.remove(todo.id);
              log.push(`Removed ${todo.id}`);
            });
          });
        });
        ui.label(() => todos.items.map(({ id, text, done }) => `${id}:${text}:${done}`).join());
      }),
    async act(user, fault) {
      user.find({ kind: 'checkbox', text: 'todo b' }).click();
      user.find('Remove a').click();
      await user.settle();
      await fault();
      user.find('Up c').click();
      await user.settle();
      user.find({ kind: 'confirm' }).answer(true);
      await user.settle();
      await fault();
      await user.advance('5s');
      user.find('Rename b').click();
      await user.settle();
      await fault();
      user.find({ kind: 'prompt' }).answer('bee');
      await user.settle();
      user.find('New').type('z');
      user.find('Add').click();
      await user.settle();
    },
    ends: ['z:z:false,c:todo c:false,b:bee:true'],
  },
  'a poll whose votes two users update, with the result used after the await': {
    app: () =>
      new App().page('/', () => {
        const votes = shared('votes', { yes: 0, no: 0 });
        const mine = ui.state('');
        ui.label(() => `${votes.value.yes} : ${votes.value.no}`);
        ui.label(() => mine.value);
        ui.button('Yes', async () => {
          const after = await votes.update((now) => ({ ...now, yes: now.yes + 1 }));
          await run.sleep('1s');
          mine.value += `[${after.yes >= 1}]`;
        });
      }),
    async act(user, fault) {
      const other = await user.tab('/');
      user.find('Yes').click();
      user.find('Yes').click();
      other.find('Yes').click();
      await user.advance('10ms');
      await fault();
      user.find('Yes').click();
      await user.advance('500ms');
      await fault();
      await user.advance('5s');
    },
    ends: ['[true][true][true]', '4 : 0'],
  },
  'a chat of lines without keys, each removable by its author, with who is here': {
    app: () =>
      new App().page('/', (page) => {
        const chat = shared.list<{ by: string; text: string }>('chat');
        const here = shared.map<number>('here');
        page.onConnect(() => here.add('n', 1));
        page.onDisconnect(() => here.add('n', -1));
        const name = storage.user('name', 'nobody');
        ui.input('Name', { value: name });
        const text = ui.input('Text');
        ui.button('Say', async () => {
          await run.sleep('200ms');
          chat.add({ by: name.value, text: text.value });
          text.value = '';
        });
        ui.each(chat, ({ by, text }, index) => {
          ui.label(`${index} ${by}: ${text}`);
          ui.button(`x${index}`, () => chat.remove(chat.keys[index] ?? ''));
        });
        ui.label(() => `here ${here.get('n') ?? 0}`);
      }),
    async act(user, fault) {
      user.find('Name').fill('Ada');
      user.find('Text').type('one');
      user.find('Say').click();
      await user.advance('100ms');
      await fault();
      await user.advance('5s');
      user.find('Text').type('two');
      user.find('Say').click();
      await user.advance('5s');
      user.find('x0').click();
      await user.advance('1s');
      await fault();
    },
    ends: ['0 Ada: two', 'here 1'],
  },
  'a shop of sub pages with a cart in the tab, a form and a general list of orders': {
    path: '/shop',
    except: 'alwaysReplay',
    app: () =>
      new App().page('/shop/*', (page) => {
        const cart = storage.tab.list<{ id: string; count: number }>('cart', [], 'id');
        const orders = storage.general.list<{ name: string; items: string[] }>('orders');
        ui.label(() => `cart ${cart.size}`);
        ui.label(() => `at ${page.path}`);
        ui.label(() => `orders ${orders.items.map(({ name, items }) => `${name} ${items}`).join()}`);
        ui.link('Cart', '/shop/cart');
        ui.subPages({
          '/': () => {
            for (const id of ['tea', 'milk'])
              ui.button(`Buy ${id}`, () => {
                if (!cart.update(id, (item) => ({ ...item, count: item.count + 1 }))) cart.add({ id, count: 1 });
              });
          },
          '/cart': (sub) => {
            sub.title = 'Cart';
            ui.each(cart, (item) => ui.label(`${item.count} ${item.id}`));
            const form = ui.form(() => {
              const name = ui.input('Name', { rules: [(text) => text.length > 1 || 'too short'] });
              ui.button('Order', () => form.submit());
              return name;
            });
            form.onSubmit(async () => {
              const name = user();
              await run.sleep('1s');
              orders.add({ name, items: cart.items.map(({ id, count }) => `${count}${id}`) });
              cart.clear();
              ui.navigate.to(`/shop/thanks/${name}`);
            });
            const nameField = ui.input('Who');
            const user = () => nameField.value;
          },
          '/thanks/:name': ({ params, path }) => {
            if (params.name === 'x') throw notFound('No thanks.');
            ui.label(`thanks ${params.name} on ${path}`);
          },
        });
      }),
    async act(user, fault) {
      user.find('Buy tea').click();
      user.find('Buy tea').click();
      user.find('Buy milk').click();
      await user.settle();
      await fault();
      await user.goto('/shop/cart');
      await user.settle();
      user.find('Who').type('Ada');
      user.find('Name').type('Ada');
      await user.settle();
      await fault();
      user.find('Order').click();
      await user.advance('500ms');
      await fault();
      await user.advance('5s');
      await user.back();
      await user.settle();
      await fault();
      await user.forward();
      await user.settle();
    },
    ends: ['thanks Ada on /shop/thanks/Ada', 'at /shop/thanks/Ada', 'cart 0', 'orders Ada 2tea,1milk'],
  },
  'files in a list of the user, counted by a task and removed after a confirmation': {
    app: () =>
      new App().page('/', () => {
        const said = ui.state('');
        ui.label(() => said.value);
        const files = storage.user.list<{ id: string; file: FileRef; words?: number }>('files', [], 'id');
        ui.upload({
          multiple: true,
          autoUpload: true,
          onUpload: async ({ file }) => {
            files.add({ id: file.name, file });
            const count = await run.cpuBound(words, file);
            files.update(file.name, { words: count });
          },
        });
        ui.each(files, ({ id, file, words: count }) => {
          ui.label(`${id} ${file.size} ${count ?? '?'}`);
          ui.button(`Save ${id}`, () => ui.download(file));
          ui.button(`Remove ${id}`, async () => {
            if (await ui.confirm(`Remove ${id}?`)) files.remove(id);
          });
          ui.button(`Show ${id}`, async () => {
            await run.sleep('1s');
            said.value += await file.text();
          });
        });
      }),
    async act(user, fault) {
      await user
        .find({ kind: 'upload' })
        .upload({ name: 'a.txt', content: 'one two three' }, { name: 'b.txt', content: '' });
      await user.settle();
      await fault();
      await user.advance('1m');
      user.find('Show a.txt').click();
      await user.advance('100ms');
      await fault();
      await user.advance('5s');
      user.find('Remove b.txt').click();
      await user.settle();
      await fault();
      user.find({ kind: 'confirm' }).answer(true);
      await user.settle();
    },
    ends: ['a.txt 13 3', 'one two three'],
  },
  'notes in a map, edited by an editor': {
    app: () =>
      new App().page('/', () => {
        const notes = storage.user.map<{ html: string; rev: number }>('notes');
        const open = storage.tab('open', 'first');
        ui.select(['first', 'second'], { label: 'Note', value: open });
        ui.region(() => {
          const name = open.value;
          const editor = ui.editor(`Text of ${name}`, { value: notes.get(name)?.html ?? '' });
          ui.button('Save', async () => {
            const html = editor.value;
            await run.sleep('1s');
            notes.set(name, { html, rev: (notes.get(name)?.rev ?? 0) + 1 });
          });
        });
        ui.label(() => notes.entries.map(([name, { html, rev }]) => `${name} ${html} ${rev}`).join());
      }),
    async act(user, fault) {
      user.find({ kind: 'editor' }).fill('<b>bold</b>');
      await user.settle();
      user.find('Save').click();
      await user.advance('100ms');
      await fault();
      await user.advance('5s');
      user.find('Note').choose('second');
      await user.settle();
      user.find({ kind: 'editor' }).fill('<i>it</i>');
      user.find('Save').click();
      await user.advance('100ms');
      await fault();
      await user.advance('5s');
      user.find('Save').click();
      await user.advance('5s');
    },
    ends: ['first <b>bold</b> 1,second <i>it</i> 2'],
  },
  'a table over a list with buttons in its cells': {
    app: () =>
      new App().page('/', () => {
        const people = storage.user.list<{ id: number; name: string; age: number }>(
          'people',
          [
            { id: 1, name: 'Ada', age: 36 },
            { id: 2, name: 'Grace', age: 85 },
          ],
          'id',
        );
        const filter = ui.input('Filter');
        const table = ui.table(people, {
          filter: () => filter.value,
          selection: 'multiple',
          columns: [
            { name: 'name', sortable: true },
            { name: 'age', sortable: true },
            {
              name: 'do',
              cell: (person) => {
                ui.button(`Older ${person.name}`, async () => {
                  people.update(person.id, { age: person.age + 1 });
                  await run.sleep('1s');
                  people.update(person.id, (now) => ({ ...now, age: now.age + 1 }));
                });
                ui.button(`Delete ${person.name}`, async () => {
                  if (await ui.confirm(`Delete ${person.name}?`)) people.remove(person.id);
                });
              },
            },
          ],
        });
        ui.button('Add', () => people.add({ id: people.size + 10, name: 'Z', age: 0 }));
        ui.button('Drop selected', () => {
          for (const { id } of table.selected) people.remove(id);
        });
        ui.label(() => people.items.map(({ name, age }) => `${name}${age}`).join());
      }),
    async act(user, fault) {
      user.find('Older Ada').click();
      await user.advance('100ms');
      user.find('Add').click();
      await user.advance('100ms');
      await fault();
      await user.advance('5s');
      user.find('Delete Grace').click();
      await user.settle();
      await fault();
      user.find({ kind: 'confirm' }).answer(true);
      await user.settle();
    },
    ends: ['Ada38,Z0'],
  },
  'a named job whose chunks a handler puts into a list, while another handler shows the newest': {
    app: () =>
      new App().page('/', () => {
        const rows = ui.list<{ n: number; text: string }>([], 'n');
        const job = ui.job('import', lines);
        const end = ui.state('-');
        ui.button('Import', async () => {
          const started = job.start(['a', 'b', 'c', 'd']);
          for await (const row of started.chunks) {
            row.text += '!';
            rows.add(row);
            row.text += '?';
            rows.set(row);
          }
          end.value = `end ${await started}`;
        });
        ui.each(rows, (row) => ui.label(`${row.n}${row.text}`));
        ui.label(() => rows.items.map(({ text }) => text).join(''));
        ui.label(() => `${end.value} ${job.status.value} ${job.result.value} ${job.chunks.value.length}`);
      }),
    async act(user, fault) {
      user.find('Import').click();
      await user.advance('1ms');
      await fault();
      await user.advance('1m');
    },
    ends: ['a!?b!?c!?d!?', 'end 4 done 4 4'],
  },
  'a form with rules that adds to a shared list and starts anew': {
    app: () =>
      new App().page('/', () => {
        const guests = shared.list<{ name: string; seats: number }>('guests', [], 'name');
        const problem = ui.state('');
        const form = ui.form(() => {
          const name = ui.input('Name', { rules: [(text) => text !== '' || 'Give a name.'] });
          const seats = ui.number('Seats', { value: 1, min: 1, max: 4 });
          ui.button('Book', async () => {
            if (!(await form.submit())) return;
            try {
              guests.add({ name: name.value, seats: seats.value ?? 0 });
              await run.sleep('1s');
              form.reset();
            } catch (error) {
              problem.value = (error as Error).message;
            }
          });
        });
        ui.label(() => `problem ${problem.value}`);
        ui.label(() => guests.items.map(({ name, seats }) => `${name}${seats}`).join());
      }),
    async act(user, fault) {
      user.find('Book').click();
      await user.settle();
      user.find('Name').type('Ada');
      user.find('Book').click();
      await user.advance('100ms');
      await fault();
      await user.advance('5s');
      user.find('Name').type('Ada');
      user.find('Book').click();
      await user.advance('5s');
    },
    ends: [
      'Ada1',
      'problem shared.list(\'guests\') has an item with the key "Ada" already. Change it with `update` or `set`, or give the new item another key.',
    ],
  },
  'an object of the user, and items of a list, that handlers change in place before they write them': {
    app: () =>
      new App().page('/', () => {
        const profile = storage.user('profile', { name: 'x', tags: [] as string[], n: 0 });
        const list = ui.list<{ id: string; log: string[] }>([{ id: 'a', log: [] }], 'id');
        ui.label(() => `${profile.value.name} ${profile.value.tags.join('')} ${profile.value.n}`);
        ui.label(() => list.items.map(({ id, log }) => `${id} ${log.join('')}`).join());
        ui.button('Go', async () => {
          const held = profile.value;
          held.tags.push('1');
          profile.value = { ...held };
          await run.sleep('1s');
          held.tags.push('2');
          profile.value = { ...held, n: profile.value.n + 1 };
          await profile.update((now) => ({ ...now, n: now.n + 10 }));
        });
        ui.each(list, (item) =>
          ui.button(`Log ${item.id}`, async () => {
            item.log.push('1');
            list.set(item);
            await run.sleep('1s');
            item.log.push('2');
            list.set(item);
            await run.sleep('1s');
            list.update(item.id, (now) => {
              now.log.push('3');
              return now;
            });
          }),
        );
      }),
    async act(user, fault) {
      user.find('Go').click();
      user.find('Log a').click();
      await user.advance('500ms');
      await fault();
      await user.advance('5s');
      user.find('Go').click();
      user.find('Log a').click();
      await user.advance('1500ms');
      await fault();
      await user.advance('5s');
    },
    ends: ['x 1212 22', 'a 123123'],
  },
};

async function play({ app, path = '/', act }: Program, mode: Mode) {
  using user = await open(app(), path, {
    services: { COMPUTE: tasks },
    ...((mode === 'alwaysReplay' || mode === 'alwaysEvict') && { [mode]: true }),
  });
  await act(user, async () => {
    if (mode === 'kill') user.server.kill();
    if (mode === 'reload') await user.reload();
    if (mode === 'deploy') user.server.deploy(app());
    await user.advance('3s');
  });
  await user.advance('1m');
  // Nobody has lost a change, so no author is told of one.
  expect(user.server.log.filter(({ message }) => message.includes('changed an object in place'))).toEqual([]);
  return { page: shapeOf(user.browser.literal()), notes: user.notifications, errors: user.server.errors.map(String) };
}

/** The page without the numbers of its nodes, which a rebuild may change. */
function shapeOf([, kind, { on: _, ...props } = {}, children = []]: NodeLiteral): unknown {
  return [kind, props, children.map(shapeOf)];
}

/** All texts of the page. */
function textsIn(shape: unknown): string[] {
  const [, props, children] = shape as [string, Record<string, unknown>, unknown[]];
  return [...(typeof props.text === 'string' ? [props.text] : []), ...children.flatMap(textsIn)];
}

describe.each(Object.entries(programs))('%s', (_, program) => {
  test('no fault', async () => {
    const plain = await play(program, 'no fault');
    expect(plain).toMatchObject({ notes: [], errors: [] });
    expect(textsIn(plain.page)).toEqual(expect.arrayContaining([...program.ends]));
  });
  test.each(modes.filter((mode) => mode !== program.except))(
    '[NF1] shows with %s what it shows without a fault',
    async (mode) => {
      const plain = await play(program, 'no fault');
      expect(await play(program, mode)).toEqual(plain);
    },
  );
});

describe('what a module declares for all', () => {
  const declared = () => ({ names: [] as string[] });
  const forms = {
    'storage.user': storage.user('declared', declared()),
    'storage.tab': storage.tab('declared', declared()),
    shared: shared('declared', declared()),
  };
  const lists = {
    'storage.user.list': storage.user.list('declared', [{ id: 'a', ...declared() }], 'id'),
    'storage.tab.list': storage.tab.list('declared', [{ id: 'a', ...declared() }], 'id'),
    'shared.list': shared.list('declared', [{ id: 'a', ...declared() }], 'id'),
  };

  test.each([
    ...Object.entries(forms).map(([name, signal]) => [name, () => signal.value] as const),
    ...Object.entries(lists).map(([name, list]) => [name, () => list.get('a')] as const),
  ])(
    '[MO5] nothing that a handler changes in place in the initial value of %s reaches another visitor',
    async (_, read) => {
      const page = () => {
        ui.button('Go', () => read()?.names.push('mine'));
        ui.button('Show', () => ui.label(`names ${read()?.names.join()}`));
      };
      using user = await open({ '/': page });
      user.find('Go').click();
      await user.settle();
      user.find('Show').click();
      await user.shouldSee('names mine');
      using other = await open({ '/': page });
      other.find('Show').click();
      await other.settle();
      expect(other.find(/^names/).text).toBe('names ');
    },
  );

  test.each(Object.keys(forms))(
    'an object of %s that was changed in place is stored when it is assigned again, and by update',
    async (name) => {
      const page = () => {
        const make = { 'storage.user': storage.user, 'storage.tab': storage.tab, shared }[name as keyof typeof forms];
        const signal = make('own', declared());
        ui.label(() => `names ${signal.value.names.join('')}`);
        ui.button('Assign', async () => {
          const held = signal.value;
          held.names.push('a');
          signal.value = held;
          await run.sleep('1s');
          const again = signal.value;
          again.names.push('b');
          signal.value = again;
        });
        ui.button('Update', async () => {
          const made = await signal.update((now) => {
            now.names.push('c');
            return now;
          });
          await run.sleep('1s');
          await signal.update((now) => ({ names: [...now.names, made.names.at(-1) === 'c' ? 'd' : '?'] }));
        });
      };
      using user = await open({ '/': page });
      for (const [label, seen, later] of [
        ['Assign', 'names a', 'names ab'],
        ['Update', 'names abc', 'names abcd'],
      ] as const) {
        user.find(label).click();
        await user.shouldSee(seen);
        user.server.kill();
        await user.shouldSee(later, { within: '10s' });
      }
      expect(user.server.errors).toEqual([]);
    },
  );
});

test.each([
  [
    'fields of an item that was changed in place',
    (list: List<Row>, row: Row) => list.update('a', { log: row.log, n: row.n }),
  ],
  [
    'a function that changes its item in place',
    (list: List<Row>) =>
      list.update('a', (now) => {
        now.n += 10;
        now.log.push('f');
        return now;
      }),
  ],
  [
    'a function that returns a new item with an object changed in place',
    (list: List<Row>) =>
      list.update('a', (now) => {
        now.log.push('g');
        return { ...now };
      }),
  ],
  ['a field, while another was changed in place', (list: List<Row>) => list.update('a', { other: 'x' })],
] as const)('an update of a list by %s is there after a kill, and shown by another tab', async (_, update) => {
  const page = () => {
    const list = storage.user.list<Row>('rows', [{ id: 'a', n: 0, log: [], other: '' }], 'id');
    ui.label(() => list.items.map(({ n, log, other }) => `${n} ${log.join('')} ${other}`).join());
    ui.each(list, (row) =>
      ui.button('Go', async () => {
        row.n++;
        row.log.push('1');
        update(list, row);
        await run.sleep('1s');
        ui.notify(`${JSON.stringify(list.get('a'))}`);
      }),
    );
  };
  using user = await open({ '/': page });
  using other = await user.tab();
  const shown = (one: User) => one.find({ kind: 'label' }).text;
  user.find('Go').click();
  await user.advance('100ms');
  const before = shown(user);
  expect(shown(other)).toBe(before);
  expect(before).not.toBe('0  ');
  user.server.kill();
  await user.advance('5s');
  expect([shown(user), shown(other)]).toEqual([before, before]);
  expect(user.notifications).toHaveLength(1);
  expect(user.server.errors).toEqual([]);
});

interface Row {
  readonly id: string;
  n: number;
  readonly log: string[];
  readonly other: string;
}

describe('a handler has what its part was built with, again after a kill', () => {
  const declared = {
    'storage.user': storage.user('held', { n: 0 }),
    'storage.tab': storage.tab('held', { n: 0 }),
    shared: shared('held', { n: 0 }),
  };
  const lists = {
    'storage.user.list': storage.user.list('held', [{ id: 'a', n: 0 }], 'id'),
    'shared.list': shared.list('held', [{ id: 'a', n: 0 }], 'id'),
  };

  /** Clicks, kills in the middle, and returns what the page shows in the end. */
  async function go(part: (act: (held: number, set: (n: number) => void) => Promise<void>) => void) {
    using user = await open({
      '/': () => {
        const log = ui.log();
        part(async (held, set) => {
          set(held + 1);
          await run.sleep('1s');
          log.push(`had ${held}`);
          set(held + 2);
        });
      },
    });
    user.find('Go').click();
    await user.advance('500ms');
    user.server.kill();
    await user.advance('5s');
    expect(user.server.errors).toEqual([]);
    return user.page;
  }

  test.each(Object.entries(declared))('[NF5] of %s, which a module declares, in a region', async (_, signal) => {
    const page = await go((act) => {
      ui.label(() => `now ${signal.value.n}`);
      ui.region(() => {
        const { n: held } = signal.value;
        ui.button('Go', () => act(held, (n) => (signal.value = { n })));
      });
    });
    expect(page).toContain('had 0');
    expect(page).toContain('now 2');
  });

  test.each(Object.entries(lists))('[NF5] of %s, which a module declares, in a list', async (_, list) => {
    const page = await go((act) => {
      ui.label(() => `now ${list.get('a')?.n}`);
      ui.each(list, ({ n: held }) => ui.button('Go', () => act(held, (n) => list.update('a', { n }))));
    });
    expect(page).toContain('had 0');
    expect(page).toContain('now 2');
  });
});
