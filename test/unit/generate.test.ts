import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { core } from '../../client/components/core.gen.ts';
import { isAttached, learn, twoWayProps } from '../../client/tree/index.ts';
import { writes } from '../../client/tree/writes.gen.ts';
import { kindFiles, lists } from '../../src/cli/generate.ts';
import { kindsTable } from '../../src/cli/kinds-table.ts';
import { kindNames, ruleOf } from '../../src/protocol/index.ts';

const top = join(import.meta.dirname, '../..');

/** A project in which a family has one kind, `meter`, with these files. */
const listsWith = (files: Readonly<Record<string, string>>, traits: object = {}) =>
  lists([{ kind: 'meter', file: 'feedback/meter', traits }], (file) => {
    const text = files[file];
    if (text === undefined) throw new Error(`There is no ${file}.`);
    return text;
  });
const element = `
export interface MeterOptions {}
export class Meter {}
export function meter(): Meter {}
`;
const files = { 'src/elements/feedback/meter.ts': element, 'client/components/feedback/meter.tsx': '' };

test('a kind with an element and a component of its name is on ui, has its types exported, and is found by the client', () => {
  const made = listsWith(files);
  expect(made.get('src/elements/elements.gen.ts')).toBe("export { meter } from './feedback/meter.ts';\n");
  expect(made.get('src/elements/types.gen.ts')).toBe(
    "export type { Meter, MeterOptions } from './feedback/meter.ts';\n",
  );
  expect(made.get('client/components/lazy.gen.ts')).toContain("meter: () => import('./feedback/meter.tsx'),");
  expect(made.get('client/components/all.gen.ts')).toContain('meter: Meter,');
});

test('a kind of the core is in the first script, and not loaded on first use', () => {
  const made = listsWith(files, { core: true });
  expect(made.get('client/components/core.gen.ts')).toContain("import { Meter } from './feedback/meter.tsx';");
  expect(made.get('client/components/lazy.gen.ts')).not.toContain('=> import');
});

test('a kind that is internal needs a component and no element', () => {
  const made = listsWith({ 'client/components/feedback/meter.tsx': '' }, { internal: 'made by others' });
  expect(made.get('src/elements/elements.gen.ts')).toBe('');
});

test.each([
  ['its element', { 'client/components/feedback/meter.tsx': '' }, 'There is no src/elements/feedback/meter.ts.'],
  ['its component', { 'src/elements/feedback/meter.ts': element }, 'There is no client/components/feedback/meter.tsx.'],
  [
    'the function of its element',
    { ...files, 'src/elements/feedback/meter.ts': 'export class Meter {}\n' },
    'src/elements/feedback/meter.ts exports no function',
  ],
])('a kind without %s is refused, and the error names the file', (_, incomplete, message) => {
  expect(() => listsWith(incomplete)).toThrow(message);
});

test('the table of the wire has a row for each kind, with its props and what it sends', () => {
  const kinds = kindFiles();
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(kindNames().sort());
  const families = [...new Set(kinds.map(({ file }) => file.split('/')[0] as string))];
  const table = kindsTable(
    Object.fromEntries(
      families.map((family) => [family, readFileSync(join(top, `src/protocol/kinds/${family}.ts`), 'utf8')]),
    ),
  );
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, kind]) => kind);
  expect(rows).toEqual(kinds.map(({ kind }) => kind));
  expect(table).toContain(
    '| `checkbox` | `Tinted & { text: string; value: boolean; mixed?: boolean }` | `value` | on first use |',
  );
  expect(table).toContain(
    "close?: boolean \\| string; spinner?: boolean; } & Pick<Look, 'color' \\| 'icon'>` | `done` `action` `act` |",
  );
});

test('the client knows the two-way props of each kind, and which kinds stand beside their element', () => {
  expect(Object.keys(core).filter((kind) => Object.hasOwn(writes, kind))).toEqual([]);
  learn(writes);
  const known = kindNames().map((kind) => [kind, [...twoWayProps(kind)].sort(), isAttached({ kind })]);
  const rules = kindNames().map((kind) => {
    const { writes = [], attached = false } = ruleOf(kind);
    return [kind, [...writes].sort(), attached];
  });
  expect(known).toEqual(rules);
  expect([...twoWayProps('__proto__'), ...twoWayProps('of a newer server')]).toEqual([]);
});
