// The digest of all that a build depends on. Two builds with the same digest make the same files.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Inputs {
  /** Absolute paths of the files that the build has read, without those of packages. */
  readonly inputs: readonly string[];
  /** Absolute paths of the files whose presence decides what the application consists of. */
  readonly candidates: readonly string[];
  /** Absolute path of the folder whose files are served as they are; '' for none. */
  readonly served: string;
}

/** Folder of the framework. */
const packageRoot = path.resolve(import.meta.dirname, '../..');

/** Returns the digest of the options and of the inputs as they are now. A file that is gone counts as another content. */
export async function digestOf(options: object, { inputs, candidates, served }: Inputs): Promise<string> {
  const sum = createHash('sha256').update(JSON.stringify(options));
  for (const file of candidates) sum.update(existsSync(file) ? '1' : '0');
  if (served !== '' && existsSync(served)) {
    for (const file of readdirSync(served, { recursive: true }).sort()) sum.update(String(file)).update('\0');
  }
  for (const file of [...inputs, ...tools()]) {
    sum.update(file).update('\0');
    sum.update(await readFile(file).catch(() => 'gone')).update('\0');
  }
  return sum.digest('hex');
}

/** Returns the files of the build itself, and npm's list of the installed packages. */
function tools(): string[] {
  const own = path.join(packageRoot, 'src/vite');
  const plugin = existsSync(own) ? readdirSync(own).sort() : [];
  return [
    ...plugin.map((file) => path.join(own, file)),
    path.join(packageRoot, 'package.json'),
    path.join(packageRoot, 'node_modules/.package-lock.json'),
  ];
}
