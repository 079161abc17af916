import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits, type Op } from '../../src/protocol/index.ts';
import { Outbox } from '../../src/session/sync/outbox.ts';

const op = (text: string): Op => [7, 'text', text];

test('patches are numbered from the last one on, by one', () => {
  const outbox = new Outbox(3, 41);
  expect(outbox.push([op('a')])).toBe('[42,[7,"text","a"]]');
  expect(outbox.push([5, op('b'), op('c')])).toBe('[43,5,[7,"text","b"],[7,"text","c"]]');
  expect([outbox.epoch, outbox.frame]).toEqual([3, 43]);
});

test('[WS3] whoever saw frame n gets what came after it, and nothing when that is all', () => {
  const outbox = new Outbox(1, 0);
  const texts = ['a', 'b', 'c'].map((text) => outbox.push([op(text)]));
  expect(outbox.since(0)).toEqual(texts);
  expect(outbox.since(2)).toEqual(texts.slice(2));
  expect(outbox.since(3)).toEqual([]);
});

test('[WS3] a cursor from the future, or from before the history, gets nothing to resume from', () => {
  const outbox = new Outbox(1, 10);
  outbox.push([op('a')]);
  for (const cursor of [9, -1, 12, Number.MAX_SAFE_INTEGER]) expect(outbox.since(cursor)).toBeUndefined();
});

test('the history keeps as many frames as its cap and gives the oldest up', () => {
  const outbox = new Outbox(1, 0);
  for (let frame = 1; frame <= limits.historyFrames; frame++) outbox.push([op('x')]);
  expect(outbox.since(0)).toHaveLength(limits.historyFrames);
  expect(outbox.roomy).toBe(false);
  outbox.push([op('x')]);
  expect(outbox.since(0)).toBeUndefined();
  expect(outbox.since(1)).toHaveLength(limits.historyFrames);
});

test('the history keeps as many characters as its cap, and a patch above it is not kept at all', () => {
  const outbox = new Outbox(1, 0);
  const around = '[1,[7,"text",""]]'.length;
  outbox.push([op('x'.repeat(limits.historySize - around))]);
  expect(outbox.since(0)).toHaveLength(1);
  expect(outbox.roomy).toBe(false);
  outbox.push([op('y')]);
  expect(outbox.since(0)).toBeUndefined();
  expect(outbox.since(1)).toHaveLength(1);
  outbox.push([op('x'.repeat(limits.historySize))]);
  expect(outbox.since(2)).toBeUndefined();
  expect(outbox.since(3)).toEqual([]);
  expect(outbox.roomy).toBe(true);
});

test('what was acknowledged is forgotten, the rest stays', () => {
  const outbox = new Outbox(1, 0);
  const texts = ['a', 'b', 'c'].map((text) => outbox.push([op(text)]));
  outbox.trim(2);
  expect(outbox.since(1)).toBeUndefined();
  expect(outbox.since(2)).toEqual(texts.slice(2));
  for (const acknowledged of [1, 0, -5]) outbox.trim(acknowledged);
  expect(outbox.since(2)).toEqual(texts.slice(2));
  outbox.trim(99);
  expect(outbox.since(3)).toEqual([]);
  expect(outbox.frame).toBe(3);
});

test('a history that was given up leaves a gap, so that no old cursor fits', () => {
  const outbox = new Outbox(1, 0);
  outbox.push([op('a')]);
  outbox.skip();
  expect(outbox.since(1)).toBeUndefined();
  expect(outbox.since(outbox.frame)).toEqual([]);
  outbox.push([op('b')]);
  expect(outbox.since(2)).toHaveLength(1);
  expect(outbox.since(1)).toBeUndefined();
});

test('[WS1] by chance: what is resumed from n is exactly the frames after n, or nothing', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('push'), size: fc.integer({ min: 0, max: 40_000 }) }),
    fc.record({ what: fc.constant('trim'), size: fc.nat(40) }),
    fc.record({ what: fc.constant('skip'), size: fc.nat(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(50), (steps, cursor) => {
      const outbox = new Outbox(1, 0);
      const sent = new Map<number, string>();
      for (const { what, size } of steps) {
        if (what === 'push') sent.set(outbox.frame + 1, outbox.push([op('x'.repeat(size))]));
        else if (what === 'trim') outbox.trim(size);
        else outbox.skip();
      }
      const missed = outbox.since(cursor);
      if (!missed) return;
      expect(missed).toEqual(Array.from({ length: outbox.frame - cursor }, (_, index) => sent.get(cursor + 1 + index)));
      expect(missed.length).toBeLessThanOrEqual(limits.historyFrames);
      expect(missed.join('').length).toBeLessThanOrEqual(limits.historySize);
    }),
    { numRuns: 500 },
  );
});
