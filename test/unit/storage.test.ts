import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test, vi } from 'vitest';
import { limits } from '../../src/protocol/index.ts';
import { MemoryStore, type PageRow, SqliteStore, type Store } from '../../src/storage/index.ts';
import type { SqlDatabase } from '../../src/storage/sqlite.ts';

/** node:sqlite in the shape of a Durable Object's storage. */
function sqlite(database: DatabaseSync): SqlDatabase {
  return {
    sql: {
      exec(query, ...bindings) {
        if (bindings.length === 0 && !/^\s*SELECT/.test(query)) {
          database.exec(query);
          return { toArray: () => [] };
        }
        const rows = database.prepare(query).all(...bindings);
        return { toArray: () => rows.map((row) => ({ ...row })) };
      },
    },
    transactionSync(fn) {
      database.exec('SAVEPOINT turn');
      try {
        const result = fn();
        database.exec('RELEASE turn');
        return result;
      } catch (error) {
        database.exec('ROLLBACK TO turn; RELEASE turn');
        throw error;
      }
    },
  };
}

const row: PageRow = {
  page: 'p1',
  path: '/report/7?year=2026',
  build: 'b1',
  epoch: 1,
  frame: 12,
  event: 7,
  built: 2,
  rest: null,
  created: 1_793_000_000_000,
  seen: 1_793_000_000_500,
};

const implementations: Record<string, () => { store: Store; reopen(): Store }> = {
  MemoryStore: () => {
    const store = new MemoryStore();
    return { store, reopen: () => store };
  },
  SqliteStore: () => {
    const database = sqlite(new DatabaseSync(':memory:'));
    return { store: new SqliteStore(database), reopen: () => new SqliteStore(database) };
  },
};

