import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { checkCloneable } from '../../src/rpc/index.ts';

class Person {
  name = 'Ada';
}

const circle: Record<string, unknown> = {};
circle.self = circle;

test.each<[string, unknown]>([
  ['primitives', [undefined, null, true, 1, 1.5, -1, 'text', 10n, Number.NaN]],
  ['plain objects', { a: { 'b c': [1, , 3] }, [Symbol('ignored')]: () => {} }],
  ['no prototype', Object.assign(Object.create(null), { a: 1 })],
  ['collections', new Map<unknown, unknown>([[{ k: 1 }, new Set([1])]])],
  ['dates and patterns', [new Date(), /x/g, new Number(1), Object('text')]],
  ['bytes', [new Uint8Array(3), new Float64Array(3), new ArrayBuffer(3), new DataView(new ArrayBuffer(2))]],
  ['errors', new RangeError('no', { cause: { a: 1 } })],
  ['circles', circle],
  ['streams', new ReadableStream()],
  ['one thing twice', [circle, circle]],
])('[JE9] %s can be sent', (_name, value) => {
  expect(checkCloneable(value, 'args[0]').ok).toBe(true);
});

test.each<[string, unknown]>([
  ['args[0] is a function', () => {}],
  ['args[0] is a class', Person],
  ['args[0].a is a symbol', { a: Symbol('x') }],
  ['args[0].rows[3].onClick is a function', { rows: [0, 1, 2, { onClick() {} }] }],
  ['args[0]["two words"].x is a function', { 'two words': { x() {} } }],
  ['args[0].get("a")[0] is a function', new Map([['a', [() => {}]]])],
  ['args[0] (the key object of the Map).f is a function', new Map([[{ f() {} }, 1]])],
  ['args[0] (an item of the Set) is a function', new Set([() => {}])],
  ['args[0].cause.f is a function', new Error('x', { cause: { f() {} } })],
  ['args[0].user is an instance of Person: send a plain object with its data', { user: new Person() }],
  ['args[0] is a promise: await it first', Promise.resolve()],
  ['args[0] is a URL: send its href', new URL('http://x/')],
  ['args[0] is a WeakMap', new WeakMap()],
])('[JE9] %s', (problem, value) => {
  expect(checkCloneable(value, 'args[0]')).toEqual({ ok: false, problem });
});

test('[JE9] a value nested without end is named, and does not overflow the stack', () => {
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  const measured = checkCloneable(value, 'args');
  const problem = measured.ok ? '' : measured.problem;
  expect(problem).toMatch(/^args\[0\]\[0\].* is nested deeper than 1000 levels$/);
  expect(problem.length).toBeLessThan(250);
});

test('[JE9] the size is about what the platform sends', () => {
  const values = [
    'x'.repeat(10_000),
    'ü€'.repeat(10_000),
    Array.from({ length: 10_000 }, (_, index) => index),
    Array.from({ length: 10_000 }, (_, index) => index / 3),
    Array.from({ length: 1_000 }, (_, index) => ({ id: index, name: `row ${index}`, tags: ['a', 'b'] })),
    new Float64Array(10_000),
    new Map(Array.from({ length: 1_000 }, (_, index) => [`key ${index}`, { index }])),
  ];
  for (const value of values) {
    const measured = checkCloneable(value, 'args');
    const actual = serialize(value).length;
    expect(measured.ok && measured.bytes / actual).toBeGreaterThan(0.7);
    expect(measured.ok && measured.bytes / actual).toBeLessThan(1.6);
  }
});
