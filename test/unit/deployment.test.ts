import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Build, build } from '../../src/build/index.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** The wrangler files of the project whose Worker runs tasks: those bind no session. */
const computeFiles = globSync('{,bench/**/,examples/**/,test/**/}*.toml', { cwd: root }).filter(
  (file) => /^name = /m.test(read(file)) && !read(file).includes('[[durable_objects.bindings]]'),
);

test('the compute Workers of the project are found by their wrangler files', () => {
  expect(computeFiles).toContain('wrangler.compute.toml');
  expect(computeFiles).toContain('examples/hello/wrangler.compute.toml');
});

test.each(computeFiles)('a deployed compute Worker has no public address: %s', (file) => {
  // Keys of the top level stand before the first table.
  const [top = ''] = read(file).split(/^\[/m);
  expect(top).toMatch(/^workers_dev = false$/m);
  expect(top).toMatch(/^preview_urls = false$/m);
});

describe('the built client', () => {
  const site = (file: string) => readFileSync(path.join(built.site, file), 'utf8');
  let built: Build;
  beforeAll(async () => {
    built = await build({ folder: fileURLToPath(root) });
  });

  test.each(['preact', 'tailwindcss', 'daisyui'])('comes with the licence text of %s', (name) => {
    const text = read(`node_modules/${name}/LICENSE`).trim();
    expect(site(built.manifest.licenses)).toContain(text);
  });

  test('comes with no variable of development, above all none by which an application kills its servers', () => {
    const { vars } = JSON.parse(readFileSync(built.app.config, 'utf8')) as { vars: Record<string, unknown> };
    expect(Object.keys(vars).filter((name) => name !== 'EDGEWISE_BUILDS')).toEqual([]);
    expect(JSON.stringify(vars)).not.toContain('127.0.0.1');
  });

  test('is served with a type that no browser guesses', () => {
    expect(site('_headers')).toMatch(/^\/_edgewise\/\*\n(?: {2}.*\n)* {2}X-Content-Type-Options: nosniff$/m);
  });
});
