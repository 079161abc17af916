import { describe, expect, test } from 'vitest';
import { type RowRequest, run, ui } from '../../src/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open, type User } from '../../src/testing/index.ts';
import { Kit, wired } from './kit.ts';

interface Person {
  readonly id: number;
  readonly name: string;
  readonly age: number | null;
}

const people: readonly Person[] = [
  { id: 1, name: 'Ada 10', age: 36 },
  { id: 2, name: 'grace', age: 85 },
  { id: 3, name: 'Ada 9', age: null },
];
const columns = [
  { name: 'name', sortable: true },
  { name: 'age', label: 'Years', align: 'right' as const, sortable: true },
];
const many = Array.from({ length: 95 }, (_, index) => ({ id: index, name: `Person ${index}`, age: index % 7 }));

function names(user: User): unknown[] {
  const rows = user.find({ kind: 'tableRow' }).all.map(({ node }) => node);
  return rows
    .filter(({ children }) => children.at(-1)?.kind === 'tableCell')
    .map(({ children }) => children.at(-2)?.props.text);
}

describe('a table', () => {
  test.each([
    ['Name', ['Ada 9', 'Ada 10', 'grace'], 'ascending'],
    ['Name Name', ['grace', 'Ada 10', 'Ada 9'], 'descending'],
    ['Name Name Name', ['Ada 10', 'grace', 'Ada 9'], 'none'],
    ['Years', ['Ada 10', 'grace', 'Ada 9'], 'ascending'],
  ])('sorts by clicks on %s and says so, also after a kill', async (clicks, order, sort) => {
    using user = await open({ '/': () => ui.table(people, { columns }) });
    const [header = ''] = clicks.split(' ');
    for (const label of clicks.split(' ')) {
      user.find({ kind: 'tableHeader', text: label }).click();
      await user.settle();
    }
    user.server.kill();
    await user.reload();
    expect(names(user)).toEqual(order);
    expect(user.find({ kind: 'tableHeader', text: header }).props.order).toBe(sort);
  });

  test('puts rows without a value last in both directions', async () => {
    using user = await open({ '/': () => ui.table(people, { columns, orderBy: 'age', descending: true }) });
    expect(names(user)).toEqual(['grace', 'Ada 10', 'Ada 9']);
  });

  test.each([
    ['ADA', ['Ada 10', 'Ada 9']],
    ['85 years', ['grace']],
    [' ', ['Ada 10', 'grace', 'Ada 9']],
    ['nobody', [undefined]],
  ])('filters by %j as any cell shows it', async (text, found) => {
    const page = () => {
      const search = ui.state('');
      const years = { name: 'age', format: (age: number | null) => (age === null ? '' : `${age} years`) };
      ui.table(people, { columns: [{ name: 'name' }, years], filter: search, noData: 'Nobody' });
      ui.button('Search', () => (search.value = text));
    };
    using user = await open({ '/': page });
    user.find('Search').click();
    await user.settle();
    expect(names(user)).toEqual(found);
    expect(user.sees('Nobody')).toBe(found[0] === undefined);
  });

  test('sends the rows of one page only, and the page stays after a kill', async () => {
    using user = await open({ '/': () => ui.table(many, { columns, pagination: 20 }) });
    expect(names(user)).toHaveLength(20);
    user.find({ kind: 'pagination' }).emit('value', 5);
    await user.shouldSee('81–95 of 95');
    user.server.kill();
    await user.reload();
    expect(names(user)).toEqual(many.slice(80).map(({ name }) => name));
  });

  test('shows the last page there is when rows went away', async () => {
    const page = () => {
      const rows = ui.state<readonly Person[]>(many);
      ui.table(rows, { columns, pagination: { rowsPerPage: 20, page: 5 } });
      ui.button('Fewer', () => (rows.value = many.slice(0, 30)));
    };
    using user = await open({ '/': page });
    user.find('Fewer').click();
    await user.shouldSee('21–30 of 30');
    expect(names(user)).toHaveLength(10);
  });

  test('has 100,000 rows of which a browser gets a page', async () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `Row ${id}`, age: id }));
    using user = await open({
      '/': () => ui.table(rows, { columns, orderBy: 'age', descending: true, pagination: 50 }),
    });
    expect(names(user).slice(0, 2)).toEqual(['Row 99999', 'Row 99998']);
    await user.shouldSee('1–50 of 100000');
    expect(names(user)).toHaveLength(50);
  });

  test('sends one cell when one cell changed', () => {
    let rows: { value: readonly Person[] } = { value: [] };
    const kit = new Kit(() => {
      const state = ui.state<readonly Person[]>(people);
      rows = state;
      ui.table(state, { columns, selection: 'multiple' });
    });
    kit.sync();
    kit.handle(() => {
      rows.value = rows.value.map((row) => (row.id === 2 ? { ...row, age: 86 } : row));
    });
    const cell = kit.all('tableCell').find(({ props }) => props.text === '86');
    expect(kit.sync()).toEqual([[cell?.id, 'text', '86']]);
  });

  test.each([
    ['single', ['grace']],
    ['multiple', ['Ada 10', 'grace']],
  ] as const)('with the selection %s tells which rows are selected, also after a kill', async (selection, all) => {
    let told: readonly Person[] = [];
    const page = () => {
      const table = ui.table(people, { columns, selection, onSelect: (rows) => (told = rows) });
      ui.label(() => `selected: ${table.selected.map(({ name }) => name).join(', ')}`);
    };
    using user = await open({ '/': page });
    const box = (at: number) => user.find({ kind: 'checkbox' }).all.slice(-people.length)[at];
    box(0)?.emit('value', true);
    await user.settle();
    user.server.kill();
    await user.settle();
    box(1)?.emit('value', true);
    await user.shouldSee(`selected: ${all.join(', ')}`);
    expect(told.map(({ name }) => name)).toEqual(all);
    expect(user.find({ kind: 'tableRow' }).all.filter(({ props }) => props.selected)).toHaveLength(all.length);
  });

  test('selects and deselects all rows of the page by the box in its header', async () => {
    const page = () => {
      const table = ui.table(many, { columns, selection: 'multiple', pagination: 20 });
      ui.label(() => `${table.selected.length} selected`);
    };
    using user = await open({ '/': page });
    const header = () => user.find({ kind: 'checkbox' }).all[0];
    header()?.emit('value', true);
    await user.shouldSee('20 selected');
    user.find({ kind: 'checkbox' }).all[3]?.emit('value', false);
    await user.shouldSee('19 selected');
    expect(header()?.props).toMatchObject({ value: false, mixed: true });
    header()?.emit('value', true);
    await user.shouldSee('20 selected');
    header()?.emit('value', false);
    await user.shouldSee('0 selected');
  });

  test('adds, updates and removes rows, which stay so after a kill', async () => {
    const page = () => {
      const table = ui.table(people, { columns, selection: 'multiple' });
      ui.button('Add', () => table.addRows([{ id: 4, name: 'Edsger', age: 72 }]));
      ui.button('Update', () => table.updateRows([{ id: 2, name: 'Grace', age: 85 }]));
      ui.button('Remove', () => table.removeRows([people[0] as Person]));
    };
    using user = await open({ '/': page });
    for (const text of ['Add', 'Update', 'Remove']) user.find(text).click();
    await user.settle();
    user.server.kill();
    await user.reload();
    expect(names(user)).toEqual(['Grace', 'Ada 9', 'Edsger']);
  });

  test('changes the state that its rows come from', async () => {
    const page = () => {
      const rows = ui.state(people);
      const table = ui.table(rows, { columns });
      ui.label(() => `${rows.value.length} people`);
      ui.button('Add', () => table.addRows([{ id: 4, name: 'Edsger', age: 72 }]));
    };
    using user = await open({ '/': page });
    user.find('Add').click();
    await user.shouldSee('4 people');
    expect(names(user)).toHaveLength(4);
  });

  test('shows a list of ui.list, which its methods and the list’s own change, with selection, filter and order', async () => {
    using user = await open({
      '/': () => {
        const list = ui.list<Person>(people, 'id');
        const search = ui.state('');
        const table = ui.table(list, { columns, selection: 'multiple', filter: search });
        ui.label(() => `selected ${table.selected.map(({ name }) => name).join()}`);
        ui.button('Search', () => (search.value = 'ada'));
        ui.button('Everything', () => (search.value = ''));
        ui.button('Add', () => table.addRows([{ id: 4, name: 'Emmy', age: 53 }]));
        ui.button('Update', () => table.updateRows([{ id: 2, name: 'Grace H', age: 86 }]));
        ui.button('Own', () => list.update(1, { age: 37 }));
        ui.button('Remove', () => table.removeRows([{ id: 3, name: '', age: null }]));
      },
    });
    const click = async (name: string) => {
      user.find({ kind: 'button', text: name }).click();
      await user.settle();
    };
    for (const [name, shown] of [
      ['Add', ['Ada 10', 'grace', 'Ada 9', 'Emmy']],
      ['Update', ['Ada 10', 'Grace H', 'Ada 9', 'Emmy']],
      ['Search', ['Ada 10', 'Ada 9']],
      ['Remove', ['Ada 10']],
      ['Everything', ['Ada 10', 'Grace H', 'Emmy']],
    ] as const) {
      await click(name);
      expect(names(user), name).toEqual(shown);
    }
    user.find({ kind: 'checkbox' }).all[2]?.emit('value', true);
    await user.settle();
    await click('Own');
    user.find({ kind: 'tableHeader', text: 'Years' }).click();
    user.server.kill();
    await user.reload();
    expect(names(user)).toEqual(['Ada 10', 'Emmy', 'Grace H']);
    expect(user.page).toContain('selected Grace H');
    expect(user.page).toContain('"37"');
  });

  test('[WS2] one changed item of a list of 10,000 looks at no other row and sends one cell', async () => {
    const looks: number[] = [];
    for (const count of [200, 10_000]) {
      let formatted = 0;
      const rows = Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}`, age: 1 }));
      using user = await open({
        '/': () => {
          const list = ui.list<Person>(rows, 'id');
          ui.table(list, {
            columns: [{ name: 'name', format: (name: string) => (formatted++, name) }, { name: 'age' }],
          });
          ui.button('Change', () => list.update(5, { age: 2 }));
          ui.button('Add', () => list.add({ id: 20_000 + list.size, name: 'new', age: 0 }));
        },
      });
      formatted = 0;
      const sent = user.browser.wire?.sent.length ?? 0;
      user.find('Change').click();
      await user.settle();
      const patch = user.browser.wire?.sent.slice(sent).find((text) => /^\[\d/.test(text)) ?? '';
      expect(patch.length).toBeLessThan(40);
      user.find('Add').click();
      await user.settle();
      looks.push(formatted);
    }
    expect(looks[1]).toBe(looks[0]);
    expect(looks[0]).toBeLessThan(3);
  });

  test('refuses to change rows that a function computes', async () => {
    const page = () => {
      const table = ui.table(() => people, { columns });
      ui.button('Add', () => table.addRows([]));
    };
    using user = await open({ '/': page });
    user.find('Add').click();
    await user.settle();
    expect(String(user.server.errors[0])).toMatch(/come from a function/);
  });

  test('shows elements in cells, whose handlers know their row', async () => {
    const page = () => {
      const chosen = ui.state('');
      ui.table(people, {
        columns: [
          ...columns,
          { name: 'do', cell: (row: Person) => ui.button(`Choose ${row.id}`, () => (chosen.value = row.name)) },
        ],
      });
      ui.label(() => `chosen: ${chosen.value}`);
    };
    using user = await open({ '/': page });
    user.find({ kind: 'tableHeader', text: 'Name' }).click();
    user.find('Choose 2').click();
    await user.shouldSee('chosen: grace');
  });

  test('gives its author no advice about the loops within it', () => {
    const kit = new Kit(() => ui.table(people, { columns, selection: 'multiple' }));
    expect(kit.advice).toEqual([]);
  });

  test('without columns has one for each field', async () => {
    using user = await open({ '/': () => ui.table(people) });
    expect(user.find({ kind: 'tableHeader' }).all.map(({ props }) => props.text)).toEqual(['Id', 'Name', 'Age']);
  });

  test.each([
    [() => ui.table([{ name: 'a' }]), /field "id" of a row of ui.table is undefined.*rowKey/],
    [() => ui.table(people, { columns: [{ name: 'age' }, { name: 'age' }] }), /Two columns .* "age"/],
  ])('refuses rows without a key and columns of one name', async (build, message) => {
    await expect(open({ '/': build })).rejects.toThrow(message);
  });

  test('is a table of headers and cells before any script', () => {
    const html = renderTree([
      1,
      'root',
      {},
      [
        [
          2,
          'table',
          { label: 'People', sticky: true },
          [
            [3, 'tableRow', {}, [[4, 'tableHeader', { text: 'Name', order: 'ascending' }]]],
            [5, 'tableRow', { selected: true }, [[6, 'tableCell', { text: 'Ada <b>', align: 'right' }]]],
            [7, 'row', { hidden: true }],
          ],
        ],
      ],
    ]);
    expect(html).toMatch(
      /<table class="table table-pin-rows" aria-label="People"><thead><tr[^>]*><th scope="col" aria-sort="ascending"[^>]*><button type="button"[^>]*>Name</,
    );
    expect(html).toMatch(/<tbody><tr [^>]*class="bg-base-200"[^>]*><td [^>]*class="text-right"[^>]*>Ada &lt;b>/);
  });
});

describe('a table whose rows are elsewhere', () => {
  const all = Array.from({ length: 250 }, (_, index) => ({
    id: index,
    name: `Person ${index}`,
    age: (index * 7) % 250,
  }));

  /** A page with such a table, and what it has asked for. `answer` lets a call wait. */
  function page(answer: (wanted: RowRequest) => unknown = () => undefined) {
    const asked: RowRequest[] = [];
    const load = async (wanted: RowRequest) => {
      await run.ioBound(async () => {
        asked.push(wanted);
        await answer(wanted);
      });
      const { from, count, orderBy, descending } = wanted;
      const sorted = orderBy === 'age' ? [...all].sort((a, b) => (descending ? b.age - a.age : a.age - b.age)) : all;
      return { rows: sorted.slice(from, from + count), total: all.length };
    };
    const build = () => {
      const table = ui.table({ rows: all.slice(0, 100), total: all.length, load }, { columns });
      ui.button('Reload', () => table.reload());
    };
    return { build, asked };
  }

  const sort = (user: User) => user.find({ kind: 'tableHeader', text: 'Years' }).click();
  const turn = (user: User, to: number) => user.find({ kind: 'pagination' }).emit('value', to);

  test('shows the first rows without a call, and asks for other pages and orders', async () => {
    const { build, asked } = page();
    using user = await open(build);
    await user.shouldSee('1–100 of 250');
    expect(asked).toEqual([]);
    turn(user, 3);
    await user.shouldSee('201–250 of 250');
    expect(names(user)[0]).toBe('Person 200');
    sort(user);
    await user.shouldSee('1–100 of 250');
    sort(user);
    await user.advance('1s');
    expect(names(user)[0]).toBe(`Person ${all.find(({ age }) => age === 249)?.id}`);
    expect(asked).toEqual([
      { from: 200, count: 100, orderBy: null, descending: false },
      { from: 0, count: 100, orderBy: 'age', descending: false },
      { from: 0, count: 100, orderBy: 'age', descending: true },
    ]);
  });

  test('[NF1] shows the same page in the same order after a kill, without a call', async () => {
    const { build, asked } = page();
    using user = await open(build);
    sort(user);
    turn(user, 2);
    await user.shouldSee('101–200 of 250');
    await user.advance('1s');
    const before = names(user);
    const calls = asked.length;
    user.server.kill();
    await user.reload();
    await user.shouldSee('101–200 of 250');
    expect(names(user)).toEqual(before);
    expect(asked).toHaveLength(calls);
  });

  test('[NF4] shows the page that was asked for although the server dies while it is loaded', async () => {
    const load = async ({ from, count }: RowRequest) => {
      await run.sleep('1s');
      return { rows: all.slice(from, from + count), total: all.length };
    };
    const build = () => ui.table({ rows: all.slice(0, 100), total: all.length, load }, { columns });
    using user = await open(build, '/', { alwaysReplay: true });
    turn(user, 3);
    await user.shouldSee('201–250 of 250', { within: '20s' });
    expect(user.server.replays).toBeGreaterThan(0);
    expect(user.server.errors).toEqual([]);
  });

  test('[LW1] of two answers in the wrong order, the one that was asked for last is shown', async () => {
    const waiting: (() => void)[] = [];
    const { build } = page(() => new Promise<void>((resolve) => waiting.push(resolve)));
    using user = await open(build);
    turn(user, 2);
    await user.settle();
    turn(user, 3);
    await user.settle();
    expect(waiting).toHaveLength(2);
    waiting[1]?.();
    await user.shouldSee('201–250 of 250');
    waiting[0]?.();
    await user.advance('1s');
    await user.shouldSee('201–250 of 250');
  });

  test('[NB5] stays as it is when a call fails, and says why', async () => {
    const { build } = page(({ from }) => {
      if (from === 100) throw new Error('The database is away.');
    });
    using user = await open(build);
    turn(user, 2);
    await user.shouldSee(/The database is away/);
    await user.shouldSee('1–100 of 250');
    turn(user, 3);
    await user.shouldSee('201–250 of 250');
    user.find('Reload').click();
    await user.shouldSee('1–100 of 250');
  });

  const paginated = (user: User) => user.find({ kind: 'pagination' }).props.value;

  test.each([
    [
      'rejects',
      async () => {
        await run.sleep('1s');
        throw new Error('away');
      },
    ],
    [
      'throws at once',
      () => {
        throw new Error('away');
      },
    ],
  ])('[NB5] its pagination names the page that is shown after a load that %s, also after a kill', async (_, fail) => {
    const load = ({ from, count }: RowRequest) =>
      from === 200 ? fail() : { rows: all.slice(from, from + count), total: all.length };
    using user = await open(() => ui.table({ rows: all.slice(0, 100), total: all.length, load }, { columns }));
    for (const [to, shown] of [
      [3, 1],
      [2, 2],
      [3, 2],
      [1, 1],
    ] as const) {
      turn(user, to);
      await user.advance('2s');
      expect(paginated(user)).toBe(shown);
      await user.shouldSee(`${shown * 100 - 99}–${shown * 100} of 250`);
    }
    turn(user, 3);
    await user.advance('2s');
    user.server.kill();
    await user.reload();
    expect(paginated(user)).toBe(1);
  });

  test.each([
    ['a click on a header', sort],
    ['reload()', (user: User) => user.find('Reload').click()],
  ])('[LW1] its pagination names the page that is shown after %s has superseded a page', async (_, supersede) => {
    const waiting: (() => void)[] = [];
    const { build } = page(() => new Promise<void>((resolve) => waiting.push(resolve)));
    using user = await open(build);
    turn(user, 3);
    await user.settle();
    supersede(user);
    await user.settle();
    expect(paginated(user)).toBe(1);
    for (const answer of waiting.reverse()) {
      answer();
      await user.advance('1s');
      expect(paginated(user)).toBe(1);
      await user.shouldSee('1–100 of 250');
    }
    expect(waiting).toHaveLength(2);
  });

  test('shows the last page when the rows of the wanted one are gone', async () => {
    let there = all;
    const load = ({ from, count }: RowRequest) => ({ rows: there.slice(from, from + count), total: there.length });
    using user = await open(() => ui.table({ rows: all.slice(0, 100), total: all.length, load }, { columns }));
    there = all.slice(0, 120);
    turn(user, 3);
    await user.shouldSee('101–120 of 120');
    expect(names(user)).toHaveLength(20);
    expect(paginated(user)).toBe(2);
    there = [];
    turn(user, 1);
    await user.shouldSee('No data');
  });

  test.each([
    [
      () => ui.table({ rows: all, total: 250, load: () => ({ rows: all, total: 250 }) }, { filter: 'x' }),
      /Filter in `load`/,
    ],
  ])('[BD6] refuses a filter, which would have no rows', async (build, message) => {
    await expect(open({ '/': build })).rejects.toThrow(message);
  });

  test('[BD6] a table that has its rows itself says that it cannot load them', async () => {
    using user = await open(() => {
      const table = ui.table(people, { columns });
      ui.button('Reload', () => table.reload());
    });
    user.find('Reload').click();
    await user.shouldSee(/has its rows itself/);
  });
});

test('[WS6] a table without columns has those of the first row, also when it comes later', async () => {
  using user = await open(() => {
    const rows = ui.list<{ id: number; name: string }>([], 'id');
    const own = ui.table<{ id: number; city: string }>([]);
    ui.table(rows);
    ui.button('Load', () => {
      rows.add({ id: 1, name: 'Ada' });
      own.addRows([{ id: 1, city: 'London' }]);
    });
    ui.button('Empty', () => rows.clear());
  });
  await user.shouldNotSee('Name');
  user.find('Load').click();
  for (const text of ['Name', 'Ada', 'City', 'London']) await user.shouldSee(text);
  await user.advance('1s');
  user.server.kill();
  await user.advance('2s');
  for (const text of ['Name', 'Ada', 'City', 'London']) await user.shouldSee(text);
  user.find('Empty').click();
  await user.advance('1s');
  await user.shouldSee('Name');
  await user.shouldNotSee('Ada');
});

test('the HTML of a table without columns has a head, a body and a foot', () => {
  const kit = new Kit(() => ui.table([{ id: 1, name: 'Ada' }]));
  const html = renderTree(wired(kit.tree.literal()));
  expect(html).toMatch(/<thead><tr [^>]*><th [^>]*>Id<\/th><th [^>]*>Name<\/th><\/tr><\/thead><tbody><tr /);
  expect(html).toMatch(/<\/table><\/div><div [^>]*edgewise-table-foot/);
});