describe.each(Object.entries(implementations))('%s', (_, make) => {
  test('is empty before the first write, and reading or deleting writes nothing', () => {
    const { store } = make();
    expect(store.pages()).toEqual([]);
    expect(store.page('p1')).toBeUndefined();
    expect(store.cells('p1')).toEqual([]);
    expect(store.due()).toEqual([]);
    store.deletePage('p1');
    store.deleteCell('p1', 'a');
    store.deleteDue('', 'sweep');
    store.clear();
    expect(store.pages()).toEqual([]);
  });

  test('keeps rows as they were written, across a reopening', () => {
    const { store, reopen } = make();
    const other = { ...row, page: 'p2', rest: 4_294_967_295, seen: 5 };
    store.transaction(() => {
      store.writePage(row);
      store.writePage(other);
      store.writeCell('p1', 'state/1', '["é\u2028\u0000 🙂"]');
      store.writeDue({ page: 'p1', key: 'timer', at: 20 });
    });
    const again = reopen();
    expect(again.page('p1')).toEqual(row);
    expect(again.pages(), 'oldest seen first').toEqual([other, row]);
    expect(again.cells('p1')).toEqual([{ key: 'state/1', value: '["é\u2028\u0000 🙂"]' }]);
    expect(again.due()).toEqual([{ page: 'p1', key: 'timer', at: 20 }]);
  });

  test('a second write of a row replaces the first', () => {
    const { store } = make();
    store.writePage(row);
    store.writePage({ ...row, frame: 13, rest: 5 });
    store.writeCell('p1', 'a', '1');
    store.writeCell('p1', 'a', '2');
    store.writeDue({ page: '', key: 'sweep', at: 1 });
    store.writeDue({ page: '', key: 'sweep', at: 2 });
    expect(store.pages()).toEqual([{ ...row, frame: 13, rest: 5 }]);
    expect(store.cells('p1')).toEqual([{ key: 'a', value: '2' }]);
    expect(store.due()).toEqual([{ page: '', key: 'sweep', at: 2 }]);
  });

  test('a transaction that throws leaves nothing, not even in an empty store', () => {
    const { store, reopen } = make();
    const failing = () =>
      store.transaction(() => {
        store.writePage({ ...row, frame: 99 });
        store.writeCell('p1', 'a', '9');
        store.writeDue({ page: 'p1', key: 'a', at: 9 });
        expect(store.due()).toContainEqual({ page: 'p1', key: 'a', at: 9 });
        throw new Error('the disk is full');
      });
    expect(failing).toThrow('the disk is full');
    expect(store.pages()).toEqual([]);
    expect(store.due()).toEqual([]);
    const due = { page: 'p1', key: 'a', at: 1 };
    store.transaction(() => {
      store.writePage(row);
      store.writeDue(due);
    });
    expect(failing).toThrow('the disk is full');
    expect(store.due()).toEqual([due]);
    expect(reopen().pages()).toEqual([row]);
    expect(store.cells('p1')).toEqual([]);
  });

  test('deleting a page takes its cells and what is due for it, and nothing of another page', () => {
    const { store } = make();
    for (const page of ['p1', 'p2']) {
      store.writePage({ ...row, page });
      store.writeCell(page, 'a', '1');
      store.writeDue({ page, key: 'timer', at: 1 });
    }
    store.writeDue({ page: '', key: 'sweep', at: 1 });
    store.deletePage('p1');
    expect(store.pages().map((kept) => kept.page)).toEqual(['p2']);
    expect(store.cells('p1')).toEqual([]);
    expect(store.cells('p2')).toEqual([{ key: 'a', value: '1' }]);
    expect(
      store
        .due()
        .map((kept) => kept.page)
        .sort(),
    ).toEqual(['', 'p2']);
  });

  test('what is due comes earliest first, up to a time', () => {
    const { store } = make();
    store.writeDue({ page: 'p1', key: 'b', at: 30 });
    store.writeDue({ page: 'p1', key: 'a', at: 10 });
    store.writeDue({ page: 'p2', key: 'a', at: 20 });
    expect(store.due().map((kept) => kept.at)).toEqual([10, 20, 30]);
    expect(store.due(20).map((kept) => kept.at)).toEqual([10, 20]);
    expect(store.due(9)).toEqual([]);
    store.deleteDue('p1', 'a');
    expect(store.due(20)).toEqual([{ page: 'p2', key: 'a', at: 20 }]);
    store.writeDue({ page: 'p2', key: 'a', at: 40 });
    expect(store.due().map((kept) => kept.at)).toEqual([30, 40]);
    store.deletePage('p1');
    expect(store.due().map((kept) => kept.at)).toEqual([40]);
  });

  test('jobs and their parts are read in order, all or some from a number on, and deleted together', () => {
    const { store, reopen } = make();
    expect(store.parts('a', 'chunk', 5, 2)).toEqual([]);
    store.transaction(() => {
      for (const [job, open, created] of [
        ['b', 1, 2],
        ['a', 0, 2],
        ['c', 1, 1],
      ] as const)
        store.writeJob({ job, open, created, state: job });
      for (const n of [30, 10, 20, 40]) store.writePart({ job: 'a', type: 'chunk', n, value: `${n}` });
      store.writePart({ job: 'a', type: 'args', n: 15, value: 'args' });
      store.writePart({ job: 'b', type: 'chunk', n: 15, value: 'other' });
    });
    const again = reopen();
    const numbers = (...range: number[]) => again.parts('a', 'chunk', ...range).map(({ n }) => n);
    expect(again.jobs('all').map(({ job }) => job)).toEqual(['c', 'a', 'b']);
    expect(again.jobs('open').map(({ job }) => job)).toEqual(['c', 'b']);
    expect(numbers()).toEqual([10, 20, 30, 40]);
    expect(numbers(20)).toEqual([20, 30, 40]);
    expect(numbers(29, 2)).toEqual([20, 30]);
    expect(numbers(5, 1)).toEqual([10]);
    expect(numbers(99)).toEqual([40]);
    again.deleteParts('a', 'chunk', 30);
    expect(numbers()).toEqual([30, 40]);
    again.deleteJob('a');
    expect([...again.parts('a', 'chunk'), ...again.parts('a', 'args')]).toEqual([]);
    expect(again.parts('b', 'chunk').map(({ value }) => value)).toEqual(['other']);
  });

  test('clearing forgets everything, and the store can be used again', () => {
    const { store, reopen } = make();
    store.writePage(row);
    store.writeCell('p1', 'a', '1');
    store.writeDue({ page: '', key: 'sweep', at: 1 });
    store.transaction(() => store.clear());
    expect(reopen().pages()).toEqual([]);
    expect(store.cells('p1')).toEqual([]);
    expect(store.due()).toEqual([]);
    store.writePage(row);
    expect(reopen().pages()).toEqual([row]);
  });

  test.each([
    ['letters', 'x'],
    ['letters of two bytes', 'é'],
    ['emoji', '🙂'],
  ])('a row is refused above the cap of production, in %s', (_name, letter) => {
    const { store } = make();
    const bytes = new TextEncoder().encode(letter).length;
    const most = Math.floor((limits.cellSize - 'key'.length) / bytes);
    store.writeCell('p1', 'key', letter.repeat(most));
    expect(() => store.writeCell('p1', 'key', letter.repeat(most + 1))).toThrow(
      /^The value of 'key' takes \d+ bytes and a durable value takes at most \d+\. Split it/,
    );
    expect(store.cells('p1')[0]?.value.length).toBe(letter.length * most);
  });
});

