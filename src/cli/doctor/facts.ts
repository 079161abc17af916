// Gathers what `edgewise doctor` examines, from the files of an application.

import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildApplication } from '../application.ts';
import { readSettings } from '../deploy/plan.ts';
import { peers } from '../own-package.ts';
import type { Facts } from './checks.ts';

/** Returns the facts, and why the application does not build, if it does not. */
export async function gather(folder: string, build: boolean): Promise<{ facts: Facts; failure?: string }> {
  const wanted = peers();
  const workerds = workerdsIn(folder);
  const facts: Facts = {
    node: process.versions.node,
    wanted,
    installed: {
      ...Object.fromEntries(Object.keys(wanted).map((name) => [name, versionIn(placeOf(name, folder))])),
      workerd: workerds.at(-1)?.version,
    },
    workerds,
    variables: Object.fromEntries(
      readdirSync(folder)
        .filter((file) => /^\.(dev\.vars|env)(\.|$)/.test(file))
        .map((file) => [file, parseEnv(readFileSync(path.join(folder, file), 'utf8')) as Record<string, string>]),
    ),
  };
  if (!build) return { facts };
  try {
    return { facts: { ...facts, built: await builtFacts(folder) } };
  } catch (error) {
    return { facts, failure: (error as Error).message.split('\n')[0] ?? '' };
  }
}

async function builtFacts(folder: string): Promise<NonNullable<Facts['built']>> {
  const { app, computes, site, tasks } = await buildApplication(folder);
  const workers = [app, ...computes];
  return {
    app: readSettings(app.config),
    computes: computes.map(({ config }) => readSettings(config)),
    sizes: Object.fromEntries(workers.map(({ name, config }) => [name, compressedSize(path.dirname(config))])),
    files: filesIn(site).length,
    uses: tasks.uses,
    tasks: tasks.byBinding,
    objects: ['SESSION', 'SHARED'],
  };
}

/** Returns the compressed size in bytes of the modules in a Worker's folder. */
export function compressedSize(folder: string): number {
  const modules = filesIn(folder).filter((file) => /\.(js|mjs|wasm)$/.test(file));
  return modules.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => path.join(entry.parentPath, entry.name));
}

function versionIn(place: string | undefined): string | undefined {
  return place && (JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as { version: string }).version;
}

/**
 * Returns the folder of a package as Node finds it, where a link leads to. Not by `require`, because not every package exports
 * its package.json.
 */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const place = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(place, 'package.json'))) return realpathSync(place);
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Returns the workerd of development and that of wrangler, which runs the compute Workers and the preview; one where they share it. */
function workerdsIn(folder: string): { place: string; version: string }[] {
  const users = ['@cloudflare/vite-plugin', 'wrangler'].map((name) => placeOf(name, folder));
  const places = new Set(users.map((user) => user && placeOf('workerd', user)));
  return [...places].flatMap((place = '') => {
    const version = versionIn(place);
    return version ? [{ place: path.relative(folder, place), version }] : [];
  });
}
