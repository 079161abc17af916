import { env, runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { objectClock } from '../../src/storage/index.ts';

const bindings = env as unknown as { readonly SESSION: DurableObjectNamespace };
const inObject = <R>(fn: () => Promise<R>) =>
  runInDurableObject(bindings.SESSION.get(bindings.SESSION.idFromName('clock')), fn);

test('a timer of 0 ms runs in a task of its own: after all code that runs now and every promise that can settle', async () => {
  const order = await inObject(async () => {
    const order: string[] = [];
    const ran = new Promise<void>((resolve) => {
      objectClock.after(0, () => {
        order.push('timer');
        resolve();
      });
    });
    for (let promise = 0; promise < 5_000; promise++) await undefined;
    order.push('promises');
    await ran;
    return order;
  });
  expect(order).toEqual(['promises', 'timer']);
});

test('timers of 0 ms run in the order in which they were set, each in a task of its own, and a cleared one does not', async () => {
  const order = await inObject(async () => {
    const order: string[] = [];
    const set = (name: string) =>
      objectClock.after(0, () => {
        order.push(name);
        void Promise.resolve().then(() => order.push(`after ${name}`));
      });
    set('a');
    const cleared = set('b');
    set('c');
    objectClock.clear(cleared);
    await new Promise<void>((resolve) => objectClock.after(0, resolve));
    return order;
  });
  expect(order).toEqual(['a', 'after a', 'c', 'after c']);
});
