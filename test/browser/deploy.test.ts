import path from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../../src/build/index.ts';
import { dryRun, dryStart } from './dry-run.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('what is deployed is four bundles: the application, which binds its objects, its queue and the others, compute, which binds nothing, media, which alone has WebAssembly, and scripts, which binds a loader', async () => {
  const { app, computes } = await build({ folder: root });
  const application = await dryRun(app.config);
  for (const binding of [
    'env.SESSION',
    'env.SHARED',
    'env.JOBS',
    'env.COMPUTE',
    'env.MEDIA',
    'env.SCRIPTS',
    'env.ASSETS',
  ]) {
    expect(application.said).toContain(binding);
  }
  expect(application.files).toContain('index.js');
  // KiB. It has all elements, all applications with their sources, and the guide.
  expect(application.size).toBeLessThan(450);
  expect(computes.map(({ name }) => name)).toEqual(['edgewise-compute', 'edgewise-media', 'edgewise-scripts']);
  const compute = await dryRun(computes[0]?.config ?? '');
  expect(compute.said).toContain('No bindings found');
  expect(compute.files).toContain('index.js');
  const media = await dryRun(computes[1]?.config ?? '');
  expect(media.said).toContain('env.FILES');
  const wasm = (files: readonly string[]) => files.filter((file) => file.endsWith('.wasm'));
  expect([application, compute, media].map(({ files }) => wasm(files).length)).toEqual([0, 0, 3]);
  const scripts = await dryRun(computes[2]?.config ?? '');
  expect(scripts.said).toContain('env.LOADER');
  expect(scripts.said.match(/env\.\w+/g)).toHaveLength(1);
  // Milliseconds, of the second that the platform allows. An application that uses every element is the slowest to start.
  expect((await dryStart(app.config, 400)).startUp).toBeLessThan(400);
});
