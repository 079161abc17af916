import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guarantees, testsById } from '../guarantees.ts';

const paper = readFileSync(new URL('../../docs/guarantees.md', import.meta.url), 'utf8');

test('each guarantee has an id of its own', () => {
  const ids = guarantees(paper).map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(50);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('the title of a test names each guarantee', () => {
  const tests = testsById();
  expect(guarantees(paper).filter(({ id }) => !tests.has(id))).toEqual([]);
});

test('the title of a test names no guarantee that does not exist', () => {
  const known = new Set(guarantees(paper).map(({ id }) => id));
  const unknown = [...testsById()].filter(([id]) => !known.has(id)).flatMap(([, tests]) => tests);
  expect(unknown).toEqual([]);
});
