// `npm run pack`: makes the package that authors install, dist/edgewise-VERSION.tgz.
//
// Inside the repository, package.json leads to the TypeScript sources. Node strips no types below node_modules, so the
// package has JavaScript in their place, in the same folders: a path relative to a source leads to the same thing in both.
//
//     src, client   JavaScript, one file for each source that an entry point or a command reaches
//     types         declarations of the entry points, rolled up: a type that no author can name is not in them
//     templates     what `edgewise new` copies; what all templates have alike is there once
//     llms.txt      what a language model has to know; the AGENTS.md of the templates name it

import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync, gunzipSync } from 'node:zlib';
import zopfli from '@gfx/zopfli';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import MagicString from 'magic-string';
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import { dts } from 'rolldown-plugin-dts';
import { generate, kindFiles } from '../src/cli/generate.ts';
import { declarationOf, declare, entryPoints } from '../test/api.ts';

const root = path.resolve(import.meta.dirname, '..');
const staging = path.join(root, 'dist/package');
const command = 'src/cli/bin.ts';
/** The module whose namespace is `ui`. */
const elements = 'src/elements/ui.ts';
/** Sources that stay files of their own, because no other source imports them or the plugin knows them by their names. */
const furtherSources = [
  command,
  elements,
  'src/app/dev-pages.ts',
  'src/app/manifest.ts',
  'src/elements/material-icons.ts',
  'src/wrangler/exit-with-parent.ts',
  'src/vite/reporter.ts',
  'client/development.ts',
  'client/components/all.gen.ts',
  'client/components/server.ts',
];
/** Node from which on the package works: the first that loads ES modules by `require` without a flag, as Vite needs. */
const node = '>=22.12.0';

type Leads = string | { readonly [condition: string]: string };

interface PackageJson {
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, Leads>>;
  readonly [field: string]: unknown;
}

