// When an application is built again. What the build itself does is replaced, because it takes seconds.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished, test } from 'vitest';
import type { Build } from '../../src/build/build.ts';
import { watch } from '../../src/build/watch.ts';

/** Watches an application with some folders. Returns a function that makes files and folders and waits for the next build. */
function application(...folders: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-watch-'));
  const input = path.join(folder, 'app.ts');
  writeFileSync(input, 'export {};');
  for (const each of folders) mkdirSync(path.join(folder, each), { recursive: true });
  const served = path.join(folder, 'public');
  const built = { inputs: [input], candidates: [], served, fresh: true } as unknown as Build;
  let done = () => {};
  const end = watch(
    {},
    built,
    () => done(),
    async () => built,
  );
  onTestFinished(() => {
    end();
    rmSync(folder, { recursive: true });
  });
  return (file: string) =>
    new Promise<void>((resolve) => {
      done = resolve;
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), 'new');
    });
}

test.each([
  ['app.ts', 'public'],
  ['public/robots.txt', 'public'],
  ['public/images/logo.svg', 'public/images'],
  ['public/fonts/sans/bold.woff2', 'public/fonts'],
])('an application is built again when %s is saved, and when it changes', async (file, folder) => {
  const save = application(folder);
  await save(file);
  await save(file);
});

test('an application is built again when the folder of served files comes, and when a folder comes into it', async () => {
  const save = application();
  await save('public/robots.txt');
  await save('public/images/logo.svg');
  await save('public/images/large/logo.svg');
});
