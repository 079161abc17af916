import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { limits } from '../../src/protocol/index.ts';
import { Cells } from '../../src/session/page/cells.ts';
import { comparableText, decode, encode, isSameText, MemoryStore } from '../../src/storage/index.ts';
import { childKey, rootKey } from '../../src/tree/index.ts';
import { Kit } from './kit.ts';

const key = childKey(rootKey, 'label0');
const name = key.toString(36);

function reload(cells: Cells, store = new MemoryStore()): Cells {
  store.transaction(() => cells.persist(store, 'p'));
  cells.persisted();
  const again = new Cells();
  expect(again.load(store.cells('p'))).toEqual([]);
  return again;
}

/** An error that is a part of itself. */
function knotted(): Error {
  const error = new Error('knot');
  error.cause = { error };
  return Object.assign(error, { self: error });
}

describe('values', () => {
  class Point {}
  const kept: readonly [what: string, value: unknown][] = [
    ['text', 'x'],
    ['text that begins like an encoded one', '~[1]'],
    ['numbers', [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['not a number, alone', Number.NaN],
    ['minus nothing, alone', -0],
    ['nothing', null],
    ['undefined', undefined],
    ['undefined in an object', { a: undefined }],
    [
      'a Map',
      new Map<unknown, unknown>([
        ['a', new Set([1])],
        [{ b: 1 }, 2],
      ]),
    ],
    ['a Date', new Date(1e12)],
    ['a BigInt', 2n ** 80n],
    ['bytes', new Uint8Array([0, 255])],
    ['a regular expression', /a+/gi],
    ['lone surrogates', '\ud800'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['a list with holes', [1, , 3]],
    ['keys like those of every object', { constructor: 1, toString: { valueOf: null } }],
    ['minus nothing, deep in plain data', { a: [{ b: [-0] }] }],
    ['a Date, deep in plain data', { a: [{ b: [new Date(1e12)] }] }],
    ['an object with a JSON of its own', Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 'other' })],
    ['a list with a JSON of its own', Object.defineProperty([1], 'toJSON', { value: () => 'other' })],
    [
      'plain data of more characters than JSON is used for',
      Array.from({ length: 9_000 }, (_, id) => ({ id, text: 'x' })),
    ],
  ];
  test.each(kept)('[NF1] %s is there again after a restart', (_, value) => {
    const cells = new Cells();
    cells.storeState(key, '0', value);
    expect(cells.state(key, '0')).toEqual({ value });
    expect(reload(cells).state(key, '0')).toEqual({ value });
  });

  test('[NF1] a value that refers to itself, and one that is there twice, come back so', () => {
    const cells = new Cells();
    const self: { me?: unknown; twice: object[] } = { twice: [] };
    self.me = self;
    const one = {};
    self.twice = [one, one];
    cells.storeState(key, '0', self);
    const back = reload(cells).state(key, '0')?.value as typeof self;
    expect(back.me).toBe(back);
    expect(back.twice[0]).toBe(back.twice[1]);
  });

  test('[NF1] any JSON is there again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, stateName) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__":'));
        const cells = new Cells();
        cells.storeState(key, stateName, value);
        expect(reload(cells).state(key, stateName)).toEqual({ value });
      }),
    );
  });

  test('[NF1] any value is there again as it was, with what it has twice', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        const twice = typeof one === 'object' && one !== null;
        const value = { one, other, again: [one] };
        let text: string;
        try {
          text = encode(value, 'A value');
        } catch {
          return;
        }
        const back = decode(text) as typeof value;
        expect(back).toStrictEqual(value);
        expect(back.again[0] === back.one || Number.isNaN(one)).toBe(true);
        expect(text.startsWith('~') || !twice).toBe(true);
      }),
    );
  });

  test.each([
    ['plain data', { a: [1, 'x', null] }, '~[{"a":1},[2,3,4],1,"x",null]'],
    ['a Map', new Map([['a', 1]]), '~[["Map",1,2],"a",1]'],
  ])('[NF1] %s in the form of an earlier build is read, and has the text that this build writes', (_, value, text) => {
    const cells = new Cells();
    expect(cells.load([{ key: `${name}.s.0`, value: text }])).toEqual([]);
    expect(cells.state(key, '0')).toEqual({ value });
    expect(cells.stateText(`${name}.s.0`)).toBe(encode(value, 'A value'));
    expect(isSameText(text, encode(value, 'A value'))).toBe(true);
    expect(isSameText(text, encode({ a: 2 }, 'A value'))).toBe(false);
  });

  test('[NF5] values are the same data whichever of their parts are one object', () => {
    const part = { n: 1, at: new Date(0) };
    const loop: unknown[] = [part];
    loop.push(loop);
    const [apart, shared] = [
      () => [{ ...part }, new Map([[{ ...part }, new Set([1])]])],
      [part, new Map([[part, new Set([1])]])],
    ];
    expect(isSameText(encode(apart(), 'A value'), encode(shared, 'A value'))).toBe(true);
    expect(comparableText(apart())).toBe(comparableText(shared));
    expect(comparableText(loop)).toBe(comparableText(decode(encode(loop, 'A value'))));
    const others = [
      1,
      -0,
      0,
      '1',
      null,
      undefined,
      [],
      [1],
      [[1]],
      {},
      { a: 1 },
      { b: 1 },
      new Map([[1, 2]]),
      new Set([1, 2]),
    ];
    const more = [
      [1, 2],
      new Date(0),
      new Date(1),
      new Uint8Array([1]),
      new Error('a'),
      new Error('b'),
      loop,
      [part, part],
    ];
    const texts = [...others, ...more].map(comparableText);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('each reader gets a value of its own', () => {
    const cells = new Cells();
    cells.storeState(key, '0', { list: [1] });
    const again = reload(cells);
    const first = again.state(key, '0')?.value as { list: number[] };
    first.list.push(2);
    expect(again.state(key, '0')?.value).toEqual({ list: [1] });
  });

  const refused: readonly [what: string, value: unknown, message: RegExp][] = [
    ['a function', () => 1, /the value is a function/],
    ['a function in an object', { a: { 'b c': [() => 1] } }, /the value\.a\["b c"\]\[0\] is a function/],
    ['an instance', { items: [1, new Point()] }, /the value\.items\[1\] is an instance of a class/],
    ['a key that is none', { a: JSON.parse('{"__proto__":1}') }, /the value\.a is an object with the key __proto__\./],
    [
      'a promise',
      { items: [Promise.resolve(1)] },
      /the value\.items\[0\] is a promise, which has to be awaited before\./,
    ],
    ['an instance in a Map', new Map([['k', new Point()]]), /is an instance of a class/],
    ['an error that is its own part', knotted(), /the value is an error that is a part of itself/],
  ];
  test.each(refused)('[BD2] %s is refused with its path, and the value before stays', (_, value, message) => {
    const cells = new Cells();
    cells.storeState(key, 'todos', 'before');
    expect(() => cells.storeState(key, 'todos', value)).toThrow(TypeError);
    expect(() => cells.storeState(key, 'todos', value)).toThrow(message);
    expect(() => cells.storeState(key, 'todos', value)).toThrow(/^The state "todos" cannot be stored/);
    expect(reload(cells).state(key, 'todos')).toEqual({ value: 'before' });
  });
});

