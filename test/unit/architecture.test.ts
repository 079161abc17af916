import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

/** The rooms, from the ground up. A room imports from lower rungs only, and from itself. */
const ladder: readonly (readonly string[])[] = [
  ['src/protocol', 'src/clock', 'src/reactive', 'src/scope'],
  ['src/tree', 'src/storage', 'src/tasks'],
  ['src/elements', 'client/connection', 'client/tree'],
  ['src/jobs', 'src/compute', 'client/hooks'],
  ['src/shared'],
  ['src/session', 'client/components'],
  ['src/render'],
  ['src/app', 'client'],
  ['src/index.ts', 'src/worker.ts', 'src/testing'],
];

/** Imports that go past a room's door, each with its reason. */
const sideDoors: Readonly<Record<string, string>> = {
  'src/testing > client/connection/link.ts': 'the door of the room brings the browser along',
  'src/testing > client/tree/store.ts': 'the door of the room is typed for a browser',
};

/** The one place for each package. Another one is a decision, to be made here. */
const packages: Readonly<Record<string, readonly string[]>> = {
  '@preact/signals-core': ['src/reactive'],
  'cloudflare:workers': ['src/worker.ts'],
  devalue: ['src/storage'],
  hono: ['src/app'],
  'node:async_hooks': ['src/scope'],
  preact: ['client/components', 'client'],
  'preact-render-to-string': ['src/render'],
};

/** Names that package.json leads elsewhere, and who says them. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  '#manifest': ['src/app'],
  '#platform': ['src/compute', 'src/session', 'src/shared', 'src/app'],
};

const top = normalize(join(import.meta.dirname, '../..'));

interface Import {
  readonly from: string;
  /** A file, or the name of a package. */
  readonly to: string;
  /** True when nothing of it is left at run time. */
  readonly type: boolean;
}

const code = files('src', 'client');
const imports = code.flatMap(importsOf);
const rooms = ladder.flat();

function files(...folders: readonly string[]): string[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: top },
  )
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.endsWith('.d.ts'))
    .sort();
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(top, from), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const add = (to: string, type: boolean) =>
    found.push({ from, to: to.startsWith('.') ? resolve(from, to) : to, type });
  for (const [, kind, to] of text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"`;=]*?\bfrom\s+['"]([^'"]+)['"]/gm)) {
    add(to as string, kind !== undefined);
  }
  for (const [, to] of text.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm)) add(to as string, false);
  for (const [, kind, to] of text.matchAll(/(\btypeof\s+)?\bimport\(\s*['"]([^'"]+)['"]/g))
    add(to as string, kind !== undefined);
  return found;
}

function resolve(from: string, to: string): string {
  return relative(top, join(top, dirname(from), to))
    .split(sep)
    .join('/');
}

/** The room of a file: the longest name that begins its path. */
function room(file: string): string | undefined {
  return rooms
    .filter((name) => file === name || file.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

function rung(of: string): number {
  return ladder.findIndex((names) => names.includes(of));
}

/** `preact/hooks` is of the package `preact`, `@a/b/c` of `@a/b`. */
function packageOf(name: string): string {
  if (name.startsWith('cloudflare:') || name.startsWith('node:')) return name;
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

const inside = (name: string) => name.startsWith('src/') || name.startsWith('client/') || name.startsWith('examples/');

test('[AR1] the files are found, and what they import is there', () => {
  expect(code.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(200);
  const missing = imports.filter(({ to }) => inside(to) && !existsSync(join(top, to)));
  expect(missing.map(({ from, to }) => `${from} imports ${to}, which is not there`)).toEqual([]);
});

test('[AR2] every file is in a room of the ladder', () => {
  expect(code.filter((file) => room(file) === undefined)).toEqual([]);
});

test('[AR3] a room imports from lower rungs only, or from itself', () => {
  const wrong = imports.flatMap(({ from, to }) => {
    if (!inside(to)) return [];
    const [here, there] = [room(from), room(to)];
    if (here === undefined || there === undefined) return [`${from} imports ${to}, which is in no room`];
    if (here === there || rung(there) < rung(here)) return [];
    return [`${from} (rung ${rung(here)}) imports ${to} (rung ${rung(there)})`];
  });
  expect(wrong).toEqual([]);
});

test('[AR4] a room is entered by its door', () => {
  const used = new Set<string>();
  const wrong = imports.flatMap(({ from, to }) => {
    const [here, there] = [room(from), room(to)];
    if (!inside(to) || here === there || there === to || /\/index\.tsx?$/.test(to)) return [];
    const side = `${here} > ${to}`;
    if (Object.hasOwn(sideDoors, side)) {
      used.add(side);
      return [];
    }
    return [`${from} imports ${to} instead of ${there}/index.ts`];
  });
  expect(wrong).toEqual([]);
  expect([...used].sort(), 'a side door that nobody uses any more').toEqual(Object.keys(sideDoors).sort());
});

test('[AR5] of the server, the client sees the protocol and the clock', () => {
  const wrong = imports.filter(
    ({ from, to }) => from.startsWith('client/') && to.startsWith('src/') && !/^src\/(protocol|clock)\//.test(to),
  );
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('[AR6] each package has its place; the platform is imported by src/worker.ts alone', () => {
  const places = { ...packages, ...aliases };
  const wrong = imports.flatMap(({ from, to }) => {
    if (inside(to)) return [];
    const allowed = places[packageOf(to)];
    if (allowed === undefined) return [`${from} imports ${to}, which has no place in the table`];
    const here = room(from) as string;
    return allowed.includes(here) ? [] : [`${from} imports ${to}, which belongs to ${allowed.join(' and ')}`];
  });
  expect(wrong).toEqual([]);
});

// What is imported as a type only is gone at run time: two files may name each other's types, as a node and its tree do.
test('[AR7] no file imports itself in a circle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, type } of imports) if (!type && inside(to)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const begin = path.indexOf(file);
    if (begin >= 0) circles.push([...path.slice(begin), file].join(' → '));
    if (begin >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of code) visit(file, []);
  expect(circles).toEqual([]);
});

test('[AR8] examples import what an author can: edgewise, edgewise/compute, their own files', () => {
  const wrong = files('examples')
    .flatMap(importsOf)
    .filter(
      ({ to }) => !['edgewise', 'edgewise/compute', 'cloudflare:workers'].includes(to) && !to.startsWith('examples/'),
    );
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});
