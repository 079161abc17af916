// The budgets that do not depend on a machine: what the platform bills, and how it grows. `npm run bench -- --check` has the ratios.

import { beforeAll, describe, expect, test } from 'vitest';
import { billOf, prices } from '../../bench/bill.ts';
import { overBudget, readBudgets } from '../../bench/budgets.ts';
import { type Count, cases, count, grow, growths } from '../../bench/counting/index.ts';
import type { Result } from '../../bench/findings.ts';
import { exponent } from '../../bench/statistics.ts';

const { counted, exponents, margin, ratios } = await readBudgets();
/** Small sizes show the exponent of what is counted as well as large ones. */
const sizes = [10, 40, 160];

describe('of what the platform bills, a budget holds', () => {
  const counts = new Map<string, Count>();

  beforeAll(async () => {
    for (const [name, each] of Object.entries(cases)) counts.set(name, await count(each));
  });

  test.each(Object.entries(counted))('%s: at most %d', (id, most) => {
    const [name = '', of] = id.split('.') as [string, keyof Count];
    const value = counts.get(name)?.[of];
    expect(value).toBeTypeOf('number');
    expect(value).toBeLessThanOrEqual(most);
  });

  test('a minute idle costs nothing, a click alone more than one of many, and rows most of it', async () => {
    const list = await prices();
    const cost = (name: string, times = 1) => {
      const { rows, ...usage } = counts.get(name) as Count;
      const bill = billOf({ ...usage, rowsRead: 0, rowsWritten: rows }, list);
      return { rows: bill.rowsWritten / times, total: bill.total / times };
    };
    expect(cost('minute').total).toBe(0);
    expect(cost('click').total).toBeGreaterThan(cost('clicks', 100).total);
    expect(cost('click').rows).toBeGreaterThan(cost('click').total / 2);
  });
});

describe('the exponent of growth is within its budget:', () => {
  test('every growth that is counted has a budget', () => {
    expect(Object.keys(exponents)).toEqual(Object.keys(growths));
  });

  test.each(Object.entries(exponents))('%s: at most %d', async (name, most) => {
    const found = await grow(growths[name as keyof typeof growths], sizes);
    expect(found.counts.every((value) => value > 0)).toBe(true);
    expect(found.exponent).toBeLessThanOrEqual(most);
  });
});

test('each further durable call of a handler writes four rows, and no alarm is moved for it', async () => {
  const rows = async (calls: number) => (await count(growths['calls.rows'].at(calls))).rows;
  expect((await rows(11)) - (await rows(1))).toBe(40);
});

test('the exponent of costs that are constant, linear and quadratic is 0, 1 and 2', () => {
  const of = (cost: (size: number) => number) => exponent([1, 10, 100].map((size) => [size, cost(size)]));
  expect(of(() => 7)).toBeCloseTo(0);
  expect(of((size) => 3 * size)).toBeCloseTo(1);
  expect(of((size) => size ** 2 / 2)).toBeCloseTo(2);
});

describe('the check of a run names a figure', () => {
  const [id = '', limit] = Object.entries(ratios).find(([, { at }]) => at === 'most') ?? [];
  const run = (value: number) => [{ figures: [{ id, name: 'a ratio', value, unit: 'x' }] }] as unknown as Result[];

  test('that is past its budget by more than the margin', async () => {
    expect(await overBudget(run((limit?.value ?? 0) * (1 + margin) * 1.01))).toEqual([expect.stringContaining(id)]);
  });

  test('only when it is', async () => {
    expect(await overBudget(run((limit?.value ?? 0) * (1 + margin) * 0.99))).toEqual([]);
    expect(await overBudget([])).toEqual([]);
  });
});
