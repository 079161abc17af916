// A page lives on after a kill that cut off one of its handlers: what shows the state follows it, and every button works.

import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

interface Row {
  readonly id: number;
  readonly state: string;
}

const tasks = {
  async load(id: number) {
    return `loaded ${id}`;
  },
};
const compute = run.tasks<typeof tasks>('COMPUTE');

const first: readonly Row[] = [1, 2, 3].map((id) => ({ id, state: 'new' }));

/** Rows that a handler marks, loads and marks again, shown in several ways. */
const pages: Readonly<Record<string, () => void>> = {
  each() {
    const rows = ui.state(first);
    ui.each(
      rows,
      (row) => row.id,
      (row) => {
        ui.label(`${row.id} ${row.state}`);
        ui.button(`Load ${row.id}`, () => load(rows, row.id));
        ui.button(`Touch ${row.id}`, () => touch(rows, row));
      },
    );
    ui.button('Load all', () => load(rows));
  },
  'each of each'() {
    const groups = ui.state([{ name: 'a', rows: first }]);
    ui.each(
      groups,
      (group) => group.name,
      (group) =>
        ui.each(
          group.rows,
          (row) => row.id,
          (row) => {
            ui.label(`${row.id} ${row.state}`);
            ui.button(`Load ${row.id}`, () => load(inGroup(groups), row.id));
            ui.button(`Touch ${row.id}`, () => touch(inGroup(groups), row));
          },
        ),
    );
    ui.button('Load all', () => load(inGroup(groups)));
  },
  region() {
    const rows = ui.state(first);
    ui.region(() => {
      for (const row of rows.value) {
        ui.label(`${row.id} ${row.state}`);
        ui.button(`Load ${row.id}`, () => load(rows, row.id));
        ui.button(`Touch ${row.id}`, () => touch(rows, row));
      }
    });
    ui.button('Load all', () => load(rows));
  },
  show() {
    const rows = ui.state(first);
    for (const { id } of first) {
      const state = () => rows.value.find((row) => row.id === id)?.state ?? '';
      ui.show(
        () => state().startsWith('loaded'),
        () => {
          ui.label(() => `${id} ${state()}`);
          ui.button(`Touch ${id}`, () => touch(rows, rows.value.find((row) => row.id === id) as Row));
        },
        () => {
          ui.label(() => `${id} ${state()}`);
          ui.button(`Touch ${id}`, () => touch(rows, rows.value.find((row) => row.id === id) as Row));
        },
      );
      ui.button(`Load ${id}`, () => load(rows, id));
    }
    ui.button('Load all', () => load(rows));
  },
};

interface Rows {
  value: readonly Row[];
}

function inGroup(groups: { value: readonly { readonly name: string; readonly rows: readonly Row[] }[] }): Rows {
  return {
    get value() {
      return groups.value[0]?.rows ?? [];
    },
    set value(rows) {
      groups.value = [{ name: 'a', rows }];
    },
  };
}

function touch(rows: Rows, row: Row): void {
  rows.value = rows.value.map((each) => (each === row ? { ...each, state: `${each.state} touched` } : each));
}

/** What nearly every application does with a list. */
async function load(rows: Rows, id?: number): Promise<void> {
  const wanted = (row: Row) => id === undefined || row.id === id;
  rows.value = rows.value.map((row) => (wanted(row) ? { ...row, state: 'loading' } : row));
  for (const { id } of rows.value.filter(wanted)) {
    const state = await run.cpuBound(compute.load, id);
    rows.value = rows.value.map((row) => (row.id === id ? { ...row, state } : row));
  }
}

function shown(user: User): readonly (readonly string[])[] {
  const texts = (kind: 'label' | 'button') => user.find({ kind }).all.map(({ text }) => text);
  return [texts('label').toSorted(), texts('button').toSorted()];
}

/** Every button does what it says, and once. */
async function works(user: User): Promise<void> {
  const before = shown(user);
  for (const { id } of first) {
    user.find(`Touch ${id}`).click();
    await user.advance('1s');
  }
  expect(shown(user)).toEqual([before[0]?.map((text) => `${text} touched`), before[1]]);
  expect(user.server.errors).toEqual([]);
}

const clicks = ['Load 2', 'Load all'];

test.each(
  Object.entries(pages).flatMap(([how, page]) =>
    clicks.flatMap((click) => [1, 3, 30, 200].map((after) => ({ how, click, after, page }))),
  ),
)('a page that shows objects by $how works after a kill $after ms into $click', async ({ page, click, after }) => {
  const opened = () => open({ '/': page }, '/', { services: { COMPUTE: tasks } });
  using plain = await opened();
  plain.find(click).click();
  await plain.advance('20s');
  using user = await opened();
  user.find(click).click();
  await user.advance(after);
  user.server.kill();
  await user.advance('20s');
  expect([shown(user), user.server.errors]).toEqual([shown(plain), []]);
  await works(user);
});

test('the order of the README ends after a kill, and other buttons change the list', async () => {
  using user = await open({
    '/': () => {
      const orders = ui.state<readonly { readonly id: string; readonly state: string }[]>([]);
      ui.label(() => `orders ${orders.value.map(({ state }) => state).join()}`);
      ui.each(
        orders,
        ({ id }) => id,
        ({ state }) => ui.label(state),
      );
      ui.button('Other', () => {
        orders.value = [...orders.value, { id: 'other', state: 'other' }];
      });
      ui.button('Order', async () => {
        const id = await run.ioBound(async () => crypto.randomUUID());
        const order = { id, state: 'sent' };
        orders.value = [...orders.value, order];
        const answer = await run.ioBound(async () => ({ state: await answered.promise }));
        orders.value = orders.value.map((each) => (each === order ? { ...each, state: answer.state } : each));
      });
    },
  });
  const answered = Promise.withResolvers<string>();
  user.find('Order').click();
  await user.advance('1s');
  user.server.kill();
  await user.advance('20s');
  answered.resolve('confirmed');
  await user.advance('1s');
  user.find('Other').click();
  await user.advance('1s');
  expect(user.find({ kind: 'label' }).all.map(({ text }) => text)).toEqual([
    'orders confirmed,other',
    'confirmed',
    'other',
  ]);
  expect(user.server.errors).toEqual([]);
});