/** Packs the package into a folder and returns the path of the archive. */
export async function pack(destination = path.join(root, 'dist')): Promise<string> {
  const folder = await stage();
  await mkdir(destination, { recursive: true });
  const npm = ['pack', folder, '--pack-destination', destination, '--json'];
  const { stdout } = await promisify(execFile)('npm', npm, { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const archive = path.join(destination, filename);
  await compress(archive);
  return archive;
}

/** Compresses an archive of npm again: like files beside each other, and with a search that takes longer than zlib's. */
async function compress(archive: string): Promise<void> {
  const tar = likeBesideLike(gunzipSync(await readFile(archive)));
  await writeFile(archive, await zopfli.gzipAsync(tar, { numiterations: 30, blocksplittingmax: 0 }));
}

/** Returns a tar whose files are in another order: by extensions and folders, and among those as they compress best. npm goes by names. */
function likeBesideLike(tar: Buffer): Buffer {
  const block = 512;
  const groups = new Map<string, Buffer[]>();
  let at = 0;
  while (tar[at]) {
    const text = (from: number, length: number) =>
      tar.toString('latin1', at + from, at + from + length).replace(/\0.*/s, '');
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join('/');
    if (text(156, 1) !== '0') throw new Error(`npm has packed ${name} as another thing than a file.`);
    const end = at + block + Math.ceil(Number.parseInt(text(124, 12), 8) / block) * block;
    const group = `${path.extname(name)} ${name.split('/')[1]}`;
    groups.set(group, [...(groups.get(group) ?? []), tar.subarray(at, end)]);
    at = end;
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([...sorted.flatMap(([, files]) => chain(files)), tar.subarray(at)]);
}

/** Returns files in an order in which each follows those that say most of it. The largest is the first. */
function chain(files: readonly Buffer[]): Buffer[] {
  const size = (...parts: Buffer[]) => deflateRawSync(Buffer.concat(parts)).length;
  const alone = new Map(files.map((file) => [file, size(file)]));
  const chained: Buffer[] = [];
  let next = files.reduce((largest, file) => (file.length > largest.length ? file : largest));
  let before: Buffer = Buffer.alloc(0);
  while (alone.delete(next)) {
    chained.push(next);
    // A compressor looks back no further.
    before = Buffer.concat([before, next]).subarray(-32_768);
    const known = size(before);
    let least = Number.POSITIVE_INFINITY;
    for (const [file, own] of alone) {
      const share = (size(before, file) - known) / own;
      if (share < least) [least, next] = [share, file];
    }
  }
  return chained;
}

/** Writes the package into dist/package and returns the folder. */
async function stage(): Promise<string> {
  generate();
  await rm(staging, { recursive: true, force: true });
  const own = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as PackageJson;
  await Promise.all([writeJavaScript(own), writeDeclarations(), copyFiles()]);
  await writeFile(path.join(staging, 'package.json'), `${JSON.stringify(packageJson(own), null, 2)}\n`);
  return staging;
}

/** Returns the package.json of the package: the repository's own, led to what {@link stage} writes. */
function packageJson(own: PackageJson): Record<string, unknown> {
  const { name, version, description, license, type, keywords, dependencies } = own;
  const { peerDependencies, peerDependenciesMeta } = own;
  const names = new Map(entryPoints().map((entry) => [`./${entry.file}`, typesOf(entry)]));
  const lead = (file: string) =>
    names.has(file) ? { types: `./types/${names.get(file)}.d.ts`, default: built(file) } : built(file);
  return {
    ...{ name, version, description, license, type, keywords },
    engines: { node },
    bin: { edgewise: built(`./${command}`) },
    files: ['src', 'client', 'types', 'templates', 'llms.txt'],
    exports: Object.fromEntries(Object.entries(own.exports).map(([door, file]) => [door, lead(file)])),
    imports: Object.fromEntries(Object.entries(own.imports).map(([alias, leads]) => [alias, mapLeads(leads)])),
    // Importing the client starts it. All other modules can be left out where nothing of them is used.
    sideEffects: [built('./client/index.tsx'), built(`./${command}`), '**/*.css'],
    ...{ dependencies, peerDependencies, peerDependenciesMeta },
  };
}

function isSource(file: string): boolean {
  return /\.tsx?$/.test(file);
}

/** Returns the place of a source's JavaScript in the package. */
function built(file: string): string {
  return file.replace(/\.tsx?$/, '.js');
}

function mapLeads(leads: Leads): Leads {
  if (typeof leads === 'string') return built(leads);
  return Object.fromEntries(Object.entries(leads).map(([condition, file]) => [condition, built(file)]));
}

/** Returns the name of an entry point's declarations: `edgewise/compute` is `compute`, and `edgewise` is `index`. */
function typesOf({ name }: { readonly name: string }): string {
  return name.split('/')[1] ?? 'index';
}

async function writeJavaScript({ imports }: PackageJson): Promise<void> {
  const aliased = Object.values(imports).flatMap((leads) => (typeof leads === 'string' ? leads : Object.values(leads)));
  const sources = [
    ...entryPoints().map(({ file }) => file),
    ...aliased.filter(isSource).map((file) => file.slice(2)),
    ...furtherSources,
    ...lazyParts(),
  ];
  await bundle(
    {
      input: Object.fromEntries(sources.map((file) => [file.replace(/\.tsx?$/, ''), path.join(root, file)])),
      platform: 'neutral',
      preserveEntrySignatures: 'allow-extension',
      tsconfig: false,
      transform: {
        target: 'es2024',
        jsx: { runtime: 'automatic', importSource: 'preact' },
        // Constructors set them, and no class declares a field of another one again.
        typescript: { removeClassFieldsWithoutInitializer: true },
      },
      plugins: [namespaceOfElements(), denseLines()],
    },
    {
      dir: staging,
      entryFileNames: '[name].js',
      chunkFileNames: ({ facadeModuleId, name }) => {
        if (facadeModuleId) return `${sourceName(facadeModuleId)}.js`;
        return name.includes('/') ? `${name}/module.js` : `client/components/${name}.js`;
      },
      codeSplitting: { groups: [{ name: moduleOf }], includeDependenciesRecursively: false },
      sourcemap: true,
      minifyInternalExports: true,
      // Short names, because the build of an application shortens none. Those of classes and methods stay for stack traces.
      minify: {
        compress: true,
        mangle: { toplevel: true, keepNames: { class: true, function: false } },
        codegen: true,
      },
      // The declarations have the docstrings.
      comments: { annotation: true, jsdoc: false, legal: true },
    },
  );
}

/** Sources that a page loads on first use, though other parts of their modules are in its first script. */
const lazySources = [
  'client/dom/modifiers',
  'client/dom/sanitize',
  'client/tree/edits',
  'client/tree/writes.gen',
  'src/clock/backoff',
  'src/protocol/safe-url',
];

/**
 * Files of sources that a page needs at one time, and other sources of their modules at another. A page loads whole files.
 * What its first script has of the protocol is a file, and so is the rest.
 */
const apart: Readonly<Record<string, readonly string[]>> = {
  'src/protocol/first': [
    'clock/clock',
    ...['aim', 'codec', 'frames', 'limits', 'mirror'].map((name) => `protocol/${name}`),
  ].map((name) => `src/${name}`),
  'src/protocol/edits': ['same', 'secret', 'typing'].map((name) => `src/protocol/${name}`),
  'client/dom/lazy': ['events', 'focus', 'theme-colors', 'top-layer', 'trusted'].map((name) => `client/dom/${name}`),
  'client/lifecycle': ['browser-tab', 'named-timers', 'notices', 'tab', 'watch-times', 'watchdog'].map(
    (name) => `client/connection/${name}`,
  ),
};

/** Returns what a page loads on first use. As entry points, they need no object with their exports for `import()`. */
function lazyParts(): string[] {
  return [
    ...lazySources.map((file) => `${file}.ts`),
    ...kindFiles().map(({ file }) => `client/components/${file}.tsx`),
  ];
}

/**
 * Modules that an application's Worker has, those of every Worker, those of browsers too, and of the command. Each list becomes one
 * file, without exports and imports inside.
 */
const joined: readonly (readonly string[])[] = [
  [
    ...['elements', 'tree', 'collection', 'reactive', 'storage', 'tasks'],
    ...['session', 'files', 'jobs', 'shared', 'stores', 'app', 'render'],
  ],
  ['rpc', 'context', 'file-ref'],
  ['protocol', 'clock'],
  ['cli', 'build'],
];

/**
 * Returns the file that a source becomes a part of: one for each module, in its folder, or for several. Many small files
 * would compress badly. Entry points and what a page loads by itself stay files of their own.
 */
function moduleOf(id: string): string | null {
  const [side, module = '', file] = sourceName(id).split('/');
  const alone =
    lazySources.includes(sourceName(id)) ||
    furtherSources.some((source) => sourceName(path.join(root, source)) === sourceName(id));
  for (const [name, sources] of Object.entries(apart)) if (sources.includes(sourceName(id))) return name;
  const folders = ['src/platform', 'client/components', 'client/libraries'];
  if (alone || file === undefined || folders.includes(`${side}/${module}`)) return null;
  const [first = module] = (side === 'src' && joined.find((modules) => modules.includes(module))) || [];
  return `${side}/${first}`;
}

/** Returns the path of a source from the repository's folder, without its extension. */
function sourceName(id: string): string {
  return path.relative(root, id).replace(/\.tsx?$/, '');
}

/**
 * Leaves `export * as ui` a namespace of a module. Bundled, it would be an object, of which the build of an application
 * leaves no element out.
 */
function namespaceOfElements(): Plugin {
  return {
    name: 'namespace-of-elements',
    resolveId(source, importer) {
      const inside = importer !== undefined && moduleOf(importer) === path.dirname(elements);
      return inside && path.basename(source) === path.basename(elements)
        ? { id: './ui.js', external: true }
        : undefined;
    },
  };
}

/**
 * Writes JavaScript without white space, except that a longer function or method begins on a line of its own. So the source maps need
 * one position a line, and leave columns and sources out. The JavaScript is the source without types, comments and long names, so
 * the place of the function is what a stack trace lacks. Maps with columns and sources would be two thirds of the package, and
 * those of all statements a twentieth.
 */
function denseLines(): Plugin {
  return {
    name: 'dense-lines',
    generateBundle(_options, output) {
      for (const file of Object.values(output)) {
        if (file.type !== 'chunk') continue;
        const map = output[`${file.fileName}.map`];
        if (map?.type !== 'asset') continue; // A file that only exports what others have.
        const { version, sources, mappings } = JSON.parse(String(map.source)) as {
          readonly version: number;
          readonly sources: readonly string[];
          readonly mappings: string;
        };
        const folder = path.join(staging, path.dirname(file.fileName));
        const files = sources.map((source) => path.resolve(folder, source));
        if (isPart(file.fileName) || (files.length === 1 && file.fileName === `${sourceName(files[0] as string)}.js`)) {
          delete output[`${file.fileName}.map`];
          file.code = withoutAnnotations(file.code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
          continue;
        }
        const { code, lines } = withLines(file.code, decode(mappings), this.parse(file.code));
        file.code = withoutAnnotations(code);
        map.source = JSON.stringify({
          version,
          // An address instead of a path, because tools look for the file of a path.
          sources: files.map((source) => `edgewise:///${path.relative(root, source)}`),
          names: [],
          mappings: encode(lines),
        });
      }
    },
  };
}

/** Leaves out annotations of calls that every bundler knows as pure. */
function withoutAnnotations(code: string): string {
  const known = /(\w?)\/\* @__PURE__ \*\/ ?(?=new [A-Z]|jsxs?\(|\w*Error\()/g;
  return code.replaceAll(known, (_, before: string) => before && `${before} `);
}

/** Returns true for a part of the client that a page loads on first use. Its name says enough of where a stack trace leads. */
function isPart(file: string): boolean {
  return /^client\/(components|libraries)\//.test(file);
}

/** Returns the code with a line break where a function or a method begins, and the position of each line in the sources. */
function withLines(
  code: string,
  mappings: readonly (readonly SourceMapSegment[])[],
  program: ESTree.Program,
): { readonly code: string; readonly lines: SourceMapSegment[][] } {
  const starts = startsIn(program, code);
  const lines: SourceMapSegment[][] = [];
  const parts: string[] = [];
  let offset = 0;
  for (const [index, text] of code.split('\n').entries()) {
    let from = 0;
    let last: SourceMapSegment | undefined;
    for (const segment of mappings[index] ?? []) {
      const [at, source, line] = segment;
      if (source === undefined || line === undefined) continue;
      if (last && source === last[1] && line === last[2]) continue;
      const length = starts.get(offset + at);
      if (last && length === undefined) continue; // Elsewhere a line break may have a meaning.
      if (last && source === last[1] && (length ?? 0) < shortFunction) continue;
      if (last) {
        parts.push(text.slice(from, at));
        from = at;
      }
      lines.push([[0, source, line, 0]]);
      last = segment;
    }
    if (!last) lines.push([]);
    parts.push(text.slice(from));
    offset += text.length + 1;
  }
  return { code: parts.join('\n'), lines };
}

/** Characters of a function that shares the line of the one before it in the same source. A map leads to the one before then. */
const shortFunction = 200;

/**
 * Returns where functions begin, with their lengths: statements of a module and members of a class that have one, and inner
 * functions.
 */
function startsIn(program: ESTree.Program, code: string): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  const all = (nodes: readonly ESTree.Node[]): void => {
    for (const { start, end } of nodes)
      if (/=>|\bfunction\b|\bclass\b|\)\{/.test(code.slice(start, end))) starts.set(start, end - start);
  };
  new Visitor({
    Program: ({ body }) => all(body),
    ClassBody: ({ body }) => all(body),
    FunctionDeclaration: (inner) => all([inner]),
  }).visit(program);
  return starts;
}

async function writeDeclarations(): Promise<void> {
  declare();
  await bundle(
    {
      input: Object.fromEntries(entryPoints().map((entry) => [typesOf(entry), declarationOf(entry)])),
      // A module may pass on what is @internal, which its declarations lack. No entry point exports it.
      shimMissingExports: true,
      // The declarations are written already, so there is nothing to generate.
      plugins: [kindsByName(), dts({ dtsInput: true, emitDtsOnly: true, oxc: true, tsconfig: false }), docsOfAuthors()],
    },
    { dir: path.join(staging, 'types'), chunkFileNames: 'shared/[name].d.ts' },
  );
}

/** Lists the names of the kinds, in place of a type that is made from the props of all kinds, which no author can name. */
function kindsByName(): Plugin {
  return {
    name: 'kinds-by-name',
    transform(code, id) {
      if (sourceName(id) !== '.types/api/src/protocol/kinds/index.d') return undefined;
      const names = kindFiles().map(({ kind }) => `'${kind}'`);
      const short = code.replace('keyof KindProps', names.join(' | '));
      if (short === code) throw new Error(`${id} declares Kind in another way than tools/package.ts expects.`);
      return { code: short, map: null };
    },
  };
}

/** Leaves docstrings to what authors can name, and takes the indentation out. */
function docsOfAuthors(): Plugin {
  return {
    name: 'docs-of-authors',
    generateBundle(_options, output) {
      for (const file of Object.values(output)) if (file.type === 'chunk') file.code = withoutInnerDocs(file.code);
    },
  };
}

function withoutInnerDocs(code: string): string {
  const { program, comments } = parseSync('types.d.ts', code);
  const exported = new Set<string>();
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const { local } of node.specifiers) if (local.type === 'Identifier') exported.add(local.name);
  }
  const inner = program.body.filter(
    (node) => 'id' in node && node.id?.type === 'Identifier' && !exported.has(node.id.name),
  );
  const hidden = constructorsIn(program);
  const text = new MagicString(code);
  for (const { start, end } of hidden) text.remove(start, end);
  for (const { start, end } of comments) {
    const ofHidden = hidden.some((member) => end <= member.start && code.slice(end, member.start).trim() === '');
    if (ofHidden || inner.some((node) => node.start < start && end < node.end)) text.remove(start, end);
    else text.overwrite(start, end, shortDoc(code.slice(start, end)));
  }
  exportInPlace(program, text);
  return text
    .toString()
    .replaceAll(/^ +/gm, '')
    .replaceAll(/^\/\/ .*\n/gm, '') // The paths of the sources.
    .replaceAll(/\n{2,}/g, '\n');
}

/**
 * Exports interfaces and types where they are declared: their names in the list at the end would be too far away to compress. A class
 * that is exported as a type only stays in the list.
 */
function exportInPlace(program: ESTree.Program, text: MagicString): void {
  const declared = new Map(
    program.body.flatMap((node) =>
      node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration'
        ? [[node.id.name, node] as const]
        : [],
    ),
  );
  for (const list of program.body) {
    if (list.type !== 'ExportNamedDeclaration' || list.source) continue;
    for (const { start, end, local, exported } of list.specifiers) {
      const node = local.type === 'Identifier' && declared.get(local.name);
      if (!node || exported.type !== 'Identifier' || exported.name !== node.id.name) continue;
      text.appendLeft(node.start, 'export ');
      text.remove(start, text.original.startsWith(', ', end) ? end + 2 : end);
    }
  }
}

/** Returns the constructors of classes whose names are exported as types only: a function of `ui` makes the object. */
function constructorsIn(program: ESTree.Program): ESTree.ClassElement[] {
  const values = new Set<string>();
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const { local, exportKind } of node.specifiers) {
      if (local.type === 'Identifier' && exportKind === 'value') values.add(local.name);
    }
  }
  return program.body
    .flatMap((node) => (node.type === 'ClassDeclaration' && !values.has(node.id?.name ?? '') ? node.body.body : []))
    .filter((member) => 'kind' in member && member.kind === 'constructor');
}

/** Returns a docstring with one line for each paragraph, and none before a tag. Its examples stay as they are. */
function shortDoc(doc: string): string {
  const [text = '', ...examples] = doc.replaceAll(/\n *\*(?=\n *\* @)/g, '').split(/(?=\n *\* @example)/);
  const joined = text.replace(/^\/\*\*\n *\* /, '/** ').replaceAll(/(?<=\S)\n *\* (?=[^\s@*-])/g, ' ');
  return [joined, ...examples].join('').replace(/\n *\*\/$/, ' */');
}

/** Bundles the project's own files; packages and aliases are imported as they are. */
async function bundle(input: InputOptions, output: OutputOptions): Promise<void> {
  const build = await rolldown({
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    checks: { pluginTimings: false },
    ...input,
  });
  await build.write(output);
  await build.close();
}

async function copyFiles(): Promise<void> {
  await cp(path.join(root, 'LICENSE'), path.join(staging, 'LICENSE'));
  // Without the last section of each, which leads to what is only in the repository.
  for (const [file, last] of Object.entries({ 'README.md': 'Where to go', 'llms.txt': 'Chapters' })) {
    const text = await readFile(path.join(root, file), 'utf8');
    const end = text.indexOf(`\n## ${last}`);
    if (end < 0) throw new Error(`${file} has no section ## ${last}, which the package leaves out.`);
    await writeFile(path.join(staging, file), text.slice(0, end));
  }
  for (const file of globSync('client/**/*.css', { cwd: root })) {
    const text = await readFile(path.join(root, file), 'utf8');
    // Tailwind reads a style sheet of a package as it reads ours: nothing in it depends on comments and white space.
    const short = text
      .replaceAll(/\/\*[^]*?\*\//g, '')
      .replaceAll(/^\s+/gm, '')
      .replaceAll(/(?<=[{;}])\n/g, '');
    await mkdir(path.dirname(path.join(staging, file)), { recursive: true });
    await writeFile(path.join(staging, file), short);
  }
  const templates = path.join(root, 'templates');
  if (!existsSync(templates)) return;
  await cp(templates, path.join(staging, 'templates'), { recursive: true });
  // npm packs no .gitignore. `edgewise new` gives it its name back.
  for (const file of globSync('templates/*/.gitignore', { cwd: staging })) {
    await rename(path.join(staging, file), path.join(staging, path.dirname(file), 'gitignore'));
  }
  await shareFiles(path.join(staging, 'templates'));
}

/** Moves the files that all templates have alike into the folder `common`, which `edgewise new` copies first. */
async function shareFiles(templates: string): Promise<void> {
  const [first = '', ...others] = globSync('*', { cwd: templates }).map((name) => path.join(templates, name));
  const common = path.join(templates, 'common');
  await mkdir(common);
  for (const file of await readdir(first)) {
    const texts = await Promise.all([first, ...others].map((folder) => textIn(folder, file)));
    if (texts[0] === undefined || texts.some((text) => text !== texts[0])) continue;
    await rename(path.join(first, file), path.join(common, file));
    for (const folder of others) await rm(path.join(folder, file));
  }
}

/** Returns the text of a file; undefined where there is none. */
function textIn(folder: string, file: string): Promise<string | undefined> {
  return readFile(path.join(folder, file), 'utf8').catch(() => undefined);
}

if (import.meta.main) console.log(path.relative(process.cwd(), await pack()));
