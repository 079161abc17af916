import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';

const folder = join(import.meta.dirname, '../../src/elements');
const sources = globSync('**/*.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));

/** The docstring of an exported function, and its parameters. */
function documented(name: string): { readonly doc: string; readonly head: string } | undefined {
  for (const source of sources) {
    // A name that is a word of the language is given in an export: `export { switchOf as switch };`.
    const [, given = name] = new RegExp(`^export \\{ (\\w+) as ${name} \\};`, 'm').exec(source) ?? [];
    const [, doc, head] =
      new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\n(?:export )?(?:async )?(?:function|const) ${given}\\b([^{]*)`).exec(
        source,
      ) ?? [];
    if (doc !== undefined) return { doc, head: head ?? '' };
  }
  return undefined;
}

/** Functions that have a name in common: `ui.navigate.to`. */
const groups = ['browser', 'navigate'];

test.each(groups)('ui.%s is a group of functions, documented as one', (name) => {
  const members = Object.values(ui[name as 'navigate']);
  expect(members.length).toBeGreaterThan(0);
  for (const member of members) expect(member).toBeTypeOf('function');
  expect(documented(name)?.doc).toContain(`ui.${name}.`);
});

test.each(Object.keys(ui).filter((name) => !groups.includes(name)))(
  'ui.%s is a documented function: what it does in a sentence, and an example',
  (name) => {
    expect(ui[name as keyof typeof ui]).toBeTypeOf('function');
    const { doc } = documented(name) ?? {};
    expect(doc, 'a docstring directly before the function').toBeDefined();
    // The first sentence says what the function does: "Shows a button."
    expect(doc).toMatch(/^\s*\*? ?[A-Z][a-z]+s /);
    expect(doc).toContain('@example');
    expect(doc).toContain(`ui.${name}`);
  },
);

test('each option of an element says its default, unless it is a function that is called', () => {
  const undocumented = sources.flatMap((source) =>
    [...source.matchAll(/export interface (\w+Options)\b[^{]*\{\n([\s\S]*?)\n\}/g)].flatMap(([, options, body = '']) =>
      [...body.matchAll(/((?: {2}\/\*\*[\s\S]*?\*\/\n)?) {2}readonly (\w+)\?: ([^\n]*)/g)]
        .filter(([, doc = '', , type = '']) => !/@default/.test(doc) && !/=> unknown;|Handler</.test(type))
        .map(([, , option]) => `${options}.${option}`),
    ),
  );
  expect(undocumented).toEqual([]);
});
