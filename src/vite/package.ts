// Where the framework itself is on this machine, and which packages it brings.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { normalizePath } from 'vite';

/** Folder of the framework. */
export const packageRoot = normalizePath(path.resolve(import.meta.dirname, '../..'));

/** True in an application that has installed the framework; false in the framework's own repository. */
export const isInstalled = packageRoot.includes('/node_modules/');

/** Returns the absolute path of one of the framework's own files. */
export function ownFile(file: string): string {
  return path.posix.join(packageRoot, file);
}

/** Returns the path of one of the framework's own modules, which is TypeScript here and JavaScript in the package. */
export function ownModule(file: string): string {
  return ownFile(`${file}${path.extname(import.meta.filename)}`);
}

/** Returns true for a module of the framework, false for the author's and for other packages. */
export function isOwnModule(id: string | undefined): boolean {
  if (!id?.startsWith(`${packageRoot}/`)) return false;
  const inside = id.slice(packageRoot.length + 1);
  return /^(src|client|dist)\//.test(inside);
}

/** Returns the file that an entry of package.json's `exports` leads to. */
export function exported(entry: string): string {
  const { exports } = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as {
    exports: Record<string, string | { readonly import?: string; readonly default?: string; readonly style?: string }>;
  };
  const target = exports[entry];
  const file = typeof target === 'string' ? target : (target?.style ?? target?.import ?? target?.default);
  if (file === undefined) throw new Error(`The package edgewise exports no '${entry}'.`);
  return ownFile(file);
}
