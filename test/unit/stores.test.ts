// `storage.tab`, `storage.user`, `storage.general`: values by name, of a tab, a user and the application.

import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { storage } from '../../src/stores/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';
import { attempts } from './attempts.ts';

const scopes = ['tab', 'user', 'general'] as const;

/** A page that shows and changes a value of each scope. */
function page() {
  for (const scope of scopes) {
    const count = storage[scope]('count', 0);
    ui.label(() => `${scope} ${count.value}`);
    ui.button(`Add to ${scope}`, () => count.update((value) => value + 1));
  }
}

async function click(user: User, ...names: readonly string[]): Promise<void> {
  for (const name of names) user.find({ kind: 'button', text: name }).click();
  await user.advance('2s');
}

function counts(user: User): number[] {
  return scopes.map((scope) => Number(user.page.match(new RegExp(`${scope} (\\d+)`))?.[1]));
}

test('[NF14] a value of a tab, of a user and of the application is there where it belongs, after a reload and a kill', async () => {
  const pages = { '/': page, '/other': page };
  using ada = await open(pages, '/');
  await click(ada, 'Add to tab', 'Add to user', 'Add to general');
  using second = await ada.tab('/other');
  using bob = await open(pages, '/', { beside: ada });
  expect([ada, second, bob].map(counts)).toEqual([
    [1, 1, 1],
    [0, 1, 1],
    [0, 0, 1],
  ]);
  await click(second, 'Add to tab', 'Add to user', 'Add to general');
  expect([ada, second, bob].map(counts), 'other tabs and users follow').toEqual([
    [1, 2, 2],
    [1, 2, 2],
    [0, 0, 2],
  ]);
  ada.server.kill();
  await ada.reload();
  await second.advance('10s');
  expect([ada, second].map(counts)).toEqual([
    [1, 2, 2],
    [1, 2, 2],
  ]);
  await ada.goto('/other');
  expect(counts(ada), 'another page of the same tab').toEqual([1, 2, 2]);
  await click(ada, 'Add to tab');
  ada.server.kill();
  await ada.reload();
  expect(counts(ada)).toEqual([2, 2, 2]);
  expect(counts(second), 'a tab has its own').toEqual([1, 2, 2]);
  const back = ada.browser.go(-1);
  await ada.advance('2s');
  await back;
  expect(counts(ada), 'back on the first page').toEqual([2, 2, 2]);
  expect([...ada.server.errors, ...bob.server.errors]).toEqual([]);
});

test('[NF14] an address that is typed continues the tab, also across a kill; a duplicated tab begins anew', async () => {
  const builds = { count: 0 };
  const list = storage.tab.list<string>('lines');
  const all = () => {
    builds.count++;
    page();
    ui.each(list, (line) => ui.label(line));
    ui.button('Add a line', () => void list.add('a line'));
    ui.input('Note', { value: storage.tab('note', '') });
  };
  using user = await open({ '/': all, '/other': all, '/plain': () => void ui.label('nothing stored') });
  await click(user, 'Add to tab', 'Add a line');
  user.find('Note').fill('typed');
  await user.settle();
  const is = (tab: User) => [
    counts(tab)[0],
    tab.find({ kind: 'label', text: 'a line' }).all.length,
    tab.find('Note').value,
  ];
  await user.load('/other');
  expect(is(user)).toEqual([1, 1, 'typed']);
  await click(user, 'Add to tab');
  await user.load('/plain');
  await user.load('/');
  expect(is(user), 'over a page that stores nothing').toEqual([2, 1, 'typed']);
  await click(user, 'Add to tab');
  user.server.kill();
  await user.reload();
  expect(is(user)).toEqual([3, 1, 'typed']);
  const loading = user.load('/other');
  user.server.kill();
  await loading;
  await user.advance('10s');
  expect(is(user)).toEqual([3, 1, 'typed']);
  using copy = await user.duplicate();
  expect(is(copy)).toEqual([0, 0, '']);
  expect(is(user)).toEqual([3, 1, 'typed']);
  const before = builds.count;
  await user.load('/plain');
  await user.advance('5s');
  expect(builds.count, 'a page without stored values is built once').toBe(before);
  await user.goto('/other');
  expect(is(user)).toEqual([3, 1, 'typed']);
  expect(user.server.errors).toEqual([]);
});

test.each(scopes)(
  '[EO1] a click that changes a value of storage.%s counts once when the session dies at any moment',
  async (scope) => {
    using user = await open({ '/': page }, '/', { latency: 10 });
    for (let at = 1; at < 120; at += 6) {
      user.find(`Add to ${scope}`).click();
      await user.advance(at);
      user.server.kill();
      await user.advance('30s');
      expect(counts(user)[scopes.indexOf(scope)], `killed after ${at} ms`).toBe((at - 1) / 6 + 1);
    }
  },
);

