import { expect, test } from 'vitest';
import { ContextKey, capture, outside } from '../../src/context/index.ts';

const one = new ContextKey<string>('place');
const two = new ContextKey<number>('number');

test('the innermost value is seen, each key has its own, and outside there is none', () => {
  expect(one.get()).toBeUndefined();
  one.run('a', () => {
    two.run(1, () => {
      one.run('b', () => expect([one.get(), two.get()]).toEqual(['b', 1]));
      expect([one.get(), two.get()]).toEqual(['a', 1]);
    });
    expect(two.get()).toBeUndefined();
  });
  expect(one.get()).toBeUndefined();
});

test('two keys of one name are two keys', () => {
  new ContextKey<string>('place').run('x', () => expect(one.get()).toBeUndefined());
});

test('what runs comes back, and what it throws too', () => {
  expect(one.run('a', () => 7)).toBe(7);
  expect(() =>
    one.run('a', () => {
      throw new Error('on purpose');
    }),
  ).toThrow('on purpose');
  expect(one.get()).toBeUndefined();
});

test('a value follows the code through its awaits, each run its own', async () => {
  const seen: (string | undefined)[] = [];
  const work = async (name: string) => {
    for (let round = 0; round < 3; round++) {
      await null;
      seen.push(one.get());
      expect(one.get()).toBe(name);
    }
    await Promise.all([one.run(`${name}!`, async () => expect(one.get()).toBe(`${name}!`)), null]);
    expect(one.get()).toBe(name);
  };
  await Promise.all([one.run('a', () => work('a')), one.run('b', () => work('b'))]);
  expect(seen.sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
});

test('what was captured runs others in its scopes, whoever calls', () => {
  const inside = one.run('a', () => two.run(1, () => capture()));
  one.run('b', () => {
    expect(inside(() => [one.get(), two.get()])).toEqual(['a', 1]);
    expect(one.get()).toBe('b');
  });
});

test('outside of every scope there is nothing to see', () => {
  one.run('a', () => {
    expect(outside(() => one.get())).toBeUndefined();
    expect(one.get()).toBe('a');
  });
});

test('who needs a value and has none gets a sentence', () => {
  expect(() => one.require('ui.label')).toThrow('ui.label needs a place, and this code runs outside of one.');
  expect(one.run('a', () => one.require('ui.label'))).toBe('a');
});
