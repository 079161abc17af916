// How much of what NiceGUI's users use has a counterpart here, counted from docs/guide/from-nicegui.md and the names that
// 57 public applications use (test/data/nicegui-use.tsv).

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';

/** Applications whose every name has a counterpart that does its everyday work. Raise it with each element. */
const covered = 49;

const root = new URL('../../', import.meta.url);
const rows = readFileSync(new URL('docs/guide/from-nicegui.md', root), 'utf8')
  .split('\n')
  .filter((line) => /^\| \w+ \|/.test(line) && !line.startsWith('| name |'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, name = '', ours = '', note]) => ({ name, ours, note }));
const applications = readFileSync(new URL('test/data/nicegui-use.tsv', root), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t')[1]?.split(' ') ?? []);

test('each public name of NiceGUI 3 has one row, in order', () => {
  const names = rows.map(({ name }) => name);
  expect(names).toHaveLength(142);
  expect(names).toEqual([...new Set(names)].sort());
  expect(applications.flat().filter((name) => !names.includes(name))).toEqual([]);
});

test('each function of `ui` that a row names exists', () => {
  const named = rows.flatMap(({ ours }) => [...ours.matchAll(/`ui\.(\w+)/g)].map(([, name = '']) => name));
  expect(named.filter((name) => !(name in ui))).toEqual([]);
});

test(`at least ${covered} of 57 public NiceGUI applications use only names that have a counterpart`, () => {
  expect(applications).toHaveLength(57);
  const missing = new Set(rows.filter(({ ours }) => ours === '').map(({ name }) => name));
  const lacks = applications.map((names) => names.filter((name) => missing.has(name)));
  const whole = lacks.filter((names) => names.length === 0).length;
  const counts = new Map<string, number>();
  for (const names of lacks) for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 12);
  console.log(`${whole} of 57 applications are covered. Missed most: ${most.map((pair) => pair.join(' ')).join(', ')}`);
  expect(whole).toBeGreaterThanOrEqual(covered);
});