test.each([{ alwaysReplay: true }, { alwaysEvict: true }])(
  '[NF5] handlers read and write stored values as they did with %o',
  async (kit) => {
    using user = await open(
      {
        '/': () => {
          const total = storage.user('total', 0);
          const lines = storage.tab.list<string>('lines');
          const votes = storage.user.map<number>('votes');
          ui.label(() => `total ${total.value}, ${[...lines].join(' ')}, ${JSON.stringify(votes.entries)}`);
          ui.button('Go', async () => {
            for (let step = 0; step < 3; step++) {
              total.value += 1;
              lines.add(`${total.value}:${lines.size}`);
              await run.sleep('1s');
              await total.update((value) => value * 2);
              votes.add('tea', total.value);
            }
          });
        },
      },
      '/',
      kit,
    );
    user.find('Go').click();
    await user.advance('1m');
    // 1, 2; 3, 6; 7, 14
    await user.shouldSee('total 14, 1:0 3:1 7:2, [["tea",22]]');
    expect(user.server.errors).toEqual([]);
  },
);

test('[NF14] an input bound to a stored value shows it in every tab of the user, and writes it', async () => {
  const page = () => {
    const name = storage.user('name', '');
    ui.input('Name', { value: name });
    ui.label(() => `Hello, ${name.value}!`);
  };
  using user = await open({ '/': page });
  using second = await user.tab();
  user.find('Name').type('Ada');
  await user.advance('2s');
  for (const tab of [user, second]) await tab.shouldSee('Hello, Ada!');
  expect(second.find('Name').props.value).toBe('Ada');
  second.find('Name').type(' Lovelace');
  await second.advance('2s');
  user.server.kill();
  await user.advance('10s');
  await user.shouldSee('Hello, Ada Lovelace!');
  expect(user.find('Name').props.value).toBe('Ada Lovelace');
});

test.each([
  ['a value and a list of the user', storage.user, storage.user.list<string>],
  ['a value and a list of all users', storage.general, storage.general.list<string>],
] as const)(
  '[NF14] a tab that only watches shows %s that another tab changes after the object has slept',
  async (_, value, list) => {
    const page = () => {
      const count = value('count', 0);
      const lines = list('lines');
      ui.button('Count', () => count.value++);
      ui.button('Add', () => lines.add('line'));
      ui.label(() => `${count.value} and ${lines.size}`);
    };
    using user = await open({ '/': page });
    using second = await user.tab();
    for (const [name, shown] of [
      ['Count', '1 and 0'],
      ['Add', '1 and 1'],
    ] as const) {
      await user.advance('1m');
      user.server.evict();
      user.find(name).click();
      for (const tab of [user, second]) await tab.shouldSee(shown);
    }
  },
);

test.each([1, 7, 45, 60])(
  '[NF14] a page to which a tab has gone stays in the tab when the session dies %s ms later',
  async (ms) => {
    const page = () => {
      const step = storage.tab('step', 1);
      ui.label(() => `Step ${step.value}`);
      ui.button('Next', () => step.value++);
      ui.link('Other', '/other');
    };
    using user = await open({ '/': page, '/other': page });
    await click(user, 'Next');
    user.find('Other').click();
    await user.advance(ms);
    user.server.kill();
    await user.advance('10s');
    expect(user.browser.path).toBe('/other');
    await user.shouldSee('Step 2');
    await click(user, 'Next');
    await user.back();
    await user.shouldSee('Step 3');
  },
);

test('[NF14] what a tab has stored ends with its last page; what a user has stored stays', async () => {
  using user = await open({ '/': page, '/other': page }, '/', {
    policy: { pageIdle: 60_000, sessionIdle: 86_400_000 },
  });
  await click(user, 'Add to tab', 'Add to user');
  await user.goto('/other');
  await user.advance('2m');
  expect(counts(user), 'the first page has ended').toEqual([1, 1, 0]);
  user.close();
  await user.advance('5m');
  const rows = () =>
    user.server.store
      .cells('storage')
      .map(({ key }) => key)
      .sort();
  expect(rows()).toEqual(['seen', 'user.v.count']);
  await user.advance('23h');
  expect(rows(), 'a session lasts for its time after the last use').toContain('user.v.count');
  await user.advance('25h');
  expect(rows()).toEqual([]);
});

