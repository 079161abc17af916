// What the benchmark says of itself: the figures of README, and the report with its losses.

import { describe, expect, test } from 'vitest';
import type { Result, Table } from '../../bench/findings.ts';
import { figuresInReadme, quotedFigures } from '../../bench/readme.ts';
import { markdown, readResults } from '../../bench/report.ts';

const results = await readResults();

test('README has five figures, each with its command, as the last results have them', async () => {
  const lines = await figuresInReadme();
  expect(lines).toHaveLength(2 + 5);
  expect(lines).toEqual(quotedFigures(results));
});

test('a figure that was never measured cannot be in README', () => {
  expect(() => quotedFigures([])).toThrow('Run `npm run bench`');
});

describe('the report', () => {
  const result = (table: Partial<Table>, value = 1): Result => ({
    part: 'wire',
    title: 'Wire',
    date: '2026-01-01 00:00',
    seconds: 1,
    command: 'npm run bench -- wire',
    machine: 'a machine',
    versions: { Node: '24' },
    figures: [{ id: 'wire.x', name: 'a ratio', value, unit: 'x', aim: { at: 'most', value: 1.2 } }],
    tables: [
      {
        title: 'Bytes',
        unit: 'B',
        by: 'what',
        better: 'low',
        columns: ['Edgewise', 'bare echo', 'NiceGUI'],
        rows: [],
        ...table,
      },
    ],
    notes: [],
  });
  const losses = (text: string) => text.slice(text.indexOf('## Where we lose'), text.indexOf('## Wire'));

  test('names each row in which a peer is better, and not those in which the bare platform is', () => {
    const rows = [
      { name: 'won', values: [10, 5, 11] },
      { name: 'lost', values: [12, 5, 11] },
      { name: 'alone', values: [12, null, null] },
    ];
    const text = losses(markdown([result({ rows })]));
    expect(text).toContain('- Bytes, what lost: 12 B; NiceGUI 11 B');
    expect(text).not.toMatch(/won|alone|bare echo/);
  });

  test('names a row that only a peer can do', () => {
    const rows = [{ name: 'only theirs', values: [null, 5, 11] }];
    expect(losses(markdown([result({ rows })]))).toContain('- Bytes, what only theirs: not possible; NiceGUI 11 B');
  });

  test('takes more as better where a table says so', () => {
    const rows = [
      { name: 'won', values: [12, 50, 11] },
      { name: 'lost', values: [10, 50, 11] },
    ];
    const text = losses(markdown([result({ better: 'high', rows })]));
    expect(text).toContain('what lost: 10 B; NiceGUI 11 B');
    expect(text).not.toContain('won');
  });

  test('names each aim that is missed, and none that is met', () => {
    expect(losses(markdown([result({}, 1.3)]))).toContain('- a ratio: 1.30 x, aim ≤ 1.20');
    expect(losses(markdown([result({}, 1.1)]))).not.toContain('a ratio');
  });
});
