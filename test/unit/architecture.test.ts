import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { describe, expect, test } from 'vitest';

/** The modules that import a library of the browser, each a chunk of its own. */
const libraries = ['codemirror', 'echarts', 'leaflet', 'plotly', 'uplot', 'xterm'].map(
  (name) => `client/libraries/${name}.ts`,
);

/**
 * The modules, from the ground up. A module is a folder or a file; it imports from lower layers only, and from itself.
 * A folder inside another module (`src/session/replay`) is a module of its own: what is not named falls to the folder around it.
 */
const layers: readonly (readonly string[])[] = [
  ['src/protocol', 'src/clock', 'src/reactive', 'src/context'],
  ['src/file-ref'],
  ['src/tree', 'src/storage', 'src/rpc'],
  ['src/tasks', 'src/compute', 'src/collection', 'client/connection', 'client/tree', ...libraries],
  ['src/elements', 'client/dom'],
  ['src/jobs', 'src/files'],
  ['src/shared'],
  ['src/shared/session', 'src/shared/object'],
  ['src/shared/api.ts'],
  ['src/shared/index.ts'],
  ['src/session/visitor.ts'],
  ['src/stores', 'src/session/host.ts', 'client/components'],
  ['src/session/sync', 'src/session/replay'],
  ['src/session/page'],
  ['src/session'],
  ['src/render'],
  ['src/app', 'client'],
  ['src/index.ts', 'src/platform', 'src/testing'],
  ['src/wrangler'],
  ['src/vite'],
  ['src/build'],
  ['src/cli'],
];

/** Folders whose files the folder around them imports directly: they have no entry point of their own. */
const inner = ['src/session/sync', 'src/session/replay', 'src/session/page', 'src/shared/session', 'src/shared/object'];

/** Imports that go past a module's entry point, each with its reason. */
const sideDoors: Readonly<Record<string, string>> = {
  'src/index.ts > src/elements/types.gen.ts': 'all of its types are an author’s, whichever kinds there are',
  'src/testing > client/connection/connection.ts': 'the entry point of the module brings the browser along',
  'src/testing > client/connection/notices.ts': 'the entry point of the module brings the browser along',
  'client > client/connection/notices.ts': 'in a chunk; the entry point is in the first script',
  'src/testing > client/connection/watchdog.ts': 'the entry point of the module brings the browser along',
  'client > client/connection/browser-tab.ts': 'in a chunk; the entry point is in the first script',
  'client > client/connection/tab.ts': 'in a chunk; the entry point is in the first script',
  'client > client/connection/watchdog.ts': 'in a chunk; the entry point is in the first script',
  'src/build > src/vite/bundle.ts': 'the entry point is what vite.config.ts imports',
  'src/render > client/components/server.ts':
    'the entry point is that of the browser, which may not name all components',
  'src/vite > src/app/manifest.ts': 'the types of what the build writes; the entry point brings the application along',
  'src/vite > src/elements/icon-names.ts': 'names alone; the entry point brings the elements along',
  'src/testing > src/compute/files.ts': 'what tasks do with files is no author’s, so the entry point lacks it',
  'src/testing > src/compute/runner.ts': 'the driver of tasks is no author’s, so the entry point lacks it',
  'client/components > client/dom/modifiers.ts': 'a chunk of its own; the entry point is in the first script',
  'client/components > client/dom/sanitize.ts': 'a chunk of its own; the entry point is in the first script',
  'client/components > client/tree/edits.ts': 'a chunk of its own; the entry point is in the first script',
  'client/components > client/tree/writes.gen.ts': 'a chunk of its own; the entry point is in the first script',
  'src/testing > client/tree/rules.ts': 'the entry point of the module is typed for a browser',
  'src/testing > client/tree/writes.gen.ts': 'in a chunk, so the entry point lacks it',
  'src/testing > client/tree/edits.ts': 'the entry point of the module is typed for a browser',
  'src/testing > client/tree/replica.ts': 'the entry point of the module is typed for a browser',
};

