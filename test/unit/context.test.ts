import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test, vi } from 'vitest';
import { AsyncContext, ContextKey, capture, Frame, Late, outside } from '../../src/context/index.ts';

const key = new ContextKey<string>('word');
const seen = () => key.get() ?? 'nothing';
/** Returns what an asynchronous function sees before and after an await. */
const around = async () => {
  const before = seen();
  await Promise.resolve();
  return [before, seen()];
};

describe('the context of code', () => {
  test('is the one that it was started in, before and after an await, whatever ran in between', async () => {
    const one = key.run('one', around);
    const inner = key.run('two', () => [around(), key.run('three', around), around()]);
    expect(seen()).toBe('nothing');
    expect(await Promise.all([one, ...inner])).toEqual([
      ['one', 'one'],
      ['two', 'two'],
      ['three', 'three'],
      ['two', 'two'],
    ]);
    expect(seen()).toBe('nothing');
  });

  test('ends with an error that the code throws', () => {
    const fails = () =>
      key.run('one', () => {
        throw new Error('no');
      });
    expect(() => key.run('two', fails)).toThrow('no');
    expect(seen()).toBe('nothing');
    expect(key.run('two', () => [expect(fails).toThrow('no'), seen()][1])).toBe('two');
  });

  test('is entered by what was captured in it, also from another one', async () => {
    const within = key.run('one', capture);
    const outer = capture();
    expect(within(seen)).toBe('one');
    const both = await key.run('two', async () => [await within(around), await outer(around), await around()]);
    expect(both).toEqual([
      ['one', 'one'],
      ['nothing', 'nothing'],
      ['two', 'two'],
    ]);
  });

  test('is left by what runs outside, and kept by what runs in the outermost one', async () => {
    const page = new Frame(AsyncContext.empty.with(key, 'page'));
    expect(await key.run('one', () => outside(around))).toEqual(['nothing', 'nothing']);
    expect(await page.runOutermost(around)).toEqual(['page', 'page']);
    expect(await key.run('one', () => page.runOutermost(around))).toEqual(['one', 'one']);
    expect(await key.run('one', () => outside(() => page.runOutermost(around)))).toEqual(['page', 'page']);
  });

  test('makes no snapshot of a frame that is entered once, and one for all later times', async () => {
    const snapshot = vi.spyOn(AsyncLocalStorage, 'snapshot');
    const page = new Frame(AsyncContext.empty.with(key, 'page'));
    const snapshots: number[] = [];
    for (let time = 0; time < 4; time++) {
      expect(await page.runOutermost(around)).toEqual(['page', 'page']);
      snapshots.push(snapshot.mock.calls.length);
    }
    expect(snapshots).toEqual([0, 1, 1, 1]);
  });

  test('becomes another one for what goes on in a frame that is taken along, and stays as it is for all before', async () => {
    const page = AsyncContext.empty.with(key, 'page');
    const frame = new Frame(page);
    const before = frame.runOutermost(around);
    expect(await before).toEqual(['page', 'page']);
    expect(frame.running).toBe(false);
    const taken = frame.runOutermost(() => {
      expect(frame.running).toBe(true);
      frame.become(page.with(key, 'handler'));
      return around();
    });
    expect(await taken).toEqual(['page', 'handler']);
  });

  test('has a late value that is made when it is asked for, and not before', () => {
    let made = 0;
    const late = new Late(() => `made ${++made}`);
    AsyncContext.empty.with(key, late).run(() => {
      expect([key.has(), made]).toEqual([true, 0]);
      expect(seen()).toBe('made 1');
    });
    expect(AsyncContext.empty.with(key, new Late(() => undefined)).run(seen)).toBe('nothing');
  });
});
