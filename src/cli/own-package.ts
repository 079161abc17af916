// The package of this command: its version, and where npm got it from.

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder of the package. */
export const packageFolder = path.resolve(import.meta.dirname, '../..');

interface PackageJson {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The version of the package. */
export function ownVersion(): string {
  return readJson<PackageJson>(path.join(packageFolder, 'package.json'))?.version ?? '0.0.0';
}

/**
 * Returns what a new application writes as its dependency on this package: the version, or the file or address that npm
 * installed it from.
 */
export function ownSpec(): string {
  const modules = path.dirname(packageFolder);
  if (path.basename(modules) !== 'node_modules') return ownVersion();
  const around = path.dirname(modules);
  const installed = readJson<{ packages?: Record<string, { resolved?: string }> }>(
    path.join(modules, '.package-lock.json'),
  );
  const resolved = installed?.packages?.['node_modules/edgewise']?.resolved;
  if (resolved?.startsWith('file:')) return `file:${path.resolve(around, resolved.slice('file:'.length))}`;
  const { dependencies, devDependencies } = readJson<PackageJson>(path.join(around, 'package.json')) ?? {};
  const wanted = dependencies?.edgewise ?? devDependencies?.edgewise ?? '';
  return /^(https?:|git|github:)/.test(wanted) ? wanted : ownVersion();
}

/** The peers that every application needs for its build. Only some elements need the others. */
export const buildPeers: readonly string[] = ['@cloudflare/vite-plugin', '@tailwindcss/vite', 'vite', 'wrangler'];

/** Returns the packages that an application may have beside this one, with their ranges. */
export function peers(): Readonly<Record<string, string>> {
  return readJson<PackageJson>(path.join(packageFolder, 'package.json'))?.peerDependencies ?? {};
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // Other package managers have no such file, or another one in its place.
  }
}
