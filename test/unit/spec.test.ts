import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guarantees } from '../guarantees.ts';

const root = new URL('../../', import.meta.url);
const spec = readFileSync(new URL('SPEC.md', root), 'utf8');
const rules = [...spec.matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map(([, rule]) => rule as string);

/** Each rule that the name of a test begins with, and the file it was first seen in. */
function proven(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = readFileSync(new URL(`test/${file}`, root), 'utf8');
    for (const [, tags = ''] of text.matchAll(/['"`]\[((?:[A-Z]{2}\d+)(?:[,/ ]+[A-Z]{2}\d+)*)\]/g)) {
      for (const tag of tags.split(/[,/ ]+/)) if (!found.has(tag)) found.set(tag, file);
    }
  }
  return found;
}

test('[SP1] a rule has its number once', () => {
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

test('[SP2] every rule of the specification is proven by a test that names it', () => {
  const tests = proven();
  expect(rules.filter((rule) => !tests.has(rule))).toEqual([]);
});

test('[SP3] every rule that a test names is in the specification, or a guarantee', () => {
  const known = new Set([
    ...rules,
    ...guarantees(readFileSync(new URL('docs/guarantees.md', root), 'utf8')).map(({ id }) => id),
  ]);
  const unknown = [...proven()].filter(([rule]) => !known.has(rule)).map(([rule, file]) => `${rule} in ${file}`);
  expect(unknown).toEqual([]);
});
