// Runs Vite's build in memory, with the author's vite.config.ts where there is one.

import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createBuilder, type Plugin, type Rolldown } from 'vite';
import type { BundledFile } from '../wrangler/index.ts';
import { filesOf } from './built.ts';
import type { BuiltManifest } from './manifest.ts';
import { variables } from './named-files.ts';
import type { EdgewiseOptions } from './options.ts';
import { exported } from './package.ts';
import { type EdgewiseRequest, edgewise, type PluginApi } from './plugin.ts';
import { usualFiles, viteConfigFiles } from './project.ts';
import type { TaskRecord } from './task-record.ts';

export type { BuiltManifest } from './manifest.ts';
export type { TaskRecord, TaskUse } from './task-record.ts';

/** A built application in memory. */
export interface Bundle {
  readonly files: readonly BundledFile[];
  readonly manifest: BuiltManifest;
  readonly record: TaskRecord;
  /** Absolute paths of the files that it was built from, without those of packages. */
  readonly inputs: readonly string[];
  /** Absolute paths of the files whose presence decides what the application consists of. */
  readonly candidates: readonly string[];
  /** Absolute path of the folder whose files are served as they are; '' for none. */
  readonly served: string;
}

/** Builds the application of a folder. `options` go before those of its vite.config.ts. */
export async function bundle(folder: string, options: EdgewiseOptions): Promise<Bundle> {
  const configFile = viteConfigFiles.map((file) => path.join(folder, file)).find((file) => existsSync(file));
  const inputs = new Set<string>(configFile ? [configFile] : []);
  const request: EdgewiseRequest = { ...options, folder };
  const builder = await createBuilder({
    configFile: configFile ?? false,
    edgewise: request,
    logLevel: 'warn',
    clearScreen: false,
    plugins: [configFile ? [] : edgewise(), inputsPlugin(inputs)],
    build: { write: false },
  });
  const files = new Map<string, BundledFile>();
  const { build } = builder;
  builder.build = async (environment) => {
    const built = (await build.call(builder, environment)) as Rolldown.RolldownOutput;
    for (const file of filesOf(environment.name, built)) files.set(file[0], file);
    return built;
  };
  await builder.buildApp();
  const { root, publicDir, plugins } = builder.config;
  const { wranglerFiles, manifest, record } = plugins.find(({ name }) => name === 'edgewise')?.api as PluginApi;
  const served = publicFiles(publicDir);
  for (const [name, file] of served) {
    if (!files.has(name)) files.set(name, [name, readFileSync(file)]);
  }
  const others = [...wranglerFiles(), ...packageFiles(root), ...styleSheets(root), ...served.values()];
  for (const file of [...others, path.join(root, variables)]) inputs.add(file);
  const candidates = [
    ...viteConfigFiles.map((file) => path.join(folder, file)),
    ...usualFiles.map((file) => path.join(root, file)),
  ];
  return {
    files: [...files.values()],
    manifest: manifest(),
    record: record(),
    inputs: [...inputs].sort(),
    candidates,
    served: publicDir,
  };
}

/** Returns the files that are served as they are, by their names in the build. */
function publicFiles(folder: string): ReadonlyMap<string, string> {
  if (!folder || !existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [`client/${path.relative(folder, file).split(path.sep).join('/')}`, file]));
}

/** Returns the files that say what the application is called and which packages it has. */
function packageFiles(root: string): string[] {
  const names = ['package.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'node_modules/.package-lock.json'];
  return names.map((name) => path.join(root, name)).filter((file) => existsSync(file));
}

/**
 * Returns the style sheets that an application may import, because Tailwind does not say which ones it reads, and the files
 * that they name, such as fonts.
 */
function styleSheets(root: string): string[] {
  const skipped = new Set(['node_modules', '.wrangler', 'dist']);
  const found = globSync('**/*.css', { cwd: root, exclude: (name) => skipped.has(path.basename(name)) });
  const sheets = found.map((file) => path.join(root, file));
  return [...sheets, ...sheets.flatMap(namedBy), exported('./styles.css')];
}

/** Returns the files beside a style sheet that it names by a relative `url()`. */
function namedBy(sheet: string): string[] {
  const urls = readFileSync(sheet, 'utf8').matchAll(/\burl\(\s*['"]?(\.{0,2}\/?[\w][^'")?#]*)/g);
  const files = [...urls].map(([, url = '']) => path.resolve(path.dirname(sheet), url.trim()));
  return files.filter((file) => existsSync(file) && !file.endsWith('.css'));
}

/** Returns the plugin that notes the author's files that a build has read. */
function inputsPlugin(inputs: Set<string>): Plugin {
  return {
    name: 'edgewise:inputs',
    sharedDuringBuild: true,
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const file = id.replace(/\?.*$/, '');
        if (path.isAbsolute(file) && !file.includes('/node_modules/') && existsSync(file)) inputs.add(file);
      }
    },
  };
}
