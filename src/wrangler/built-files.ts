// Files of a build on disk. Each is written under a draft name and renamed, so two builds at once, or a killed one, leave
// whole files.

import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunnableWorker } from './wrangler-server.ts';

/** A file of the build. Its path begins with its environment: `client/_headers`, `app/index.js`. */
export type BundledFile = readonly [name: string, content: string | Uint8Array];

/**
 * Writes what changed: the client's files first, because the Worker names them. A Worker's wrangler.json comes last,
 * and is touched where it stays the same: wrangler then reads the Worker again.
 *
 * @returns the Workers by environment, and whether anything changed.
 */
export async function writeBuilt(
  out: string,
  files: readonly BundledFile[],
): Promise<{ readonly workers: Readonly<Record<string, RunnableWorker>>; readonly changed: boolean }> {
  const changed = new Set<string>();
  for (const [name, content] of files) {
    if (isConfig(name)) continue;
    if (await writeChanged(path.join(out, name), content)) changed.add(environmentOf(name));
  }
  const workers: Record<string, RunnableWorker> = {};
  for (const [name, content] of files) {
    if (!isConfig(name)) continue;
    const config = path.join(out, name);
    const environment = environmentOf(name);
    const { name: worker, limits } = JSON.parse(String(content)) as { name: string; limits?: { cpu_ms?: number } };
    workers[environment] = { name: worker, config, ...(limits?.cpu_ms && { cpuLimit: limits.cpu_ms }) };
    if (await writeChanged(config, content)) changed.add(environment);
    else if (changed.has(environment)) await touch(config);
  }
  return { workers, changed: changed.size > 0 };
}

function isConfig(name: string): boolean {
  return /^[^/]+\/wrangler\.json$/.test(name);
}

/** Returns the environment of a file, which is the first folder of its path. */
function environmentOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

/** Counts the drafts of this process, because two builds of it may write the same file. */
let drafts = 0;

/** Writes a file unless it has this content already, and returns whether it did. */
export async function writeChanged(file: string, content: string | Uint8Array): Promise<boolean> {
  const bytes = Buffer.from(content as Uint8Array);
  const old = await readFile(file).catch(() => undefined);
  if (old?.equals(bytes)) return false;
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${++drafts}.draft`;
  await writeFile(draft, bytes);
  await rename(draft, file);
  return true;
}

/** Gives a file a new time, as a watcher notices it. */
async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/** Removes all files below a folder except those of the list, and drafts, which another build writes. */
export async function removeOthers(folder: string, list: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, full).split(path.sep).join('/');
    if (entry.isFile() && !list.has(name) && !name.endsWith('.draft')) await rm(full, { force: true });
  }
}
