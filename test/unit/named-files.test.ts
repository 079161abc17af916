// Files that an author adds and removes while the development server runs.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, normalizePath } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedFilesPlugin } from '../../src/vite/named-files.ts';
import { type Project, readProject } from '../../src/vite/project.ts';

let folder: string;
let starts: number;
/** The application that the server has read. */
let project: Project;
let server: Awaited<ReturnType<typeof createServer>>;

beforeEach(async () => {
  folder = normalizePath(realpathSync(mkdtempSync(path.join(tmpdir(), 'edgewise-named-'))));
  writeFileSync(path.join(folder, 'app.ts'), '');
  project = read();
  starts = 0;
  server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    // The watcher reports what the test says.
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [namedFilesPlugin(() => project, read)],
  });
  server.restart = async () => {
    starts++;
  };
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const read = () => readProject(folder, {});

/** Saves a file, and has the watcher report it. */
function save(name: string, event: 'add' | 'change' = 'add', text = ''): void {
  writeFileSync(path.join(folder, name), text);
  server.watcher.emit('all', event, path.join(folder, name));
}

test.each(['styles.css', 'client.ts', 'compute.ts', '.dev.vars'])(
  'a new %s is taken up without a restart by hand',
  (name) => {
    save(name);
    expect(starts).toBe(1);
  },
);

test('a file that goes is left out without a restart by hand', () => {
  const file = path.join(folder, 'styles.css');
  writeFileSync(file, '');
  project = read();
  rmSync(file);
  server.watcher.emit('all', 'unlink', file);
  expect(starts).toBe(1);
});

test('variables that change are read again, also where there is no wrangler file', () => {
  save('.dev.vars', 'change');
  expect(starts).toBe(1);
});

test('a wrangler file that is mended after a mistake is taken up', () => {
  save('wrangler.json', 'add', '{ "name":');
  save('wrangler.json', 'change', '{ "name": "other", "main": "app.ts" }');
  expect(starts).toBe(2);
});

test('any other file starts nothing anew', () => {
  for (const name of ['app.ts', 'notes.ts', 'sheet.css']) save(name);
  expect(starts).toBe(0);
});