test.each([
  [
    'a name that is empty',
    () => storage.user('', 0),
    'storage.user needs a name of 1 to 128 characters, not a text of 0 characters.',
  ],
  [
    'a name that is too long',
    () => storage.tab.list('x'.repeat(129)),
    'storage.tab.list needs a name of 1 to 128 characters, not a text of 129 characters.',
  ],
  [
    'an initial value with a function',
    () => storage.user('x', { at: { click: () => {} } }),
    "The initial value of storage.user('x') cannot be stored: the value.at.click is a function.",
  ],
])('[BD2] storage refuses %s', (_, act, message) => {
  expect(act).toThrow(message);
});

test('[BD2] storage refuses a value that cannot be stored or has no room, in the line that writes it', async () => {
  using user = await open({
    '/': () => {
      const value = storage.user<unknown>('value', 1);
      const items = storage.tab.list<{ id: string; at?: unknown }>('items', [], 'id');
      const shared = storage.general<unknown>('value', 1);
      const attempt = attempts(() => `${JSON.stringify(value.value)} ${items.size}`);
      attempt('Function', () => (value.value = { deep: [() => {}] }));
      attempt('Large', () => (value.value = 'x'.repeat(300_000)));
      attempt('Item', () => items.add({ id: 'a', at: Symbol('x') }));
      attempt('Large item', () => items.add({ id: 'a', at: 'x'.repeat(300_000) }));
      attempt('Shared', () => (shared.value = { deep: [() => {}] }));
      attempt('Names', () => {
        for (let n = 0; n <= 1_000; n++) storage.tab(`name ${n}`, 0).value = 1;
      });
      attempt('Full', () => {
        for (let n = 0; n < 40; n++) storage.user(`big ${n}`, '').value = 'x'.repeat(250_000);
      });
    },
  });
  for (const [name, text] of [
    ['Function', "1 0 TypeError: storage.user('value') cannot be stored: the value.deep[0] is a function."],
    ['Large', "1 0 RangeError: storage.user('value') would have 300002 characters; the limit is 262144."],
    [
      'Item',
      '1 0 TypeError: The item "a" of storage.tab.list(\'items\') cannot be stored: the value.at is an instance of a class.',
    ],
    ['Large item', "1 0 RangeError: An item of storage.tab.list('items') would have"],
    ['Shared', "1 0 TypeError: storage.general('value') cannot be stored: the value.deep[0] is a function."],
    ['Names', '1 0 RangeError: storage.tab has 1000 names, and at most 1000 fit.'],
    ['Full', "1 0 RangeError: storage.user('big 33') has no room: a session stores at most 8388608 characters"],
  ] as const) {
    user.find({ kind: 'button', text: name }).click();
    await user.settle();
    expect(user.page.replaceAll('\\"', '"')).toContain(text);
  }
  user.server.kill();
  await user.advance('10s');
  expect(user.page).toContain('label "1 0');
});

test('storage that is written while a page is built is refused with a sentence', async () => {
  const build = () => {
    storage.user('visits', 0).value++;
  };
  await expect(open({ '/': build })).rejects.toThrow(/^storage\.user\('visits'\) was written while a page was built\./);
});

test('[LW7] storage.general.update counts the simultaneous updates of all users', async () => {
  const page = () => {
    const votes = storage.general('votes', 0);
    ui.label(() => `${votes.value} votes`);
    ui.button('Vote', () => storage.general.update<number>('votes', (count = 0) => count + 1));
  };
  using ada = await open({ '/': page }, '/', { latency: 20 });
  using bob = await open({ '/': page }, '/', { latency: 30, beside: ada });
  for (let vote = 0; vote < 10; vote++) for (const user of [ada, bob]) user.find('Vote').click();
  await ada.advance('20s');
  for (const user of [ada, bob]) await user.shouldSee('20 votes');
});

test('a storage that is full does not keep a typed address from its page', async () => {
  using user = await open({
    '/': () => {
      ui.button('Fill', () => {
        for (let n = 0; n < 33; n++) storage.user(`big ${n}`, '').value = 'x'.repeat(250_000);
        let size = 0;
        for (const step of [100_000, 10_000, 1_000, 100, 10, 1]) {
          try {
            for (; ; size += step) storage.user('rest', '').value = 'x'.repeat(size + step);
          } catch {}
        }
      });
    },
    '/other': () => {
      const count = storage.tab('count', 0);
      ui.button('Count', () => void count.value++);
      ui.label(() => `count ${count.value}`);
    },
  });
  user.find('Fill').click();
  await user.advance('5s');
  await user.load('/other');
  await user.advance('5s');
  expect(user.page).toContain('count 0');
  expect(user.browser.link.status.state).toBe('live');
  expect(user.server.log.filter(({ fault }) => fault === 'framework')).toEqual([]);
});