/** The one place for each package. Another place is a decision, to be made here. */
const packages: Readonly<Record<string, readonly string[]>> = {
  '@codemirror/language-data': ['client/libraries/codemirror.ts'],
  '@codemirror/state': ['client/libraries/codemirror.ts'],
  '@codemirror/theme-one-dark': ['client/libraries/codemirror.ts'],
  '@xterm/addon-fit': ['client/libraries/xterm.ts'],
  '@xterm/xterm': ['client/libraries/xterm.ts'],
  codemirror: ['client/libraries/codemirror.ts'],
  echarts: ['client/libraries/echarts.ts'],
  leaflet: ['client/libraries/leaflet.ts'],
  'plotly.js-basic-dist-min': ['client/libraries/plotly.ts'],
  uplot: ['client/libraries/uplot.ts'],
  '@preact/signals-core': ['src/reactive'],
  'cloudflare:workers': ['src/platform'],
  '@lukeed/ms': ['src/clock'],
  devalue: ['src/storage'],
  'fractional-indexing': ['src/collection'],
  hono: ['src/app'],
  htmlparser2: ['src/elements'],
  leven: ['src/rpc'],
  marked: ['src/elements'],
  'node:async_hooks': ['src/context'],
  'node:util': ['src/rpc'],
  preact: ['client/components', 'client'],
  'preact-render-to-string': ['src/render'],
  remend: ['src/elements'],
  'sugar-high': ['src/elements'],
};

