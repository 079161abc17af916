// The ids of a build: each compute Worker carries its own, and the application carries those that it was built with. So
// an application knows when a compute Worker of another build lacks a task.

import { createHash } from 'node:crypto';
import type { BundledFile } from '../wrangler/index.ts';

interface Settings {
  readonly name: string;
  readonly services?: readonly { readonly binding: string; readonly service: string }[];
  readonly vars?: Readonly<Record<string, unknown>>;
}

/** Returns the environment of each compute Worker by the service binding that leads to it. */
export function environmentsByBinding(files: readonly BundledFile[]): Readonly<Record<string, string>> {
  const settings = settingsOf(files);
  const environments = new Map([...settings].map(([environment, { name }]) => [name, environment]));
  const services = settings.get('app')?.services ?? [];
  return Object.fromEntries(
    services.flatMap(({ binding, service }) => {
      const environment = environments.get(service);
      return environment === undefined || environment === 'app' ? [] : [[binding, environment]];
    }),
  );
}

/** Returns the files with the ids among the variables of each Worker. */
export function withBuildIds(files: readonly BundledFile[]): BundledFile[] {
  const settings = settingsOf(files);
  const ids = new Map([...settings.keys()].map((environment) => [environment, idOf(environment, files)]));
  const expected = Object.entries(environmentsByBinding(files)).map(([binding, of]) => [binding, ids.get(of)]);
  return files.map(([name, content]) => {
    const environment = environmentOfConfig(name);
    if (environment === undefined) return [name, content];
    const own = settings.get(environment);
    const added =
      environment === 'app'
        ? { EDGEWISE_BUILDS: Object.fromEntries(expected) }
        : { EDGEWISE_BUILD: ids.get(environment) };
    return [name, JSON.stringify({ ...own, vars: { ...own?.vars, ...added } })];
  });
}

function settingsOf(files: readonly BundledFile[]): Map<string, Settings> {
  return new Map(
    files.flatMap(([name, content]) => {
      const environment = environmentOfConfig(name);
      return environment === undefined ? [] : [[environment, JSON.parse(String(content)) as Settings]];
    }),
  );
}

function environmentOfConfig(name: string): string | undefined {
  return /^([^/]+)\/wrangler\.json$/.exec(name)?.[1];
}

/** Returns the hash of a Worker's code. The same code has the same id, so a build without changes expects no deployment. */
function idOf(environment: string, files: readonly BundledFile[]): string {
  const sum = createHash('sha256');
  for (const [name, content] of files) {
    if (!name.startsWith(`${environment}/`) || /\.map$|\/wrangler\.json$|\/\.dev\.vars$/.test(name)) continue;
    sum.update(name).update('\0').update(content).update('\0');
  }
  return sum.digest('hex').slice(0, 12);
}
