import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cloudflare } from '@cloudflare/vite-plugin';
import tailwindcss from '@tailwindcss/vite';
import { createBuilder, type PluginOption, resolveConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../src/vite/bundle.ts';
import { edgewise } from '../../src/vite/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder outside the repository with these files, beside those of examples/hello. */
function application(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-vite-'));
  folders.push(folder);
  for (const file of ['app.ts', 'compute.ts', 'tasks.ts']) {
    cpSync(path.join(root, 'examples/hello', file), path.join(folder, file));
  }
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "hello", "type": "module" }');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

async function build(folder: string, options = {}): Promise<void> {
  const builder = await createBuilder({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [edgewise(options)],
  });
  await builder.buildApp();
}

const json = (folder: string, file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const text = (folder: string, pattern: string) =>
  globSync(pattern, { cwd: folder })
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');

describe('an application of app.ts, compute.ts and `plugins: [edgewise()]` is built without a wrangler file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = application();
    await build(folder);
  });

  test('the Worker has its objects, its queues, its files and the compute Worker', () => {
    expect(json(folder, 'dist/app/wrangler.json')).toMatchObject({
      name: 'hello',
      no_bundle: true,
      assets: { binding: 'ASSETS', directory: '../client' },
      durable_objects: {
        bindings: [
          { name: 'SESSION', class_name: 'Session' },
          { name: 'SHARED', class_name: 'Shared' },
        ],
      },
      migrations: [{ new_sqlite_classes: ['Session', 'Shared'] }],
      services: [{ binding: 'COMPUTE', service: 'hello-compute' }],
      queues: { producers: [{ binding: 'JOBS', queue: 'hello-jobs' }] },
      vars: {},
    });
  });

  test('the compute Worker has no public address', () => {
    expect(json(folder, 'dist/compute/wrangler.json')).toMatchObject({
      name: 'hello-compute',
      workers_dev: false,
      preview_urls: false,
    });
    expect(text(folder, 'dist/compute/index.js')).toContain('heavyCalculation');
  });

  test('the Worker names the very files that the client was built to', () => {
    const worker = text(folder, 'dist/app/index.js');
    const named = [...worker.matchAll(/["'`]\/(_edgewise\/(?:client|styles|licenses)-[^"'`]+)/g)].map(
      ([, file]) => file,
    );
    expect(named.length).toBeGreaterThanOrEqual(3);
    const there = globSync('_edgewise/*', { cwd: path.join(folder, 'dist/client') });
    expect(there).toEqual(expect.arrayContaining(named));
    expect(worker).not.toContain('@@edgewise@@');
  });

  test('the Worker has the components of its own elements, and of no others', () => {
    const worker = text(folder, 'dist/app/index.js');
    expect(worker).toMatch(/function Button\(/);
    expect(worker).toMatch(/function Progress\(/);
    expect(worker).not.toMatch(/function (Carousel|LineChart|Splitter|Stepper)\(/);
    expect(text(folder, 'dist/client/**/*.js')).toMatch(/Carousel/);
  });

  test('the browser gets no code of the server', () => {
    const client = text(folder, 'dist/client/**/*.js');
    expect(client).toContain('edgewise-paint');
    expect(client).not.toMatch(/DurableObject|heavyCalculation|newUniqueId|sql\.exec/);
  });
});

describe('the modules, styles and packages of the author go through the same build', () => {
  let folder: string;
  beforeAll(async () => {
    folder = application({
      'client.ts': "import './extra.css';\nconsole.log('of the author');\n",
      'extra.css': ".own-rule { color: rgb(1 2 3); background: url('./dot.svg?no-inline'); }\n",
      'dot.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'styles.css': [
        '@import "edgewise/styles.css";',
        '@font-face { font-family: Own; src: url("./fonts/own.woff2") format("woff2"); }',
        '.own-sheet { color: rgb(4 5 6); background: url("./fonts/large.png"), url("/served.png"); }',
      ].join('\n'),
      'fonts/own.woff2': 'font'.repeat(2_000),
      'fonts/large.png': 'picture'.repeat(2_000),
      'public/served.png': 'served',
      '.dev.vars': 'API_KEY=local',
      'media.ts': "import { compute } from 'edgewise/compute';\nexport default compute({ resize: () => 1 });\n",
    });
    const app = path.join(folder, 'app.ts');
    writeFileSync(
      app,
      readFileSync(app, 'utf8')
        .replace('const app =', "export const remove = { icon: 'delete' };\nconst app =")
        .replace('Pending...', 'w-[123px]'),
    );
    await build(folder, { compute: { COMPUTE: 'compute.ts', MEDIA: 'media.ts' } });
  });

  test('each Worker has the local variables beside it, and no visitor gets them', () => {
    for (const worker of ['app', 'compute', 'media']) {
      expect(readFileSync(path.join(folder, 'dist', worker, '.dev.vars'), 'utf8')).toBe('API_KEY=local');
    }
    expect(globSync('**/.dev.vars', { cwd: path.join(folder, 'dist/client') })).toEqual([]);
  });

  test('local variables that come, change or go lead to another build', async () => {
    const { inputs } = await bundle(application(), {});
    expect(inputs.map((file) => path.basename(file))).toContain('.dev.vars');
  });

  test('the client module runs before the framework, and its styles are a sheet of the document', () => {
    expect(text(folder, 'dist/client/_edgewise/client-*.js')).toContain('of the author');
    const [sheet = ''] = globSync('_edgewise/client-*.css', { cwd: path.join(folder, 'dist/client') });
    expect(readFileSync(path.join(folder, 'dist/client', sheet), 'utf8')).toMatch(/own-rule.*url\(\/_edgewise\/dot-/s);
    expect(text(folder, 'dist/app/index.js')).toContain(`/${sheet}`);
  });

  test('the style sheet has the rules of the author, and the classes that only the sources name', () => {
    const styles = text(folder, 'dist/client/_edgewise/styles-*.css');
    expect(styles).toContain('own-sheet');
    expect(styles).toMatch(/\.w-\\\[123px\\\]/);
  });

  test('a font and a picture that the style sheet names beside it are files of the site, and one of the public folder stays where it is', () => {
    const styles = text(folder, 'dist/client/_edgewise/styles-*.css');
    const named = [...styles.matchAll(/url\("?([^)"]*)"?\)/g)].map(([, file = '']) => file);
    for (const name of ['own', 'large']) {
      const [built = ''] = named.filter((file) => file.startsWith(`/_edgewise/${name}-`));
      expect(readFileSync(path.join(folder, 'dist/client', built), 'utf8').length).toBeGreaterThan(8_000 - 1);
    }
    expect(named).toContain('/served.png');
    expect(text(folder, 'dist/client/served.png')).toBe('served');
  });

  test('the Worker translates the names of Material icons that a source has, and carries no others', () => {
    const worker = text(folder, 'dist/app/index.js');
    expect(worker).toContain('trash-2,delete');
    expect(worker).not.toContain('snowflake,ac_unit');
  });

  test('each compute service is a Worker of its own, which the application binds by its name', () => {
    expect(json(folder, 'dist/app/wrangler.json').services).toEqual([
      { binding: 'COMPUTE', service: 'hello-compute' },
      { binding: 'MEDIA', service: 'hello-media' },
    ]);
    expect(json(folder, 'dist/media/wrangler.json')).toMatchObject({ name: 'hello-media', workers_dev: false });
    expect(text(folder, 'dist/media/index.js')).toContain('resize');
  });
});

test("the author's wrangler file wins, and what it lacks is filled in", async () => {
  const folder = application({
    'wrangler.toml': [
      'name = "mine"',
      'main = "app.ts"',
      'compatibility_date = "2026-09-01"',
      '[build]',
      'command = "exit 1"',
      '[[durable_objects.bindings]]',
      'name = "SESSION"',
      'class_name = "Session"',
      '[[migrations]]',
      'tag = "v7"',
      'new_sqlite_classes = ["Session"]',
      '[[services]]',
      'binding = "COMPUTE"',
      'service = "elsewhere"',
      '[assets]',
      'directory = "static"',
      'not_found_handling = "404-page"',
    ].join('\n'),
    'static/robots.txt': 'of the author',
  });
  await build(folder);
  expect(json(folder, 'dist/app/wrangler.json')).toMatchObject({
    name: 'mine',
    compatibility_date: '2026-09-01',
    durable_objects: { bindings: [{ name: 'SESSION', class_name: 'Session' }] },
    migrations: [{ tag: 'v7', new_sqlite_classes: ['Session'] }],
    services: [{ binding: 'COMPUTE', service: 'elsewhere' }],
    assets: { binding: 'ASSETS', directory: '../client', not_found_handling: '404-page' },
  });
  expect(text(folder, 'dist/client/robots.txt')).toBe('of the author');
});

test("a plugin of Cloudflare's beside edgewise() is refused with a sentence that says where its settings go", async () => {
  const resolving = (plugins: PluginOption[]) =>
    resolveConfig({ root: application(), configFile: false, plugins }, 'build');
  await expect(resolving([cloudflare(), edgewise()])).rejects.toThrow(/has the plugin cloudflare\(\) of its own/);
  await expect(resolving([edgewise(), [cloudflare()]])).rejects.toThrow(/edgewise\(\{ cloudflare: \{ inspectorPort/);
  await expect(resolving([edgewise({ cloudflare: { inspectorPort: false } })])).resolves.toBeDefined();
});

test('another base than the root of the address is refused, because every page would be missing', async () => {
  const resolving = (base: string) =>
    resolveConfig({ root: application(), configFile: false, base, plugins: [edgewise()] }, 'build');
  await expect(resolving('/app/')).rejects.toThrow("remove Vite's option base; it was given '/app/'");
  for (const base of ['/', './']) await expect(resolving(base)).resolves.toBeDefined();
});

const wranglerWithAssets = 'name = "a"\nmain = "app.ts"\n[assets]\ndirectory = "static"';

test.each<[what: string, files: Readonly<Record<string, string>>, options: object, sentence: RegExp]>([
  [
    'a module that is not there',
    {},
    { app: 'src/app.ts' },
    /There is no \S+src\/app\.ts, the file of the application\./,
  ],
  ['a wrangler file without a name', { 'wrangler.toml': 'main = "app.ts"' }, {}, /has no name of the Worker/],
  ['a wrangler file without a module', { 'wrangler.toml': 'name = "a"' }, {}, /has no main module/],
  [
    'a wrangler file with a module that is not there',
    { 'wrangler.toml': 'name = "a"\nmain = "lost.ts"' },
    {},
    /There is no \S+lost\.ts, which \S+wrangler\.toml names as its main module/,
  ],
  [
    'a folder of assets that is not there',
    { 'wrangler.toml': wranglerWithAssets },
    {},
    /There is no \S+static, which \S+wrangler\.toml names as the directory of its assets/,
  ],
  [
    'a folder of assets beside a public folder',
    { 'wrangler.toml': wranglerWithAssets, 'static/a.txt': '', 'public/b.txt': '' },
    {},
    /wrangler\.toml serves the files of \S+static, and Vite those of \S+public\. Put them into one folder/,
  ],
  [
    'a style sheet that is not there',
    {},
    { styles: 'lost.css' },
    /There is no \S+lost\.css, which edgewise\(\{ styles/,
  ],
])('%s is refused with a sentence', async (_what, files, options, sentence) => {
  await expect(build(application(files), options)).rejects.toThrow(sentence);
});

test("the style sheet has the classes and icons of the sources, also where the author has Tailwind's plugin before ours", async () => {
  const folder = application();
  const app = path.join(folder, 'app.ts');
  const source = readFileSync(app, 'utf8').replace('const app =', "export const go = { icon: 'rocket' };\nconst app =");
  writeFileSync(app, source);
  const plugins = [tailwindcss({ optimize: false }), edgewise()];
  const builder = await createBuilder({ root: folder, configFile: false, logLevel: 'silent', plugins });
  await builder.buildApp();
  const sheet = text(folder, 'dist/client/_edgewise/styles-*.css');
  expect(sheet).toContain('lucide--rocket');
  expect(sheet).not.toContain('@source');
});
