// Which files of earlier builds a build leaves in its folder.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type BuiltFiles, removeEarlier } from '../../src/build/earlier-files.ts';

const day = 24 * 60 * 60_000;

/** Returns a function that makes a build with some files of the browser, on a day, and says which files are there then. */
function application(release: boolean) {
  const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-earlier-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'client/_edgewise'), { recursive: true });
  const all = new Set<string>();
  let before: BuiltFiles | undefined;
  return async (at: number, ...names: readonly string[]) => {
    for (const name of names) writeFileSync(path.join(folder, 'client', name), name);
    for (const name of names) all.add(name);
    const files = names.map((name) => `client/${name}`);
    before = { files, earlier: await removeEarlier(folder, before, files, at * day, release) };
    return [...all].filter((name) => existsSync(path.join(folder, 'client', name)));
  };
}

test('a build that is deployed has the files of the browser of all builds of the last week, and no older ones', async () => {
  const built = application(true);
  await built(0, '_edgewise/core-1.js', '_edgewise/tabs-1.js');
  await built(1, '_edgewise/core-2.js', '_edgewise/tabs-1.js');
  expect(await built(2, '_edgewise/core-3.js', '_edgewise/tabs-2.js')).toEqual([
    '_edgewise/core-1.js',
    '_edgewise/tabs-1.js',
    '_edgewise/core-2.js',
    '_edgewise/core-3.js',
    '_edgewise/tabs-2.js',
  ]);
  // The first was replaced eight days ago, those of the second seven days ago.
  expect(await built(9, '_edgewise/core-4.js', '_edgewise/tabs-2.js')).toEqual([
    '_edgewise/core-3.js',
    '_edgewise/tabs-2.js',
    '_edgewise/core-4.js',
  ]);
});

test('a file that an earlier build had and this one has again is a file of this one', async () => {
  const built = application(true);
  await built(0, '_edgewise/core-1.js');
  await built(1, '_edgewise/core-2.js');
  await built(2, '_edgewise/core-1.js');
  expect(await built(20, '_edgewise/core-1.js', 'robots.txt')).toEqual(['_edgewise/core-1.js', 'robots.txt']);
});

test('a build that is deployed serves a file without a hash for one build after it was taken away, and no longer', async () => {
  const built = application(true);
  await built(0, 'robots.txt', '_edgewise/core-1.js');
  expect(await built(1, '_edgewise/core-2.js')).toContain('robots.txt');
  expect(await built(2, '_edgewise/core-3.js')).toEqual([
    '_edgewise/core-1.js',
    '_edgewise/core-2.js',
    '_edgewise/core-3.js',
  ]);
});

test('a build has no secrets of the build just before', async () => {
  const built = application(false);
  await built(0, '.dev.vars', '_edgewise/core-1.js');
  expect(await built(0.1, '_edgewise/core-1.js')).toEqual(['_edgewise/core-1.js']);
});

test('a build for the own machine has the files of the build just before, and no earlier ones', async () => {
  const built = application(false);
  await built(0, '_edgewise/core-1.js');
  await built(0.1, '_edgewise/core-2.js');
  expect(await built(0.2, '_edgewise/core-3.js')).toEqual(['_edgewise/core-2.js', '_edgewise/core-3.js']);
});
