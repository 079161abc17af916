// Writes the lists of elements and components from the kinds. src/protocol/kinds/ declares the kinds. In each
// family's folder, the file with the kind's name is its element or its component. So a new element changes no list.
//
//     src/protocol/kinds/layout.ts                a new kind, here `separator` of the family `layout`
//     src/elements/layout/separator.ts            its element: a class, its options, the function of `ui`
//     client/components/layout/separator.tsx      its component, called `Separator`
//
// The lists end in .gen.ts and are in no commit. `npm ci`, the build, the type check and the tests write them.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { families, type KindTraits, ruleOf } from '../protocol/index.ts';
import { kindsTable } from './kinds-table.ts';

const root = path.resolve(import.meta.dirname, '../..');
const notice = '// Written by src/cli/generate.ts from src/protocol/kinds. Changes here are lost.\n\n';

interface KindFile {
  readonly kind: string;
  /** Path below `src/elements` and `client/components`, without the file extension. */
  readonly file: string;
  readonly traits: KindTraits<never>;
}

/** Returns every kind with its file, in the order of the table of families. */
export function kindFiles(): KindFile[] {
  return Object.entries(families).flatMap(([family, kinds]) =>
    Object.entries<KindTraits<never>>(kinds).map(([kind, traits]) => ({
      kind,
      file: `${family}/${kind}`,
      traits,
    })),
  );
}

/** Returns the text of each list by its path. */
export function lists(kinds: readonly KindFile[], read: (file: string) => string): Map<string, string> {
  const authors = kinds.filter(({ traits }) => traits.internal === undefined);
  const elements = authors.map(({ file }) => ({ file, ...exportsOf(`src/elements/${file}.ts`, read) }));
  const core = kinds.filter(({ traits }) => traits.core);
  const lazy = kinds.filter(({ traits }) => !traits.core);
  for (const { file } of kinds) read(`client/components/${file}.tsx`);
  const attached = kinds.filter(({ kind }) => ruleOf(kind).attached);
  return new Map([
    [
      'src/elements/elements.gen.ts',
      elements.map(({ file, functions }) => `export { ${functions.join(', ')} } from './${file}.ts';\n`).join(''),
    ],
    [
      'src/elements/types.gen.ts',
      elements
        .filter(({ types }) => types.length > 0)
        .map(({ file, types }) => `export type { ${types.join(', ')} } from './${file}.ts';\n`)
        .join(''),
    ],
    [
      'client/tree/attached.gen.ts',
      [
        '/** The kinds that stand beside the element around them. */',
        `export const attached = [${attached.map(({ kind }) => `'${kind}'`).join(', ')}];`,
        '',
      ].join('\n'),
    ],
    [
      'client/tree/writes.gen.ts',
      [
        '/** The two-way props of each kind that has any. */',
        'export const writes = {',
        ...kinds.flatMap(({ kind }) => {
          const props = ruleOf(kind).writes ?? [];
          return props.length > 0 ? [`  ${kind}: [${props.map((prop) => `'${prop}'`).join(', ')}],`] : [];
        }),
        '};',
        '',
      ].join('\n'),
    ],
    [
      'client/components/core.gen.ts',
      [
        ...core.map(({ kind, file }) => `import { ${componentOf(kind)} } from './${file}.tsx';`),
        "import type { ComponentTable } from './types.ts';",
        '',
        "/** Components that come with the page's first script. */",
        'export const core = {',
        ...core.map(({ kind }) => `  ${kind}: ${componentOf(kind)},`),
        '} satisfies Partial<ComponentTable>;',
        '',
      ].join('\n'),
    ],
    [
      'client/components/lazy.gen.ts',
      [
        "import type { core } from './core.gen.ts';",
        "import type { LazyComponents } from './types.ts';",
        '',
        '/** Components that come when a page first uses them, one chunk each. With {@link core}, every kind has one. */',
        'export const lazy: LazyComponents<typeof core> = {',
        ...lazy.map(({ kind, file }) => `  ${kind}: () => import('./${file}.tsx'),`),
        '};',
        '',
      ].join('\n'),
    ],
    [
      'client/components/all.gen.ts',
      [
        ...kinds.map(({ kind, file }) => `import { ${componentOf(kind)} } from './${file}.tsx';`),
        "import type { ComponentTable } from './types.ts';",
        '',
        '/** The component of every kind, for the server, whose first paint waits for none. */',
        'export const all: ComponentTable = {',
        ...kinds.map(({ kind }) => `  ${kind}: ${componentOf(kind)},`),
        '};',
        '',
      ].join('\n'),
    ],
  ]);
}

/** Writes the lists that are missing or differ, so that a watcher sees only real changes. */
export function generate(): void {
  const files = [...lists(kindFiles(), readSource)].map(([file, text]) => [file, notice + text] as const);
  const sources = Object.keys(families).map((family) => [family, readSource(`src/protocol/kinds/${family}.ts`)]);
  for (const [file, content] of [
    ...files,
    ['docs/reference/kinds.md', kindsTable(Object.fromEntries(sources))] as const,
  ]) {
    const place = path.join(root, file);
    if (readIfThere(place) === content) continue;
    mkdirSync(path.dirname(place), { recursive: true });
    const draft = `${place}.${process.pid}.draft`;
    writeFileSync(draft, content);
    renameSync(draft, place);
  }
}

/** Returns the component's name, which is written like a class name. */
function componentOf(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/**
 * Reads the names that an element's file exports. Reading line by line suffices, because the formatter begins
 * each export on a line.
 */
function exportsOf(file: string, read: (file: string) => string): { functions: string[]; types: string[] } {
  const found = [...read(file).matchAll(/^export (?:abstract )?(function|class|interface|type) (\w+)/gm)];
  const named = (wanted: (what: string) => boolean) => [
    ...new Set(found.filter(([, what = '']) => wanted(what)).map(([, , name = '']) => name)),
  ];
  // A name that is a word of the language, such as `switch`, can only be given in an export.
  const renamed = [...read(file).matchAll(/^export \{ \w+ as (\w+) \};/gm)].map(([, name = '']) => name);
  const functions = [...named((what) => what === 'function'), ...renamed];
  if (functions.length === 0) {
    throw new Error(
      `${file} exports no function, so \`ui\` would lack the element. Export one, or set \`internal\` in the kind's traits.`,
    );
  }
  return { functions, types: named((what) => what !== 'function').sort() };
}

function readSource(file: string): string {
  const text = readIfThere(path.join(root, file));
  if (text === undefined)
    throw new Error(`There is no ${file}. Each kind of src/protocol/kinds needs a file of its name.`);
  return text;
}

function readIfThere(place: string): string | undefined {
  try {
    return readFileSync(place, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) generate();
