// The build that wrangler runs: `npm start`, the tests, the benchmarks. It does nothing when no input changed, and it
// rewrites no file with the same content. So it does not disturb a server that runs an earlier build of the same content.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuiltManifest, TaskRecord } from '../vite/bundle.ts';
import type { EdgewiseOptions } from '../vite/index.ts';
import { type RunnableWorker, writeBuilt, writeChanged } from '../wrangler/index.ts';
import { environmentsByBinding, withBuildIds } from './builds.ts';
import { digestOf } from './digest.ts';
import { type BuiltFiles, removeEarlier } from './earlier-files.ts';

export interface BuildRequest extends EdgewiseOptions {
  /** Folder of the application: of its vite.config.ts, if it has one. @default the folder of `app` */
  readonly folder?: string;
  /**
   * True for a build that is deployed: its Workers carry the ids of the build.
   *
   * @default false
   */
  readonly release?: boolean;
  /** Folder of the build. @default a folder of these options, below `.wrangler` in the application's folder */
  readonly outDir?: string;
}

/** A build on disk. */
export interface Build {
  /** False when no input had changed. */
  readonly fresh: boolean;
  /** Paths of the browser's files on the site. */
  readonly manifest: BuiltManifest;
  /** Folder of the browser's files. */
  readonly site: string;
  readonly app: RunnableWorker;
  readonly computes: readonly RunnableWorker[];
  /** Which tasks the application calls, and the tasks of each compute Worker by its service binding. */
  readonly tasks: {
    readonly uses: TaskRecord['uses'];
    readonly byBinding: TaskRecord['tasks'];
  };
  /** Absolute paths of the files that it was built from. */
  readonly inputs: readonly string[];
  /** Absolute paths of the files whose presence decides what the application consists of. */
  readonly candidates: readonly string[];
  /** Absolute path of the folder whose files are served as they are; '' for none. */
  readonly served: string;
}

/** Changes with the fields of {@link Stamp}. */
const format = 4;

/** What build.json holds. `files` belong to this build; open pages may still request the `earlier` ones. */
interface Stamp extends Omit<Build, 'fresh' | 'site'>, BuiltFiles {
  readonly format: typeof format;
  readonly digest: string;
}

/** Builds an application, unless nothing that it was built from has changed. */
export async function build({ folder, outDir, release = false, ...options }: BuildRequest): Promise<Build> {
  const place = folder ?? (options.app === undefined ? process.cwd() : path.dirname(path.resolve(options.app)));
  const out = outDir ?? path.join(place, '.wrangler/edgewise', nameOf(options));
  const file = path.join(out, 'build.json');
  const site = path.join(out, 'client');
  const old = await readStamp(file);
  const whole = old?.files.every((name) => existsSync(path.join(out, name)));
  if (old && whole && old.digest === (await digestOf(options, old))) return { ...old, fresh: false, site };
  // Not imported before it is needed, because Vite takes a second to load.
  const { bundle } = await import('../vite/bundle.ts');
  const built = await bundle(place, options);
  const digest = await digestOf(options, built);
  const { workers } = await writeBuilt(out, release ? withBuildIds(built.files) : built.files);
  const files = built.files.map(([name]) => name);
  const earlier = await removeEarlier(out, old, files, Date.now(), release);

  const { app, ...computes } = workers;
  if (!app) throw new Error('The build made no Worker of the application.');
  const { inputs, candidates, served, manifest, record } = built;
  const byBinding = Object.entries(environmentsByBinding(built.files)).map(
    ([binding, environment]) => [binding, record.tasks[environment] ?? null] as const,
  );
  const stamp: Stamp = {
    format,
    digest,
    inputs,
    candidates,
    served,
    manifest,
    app,
    computes: Object.values(computes),
    tasks: { uses: record.uses, byBinding: Object.fromEntries(byBinding) },
    files,
    earlier,
  };
  await writeChanged(file, `${JSON.stringify(stamp, null, 2)}\n`);
  return { ...stamp, fresh: true, site };
}

async function readStamp(file: string): Promise<Stamp | undefined> {
  try {
    const stamp = JSON.parse(await readFile(file, 'utf8')) as Stamp;
    return stamp.format === format ? stamp : undefined;
  } catch {
    return undefined; // The file is absent or of an older format; both mean that a build is needed.
  }
}

/** Returns a name for the builds with these options, short and the same each time. */
function nameOf(options: EdgewiseOptions): string {
  return createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 8);
}