describe('caps', () => {
  test('[BD1] one row: takes the limit in bytes and refuses one more, before anything is written', () => {
    const cells = new Cells();
    const cell = `${name}.s.0`;
    const room = limits.cellSize - cell.length - 2;
    cells.storeState(key, '0', 'x'.repeat(room));
    expect(() => cells.storeState(key, '0', 'x'.repeat(room + 1))).toThrow(RangeError);
    // Three bytes each: what counts is what the database stores.
    const wide = '€'.repeat(Math.floor(room / 3));
    cells.storeState(key, '0', wide);
    expect(() => cells.storeState(key, '0', `${wide}€`)).toThrow(RangeError);
    expect(reload(cells).state(key, '0')).toEqual({ value: wide });
  });

  test('[BD1] rows: takes the limit and refuses one more; writing one again needs no room', () => {
    const cells = new Cells();
    for (let row = 0; row < limits.cells; row++) cells.storeState(key, `${row}`, 1);
    expect(cells.count).toBe(limits.cells);
    expect(() => cells.storeState(key, 'more', 1)).toThrow(/at most 20000 values/);
    cells.storeState(key, '0', 2);
    cells.forget(key);
    cells.storeState(key, 'more', 1);
    expect(cells.count).toBe(1);
  });

  test('[BD1] all rows together: takes the limit and refuses one more; what is forgotten makes room', () => {
    const cells = new Cells();
    const parts = 16;
    for (let row = 0; row < parts; row++) cells.storeState(row + 2, '0', 'x'.repeat(limits.cellsSize / parts - 2));
    expect(() => cells.storeState(99, '0', '')).toThrow(RangeError);
    const again = reload(cells);
    expect(() => again.storeState(99, '0', '')).toThrow(RangeError);
    again.forget(2);
    again.storeState(99, '0', '');
    expect(() => again.storeState(2, '0', 'x'.repeat(limits.cellsSize / parts - 2))).toThrow(RangeError);
  });

  test('[BD2] what a log or a new element keeps is within the caps too, so that no commit can fail by it', () => {
    const kit = new Kit(() => ui.log({ max: 100 }));
    const log = kit.one('log');
    const line = '\u0000'.repeat(limits.cellSize / 6 - 20);
    kit.tree.append(log, [line]);
    expect(() => kit.tree.append(log, ['y'.repeat(200)])).toThrow(RangeError);
    kit.commit();
    expect(kit.again().one('log').props).toMatchObject({ lines: [line], total: 1 });
  });

  test('[BD2] elements that handlers built count by the room they take', () => {
    const kit = new Kit(() => {});
    const text = 'x'.repeat(1024 * 1024);
    expect(() => {
      for (let made = 0; made < 17; made++) kit.handle(() => ui.label(text));
    }).toThrow(/at most 16777216 characters/);
    const labels = kit.texts().length;
    expect(labels).toBe(15);
    expect(kit.again().texts()).toHaveLength(labels);
  });
});