/** The version of a database, and its tables with their columns. */
function schemaOf(database: DatabaseSync) {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  return {
    version: Number(database.prepare("SELECT value FROM meta WHERE key = 'schema'").get()?.value),
    tables: tables.map(({ name }) => [name, database.prepare(`PRAGMA table_info(${name})`).all()]),
  };
}

describe('the schema', () => {
  const fresh = new DatabaseSync(':memory:');
  const whole = new SqliteStore(sqlite(fresh));
  whole.writePage(row);
  whole.writeJob({ job: 'j', open: 1, created: 2, state: '{}' });
  const present = schemaOf(fresh);

  test('[AF5] only looking at a database creates no table', () => {
    const database = new DatabaseSync(':memory:');
    const store = new SqliteStore(sqlite(database));
    store.pages();
    store.deletePage('p1');
    store.transaction(() => {});
    expect(database.prepare('SELECT count(*) AS tables FROM sqlite_master').get()?.tables).toBe(0);
  });

  test('tables of jobs and files are there from the first job or file on, since each wake pays for each table', () => {
    const job = { job: 'j', open: 1, created: 2, state: '{}' };
    const file = { file: 'f', page: 'p1', state: '{}' };
    const tables = (database: DatabaseSync) => schemaOf(database).tables.map(([name]) => name);
    for (const write of [
      (store: SqliteStore) => store.writeJob(job),
      (store: SqliteStore) => store.writePart({ job: 'j', type: 'chunk', n: 0, value: '1' }),
      (store: SqliteStore) => store.writeFile(file),
      (store: SqliteStore) => store.writePiece('f', 0, new Uint8Array([1])),
    ]) {
      const database = new DatabaseSync(':memory:');
      const store = new SqliteStore(sqlite(database));
      store.writePage(row);
      store.deleteJob('j');
      store.deleteParts('j', 'chunk');
      store.deleteFile('f');
      expect([...store.jobs('all'), ...store.parts('j', 'chunk'), ...store.files()]).toEqual([]);
      expect([store.job('j'), store.piece('f', 0)]).toEqual([undefined, undefined]);
      expect(tables(database)).toEqual(['cell', 'due', 'meta', 'page']);
      const fail = () => {
        write(store);
        throw new Error('full');
      };
      expect(() => store.transaction(fail)).toThrow('full');
      expect(tables(database)).toEqual(['cell', 'due', 'meta', 'page']);
      store.transaction(() => write(store));
      expect(tables(database)).toEqual(present.tables.map(([name]) => name));
      store.writeJob(job);
      store.writeFile(file);
      const again = new SqliteStore(sqlite(database));
      expect([again.pages(), again.jobs('all'), again.files()]).toEqual([[row], [job], [file]]);
    }
  });

  test('a wake waits for one statement, which reads the version, the due rows and the page with its cells', () => {
    const database = sqlite(new DatabaseSync(':memory:'));
    const before = new SqliteStore(database);
    const due = [
      { page: 'p2', key: 'timer', at: 10 },
      { page: '', key: 'jobs', at: 20 },
      { page: 'p1', key: 'timer', at: 20 },
    ];
    const cells = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ];
    for (const page of ['p1', 'p2']) {
      before.writePage({ ...row, page });
      for (const { key, value } of cells) before.writeCell(page, key, `${page} ${value}`);
    }
    for (const each of due.toReversed()) before.writeDue(each);
    const exec = vi.spyOn(database.sql, 'exec');
    const store = new SqliteStore(database);
    store.wake('p1');
    store.wake('p2');
    expect(store.due()).toEqual(due);
    expect(store.page('p1')).toEqual(row);
    expect(store.page('p1')).toEqual(row);
    expect(store.cells('p1')).toEqual(cells.map(({ key, value }) => ({ key, value: `p1 ${value}` })));
    expect(exec).toHaveBeenCalledTimes(1);
    expect(store.page('p2')).toEqual({ ...row, page: 'p2' });
    expect(exec).toHaveBeenCalledTimes(2);
  });

  test.each<[string, (store: SqliteStore) => void, object]>([
    ['a write', (store) => store.writePage({ ...row, frame: 99 }), { row: { ...row, frame: 99 } }],
    ['a write of a cell', (store) => store.writeCell('p1', 'a', '2'), { cells: [{ key: 'a', value: '2' }] }],
    ['a deletion', (store) => store.deletePage('p1'), { row: undefined, cells: [] }],
    ['a clear', (store) => store.clear(), { row: undefined, cells: [] }],
    [
      'a transaction that fails',
      (store) => {
        const fail = () => {
          store.writeCell('p1', 'a', '2');
          store.page('p1');
          throw new Error('full');
        };
        expect(() => store.transaction(fail)).toThrow('full');
      },
      {},
    ],
  ])('what a wake has read of a page is out of date after %s', (_name, change, expected) => {
    const database = sqlite(new DatabaseSync(':memory:'));
    const before = new SqliteStore(database);
    before.writePage(row);
    before.writeCell('p1', 'a', '1');
    const store = new SqliteStore(database);
    store.wake('p1');
    change(store);
    const now = { row: store.page('p1'), cells: store.cells('p1') };
    expect(now).toEqual({ row, cells: [{ key: 'a', value: '1' }], ...expected });
  });

  describe('a copy of rows', () => {
    const large = { key: 'b', value: 'x'.repeat(3_072) };
    const make = () => {
      const database = sqlite(new DatabaseSync(':memory:'));
      const store = new SqliteStore(database);
      store.writePage(row);
      store.writeCell('p1', 'a', '1');
      store.writeDue({ page: '', key: 'idle', at: 20 });
      const lost = vi.fn();
      const exec = vi.spyOn(database.sql, 'exec');
      return { store, exec, lost, open: () => new SqliteStore({ ...database, lost }) };
    };

    test('has a wake read nothing until something else is read or written', () => {
      const { store, exec, lost, open } = make();
      const copy = store.copy('p1', 1);
      exec.mockClear();
      const woken = open();
      woken.wake('p1', copy);
      expect(woken.due()).toEqual([{ page: '', key: 'idle', at: 20 }]);
      expect(woken.page('p1')).toEqual(row);
      expect(woken.cells('p1')).toEqual([{ key: 'a', value: '1' }]);
      expect(exec).not.toHaveBeenCalled();
      woken.transaction(() => woken.writeCell('p1', 'a', '2'));
      expect(open().cells('p1')).toEqual([{ key: 'a', value: '2' }]);
      expect(lost).not.toHaveBeenCalled();
    });

    test.each<[string, (store: SqliteStore) => void]>([
      ['a cell', (store) => store.writeCell('p1', 'a', '2')],
      ['a new cell', (store) => store.writeCell('p1', 'b', '2')],
      ['the row of the page', (store) => store.writePage({ ...row, event: 8 })],
      ['a due row of another page', (store) => store.writeDue({ page: 'p2', key: 'timer', at: 1 })],
      ['everything', (store) => store.clear()],
    ])('of which the database has changed %s is used for no read and no write of the database', (_name, change) => {
      for (const use of [
        (store: SqliteStore) => store.writeCell('p1', 'c', '3'),
        (store: SqliteStore) => store.deleteCell('p1', 'a'),
        (store: SqliteStore) => store.page('p2'),
        (store: SqliteStore) => store.empty,
      ]) {
        const { store, lost, open } = make();
        const copy = store.copy('p1', 1);
        change(store);
        const before = open().cells('p1');
        const woken = open();
        woken.wake('p1', copy);
        expect(() => use(woken)).toThrow('The object begins anew.');
        expect(lost).toHaveBeenCalledTimes(1);
        expect(open().cells('p1')).toEqual(before);
      }
    });

    test.each<[string, (store: SqliteStore) => void]>([
      ['a page', (store) => store.writePage(row)],
      ['a cell', (store) => store.writeCell('p2', 'a', '2')],
      ['a due row', (store) => store.writeDue({ page: '', key: 'idle', at: 21 })],
      ['a deletion', (store) => store.deleteDue('', 'idle')],
      ['a clear', (store) => store.clear()],
      [
        'a transaction that fails',
        (store) => {
          const fail = () => {
            store.deleteCell('p1', 'a');
            throw new Error('full');
          };
          expect(() => store.transaction(fail)).toThrow('full');
        },
      ],
    ])('is out of date from the first write on, and not before: %s', (_name, change) => {
      for (const hasWoken of [false, true]) {
        const { store, exec, open } = make();
        const copy = store.copy('p1', 1);
        const one = hasWoken ? open() : store;
        one.wake('p1', copy);
        const before: unknown[] = [];
        exec.mockClear();
        one.outdated = () => before.push(exec.mock.calls.filter(([query]) => !/^\s*SELECT/.test(query)).length);
        one.page('p2');
        expect(before).toEqual([]);
        change(one);
        change(one);
        expect(before, 'statements that had written').toEqual([0]);
      }
    });

    test.each<[string, (store: SqliteStore) => void, object[]]>([
      ['written', (store) => store.writeDue({ page: '', key: 'idle', at: 30 }), [{ page: '', key: 'idle', at: 30 }]],
      ['deleted', (store) => store.deleteDue('', 'idle'), []],
    ])('has no due row outlive the first write, by which it is %s', (_name, change, expected) => {
      const { store, open } = make();
      const woken = open();
      woken.wake('p1', store.copy('p1', 1));
      woken.transaction(() => change(woken));
      expect(woken.due()).toEqual(expected);
    });

    test('is none where it would not fit beside a socket', () => {
      const { store, exec } = make();
      exec.mockClear();
      expect(store.copy('p1', 3_073)).toBeUndefined();
      expect(exec, 'nothing is read for it').not.toHaveBeenCalled();
      store.writeCell('p1', large.key, large.value);
      expect(store.copy('p1', 1)).toBeUndefined();
      store.writeCell('p1', large.key, 'ш'.repeat(1_500));
      expect(store.copy('p1', 1)).toBeUndefined();
      store.writeCell('p1', large.key, 'ш'.repeat(1_000));
      expect(store.copy('p1', 1)).toBeDefined();
    });
  });

  test('tables of a newer version are cleared also where some of these are missing', () => {
    const database = new DatabaseSync(':memory:');
    new SqliteStore(sqlite(database)).writePage(row);
    database.exec("UPDATE meta SET value = 999 WHERE key = 'schema'; DROP TABLE due");
    const store = new SqliteStore(sqlite(database));
    expect(store.pages()).toEqual([]);
    store.writePage(row);
    expect(new SqliteStore(sqlite(database)).pages()).toEqual([row]);
  });

  test('[AF5] clearing leaves no table behind', () => {
    const database = new DatabaseSync(':memory:');
    const store = new SqliteStore(sqlite(database));
    store.writePage(row);
    store.clear();
    expect(database.prepare('SELECT count(*) AS tables FROM sqlite_master').get()?.tables).toBe(0);
  });

  test.each(Array.from({ length: present.version - 1 }, (_, before) => before + 1))(
    'a database of version %i opens, migrates once and keeps every row',
    (version) => {
      const database = new DatabaseSync(':memory:');
      database.exec(readFileSync(join(import.meta.dirname, `schemas/${version}.sql`), 'utf8'));
      const store = new SqliteStore(sqlite(database));
      expect(store.pages()).toEqual([row]);
      expect(store.cells('p1')).toEqual([{ key: 'a', value: '1' }]);
      expect(store.due()).toEqual([{ page: 'p1', key: 'timer', at: 20 }]);
      expect(store.jobs('all')).toEqual([{ job: 'j', open: 1, created: 2, state: '{}' }]);
      const first = { job: 'j', type: 'chunk', n: 0, value: '"a"' } as const;
      const second = { job: 'j', type: 'chunk', n: 1, value: '"b"' } as const;
      expect(store.parts('j', 'chunk')).toEqual([first, second]);
      expect(store.parts('j', 'args')).toEqual([{ job: 'j', type: 'args', n: 0, value: '[1]' }]);
      store.writePart({ ...second, value: '"c"' });
      const again = new SqliteStore(sqlite(database));
      expect(again.parts('j', 'chunk')).toEqual([first, { ...second, value: '"c"' }]);
      expect(schemaOf(database)).toEqual(present);
    },
  );

  test('tables of a newer version are cleared, since a rolled back application cannot read them', () => {
    const database = new DatabaseSync(':memory:');
    new SqliteStore(sqlite(database)).writePage(row);
    database.exec("UPDATE meta SET value = 999 WHERE key = 'schema'");
    const store = new SqliteStore(sqlite(database));
    expect(store.pages()).toEqual([]);
    store.writePage(row);
    expect(new SqliteStore(sqlite(database)).pages()).toEqual([row]);
  });
});
