// The sources whose classes, icons and libraries the build adds.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readProject } from '../../src/vite/project.ts';
import { sourcesOf } from '../../src/vite/sources.ts';

test('an application has the sources of the packages of its workspace, also by another one, and of none that is installed', () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'edgewise-workspace-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text = '') => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const needs = (...names: string[]) =>
    JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '*'])) });
  write('web/package.json', needs('@acme/widgets', 'installed', 'missing'));
  write('web/app.ts');
  write('widgets/package.json', needs('base', '@acme/widgets'));
  write('widgets/src/card.ts');
  write('base/index.ts');
  write('node_modules/installed/index.js');
  mkdirSync(path.join(folder, 'node_modules/@acme'));
  symlinkSync(path.join(folder, 'widgets'), path.join(folder, 'node_modules/@acme/widgets'));
  symlinkSync(path.join(folder, 'base'), path.join(folder, 'node_modules/base'));
  const sources = sourcesOf(readProject(path.join(folder, 'web'), {}));
  expect(sources.map((file) => path.relative(folder, file))).toEqual([
    'web/app.ts',
    'widgets/src/card.ts',
    'base/index.ts',
  ]);
});
