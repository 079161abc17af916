// An application with a compute Worker, and with sources in several packages of a workspace, while the development server runs.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Author } from './author.ts';
import { until } from './stage.ts';

const other = mkdtempSync(path.join(tmpdir(), 'edgewise-other-'));
const author = new Author('examples/hello');
const tasks = path.join(other, 'tasks.ts');
const save = (word: string) => writeFileSync(tasks, `export const heavyCalculation = () => '${word}';`);
const built = (file: string) => readFileSync(path.join(author.folder, '.wrangler/edgewise/compute', file), 'utf8');

beforeAll(async () => {
  save('first save');
  author.save('.dev.vars', 'API_KEY=local');
  author.save('compute.ts', author.read('compute.ts').replace('./tasks.ts', tasks));
  author.save('vite.config.ts', author.read('vite.config.ts').replace('{ together: true }', ''));
  await author.start();
});

afterAll(async () => {
  await author.stop();
  rmSync(other, { recursive: true, force: true });
});

test('a saved task of another package of the workspace is built again', async () => {
  expect(built('index.js')).toContain('first save');
  save('second save');
  await until('the task is built again', () => built('index.js').includes('second save'));
});

test('tasks have the local variables of now, and none once their file is removed', async () => {
  expect(built('.dev.vars')).toContain('local');
  author.save('.dev.vars', 'API_KEY=changed');
  await until('the variables are those of now', () => built('.dev.vars').includes('changed'));
  rmSync(path.join(author.folder, '.dev.vars'));
  await until('the variables are gone', () => !built('.dev.vars').includes('API_KEY'));
  // Wrangler names the built file each time that it reads it.
  expect(author.terminal.filter((line) => /\[compute\].*secrets/.test(line))).toEqual([]);
});
