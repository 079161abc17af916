// What several sessions write to one shared object at once: nothing of it is lost.

import { expect, test, vi } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { Session } from '../../src/session/index.ts';
import { shared, sharedLimits } from '../../src/shared/index.ts';
import type { MemoryStore } from '../../src/storage/index.ts';
import { open, seeded, type TestShared, type User } from '../../src/testing/index.ts';
import { attempts } from './attempts.ts';

interface Votes {
  readonly yes: number;
  readonly voters: readonly string[];
}

const none: Votes = { yes: 0, voters: [] };

/** A page whose button adds to a shared object by `update`. */
function voting() {
  const votes = shared<Votes>('votes', none);
  const mine = ui.state<readonly number[]>([]);
  ui.label(() => `${votes.value.yes} votes`);
  ui.label(() => `mine: ${mine.value.join(' ')}`);
  ui.button('Vote', async () => {
    const now = await votes.update(({ yes, voters }) => ({ yes: yes + 1, voters: [...voters, `voter ${yes}`] }));
    mine.value = [...mine.value, now.yes];
  });
}

function mineOf(user: User): number[] {
  const text = user.page.match(/mine: ([\d ]*)/)?.[1] ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

test('[LW7] two users with 20 simultaneous updates end with 20, and no update gets the answer of another', async () => {
  using ada = await open({ '/': voting }, '/', { latency: 20 });
  using bob = await open({ '/': voting }, '/', { latency: 20, beside: ada });
  for (let click = 0; click < 10; click++) for (const user of [ada, bob]) user.find('Vote').click();
  await ada.shouldSee('20 votes', { within: '1m' });
  await bob.shouldSee('20 votes');
  await ada.advance('5s');
  const answers = [...mineOf(ada), ...mineOf(bob)].sort((a, b) => a - b);
  expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect([...ada.server.errors, ...bob.server.errors]).toEqual([]);
});

test.each(['session', 'object', 'both'] as const)(
  '[LW7] an update is applied once and gets its own answer when the %s dies at any moment',
  async (victim) => {
    for (let at = 1; at < 120; at += 7) {
      using ada = await open({ '/': voting }, '/', { latency: 10, seed: at + 1 });
      using bob = await open({ '/': voting }, '/', { latency: 10, beside: ada });
      ada.find('Vote').click();
      bob.find('Vote').click();
      await ada.advance(at);
      if (victim !== 'object') ada.server.kill();
      if (victim !== 'session') ada.shared?.kill('signal:votes');
      await ada.advance('1m');
      await ada.shouldSee('2 votes');
      await bob.shouldSee('2 votes');
      expect([...mineOf(ada), ...mineOf(bob)].sort(), `killed after ${at} ms`).toEqual([1, 2]);
      expect([...ada.server.errors, ...bob.server.errors]).toEqual([]);
    }
  },
);

test.each([{ alwaysReplay: true }, { alwaysEvict: true }])('[LW7] updates count once each with %o', async (kit) => {
  using ada = await open({ '/': voting }, '/', { ...kit, latency: 5 });
  using bob = await open({ '/': voting }, '/', { ...kit, latency: 5, beside: ada });
  for (let click = 0; click < 3; click++) {
    for (const user of [ada, bob]) user.find('Vote').click();
    await ada.advance('5s');
  }
  await ada.shouldSee('6 votes', { within: '2m' });
  await bob.shouldSee('6 votes', { within: '2m' });
  await ada.advance('1m');
  expect([...mineOf(ada), ...mineOf(bob)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...ada.server.errors, ...bob.server.errors]).toEqual([]);
});

test('an update that throws rejects in its handler and changes nothing; one that is async is refused with a sentence', async () => {
  using user = await open({
    '/': () => {
      const level = shared('level', 1);
      const said = ui.state('');
      ui.label(() => `${level.value} ${said.value}`);
      const attempt = (name: string, change: (value: number) => number) =>
        ui.button(name, async () => {
          try {
            await level.update(change);
          } catch (error) {
            said.value = String(error);
          }
        });
      attempt('Throw', () => {
        throw new Error('Never.');
      });
      attempt('Async', (async () => 2) as unknown as () => number);
      attempt('Large', () => 'x'.repeat(300_000) as unknown as number);
      attempt('Well', (value) => value + 1);
    },
  });
  for (const [name, text] of [
    ['Throw', '1 Error: Never.'],
    ['Async', "1 TypeError: The function given to shared('level').update is async."],
    ['Large', "1 RangeError: shared('level') would have 300002 characters"],
    ['Well', '2 RangeError'],
  ] as const) {
    user.find({ kind: 'button', text: name }).click();
    await user.settle();
    await user.advance('1s');
    expect(user.page).toContain(text);
  }
});

test('an update sees what the same handler has written before it', async () => {
  using user = await open({
    '/': () => {
      const level = shared('level', 1);
      ui.label(() => `Level ${level.value}`);
      ui.button('Go', async () => {
        level.value = 10;
        level.add(5);
        await level.update((value) => value * 2);
      });
    },
  });
  user.find('Go').click();
  await user.shouldSee('Level 30');
});

interface Message {
  readonly from: string;
  readonly text: string;
}

/** A chat, and a page whose buttons change it. `who` names the user by the query. */
function chatting() {
  const chat = shared.list<Message>('chat');
  const said = ui.state(0);
  ui.label(() => `${chat.size} messages`);
  ui.label(() => `said ${said.value}`);
  ui.label(() => `all: ${chat.items.map(({ text }) => text).join(' ')}`);
  ui.button('Say', () => {
    said.value++;
    chat.add({ from: 'somebody', text: `m${said.value}` });
  });
  ui.each(chat, ({ text }) => ui.chatMessage(text));
}

function allOf(user: User): string[] {
  return (user.page.match(/all: ([^\n"]*)/)?.[1] ?? '').split(' ').filter(Boolean);
}

test('[LW8] two users with 20 simultaneous adds end with 20; three with 30 messages end with 30, in one order', async () => {
  for (const count of [2, 3]) {
    using ada = await open({ '/': chatting }, '/', { latency: 15 });
    using bob = await open({ '/': chatting }, '/', { latency: 25, beside: ada });
    using eve = await open({ '/': chatting }, '/', { latency: 35, beside: ada });
    const users = [ada, bob, eve].slice(0, count);
    for (let click = 0; click < 10; click++) for (const user of users) user.find('Say').click();
    await ada.advance('10s');
    const shown = users.map(allOf);
    expect(shown[0]).toHaveLength(count * 10);
    for (const each of shown) expect(each).toEqual(shown[0]);
    for (const user of users) {
      await user.shouldSee(`${count * 10} messages`);
      expect(user.browser.root.children.flatMap((node) => node.children).length).toBeGreaterThanOrEqual(count * 10);
      expect(user.server.errors).toEqual([]);
    }
  }
});

test.each(['session', 'object', 'both'] as const)(
  '[LW8] an item is added once when the %s dies at any moment, and every user sees it',
  async (victim) => {
    for (let at = 1; at < 120; at += 7) {
      using ada = await open({ '/': chatting }, '/', { latency: 10, seed: at });
      using bob = await open({ '/': chatting }, '/', { latency: 10, beside: ada });
      for (const user of [ada, bob]) for (let click = 0; click < 3; click++) user.find('Say').click();
      await ada.advance(at);
      if (victim !== 'object') ada.server.kill();
      if (victim !== 'session') ada.shared?.kill('list:chat');
      await ada.advance('1m');
      for (const user of [ada, bob]) {
        expect(allOf(user).sort(), `killed after ${at} ms`).toEqual(['m1', 'm1', 'm2', 'm2', 'm3', 'm3']);
        await user.shouldSee('6 messages');
      }
    }
  },
);

test.each([{ alwaysReplay: true }, { alwaysEvict: true }])('[LW8] items are added once each with %o', async (kit) => {
  using ada = await open({ '/': chatting }, '/', { ...kit, latency: 5 });
  using bob = await open({ '/': chatting }, '/', { ...kit, latency: 5, beside: ada });
  for (let click = 0; click < 5; click++) {
    for (const user of [ada, bob]) user.find('Say').click();
    await ada.advance('5s');
  }
  for (const user of [ada, bob]) await user.shouldSee('10 messages', { within: '1m' });
  expect(allOf(ada)).toEqual(allOf(bob));
});

/** A page whose buttons change a shared list in every way. */
function editing() {
  const todos = shared.list<{ id: string; text: string; done: boolean }>('todos', first, 'id');
  ui.label(() => `all: ${todos.items.map(({ id, text, done }) => `${id}=${text}${done ? '!' : ''}`).join(' ')}`);
  ui.button('Rename b', () => todos.update('b', { text: 'B' }));
  ui.button('Tick b', () => todos.update('b', (todo) => ({ ...todo, done: true })));
  ui.button('Last first', () => todos.move(todos.at(-1)?.id ?? '', 0));
  ui.button('First last', () => todos.move(todos.at(0)?.id ?? '', -1));
  ui.button('Remove b', () => todos.remove('b'));
  ui.button('Insert', () => {
    const id = `n${todos.size}`;
    if (!todos.has(id)) todos.add({ id, text: 'new', done: false }, 1);
  });
  ui.button('Clear', () => todos.clear());
}

const first = ['a', 'b', 'c'].map((id) => ({ id, text: id, done: false }));

test.each([
  ['changes of different fields of one item', 'Rename b', 'Tick b', 'a=a b=B! c=c'],
  ['a change of an item and its move', 'Rename b', 'First last', 'b=B c=c a=a'],
  ['two moves', 'Last first', 'First last', /^(c=c b=b a=a|b=b c=c a=a)$/],
  ['a removal and a change of the same item', 'Remove b', 'Rename b', 'a=a c=c'],
  ['two insertions with the same key', 'Insert', 'Insert', 'a=a n3=new b=b c=c'],
  ['a clear and a change', 'Clear', 'Rename b', ''],
])('[LW8] %s by two users at once merge, and both see the same', async (_, one, other, expected) => {
  for (const latencies of [
    [10, 30],
    [30, 10],
  ] as const) {
    using ada = await open({ '/': editing }, '/', { latency: latencies[0] });
    using bob = await open({ '/': editing }, '/', { latency: latencies[1], beside: ada });
    ada.find({ kind: 'button', text: one }).click();
    bob.find({ kind: 'button', text: other }).click();
    await ada.advance('5s');
    const shown = [ada, bob].map((user) => allOf(user).join(' '));
    expect(shown[0]).toEqual(shown[1]);
    expect(shown[0]).toMatch(typeof expected === 'string' ? new RegExp(`^${expected}$`) : expected);
    using late = await open({ '/': editing }, '/', { beside: ada });
    expect(allOf(late).join(' '), 'a late user').toBe(shown[0]);
    ada.server.kill();
    ada.shared?.kill('list:todos');
    await ada.advance('30s');
    expect(allOf(ada).join(' '), 'after a kill').toBe(shown[0]);
    expect([...ada.server.errors, ...bob.server.errors]).toEqual([]);
  }
});

test('[LW8] entries of a map, and numbers in them, count for all who change them at once', async () => {
  const page = () => {
    const votes = shared.map<number>('votes', { tea: 1 });
    ui.label(() => `all: ${votes.entries.map(([drink, count]) => `${drink}=${count}`).join(' ')}`);
    for (const drink of ['tea', 'mate']) ui.button(drink, () => votes.add(drink, 1));
    ui.button('No tea', () => votes.delete('tea'));
  };
  using ada = await open({ '/': page }, '/', { latency: 20 });
  using bob = await open({ '/': page }, '/', { latency: 30, beside: ada });
  for (let click = 0; click < 10; click++) {
    for (const user of [ada, bob])
      for (const drink of ['tea', 'mate']) user.find({ kind: 'button', text: drink }).click();
  }
  await ada.advance('5s');
  for (const user of [ada, bob]) expect(allOf(user)).toEqual(['tea=21', 'mate=20']);
  ada.find('No tea').click();
  await ada.advance('5s');
  for (const user of [ada, bob]) expect(allOf(user)).toEqual(['mate=20']);
});

test('[LW8] any operations of three users, with kills at any moment, end with the same items for all', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const chance = seeded(seed);
    const pick = <T>(from: readonly T[]) => from[Math.floor(chance() * from.length)] as T;
    using ada = await open({ '/': editing }, '/', { latency: 12, seed });
    using bob = await open({ '/': editing }, '/', { latency: 7, beside: ada });
    using eve = await open({ '/': editing }, '/', { latency: 31, beside: ada });
    const users = [ada, bob, eve];
    for (let step = 0; step < 25; step++) {
      const user = pick(users);
      const names = ['Rename b', 'Tick b', 'Last first', 'First last', 'Insert', 'Insert', 'Remove b', 'Clear'];
      if (chance() < 0.8) user.find({ kind: 'button', text: pick(names) }).click();
      else if (chance() < 0.5) user.server.kill();
      else ada.shared?.kill('list:todos');
      await ada.advance(1 + chance() * 80);
    }
    await ada.advance('2m');
    const shown = users.map(allOf);
    for (const each of shown) expect(each, `seed ${seed}`).toEqual(shown[0]);
    expect(
      users.flatMap(({ server }) => server.errors),
      `seed ${seed}`,
    ).toEqual([]);
  }
});

test('[LW8] an item more costs a list of 10,000 as many rows and bytes as a list of 10', async () => {
  const pushes = vi.spyOn(Session.prototype, 'sharedChanged');
  const costs: unknown[] = [];
  for (const count of [10, 10_000]) {
    const page = () => {
      const list = shared.list<{ id: number; text: string }>(`of ${count}`, [], 'id');
      ui.label(() => `${list.size} items`);
      ui.button('Fill', () => {
        for (let more = 0; more < Math.min(count, 2_500); more++) list.add({ id: 20_000 + list.size, text: 'new' });
      });
      ui.button('Add', () => list.add({ id: 20_000 + list.size, text: 'new' }));
    };
    using ada = await open({ '/': page }, '/');
    using bob = await open({ '/': page }, '/', { beside: ada });
    for (let filled = 0; filled < count; filled += 2_500) {
      ada.find('Fill').click();
      await ada.advance('2s');
    }
    const store = ada.shared?.stores.get(`list:of ${count}`) as MemoryStore;
    ada.find('Add').click();
    await bob.shouldSee(`${count + 1} items`);
    await ada.advance('5s');
    const rows = vi.spyOn(store, 'writeCell');
    const own = vi.spyOn(ada.server.store, 'writeCell');
    pushes.mockClear();
    ada.find('Add').click();
    await bob.shouldSee(`${count + 2} items`);
    await ada.advance('500ms');
    costs.push({
      rows: rows.mock.calls.length,
      own: own.mock.calls.length,
      pushed: pushes.mock.calls.map(([push]) => Math.ceil((push.text ?? '').length / 20)),
    });
    rows.mockRestore();
    own.mockRestore();
  }
  expect(costs[1]).toEqual(costs[0]);
  pushes.mockRestore();
});

test('[LW8] users behind relays see every item, also when pushes are lost and relays die', async () => {
  const { subscribers } = sharedLimits;
  (sharedLimits as { subscribers: number }).subscribers = 1;
  try {
    using ada = await open({ '/': chatting }, '/', { latency: 10 });
    using bob = await open({ '/': chatting }, '/', { latency: 10, beside: ada });
    using eve = await open({ '/': chatting }, '/', { latency: 10, beside: ada });
    const users = [ada, bob, eve];
    await ada.advance('5s');
    const shared = ada.shared as TestShared;
    expect([...shared.stores.keys()].filter((name) => name.startsWith('list:chat#')).length).toBeGreaterThan(1);
    for (let round = 0; round < 12; round++) {
      shared.lose = (call, what) => /changed/i.test(call) && what === 'call' && round % 3 === 0;
      for (const user of users) user.find('Say').click();
      await ada.advance('300ms');
      if (round % 4 === 1) shared.kill('list:chat#1');
      if (round % 5 === 2) bob.server.kill();
    }
    shared.lose = () => false;
    await ada.advance('3m');
    for (const user of users) {
      await user.shouldSee('36 messages');
      expect(allOf(user)).toEqual(allOf(ada));
    }
  } finally {
    (sharedLimits as { subscribers: number }).subscribers = subscribers;
  }
});

test('[BD1] a list says which limit an item exceeds, and with which key', async () => {
  using user = await open({
    '/': () => {
      const list = shared.list<{ id: string; text: string; at?: () => void }>('list', [], 'id');
      const attempt = attempts(() => `${list.size}`);
      attempt('Large', () => list.add({ id: 'x', text: 'x'.repeat(300_000) }));
      attempt('Function', () => list.add({ id: 'x', text: '', at: () => {} }));
      attempt('Key', () => list.add({ id: 'k'.repeat(300), text: '' }));
      attempt('Twice', () => [list.add({ id: 'x', text: '' }), list.add({ id: 'x', text: '' })]);
    },
  });
  for (const [name, text] of [
    ['Large', `0 RangeError: The item "x" of shared.list('list') would have 300027 characters; the limit is 262144.`],
    ['Function', `0 TypeError: The item "x" of shared.list('list') cannot be stored: the value.at is a function.`],
    ['Key', "0 TypeError: A key of shared.list('list') is a text of 300 characters;"],
    ['Twice', `1 Error: shared.list('list') has an item with the key "x" already.`],
  ] as const) {
    user.find(name).click();
    await user.settle();
    expect(user.page.replaceAll('\\"', '"')).toContain(text);
  }
});
