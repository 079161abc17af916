// What makes a folder of `examples` a project that stands alone.

import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../examples');
const read = (...names: string[]) => readFileSync(path.join(folder, ...names), 'utf8');
const projects = globSync('*/package.json', { cwd: folder }).map((file) => path.dirname(file));

test('each example that shows a promise is a project, and no other folder is one', () => {
  expect(projects.sort()).toEqual([
    'ai_interface',
    'board',
    'chat',
    'csv',
    'ffmpeg_extract_images',
    'global_worker',
    'hello',
    'opencv_webcam',
    'order',
    'progress',
    'script_executor',
  ]);
});

test.each(projects)('a copy of %s has all that it imports', (project) => {
  const { name, scripts, dependencies, devDependencies } = JSON.parse(read(project, 'package.json'));
  const packages = Object.keys({ ...dependencies, ...devDependencies });
  expect(name).toMatch(/^[a-z-]+$/);
  expect(scripts).toMatchObject({ dev: 'edgewise dev', build: 'edgewise build', deploy: 'edgewise deploy' });
  for (const file of globSync('*.ts', { cwd: path.join(folder, project) })) {
    for (const [, from = ''] of read(project, file).matchAll(/ from '([^':?]+)(?:\?\w+)?'/g)) {
      const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(from) ?? [];
      if (from.startsWith('./')) expect(existsSync(path.join(folder, project, from)), `${file} of ${from}`).toBe(true);
      // A name of the project's own is in its configuration.
      else if (!read(project, 'vite.config.ts').includes(`alias: { ${name} }`)) expect(packages, file).toContain(name);
    }
  }
});

test.each(projects.filter((project) => project !== 'hello'))('%s is a page of the gallery', (project) => {
  expect(read('app.ts')).toContain(`from './${project}/page.ts'`);
});

test.each(['board', 'chat', 'csv', 'order'])(
  'the README of %s fits a screen and says how to run and to deploy it',
  (project) => {
    const text = read(project, 'README.md');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(18);
    for (const command of ['npm install', 'npm run dev', 'npm run deploy']) expect(text).toContain(command);
  },
);
