// The author's source files. What they name decides what the build adds.

import { globSync } from 'node:fs';
import path from 'node:path';
import type { Project } from './project.ts';

/** A call of `classes`, with what it is given: brackets within it, two deep. */
export const classesCall = /\bclasses\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g;

/** Returns the folders that an application has its sources in: that of its configuration and those of its Workers. */
export function sourceFolders({ root, app, computes }: Project): ReadonlySet<string> {
  return new Set([root, ...[app, ...computes].map(({ main }) => path.dirname(main))]);
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
