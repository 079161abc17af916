// The gallery as a whole: what its first page shows to whom, what its search finds, and what it gives away as projects.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, describe, expect, test, vi } from 'vitest';
import gallery from '../../examples/app.ts';
import { find } from '../../examples/gallery/find.ts';
import type { Group } from '../../examples/gallery/places.ts';
import * as tasks from '../../examples/progress/tasks.ts';
import { build } from '../../src/build/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const address = 'http://127.0.0.1:1/secret';
const services = { COMPUTE: tasks };

describe('the button that kills the server', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('kills once though its call is made twice, and the code after its await runs in the next process', async () => {
    const keys: (string | null)[] = [];
    let user: User | undefined;
    vi.stubGlobal('fetch', (url: string) => {
      keys.push(new URL(url).searchParams.get('key'));
      if (keys.length > 1) return Promise.resolve(new Response('app (process 7)'));
      user?.server.kill();
      return new Promise(() => {});
    });
    user = await open(gallery, '/', { services, env: { EDGEWISE_KILL: address } });
    using killed = user;
    killed.find('Clicked 0 times').click();
    await killed.shouldSee('Clicked 1 time');
    killed.find('Kill the server').click();
    await killed.shouldSee('Kill 1: app (process 7) died.');
    await killed.shouldSee('Clicked 1 time');
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[\w-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('a kill that is refused ends with a sentence', async () => {
    vi.stubGlobal('fetch', async () => new Response('It is still starting.', { status: 500 }));
    using user = await open(gallery, '/', { services, env: { EDGEWISE_KILL: address } });
    user.find('Kill the server').click();
    await user.shouldSee('It is still starting.');
    expect(user.sees('died')).toBe(false);
  });

  test.each([
    ['in a deployment', { development: false, env: {} }],
    ['in a deployment with a forgotten variable', { development: false, env: { EDGEWISE_KILL: address } }],
    ['on a server that nobody may kill', { development: true, env: {} }],
  ])('is not in the page %s', async (_, options) => {
    using user = await open(gallery, '/', { services, ...options });
    expect(user.sees('It never forgets')).toBe(true);
    expect(user.sees('Kill the server')).toBe(false);
  });
});

describe('the search', () => {
  const groups: readonly Group[] = [
    { title: 'Tutorial', places: [{ title: 'Tables', path: '/a', line: 'Rows', text: "ui.table([], { id: 'x' })" }] },
    {
      title: 'Examples',
      places: [
        { title: 'Rows', path: '/b', line: 'A table', text: 'const count = 1' },
        { title: 'Unstable (or not)', path: '/c', line: 'Nothing', text: 'a table in code' },
        { title: 'Überblick', path: '/d', line: 'Was es gibt' },
      ],
    },
  ];

  test.each([
    ['table', ['/a', '/b', '/c']],
    ['TABLE rows', ['/a', '/b']],
    ['ui.table', ['/a']],
    ['über', ['/d']],
    ['stable', []],
    ['(.*', []],
    ['  ', []],
    ['', []],
  ])(
    'finds by %j the pages that have a word that begins with each of its words, those with it in the title first',
    (text, paths) => {
      expect(find(groups, text).map((found) => found.path)).toEqual(paths);
    },
  );

  test('shows what it finds as links with their groups, goes to the first by Enter, and says what to do when there is nothing', async () => {
    using user = await open(gallery, '/');
    user.find({ kind: 'button', text: 'Find' }).click();
    await user.shouldSee('Type a word');
    const field = user.find('A page, an example, an element or a chapter');
    field.fill('zebra');
    await user.shouldSee('Nothing has “zebra” in its name');
    field.fill('camera');
    await user.shouldSee('Camera');
    expect(user.find({ kind: 'link', text: 'Webcam' }).all.length).toBeGreaterThan(0);
    field.fill('slider');
    await user.shouldSee('Slider, range and knob');
    field.press('Enter');
    await user.advance('1s');
    expect(user.browser.path).toBe('/elements/inputs');
  });
});

const paths = [
  ...['blocking', 'io', 'fetch', 'cpu', 'progress', 'shared'].map((name) => `tutorial-${name}`),
  ...['progress', 'global-worker', 'ffmpeg-extract-images', 'opencv-webcam', 'script-executor', 'ai-interface'],
  ...['order', 'board', 'csv', 'chat'],
  ...['inputs', 'layout', 'data', 'media', 'libraries', 'feedback', 'overlays', 'text', 'pages', 'shell', 'client'].map(
    (name) => `elements-${name}`,
  ),
];

/** Downloads a project, and returns its files by their paths in its folder. */
async function download(name: string): Promise<ReadonlyMap<string, string>> {
  const answer = await gallery.fetch(new Request(`http://localhost/projects/${name}.zip`), {});
  expect(answer.headers.get('Content-Type')).toBe('application/zip');
  const unzipped = Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer())));
  expect(unzipped.filter(([file]) => !file.startsWith(`${name}/`))).toEqual([]);
  return new Map(unzipped.map(([file, bytes]) => [file.slice(name.length + 1), strFromU8(bytes)]));
}

test.each([
  ['tutorial-cpu', ['compute']],
  ['elements-client', []],
])(
  'the downloaded project %s builds as it is',
  async (name, computes) => {
    mkdirSync(path.join(import.meta.dirname, '../../.wrangler'), { recursive: true });
    const folder = mkdtempSync(path.join(import.meta.dirname, '../../.wrangler/project-'));
    try {
      for (const [file, text] of await download(name)) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
      }
      const built = await build({ folder });
      expect(built.computes.map(({ config }) => path.basename(path.dirname(config)))).toEqual(computes);
      expect(existsSync(path.join(path.dirname(built.app.config), 'index.js'))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

describe.each(paths)('the project %s', (name) => {
  test('is a zip file of one folder with all that its modules import, a configuration, its packages and a README', async () => {
    const files = await download(name);
    for (const file of ['app.ts', 'vite.config.ts', 'README.md']) expect(files.get(file), file).toBeTruthy();
    const own = JSON.parse(files.get('package.json') ?? '');
    expect(own.scripts).toMatchObject({ dev: 'edgewise dev', deploy: 'edgewise deploy' });
    expect(own.name).toMatch(/^[a-z-]+$/);
    const packages = Object.keys({ ...own.dependencies, ...own.devDependencies });
    for (const [file, text] of files) {
      if (!file.endsWith('.ts')) continue;
      for (const [, to = ''] of text.matchAll(/(?: from |import\()'([^':?]+)(?:\?\w+)?'/g)) {
        const [packageName = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(to) ?? [];
        if (to.startsWith('.'))
          expect([...files.keys()], `${file} of ${to}`).toContain(path.posix.join(path.posix.dirname(file), to));
        else if (!files.get('vite.config.ts')?.includes(`alias: { ${packageName} }`))
          expect(packages, file).toContain(packageName);
      }
    }
  });
});