/** Names that package.json leads elsewhere, and the modules that use them. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  '#manifest': ['src/app'],
  '#platform': ['src/compute', 'src/session', 'src/shared/object', 'src/app'],
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
const modules = layers.flat();

function files(...folders: readonly string[]): string[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: top },
  )
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.endsWith('.d.ts'))
    .sort();
}

/** The imports of a file, as rolldown's parser reads them; `import('…')` in code and in types count too. */
function importsOf(from: string): Import[] {
  const text = readFileSync(join(top, from), 'utf8');
  const { module, program, errors } = parseSync(from, text);
  if (errors.length > 0) throw new Error(`${from} cannot be parsed: ${errors[0]?.message}`);
  const found: Import[] = [];
  const add = (to: string, type: boolean) =>
    found.push({ from, to: to.startsWith('.') ? resolve(from, to) : to, type });
  for (const { moduleRequest, entries } of module.staticImports) {
    const declaration = text.slice(moduleRequest.start - 400 < 0 ? 0 : moduleRequest.start - 400, moduleRequest.start);
    const typeOnly =
      /import\s+type\b[^;]*$/.test(declaration) || (entries.length > 0 && entries.every((e) => e.isType));
    add(moduleRequest.value, typeOnly);
  }
  for (const { entries } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (request)
      add(
        request.value,
        entries.every((entry) => entry.isType),
      );
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const to = text.slice(moduleRequest.start, moduleRequest.end);
    if (/^['"]/.test(to)) add(to.slice(1, -1), false);
  }
  new Visitor({
    TSImportType({ source }) {
      add(source.value, true);
    },
  }).visit(program);
  return found;
}

function resolve(from: string, to: string): string {
  return relative(top, join(top, dirname(from), to))
    .split(sep)
    .join('/');
}

/** The module of a file: the longest name that begins its path. */
function moduleOf(file: string): string | undefined {
  return modules
    .filter((name) => file === name || file.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}

function layer(of: string): number {
  return layers.findIndex((names) => names.includes(of));
}

/** `preact/hooks` is of the package `preact`, `@a/b/c` of `@a/b`. */
function packageOf(name: string): string {
  if (name.startsWith('cloudflare:') || name.startsWith('node:')) return name;
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

const inside = (name: string) => name.startsWith('src/') || name.startsWith('client/') || name.startsWith('examples/');
/** Runs in Node, on the author's machine: the tools that build and start. Their packages are no part of an application. */
const isTool = (file: string) => /^src\/(cli|build|vite|wrangler)\//.test(file);

/** Circles among the imports that `take` lets through, each as the chain of its files. */
function circles(take: (each: Import) => boolean): string[] {
  const next = new Map<string, string[]>();
  for (const each of imports)
    if (inside(each.to) && take(each)) next.set(each.from, [...(next.get(each.from) ?? []), each.to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const begin = path.indexOf(file);
    if (begin >= 0) found.push([...path.slice(begin), file].join(' → '));
    if (begin >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

test('the files are found, and what they import is there', () => {
  expect(code.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(200);
  const missing = imports.filter(({ to }) => inside(to) && !existsSync(join(top, to)));
  expect(missing.map(({ from, to }) => `${from} imports ${to}, which is not there`)).toEqual([]);
});

test('every file is in a module of a layer', () => {
  expect(code.filter((file) => moduleOf(file) === undefined)).toEqual([]);
});

test('a module imports from lower layers only, or from itself', () => {
  const wrong = imports.flatMap(({ from, to }) => {
    if (!inside(to)) return [];
    const [here, there] = [moduleOf(from), moduleOf(to)];
    if (here === undefined || there === undefined) return [`${from} imports ${to}, which is in no module`];
    if (here === there || layer(there) < layer(here)) return [];
    return [`${from} (layer ${layer(here)}) imports ${to} (layer ${layer(there)})`];
  });
  expect(wrong).toEqual([]);
});

test('a module is entered by its entry point', () => {
  const used = new Set<string>();
  const wrong = imports.flatMap(({ from, to }) => {
    const [here, there] = [moduleOf(from), moduleOf(to)];
    if (!inside(to) || here === there || there === to || /\/index\.tsx?$/.test(to)) return [];
    const around = (name: string | undefined) => (name ?? '').split('/').slice(0, 2).join('/');
    const within = around(here) === around(there) && (inner.includes(there ?? '') || inner.includes(here ?? ''));
    if (within || (around(here) === around(there) && here?.endsWith('.ts'))) return [];
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

test('of the server, the client sees the protocol and the clock', () => {
  const wrong = imports.filter(
    ({ from, to }) => from.startsWith('client/') && to.startsWith('src/') && !/^src\/(protocol|clock)\//.test(to),
  );
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('each package has its place; only src/platform imports the platform', () => {
  const places = { ...packages, ...aliases };
  const wrong = imports.flatMap(({ from, to }) => {
    if (inside(to) || isTool(from)) return [];
    const allowed = places[packageOf(to)];
    if (allowed === undefined) return [`${from} imports ${to}, which has no place in the table`];
    const here = moduleOf(from) as string;
    return allowed.includes(here) ? [] : [`${from} imports ${to}, which belongs to ${allowed.join(' and ')}`];
  });
  expect(wrong).toEqual([]);
});

// An import of types is gone at run time: two files may name each other's types.
test('what the package imports, its authors have: a dependency or a peer', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'peerDependencies',
    Record<string, string>
  >;
  const given = new Set(['edgewise', ...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  const missing = imports
    .filter(({ to, type }) => !type && !/^(node:|cloudflare:|virtual:|#|src\/|client\/)/.test(to))
    .filter(({ to }) => !given.has(/^(@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? ''))
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(missing).toEqual([]);
});

test('no file imports itself in a circle', () => {
  expect(circles(({ type }) => !type)).toEqual([]);
});

test('no file of src/tree imports itself in a circle, types included', () => {
  const tree = /^src\/tree\//;
  expect(imports.filter(({ from, to }) => tree.test(from) && tree.test(to)).length).toBeGreaterThan(5);
  expect(circles(({ from, to }) => tree.test(from) && tree.test(to))).toEqual([]);
});

test('examples import what an author can: edgewise, edgewise/compute, edgewise/client, Hono, their packages, their own files', () => {
  const wrong = files('examples')
    .filter((file) => !file.endsWith('/vite.config.ts'))
    .flatMap(importsOf)
    .filter(
      ({ to }) =>
        !['edgewise', 'edgewise/compute', 'edgewise/client', 'cloudflare:workers'].includes(to) &&
        // An application is a Hono application: its routes use what Hono has for cookies and HTML.
        !/^(hono|examples)\b/.test(to) &&
        // Packages of examples that have a package.json of their own, and the alias that is in its vite.config.ts.
        !/^(@jsquash\/jpeg|libav)\//.test(to) &&
        // The gallery shows texts of the repository, and packs projects.
        !/^(docs\/guide\/[\w-]+\.md|llms\.txt|package\.json)\?raw$/.test(to) &&
        to !== 'fflate',
    );
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

describe('walls inside the modules', () => {
  const arrows = (from: RegExp, to: RegExp) =>
    imports.filter((each) => from.test(each.from) && to.test(each.to)).map((each) => `${each.from} imports ${each.to}`);

  test.each([
    ['sync does not import the page', /^src\/session\/sync\//, /^src\/session\/page\//],
    ['replay does not import the page', /^src\/session\/replay\//, /^src\/session\/page\//],
    ['sync does not import replay', /^src\/session\/sync\//, /^src\/session\/replay\//],
    ['replay does not import sync', /^src\/session\/replay\//, /^src\/session\/sync\//],
    ["the session's side of shared does not import the object's", /^src\/shared\/session\//, /^src\/shared\/object\//],
    ["the object's side of shared does not import the session's", /^src\/shared\/object\//, /^src\/shared\/session\//],
    [
      "compute reaches rpc, not the authors' API",
      /^src\/compute\//,
      /^src\/(tasks|elements|jobs|session|shared|app)\//,
    ],
  ])('%s', (_wall, from, to) => {
    expect(arrows(from, to)).toEqual([]);
  });
});

/** What reads time and chance from the machine, each with its reason. All other code takes them from the clock that it is given. */
const readsMachine: Readonly<Record<string, string>> = {
  'client/components/chunk.ts': 'runs in a browser',
  'client/components/feedback/notification.tsx': 'runs in a browser',
  'client/components/layout/scrollArea.tsx': 'reports the position at most ten times a second',
  'client/components/layout/sortableItem.tsx': 'leaves a dropped item in its place for a while, on the screen only',
  'client/components/media/camera.tsx': 'takes frames at most so many times a second',
  'client/components/media/interactiveImage.tsx': 'reports a moving pointer at most twenty times a second',
  'client/components/media/upload.tsx': 'names what a person chooses',
  'client/components/source.ts': 'waits before it loads a picture again, in a browser',
  'client/components/text/code.tsx': 'the mark of a copied code disappears after a while, on the screen only',
  'client/components/transfer.ts': 'waits between two attempts, in a browser',
  'client/dom/modifiers.ts': 'runs in a browser',
  'client/ended.ts': 'runs in a browser',
  'client/index.tsx': 'gives the replica its clock, and retries a chunk',
  'client/lifecycle.ts': 'gives the watchdog its clock, and pauses between visits',
  'client/navigator.ts': 'runs in a browser',
  'client/shown-page.ts': 'gives the browser its clock',
  'client/status.ts': 'runs in a browser',
  'src/app/app.ts': 'gives the Worker its clock',
  'src/app/document.ts': 'makes the nonce of a document that Vite serves',
  'src/app/session-cookie.ts': 'signs cookies before a session exists',
  'src/clock/clock.ts': 'is that clock',
  'src/clock/ids.ts': 'belongs to that clock',
  'src/clock/system-clock.ts': 'is that clock, with ids',
  'src/compute/index.ts': 'gives the compute Worker its clock',
  'src/render/still-tree.ts': 'renders once and waits for nothing',
  'src/storage/object-clock.ts': 'is the clock of a Durable Object',
};

test('time, chance and ids come from the clock that code is given, so that a test controls them', () => {
  const sources =
    /^(Date\.now|Math\.random|performance\.now|crypto\.\w+|setTimeout|setInterval|systemClock|systemTiming|new Date\(\))$/;
  const readers = code.filter((file) => {
    if (isTool(file)) return false;
    const text = readFileSync(join(top, file), 'utf8');
    const { program } = parseSync(file, text);
    let reads = false;
    const look = ({ start, end }: { readonly start: number; readonly end: number }) => {
      if (sources.test(text.slice(start, end))) reads = true;
    };
    new Visitor({
      CallExpression: ({ callee }) => look(callee),
      NewExpression: look,
      Property: ({ value }) => look(value),
      ImportSpecifier: ({ imported }) => look(imported),
    }).visit(program);
    return reads;
  });
  expect(readers).toEqual(Object.keys(readsMachine));
});

test('no module has a top-level await, because the bundler of the package would put a second file before each other one', () => {
  const waiting = code.filter((file) => {
    const { program } = parseSync(file, readFileSync(join(top, file), 'utf8'));
    let depth = 0;
    let waits = false;
    const enter = () => {
      depth++;
    };
    const leave = () => {
      depth--;
    };
    new Visitor({
      FunctionDeclaration: enter,
      'FunctionDeclaration:exit': leave,
      FunctionExpression: enter,
      'FunctionExpression:exit': leave,
      ArrowFunctionExpression: enter,
      'ArrowFunctionExpression:exit': leave,
      AwaitExpression() {
        waits ||= depth === 0;
      },
      ForOfStatement(loop) {
        waits ||= depth === 0 && loop.await;
      },
    }).visit(program);
    return waits;
  });
  expect(waiting).toEqual([]);
});

/** What reads the present props of a node, also during a replay: it stores them, sends them, or checks a browser's word by them. */
const readsProps = [
  'src/session/page/cell-values.ts',
  'src/session/page/cells.ts',
  'src/session/page/page-tree.ts',
  'src/session/page/page.ts',
  'src/session/page/timers.ts',
  'src/session/sync/inbox.ts',
];

test('author code reaches props through Tree.value, which a replay also passes: no element or page reads them from a node', () => {
  const readers = code.filter((file) => {
    if (!file.startsWith('src/') || /^src\/(tree|protocol|testing|cli|build|vite|wrangler)\//.test(file)) return false;
    const { program } = parseSync(file, readFileSync(join(top, file), 'utf8'));
    let reads = false;
    // `element.props({ … })` is the setter of attributes, and `saved.props` what is stored.
    const calls = new Set<unknown>();
    new Visitor({
      CallExpression({ callee }) {
        calls.add(callee);
      },
      MemberExpression(expression) {
        const { object, property, computed } = expression;
        if (computed || property.type !== 'Identifier' || property.name !== 'props' || calls.has(expression)) return;
        const name = object.type === 'MemberExpression' ? object.property : object;
        if ('name' in name && /^(node|root|child|parent)$/.test(String(name.name))) reads = true;
      },
      VariableDeclarator({ id, init }) {
        if (id.type !== 'ObjectPattern' || !init) return;
        const name = init.type === 'MemberExpression' ? init.property : init;
        const takes = id.properties.some(
          (each) => each.type === 'Property' && 'name' in each.key && each.key.name === 'props',
        );
        if (takes && 'name' in name && /^(node|root|child|parent)$/.test(String(name.name))) reads = true;
      },
    }).visit(program);
    return reads;
  });
  expect(readers).toEqual(readsProps);
});

/** Words that a name in the code may not contain, each with the word that replaced it. */
const replacedWords: Readonly<Record<string, string>> = {
  past: 'replay overlay',
  told: 'recorded, notified',
  telling: 'recorded read',
  tellings: 'recorded reads',
  kept: 'stored, persistent',
  keeper: 'registry',
  unkept: 'unrecorded',
  desk: 'registry, pools',
  pulse: 'heartbeat',
  imagined: 'dry run',
};

test('a name uses the word of the glossary, and `sort` only orders', () => {
  const wrong = code.flatMap((file) => {
    const { program } = parseSync(file, readFileSync(join(top, file), 'utf8'));
    const names = new Set<string>();
    const methods = new Set<unknown>();
    const add = (node: { readonly name: string }) => {
      const words = node.name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());
      if (words.some((word) => Object.hasOwn(replacedWords, word))) names.add(node.name);
      if (words[0] === 'sort' && !methods.has(node)) names.add(node.name);
    };
    new Visitor({
      MemberExpression({ property }) {
        methods.add(property);
      },
      Identifier: add,
      PrivateIdentifier: add,
    }).visit(program);
    return [...names].map((name) => `${file} names something ${name}`);
  });
  expect(wrong).toEqual([]);
});
