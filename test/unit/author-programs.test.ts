// Programs as an author writes them, each played without a fault and with one: what they show in the end is the same.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { NodeLiteral } from '../../src/protocol/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

interface Person {
  readonly name: string;
  readonly tags: string[];
}

interface Item {
  readonly name: string;
  readonly count: number;
  price?: number;
}

const tasks = {
  price: (items: Item[]) => items.map((item) => ({ ...item, price: item.name.length * item.count })),
  person: (person: Person) => person,
  numbers: (numbers: number[]) => numbers,
  async *sums(addends: number[]): AsyncGenerator<{ n: number; sum: number }, number> {
    let sum = 0;
    for (const n of addends) {
      sum += n;
      yield { n, sum };
    }
    return sum;
  },
};
const { price, person: sendPerson, numbers, sums } = run.tasks<typeof tasks>('COMPUTE');

const modes = ['kill', 'deploy', 'alwaysReplay', 'alwaysEvict'] as const;
type Mode = (typeof modes)[number] | 'no fault';

interface Program {
  page(): void;
  /** What a person does. `fault` is the moment of a kill or a deploy. */
  act(user: User, fault: () => Promise<void>): Promise<void>;
  /** A text that the page shows in the end. */
  readonly ends: string;
}

const programs: Readonly<Record<string, Program>> = {
  'a cart of a Map, Sets and Dates, priced by a task whose result is changed in place': {
    page() {
      const cart = ui.state(new Map<string, { count: number; at: Date; tags: Set<string> }>());
      const priced = ui.state<Item[]>([]);
      ui.each(
        () => [...cart.value],
        ([name]) => name,
        ([name, { count, tags }]) => ui.label(`${count} ${name}, ${[...tags].join(' and ')}`),
      );
      ui.region(() => ui.label(`sum ${priced.value.reduce((sum, item) => sum + (item.price ?? 0), 0)}`));
      ui.button('Add', () => {
        const next = new Map(cart.value);
        const { count = 0, tags = [] } = next.get('tea') ?? {};
        next.set('tea', { count: count + 1, at: new Date(0), tags: new Set([...tags, `tag ${next.size}`]) });
        cart.value = next;
      });
      ui.button('Price', async () => {
        const items = await run.cpuBound(
          price,
          [...cart.value].map(([name, { count }]) => ({ name, count })),
        );
        items.push({ name: 'fee', count: 1, price: 1 });
        priced.value = items;
        await run.sleep('2s');
        items.sort((a, b) => (a.price ?? 0) - (b.price ?? 0));
        const [cheapest] = items;
        if (cheapest) cheapest.price = 11;
        priced.value = [...items];
      });
    },
    async act(user, fault) {
      user.find('Add').click();
      user.find('Add').click();
      user.find('Price').click();
      await user.advance('500ms');
      await fault();
    },
    ends: 'sum 17',
  },
  'a row that is deleted after a question, while another row is inserted above it': {
    page() {
      const rows = ui.state(['A', 'B', 'C'].map((name) => ({ name })));
      ui.button('Insert', () => {
        rows.value = [{ name: 'Z' }, ...rows.value];
      });
      ui.each(
        rows,
        ({ name }) => name,
        (row) =>
          ui.button(`Delete ${row.name}`, async () => {
            if (!(await ui.confirm(`Delete ${row.name}?`))) return;
            await run.ioBound(async () => undefined);
            rows.value = rows.value.filter(({ name }) => name !== row.name);
          }),
      );
      ui.label(() => rows.value.map(({ name }) => name).join(''));
    },
    async act(user, fault) {
      user.find('Delete B').click();
      await user.advance('1s');
      await fault();
      user.find('Insert').click();
      await user.advance('1s');
      user.find({ kind: 'confirm' }).answer(true);
    },
    ends: 'ZAC',
  },
  'a dialog whose answer goes through a task, and grows in place before and after it': {
    page() {
      const people = ui.state<Person[]>([]);
      const dialog = ui.dialog<Person>(() => {
        const name = ui.input('Name');
        ui.button('OK', () => dialog.submit({ name: name.value, tags: ['asked'] }));
      });
      ui.each(
        people,
        ({ name }) => name,
        ({ name, tags }) => ui.label(`${name} ${tags.join(' ')}`),
      );
      ui.button('New', async () => {
        const answer = await dialog.result();
        if (!answer) return;
        answer.tags.push('sent');
        const person = await run.cpuBound(sendPerson, answer);
        person.tags.push('back');
        people.value = [...people.value, person];
        await run.sleep('1s');
        person.tags.push('later');
        people.value = people.value.map((one) => ({ ...one, tags: [...person.tags] }));
      });
    },
    async act(user, fault) {
      user.find('New').click();
      await user.advance('1s');
      user.find('Name').type('Ada');
      await user.advance('1s');
      await fault();
      user.find('OK').click();
      await user.advance('200ms');
      await fault();
    },
    ends: 'Ada asked sent back later',
  },
  'chunks that are changed in place, then calls beside each other of which one fails': {
    page() {
      const list = ui.state<{ n: number; sum: number }[]>([]);
      const log = ui.log();
      const end = ui.label('-');
      ui.show(
        () => list.value.length > 0,
        () => ui.label(() => `last ${list.value.at(-1)?.sum}`),
      );
      ui.button('Go', async () => {
        const job = run.cpuBound(sums, [1, 2, 3, 4, 5]);
        for await (const chunk of job.chunks) {
          log.push(chunk.n);
          chunk.sum *= 2;
          list.value = [...list.value, chunk];
        }
        const [one, two] = await Promise.all([run.cpuBound(numbers, [1]), run.ioBound(async () => [2])]);
        one.push(...two);
        const [good, bad] = await Promise.allSettled([
          run.cpuBound(numbers, one),
          run.ioBound(async () => {
            throw new RangeError('none left');
          }),
        ]);
        const values = good.status === 'fulfilled' ? good.value.join() : 'failed';
        end.text = `${await job}, ${values}, ${bad.status === 'rejected' ? bad.reason.message : 'no error'}`;
      });
    },
    async act(user, fault) {
      user.find('Go').click();
      await user.advance('100ms');
      await fault();
    },
    ends: '15, 1,2, none left',
  },
  'an array of a state that a handler holds, and changes before and after each await': {
    page() {
      const rows = ui.state(['a']);
      ui.each(
        rows,
        (row) => row,
        (row) => ui.label(row),
      );
      ui.label(() => rows.value.join(''));
      ui.button('Go', async () => {
        const held = rows.value;
        held.push('b');
        rows.value = [...held];
        await run.cpuBound(numbers, []);
        held.push('c');
        rows.value = [...held];
        await run.sleep('1s');
        held.push('d');
        rows.value = [...held];
      });
    },
    async act(user, fault) {
      user.find('Go').click();
      await user.advance('100ms');
      await fault();
    },
    ends: 'abcd',
  },
  'items of a list that their own handlers change in place before they read the list, one handler after the other': {
    page() {
      const rows = ui.state(['A', 'B'].map((name) => ({ name, state: 'new', count: 0 })));
      const show = () => rows.value.map(({ name, state, count }) => `${name} ${state} ${count}`).join();
      ui.label(show);
      ui.each(
        rows,
        ({ name }) => name,
        (row) => {
          ui.button(`Pay ${row.name}`, async () => {
            row.state = 'paying';
            rows.value = [...rows.value];
            await run.sleep('1s');
            row.state = 'paid';
            row.count++;
            rows.value = [...rows.value];
            await run.sleep('1s');
            row.count++;
            rows.value = [...rows.value];
          });
        },
      );
    },
    async act(user, fault) {
      user.find('Pay A').click();
      await user.advance('4s');
      user.find('Pay B').click();
      await user.advance('500ms');
      await fault();
      await user.advance('4s');
      user.find('Pay A').click();
      await user.advance('1500ms');
      await fault();
    },
    ends: 'A paid 4,B paid 2',
  },
  'items of a list that their own handlers change in place, beside each other': {
    page() {
      const rows = ui.state(['A', 'B', 'C'].map((name) => ({ name, log: [] as string[] })));
      ui.label(() => rows.value.map(({ name, log }) => `${name} ${log.join('')}`).join());
      ui.each(
        rows,
        ({ name }) => name,
        (row) =>
          ui.button(`Go ${row.name}`, async () => {
            row.log.push('1');
            rows.value = [...rows.value];
            await run.sleep('1s');
            row.log.push('2');
            await run.sleep('1s');
            row.log.push('3');
            rows.value = [...rows.value];
          }),
      );
    },
    async act(user, fault) {
      user.find('Go A').click();
      user.find('Go C').click();
      await user.advance('300ms');
      user.find('Go B').click();
      await user.advance('300ms');
      await fault();
      await fault();
    },
    ends: 'A 123,B 123,C 123',
  },
  'an item that its handler changes in place only after a question': {
    page() {
      const rows = ui.state(['A', 'B'].map((name) => ({ name, done: false })));
      ui.label(() => rows.value.map(({ name, done }) => `${name} ${done}`).join());
      ui.each(
        rows,
        ({ name }) => name,
        (row) =>
          ui.button(`Ask ${row.name}`, async () => {
            if (!(await ui.confirm(`Do ${row.name}?`))) return;
            row.done = true;
            rows.value = [...rows.value];
          }),
      );
      ui.button('Add', () => {
        rows.value = [...rows.value, { name: `Z${rows.value.length}`, done: false }];
      });
    },
    async act(user, fault) {
      user.find('Add').click();
      user.find('Ask B').click();
      await user.advance('1s');
      await fault();
      user.find('Add').click();
      await user.advance('1s');
      user.find({ kind: 'confirm' }).answer(true);
    },
    ends: 'A false,B true,Z2 false,Z3 false',
  },
  'an object of a state that is assigned again after it was changed in place': {
    page() {
      const order = ui.state({ n: 0, tags: [] as string[] });
      const seen = ui.state('');
      ui.label(() => `${order.value.n} ${order.value.tags.join('')} ${seen.value}`);
      ui.button('Go', async () => {
        const held = order.value;
        held.n++;
        held.tags.push('a');
        order.value = held;
        seen.value += order.value.n;
        await run.sleep('1s');
        held.n++;
        held.tags.push('b');
        order.value = held;
        await run.sleep('1s');
        held.n++;
        held.tags.push('c');
        order.value = { ...held };
        seen.value += order.value.n;
      });
    },
    async act(user, fault) {
      user.find('Go').click();
      await user.advance('500ms');
      await fault();
      await user.advance('4s');
      user.find('Go').click();
      await user.advance('1500ms');
      await fault();
    },
    ends: '6 abcabc 1346',
  },
  'a Map of a state that a handler holds and changes in place': {
    page() {
      const map = ui.state(new Map<string, { n: number; at: Set<string> }>());
      ui.label(() => [...map.value].map(([key, { n, at }]) => `${key}${n}${[...at].join('')}`).join());
      ui.button('Go', async () => {
        const held = map.value;
        held.set('a', { n: (held.get('a')?.n ?? 0) + 1, at: new Set(['x']) });
        map.value = new Map(held);
        await run.sleep('1s');
        const mine = map.value.get('a');
        if (!mine) return;
        mine.n += 10;
        mine.at.add('y');
        map.value = new Map(map.value);
        await run.sleep('1s');
        mine.n += 100;
        mine.at.delete('x');
        map.value = new Map(map.value);
      });
    },
    async act(user, fault) {
      user.find('Go').click();
      await user.advance('500ms');
      await fault();
      await user.advance('4s');
      user.find('Go').click();
      await user.advance('1500ms');
      await fault();
    },
    ends: 'a222y',
  },
  'a Map, a Set and a Date that handlers change in place and assign again, beside each other': {
    page() {
      const map = ui.state(new Map<string, number>());
      const set = ui.state(new Set<string>());
      const date = ui.state(new Date(0));
      const runs = ui.state(0);
      ui.label(() => `${[...map.value.keys()].sort()} ${[...set.value].sort()} ${date.value.getTime()}`);
      ui.button('Go', async () => {
        const me = ++runs.value;
        for (const step of ['a', 'b', 'c']) {
          map.value.set(`${step}${me}`, me);
          map.value = map.value;
          set.value.add(`${step}${me}`);
          set.value = set.value;
          date.value.setTime(date.value.getTime() + 1);
          date.value = date.value;
          await run.sleep('2s');
        }
      });
    },
    async act(user, fault) {
      user.find('Go').click();
      await user.advance('1s');
      user.find('Go').click();
      await user.advance('1100ms');
      await fault();
      await user.advance('400ms');
      user.find('Go').click();
      await user.advance('100ms');
      await fault();
    },
    ends: 'a1,a2,a3,b1,b2,b3,c1,c2,c3 a1,a2,a3,b1,b2,b3,c1,c2,c3 9',
  },
  'an array that a region holds, and an object that a part shown by a condition holds': {
    page() {
      const list = ui.state<{ n: number }[]>([{ n: 0 }]);
      const one = ui.state({ on: true, deep: { n: 0 } });
      ui.label(() => `${list.value.map(({ n }) => n).join('')} ${one.value.deep.n}`);
      ui.region(() => {
        const held = list.value;
        ui.button('List', async () => {
          held.push({ n: held.length });
          list.value = [...held];
          await run.sleep('1s');
          held.push({ n: held.length });
          (held[0] as { n: number }).n = 7;
          list.value = [...held];
        });
      });
      ui.show(
        () => one.value.on,
        () => {
          const { deep } = one.value;
          ui.button('Deep', async () => {
            deep.n++;
            one.value = { ...one.value };
            await run.sleep('1s');
            deep.n++;
            one.value = { ...one.value };
          });
        },
      );
    },
    async act(user, fault) {
      for (const label of ['List', 'Deep']) {
        user.find(label).click();
        await user.advance('300ms');
        await fault();
        await user.advance('2s');
        user.find(label).click();
        await user.advance('300ms');
        await fault();
        await user.advance('2s');
      }
    },
    ends: '71234 4',
  },
  'an item that its handler changes in place before and after another handler has added one': {
    page() {
      const rows = ui.state(['A', 'B'].map((name) => ({ name, n: 0 })));
      ui.label(() => rows.value.map(({ name, n }) => `${name}${n}`).join());
      ui.button('Add', () => {
        rows.value = [{ name: 'Z', n: 0 }, ...rows.value];
      });
      ui.each(
        rows,
        ({ name }) => name,
        (row) =>
          ui.button(`Go ${row.name}`, async () => {
            row.n++;
            rows.value = [...rows.value];
            await run.sleep('1s');
            row.n++;
            rows.value = [...rows.value];
            await run.sleep('1s');
            row.n++;
            rows.value = [...rows.value];
          }),
      );
    },
    async act(user, fault) {
      user.find('Go B').click();
      await user.advance('300ms');
      user.find('Add').click();
      await user.advance('300ms');
      await fault();
    },
    ends: 'Z0,A0,B3',
  },
};

/** Plays a program, and returns what its page shows in the end and what went wrong. */
async function play({ page, act }: Program, mode: Mode) {
  using user = await open({ '/': page }, '/', {
    services: { COMPUTE: tasks },
    ...((mode === 'alwaysReplay' || mode === 'alwaysEvict') && { [mode]: true }),
  });
  await act(user, async () => {
    if (mode === 'kill') user.server.kill();
    if (mode === 'deploy') user.server.deploy({ '/': page });
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

describe.each(Object.entries(programs))('%s', (_, program) => {
  test.each(modes)('[NF1] shows with %s what it shows without a fault', async (mode) => {
    const plain = await play(program, 'no fault');
    expect(plain).toMatchObject({ notes: [], errors: [] });
    expect(JSON.stringify(plain.page)).toContain(JSON.stringify(program.ends));
    expect(await play(program, mode)).toEqual(plain);
  });
});