describe('rows', () => {
  test('what changed since the last commit is written, and nothing else', () => {
    const cells = new Cells();
    const store = new MemoryStore();
    cells.storeState(key, '0', 1);
    cells.storeState(key, '1', 1);
    cells.storeState(key, '0', 2);
    expect(cells.dirty).toBe(true);
    cells.persist(store, 'p');
    // The transaction may have failed: until it is said that it did not, everything waits.
    cells.persist(store, 'p');
    expect(store.written).toBe(4);
    cells.persisted();
    expect(cells.dirty).toBe(false);
    cells.storeState(key, '1', 3);
    cells.persist(store, 'p');
    expect(store.written).toBe(5);
    expect(store.cells('p')).toEqual([
      { key: `${name}.s.0`, value: '2' },
      { key: `${name}.s.1`, value: '3' },
    ]);
  });

  test('a log of a thousand lines costs a commit one row or two, and reads back whole', () => {
    const kit = new Kit(() => ui.log({ max: 500 }));
    const store = new MemoryStore();
    const log = kit.one('log');
    const commit = () => {
      const before = store.written;
      store.transaction(() => kit.cells.persist(store, 'p'));
      kit.cells.persisted();
      return store.written - before;
    };
    for (let line = 0; line < 1000; line++) {
      kit.tree.append(log, [`line ${line}`]);
      if (line % 10 === 9) expect(commit()).toBeLessThanOrEqual(2);
    }
    expect(store.cells('p').length).toBeLessThanOrEqual(500 / 64 + 2);
    const again = new Cells();
    again.load(store.cells('p'));
    const lines = again.saved(log.key)?.props?.lines as string[];
    expect(lines.slice(-500)).toEqual(log.props.lines);
    expect(again.saved(log.key)?.props?.total).toBe(1000);
  });

  test('logs of every length and pace read back as they were', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 150 }), fc.boolean()), { maxLength: 8 }),
        (max, pushes) => {
          let kit = new Kit(() => ui.log({ max }));
          let count = 0;
          for (const [lines, restart] of pushes) {
            kit.tree.append(
              kit.one('log'),
              Array.from({ length: lines }, () => `${count++}`),
            );
            if (restart) {
              const before = { ...kit.one('log').props };
              kit = kit.again();
              expect(kit.one('log').props).toEqual(before);
            }
          }
          expect(kit.one('log').props.total).toBe(count);
        },
      ),
      { numRuns: 200 },
    );
  });

  const broken: readonly [key: string, value: string][] = [
    [`${name}.s.0`, '~[['],
    [`${name}.s.1`, 'not JSON'],
    [`${name}.p.text`, ''],
    [`${name}.z.1`, '1'],
    [`${name}.l.0`, '"text"'],
    [`${name}.l.1`, '~[[1,2],"x",3]'],
    [`${name}.r`, '7'],
    [`${name}.n`, 'null'],
    [`${name}.i`, '"x"'],
    ['', '1'],
    ['.p.text', '1'],
    ['constructor', '1'],
    ['-1.p.text', '1'],
  ];
  test.each(broken)('a row %s that cannot be read is dropped and named, and the rest is there', (at, value) => {
    const store = new MemoryStore();
    store.writeCell('p', `${name}.p.class`, '"red"');
    store.writeCell('p', at, value);
    const cells = new Cells();
    expect(cells.load(store.cells('p'))).toEqual([at]);
    expect(cells.saved(key)?.props).toEqual({ class: 'red' });
    cells.persist(store, 'p');
    expect(store.cells('p').map((row) => row.key)).toEqual([`${name}.p.class`]);
    expect(cells.count).toBe(1);
  });

  test('forgetting a node forgets every row of it, and of nobody else', () => {
    const store = new MemoryStore();
    const other = childKey(rootKey, 'label1');
    const rows = ['p.text', 'p.i', 'r', 's.0', 's.a.b', 'l.0', 'i'].map((row): [string, string] => [
      `${name}.${row}`,
      row === 'r' ? '~[[1],5]' : row === 'l.0' ? '~[[1,2],0,"x"]' : row === 'i' ? '77' : '"x"',
    ]);
    for (const [at, value] of rows) store.writeCell('p', at, value);
    store.writeCell('p', `${other.toString(36)}.s.0`, '"mine"');
    const cells = new Cells();
    expect(cells.load(store.cells('p'))).toEqual([]);
    expect(cells.count).toBe(rows.length + 1);
    cells.forget(key);
    cells.forget(key);
    cells.persist(store, 'p');
    expect(store.cells('p')).toEqual([{ key: `${other.toString(36)}.s.0`, value: '"mine"' }]);
    expect(cells.count).toBe(1);
    expect(cells.saved(key)).toBeUndefined();
    expect(cells.state(key, '0')).toBeUndefined();
    // Its number is free again.
    expect(cells.identify(key, () => false)).toBe(key % 2 ** 20);
  });

  test('[EO2] a failed transaction loses nothing: the next one writes it', () => {
    const kit = new Kit(() => ui.input(''));
    kit.emit(kit.one('input'), 'value', 'typed');
    const store = new MemoryStore();
    store.failure = new Error('disk full');
    expect(() => store.transaction(() => kit.cells.persist(store, 'p'))).toThrow('disk full');
    store.failure = undefined;
    store.transaction(() => kit.cells.persist(store, 'p'));
    expect(store.cells('p')).toHaveLength(1);
  });
});
