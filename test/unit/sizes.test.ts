// What a browser loads of the gallery, from a build of its client: compressed, in bytes.

import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createBuilder, type Rolldown } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';
import { readBudgets } from '../../bench/budgets.ts';
import { core as coreComponents } from '../../client/components/core.gen.ts';
import { loaders } from '../../client/components/lazy.ts';
import { kindNames } from '../../src/protocol/index.ts';
import { edgewise } from '../../src/vite/index.ts';
import type { BuiltManifest } from '../../src/vite/manifest.ts';
import type { PluginApi } from '../../src/vite/plugin.ts';

const root = path.resolve(import.meta.dirname, '../..');
const files = new Map<string, Rolldown.OutputChunk | Rolldown.OutputAsset>();
let manifest: BuiltManifest;

beforeAll(async () => {
  // As an author builds it. In a test, Vite would build for development, with the paths of the sources.
  vi.stubEnv('NODE_ENV', 'production');
  const builder = await createBuilder({
    root: path.join(root, 'examples'),
    configFile: false,
    logLevel: 'silent',
    build: { write: false },
    plugins: [edgewise({ app: '../wrangler.toml', compute: '../wrangler.compute.toml' })],
  });
  const { client } = builder.environments;
  const built = (await builder.build(client as NonNullable<typeof client>)) as Rolldown.RolldownOutput;
  for (const file of built.output) files.set(file.fileName, file);
  manifest = (builder.config.plugins.find(({ name }) => name === 'edgewise')?.api as PluginApi).manifest();
  vi.unstubAllEnvs();
});

const sizeOf = (file: Rolldown.OutputChunk | Rolldown.OutputAsset | undefined): number => {
  if (!file) throw new Error('The build has no such file.');
  return gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 }).length;
};
const chunks = () => [...files.values()].filter((file) => file.type === 'chunk');

/** The files that a module imports before it runs, with its own. */
const closure = (name: string, found = new Set<string>()): Set<string> => {
  found.add(name);
  const file = files.get(name);
  for (const each of file?.type === 'chunk' ? file.imports : []) if (!found.has(each)) closure(each, found);
  return found;
};
const firstScript = () => closure(chunks().find(({ fileName }) => /\/client-/.test(fileName))?.fileName ?? '');

const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + sizeOf(files.get(name)), 0);

/** What takes a page over and connects it, without the client module of the gallery, which is the application's. */
const core = () => chunks().filter(({ fileName }) => /\/core-/.test(fileName));
/** What the plainest page loads within its first seconds. */
const whole = () => closure(manifest.chunks['+lifecycle']?.[0]?.slice(1) ?? '', firstScript());

test('one script takes a page over and connects it, and the document preloads what it imports', () => {
  const [entry = '', ...imported] = firstScript();
  expect(manifest).toMatchObject({ client: `/${entry}`, preload: imported.map((name) => `/${name}`) });
  expect(imported).toEqual(core().map(({ fileName }) => fileName));
  const modules = core().flatMap(({ moduleIds }) => moduleIds);
  expect(modules.some((id) => id.endsWith('/client/connection/connection.ts'))).toBe(true);
  expect(modules.some((id) => id.endsWith('/client/connection/watchdog.ts'))).toBe(false);
});

test('what keeps a page over time is one chunk, which a tab that returns preloads', () => {
  expect([...whole()].filter((name) => !firstScript().has(name))).toHaveLength(1);
  expect(manifest.chunks['+lifecycle']).toHaveLength(1);
});

test('the style sheet of the gallery, with the icons of all applications, has at most 25 KB', () => {
  const styles = [...files.values()].find(({ fileName }) => /styles-.*\.css$/.test(fileName));
  expect(sizeOf(styles)).toBeLessThanOrEqual(25_000);
});

test('the script that takes a page over, all that the plainest page loads, and the style sheet are within their budgets', async () => {
  const styles = [...files.values()].find(({ fileName }) => /styles-.*\.css$/.test(fileName));
  const found = { script: sum(core().map(({ fileName }) => fileName)), whole: sum(whole()), styles: sizeOf(styles) };
  console.log(found);
  const { sizes } = await readBudgets();
  expect(Object.keys(found)).toEqual(Object.keys(sizes));
  for (const [name, size] of Object.entries(found)) expect(size, name).toBeLessThanOrEqual(sizes[name] ?? 0);
});

test('the style sheet of the gallery has no animation that it does not use', () => {
  const styles = [...files.values()].find(({ fileName }) => /styles-.*\.css$/.test(fileName));
  const css = String(styles?.type === 'asset' ? styles.source : '');
  const names = [...css.matchAll(/@keyframes ([\w-]+)\{/g)].map(([, name = '']) => name);
  expect(names).toContain('edgewise-pending');
  expect(names.filter((name) => !new RegExp(`:[^;{}]*(?<![\\w-])${name}(?![\\w-])[^;{}]*[;}]`).test(css))).toEqual([]);
});

test('each component outside of the first script is a chunk that loads at most 5 KB more, the editor 7 KB', () => {
  const first = firstScript();
  const lazy = kindNames().filter((kind) => !Object.hasOwn(coreComponents, kind));
  const sizes = lazy.map((kind): [string, number] => {
    const chunk = chunks().find(({ moduleIds }) =>
      moduleIds.some((id) => new RegExp(`/components/\\w+/${kind}.tsx$`).test(id)),
    );
    const more = [...closure(chunk?.fileName ?? '')].filter((name) => !first.has(name));
    return [kind, more.reduce((sum, name) => sum + sizeOf(files.get(name)), 0)];
  });
  console.log(sizes.map(([kind, size]) => `${kind} ${size}`).join(', '));
  const most = (kind: string) => (kind === 'editor' ? 7_000 : 5_000);
  expect(sizes.filter(([kind, size]) => !(size > 0 && size <= most(kind)))).toEqual([]);
});

test('the manifest names the files of each part of the client that is not in the first script, so that a document preloads them', () => {
  const first = firstScript();
  const lazy = [...loaders.keys()].map((name) => manifest.chunks[name] ?? []);
  expect(lazy.filter((paths) => paths.length === 0)).toEqual([]);
  expect(lazy.flat().filter((each) => first.has(each.slice(1)) || !files.has(each.slice(1)))).toEqual([]);
  expect(manifest.chunks.input).toEqual(
    [...closure(manifest.chunks.input?.[0]?.slice(1) ?? '')]
      .filter((name) => !first.has(name))
      .map((name) => `/${name}`),
  );
});

test.each([
  ['echarts', 300_000],
  ['xterm', 90_000],
  ['leaflet', 46_000],
  ['codemirror', 160_000],
  ['uplot', 24_000],
  ['plotly', 400_000],
])('the library %s is a chunk that no page loads without its element', (name, most) => {
  const chunk = chunks().find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/client/libraries/${name}.ts`)));
  const loaded = [...closure(chunk?.fileName ?? '')];
  const size = loaded.reduce((sum, each) => sum + sizeOf(files.get(each)), 0);
  expect(size).toBeGreaterThan(5_000);
  expect(size).toBeLessThanOrEqual(most);
  const eager = [
    ...firstScript(),
    ...Object.values(manifest.chunks)
      .flat()
      .map((each) => each.slice(1)),
  ];
  expect(eager).not.toContain(chunk?.fileName);
});
