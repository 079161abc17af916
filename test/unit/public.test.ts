import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiReport, apiReport, declare, entryPoints } from '../api.ts';
import { withoutDefault, withoutThrows, withoutUnit } from '../docstrings.ts';

const top = join(import.meta.dirname, '../..');

beforeAll(declare, 120_000);

describe.each(entryPoints())('$name', (entry) => {
  let report: ApiReport;
  beforeAll(() => {
    report = apiReport(entry);
  }, 120_000);

  test('exports the members and signatures of its report; `npm run api` rewrites it', () => {
    expect(report.text).toBe(readFileSync(join(top, entry.report), 'utf8'));
  });

  test('documents every public member and exports every type that a public signature names', () => {
    expect(report.problems).toEqual([]);
  });

  test('every optional member names its default, or what its absence means', () => {
    expect(withoutDefault(report.members)).toEqual([]);
  });

  test('every number and duration names its unit, what it counts, or its range', () => {
    expect(withoutUnit(report.members)).toEqual([]);
  });

  test('every function that throws says what and when', () => {
    expect(withoutThrows(report.members)).toEqual([]);
  });
});

test('an author of a compute Worker finds tasks, checkpoints and their types, and nothing of the engine', () => {
  const report = readFileSync(join(top, 'docs/api/edgewise-compute.api.md'), 'utf8');
  const names = [...report.matchAll(/^export (?:class|function|interface|type) (\w+)/gm)].map(([, name]) => name);
  expect(names).toEqual(['Checkpoint', 'checkpoint', 'compute', 'ComputeWorker', 'resumed', 'TaskModule']);
});
