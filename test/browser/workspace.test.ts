// An application whose sources are in several packages of a workspace, while the development server runs.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Author } from './author.ts';
import { until } from './stage.ts';

test('a saved task of another package of the workspace is built again', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'edgewise-other-'));
  const author = new Author('examples/hello');
  onTestFinished(async () => {
    await author.stop();
    rmSync(other, { recursive: true, force: true });
  });
  const tasks = path.join(other, 'tasks.ts');
  const save = (word: string) => writeFileSync(tasks, `export const heavyCalculation = () => '${word}';`);
  save('first save');
  author.save('compute.ts', author.read('compute.ts').replace('./tasks.ts', tasks));
  author.save('vite.config.ts', author.read('vite.config.ts').replace('{ together: true }', ''));
  await author.start();
  const built = () => readFileSync(path.join(author.folder, '.wrangler/edgewise/compute/index.js'), 'utf8');
  expect(built()).toContain('first save');
  save('second save');
  await until('the task is built again', () => built().includes('second save'));
});
