// What an application consists of: its modules and, where its author wants them, its wrangler files.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unstable_readConfig } from 'wrangler';
import type { EdgewiseOptions } from './options.ts';

/** What vite.config.ts may be called. */
export const viteConfigFiles = ['vite.config.ts', 'vite.config.mts', 'vite.config.js', 'vite.config.mjs'];

const usual = {
  app: ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'],
  compute: ['wrangler.compute.json', 'wrangler.compute.jsonc', 'wrangler.compute.toml', 'compute.ts'],
  client: ['client.ts', 'client.tsx'],
  styles: ['styles.css'],
};

/** Every file of an application that is found by its name. */
export const usualFiles = Object.values(usual).flat();

/** A Worker of the application. */
export interface ProjectWorker {
  /** Name of its environment in Vite and of its folder in the build: `app`, `compute`, `media`. */
  readonly environment: string;
  /** Name of the Worker, as a deployment and a service binding write it. */
  readonly name: string;
  /** Absolute path of its module. */
  readonly main: string;
  /** Absolute path of its wrangler file, if it has one. */
  readonly wrangler: string | undefined;
  /** Name of the service binding that leads to it. Undefined for the application itself, and where its wrangler file says it. */
  readonly binding: string | undefined;
}

/** An application with all of its files found. */
export interface Project {
  readonly root: string;
  readonly app: ProjectWorker;
  readonly computes: readonly ProjectWorker[];
  /** Absolute path of the author's client module, if there is one. */
  readonly client: string | undefined;
  /** Absolute path of the author's style sheet, if there is one. */
  readonly styles: string | undefined;
  /** Absolute path of the folder of files that are served as they are, where the author's wrangler file names one. */
  readonly assets: string | undefined;
  /** The bucket for the files of visitors, as the Workers without a wrangler file bind it. */
  readonly bucket: { readonly binding: string; readonly bucket_name: string } | undefined;
}

/** @throws {Error} with a sentence for each file that is missing or does not fit. */
export function readProject(root: string, options: EdgewiseOptions): Project {
  const file = firstIn(root, usual.app);
  const app = worker(root, 'app', options.app ?? file ?? 'app.ts', undefined, projectName(root), file);
  const computes = computeOptions(root, options).map(([binding, file], index, all) => {
    const environment = binding?.toLowerCase() ?? (all.length === 1 ? 'compute' : `compute_${index + 1}`);
    return worker(root, environment, file, binding, `${app.name}-${environment.replaceAll('_', '-')}`);
  });
  return {
    root,
    app,
    computes,
    client: optional(root, 'client', options.client, usual.client),
    styles: optional(root, 'styles', options.styles, usual.styles),
    assets: assetsOf(root, app.wrangler),
    bucket: options.files ? { binding: 'FILES', bucket_name: `${app.name}-files` } : undefined,
  };
}

/** Returns true for a file that configures a Worker, false for the module of one. */
function isWranglerFile(file: string): boolean {
  return /\.(toml|jsonc?)$/.test(file);
}

type Compute = readonly [binding: string | undefined, file: string];

/** Returns the file of each compute Worker, with the binding where the options or the defaults say it. */
function computeOptions(root: string, { compute }: EdgewiseOptions): Compute[] {
  if (compute === false) return [];
  if (compute === undefined) {
    const file = firstIn(root, usual.compute);
    return file === undefined ? [] : [['COMPUTE', file]];
  }
  if (typeof compute === 'string') return [['COMPUTE', compute]];
  if (Array.isArray(compute)) return compute.map((file: string) => [undefined, file]);
  return Object.entries(compute);
}

function worker(
  root: string,
  environment: string,
  given: string,
  binding: string | undefined,
  name: string,
  found?: string,
): ProjectWorker {
  const file = path.resolve(root, given);
  const what = environment === 'app' ? 'the application' : `the compute Worker ${binding ?? environment}`;
  if (!existsSync(file)) {
    const wanted = environment === 'app' ? 'app.ts' : 'compute.ts';
    throw new Error(
      `There is no ${file}, the file of ${what}. Write it, or name another in vite.config.ts: edgewise({ ${environment === 'app' ? 'app' : 'compute'}: 'src/${wanted}' }).`,
    );
  }
  const wrangler = isWranglerFile(file) ? file : found && path.resolve(root, found);
  if (wrangler === undefined) return { environment, name, main: file, wrangler, binding };
  const config = unstable_readConfig({ config: wrangler }, { hideWarnings: true, preserveOriginalMain: true });
  if (!config.name) throw new Error(`${wrangler} has no name of the Worker. Add a line such as: name = "my-app".`);
  if (file !== wrangler) return { environment, name: config.name, main: file, wrangler, binding };
  if (!config.main) {
    throw new Error(
      `${file} has no main module. Add a line such as: main = "${environment === 'app' ? 'app.ts' : 'compute.ts'}".`,
    );
  }
  const main = path.resolve(path.dirname(file), config.main);
  if (!existsSync(main)) throw new Error(`There is no ${main}, which ${file} names as its main module.`);
  return { environment, name: config.name, main, wrangler: file, binding };
}

/** Returns the folder of the `[assets]` of a wrangler file. One below `dist` is what the build itself writes, not the author. */
function assetsOf(root: string, wrangler: string | undefined): string | undefined {
  if (wrangler === undefined) return undefined;
  const { assets } = unstable_readConfig({ config: wrangler }, { hideWarnings: true, preserveOriginalMain: true });
  if (!assets?.directory) return undefined;
  const folder = path.resolve(path.dirname(wrangler), assets.directory);
  if (/(^|[\\/])(dist|\.wrangler)([\\/]|$)/.test(path.relative(root, folder))) return undefined;
  if (existsSync(folder)) return folder;
  throw new Error(`There is no ${folder}, which ${wrangler} names as the directory of its assets.`);
}

function optional(
  root: string,
  option: string,
  given: string | undefined,
  names: readonly string[],
): string | undefined {
  const file = given ?? firstIn(root, names);
  if (file === undefined) return undefined;
  const full = path.resolve(root, file);
  if (!existsSync(full)) throw new Error(`There is no ${full}, which edgewise({ ${option}: '${file}' }) names.`);
  return full;
}

function firstIn(root: string, files: readonly string[]): string | undefined {
  return files.find((file) => existsSync(path.join(root, file)));
}

/** Returns the name of the nearest package, or else of the folder, with the letters that a Worker's name may have. */
function projectName(root: string): string {
  const file = path.join(root, 'package.json');
  const name = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name : undefined;
  const allowed = (name ?? path.basename(root))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return allowed.slice(0, 54) || 'app';
}
