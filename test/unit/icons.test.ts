import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { iconsIn, unknownIcons } from '../../src/vite/icons.ts';

test.each([
  ["ui.button('', go, { icon: 'delete' })", ['trash-2']],
  ["ui.icon(open.value ? 'expand_less' : 'expand_more')", ['chevron-up', 'chevron-down']],
  ["const icons = { a: 'house' }; ui.button('A', go, { icon: icons.a })", ['house']],
  ['ui.icon(`search`)', ['search']],
  ["ui.label('search')", []],
  ["ui.button('', go, { icon: 'house', variant: 'ghost', color: 'error' })", ['house']],
  ["ui.icon('house').classes(() => (on.value ? 'underline' : ''))", ['house']],
  ["ui.icon('no-such-icon')", []],
] as const)('the build finds in %s the icons %j', (source, icons) => {
  expect(iconsIn(source)).toEqual(icons);
});

test('the build names an icon that does not exist', () => {
  expect(unknownIcons("ui.icon('hoem'); ui.button('', go, { icon: 'home', iconEnd: 'nope' })")).toEqual([
    'hoem',
    'nope',
  ]);
});

test('the build takes the address of the icon of an application for no name', () => {
  expect(unknownIcons("new App({ icon: '/logo.svg' })")).toEqual([]);
});

test('the style sheet has each icon that a component or an element draws by itself', () => {
  const top = join(import.meta.dirname, '../..');
  const [, listed = ''] =
    /"iconify lucide--\{([^}]*)\}"/.exec(readFileSync(join(top, 'client/styles.css'), 'utf8')) ?? [];
  const drawn = globSync('client/**/*.tsx', { cwd: top }).flatMap((file) =>
    [...readFileSync(join(top, file), 'utf8').matchAll(/\bicon\(([^)]*)\)/g)].flatMap(([, given = '']) =>
      [...given.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name),
    ),
  );
  const elements = globSync('src/elements/**/*.ts', { cwd: top }).flatMap((file) =>
    [...readFileSync(join(top, file), 'utf8').matchAll(/^(?! *\*).*\bicon: '([a-z-]+)'/gm)].map(([, name]) => name),
  );
  expect(drawn).not.toEqual([]);
  expect(elements).not.toEqual([]);
  expect([...new Set([...drawn, ...elements])].sort()).toEqual(listed.split(','));
});
