// The author's source files. What they name decides what the build adds.

import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { normalizePath } from 'vite';
import { packageRoot } from './package.ts';
import type { Project } from './project.ts';

/** A call of `classes`, with what it is given: brackets within it, two deep. */
export const classesCall = /\bclasses\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;

/**
 * Returns the folders that an application has its sources in: that of its configuration, those of its Workers, and those of the
 * packages of its workspace.
 */
export function sourceFolders({ root, app, computes }: Project): ReadonlySet<string> {
  const own = new Set([root, ...[app, ...computes].map(({ main }) => path.dirname(main))]);
  addLinked(root, own);
  return own;
}

/** Adds the packages that a package depends on, also by another one, and that are only linked into `node_modules`. */
function addLinked(folder: string, found: Set<string>): void {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) return;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const places = createRequire(file).resolve.paths(name) ?? [];
    const place = places.map((each) => path.join(each, name)).find((each) => existsSync(each));
    const real = place && normalizePath(realpathSync(place));
    if (!real || real.includes('/node_modules/') || real === packageRoot || found.has(real)) continue;
    addLinked(real, found.add(real));
  }
}

/** Returns the source files of an application, without packages and without what was built. */
export function sourcesOf(project: Project): string[] {
  return [...sourceFolders(project)].flatMap((folder) =>
    globSync('**/*.{ts,tsx,js,jsx,mts,mjs}', {
      cwd: folder,
      exclude: (name) => /(^|\/)(node_modules|dist|\.[^/]+)$/.test(name),
    }).map((file) => path.join(folder, file)),
  );
}
