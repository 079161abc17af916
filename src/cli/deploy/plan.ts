// What a deployment consists of, read from the build: the Workers in their order, and what they need on the account.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunnableWorker } from '../../wrangler/index.ts';

/** What a deployment reads of the finished wrangler.json of a Worker. */
export interface WorkerSettings {
  readonly name: string;
  /** The name without an environment. */
  readonly topLevelName?: string;
  readonly services?: readonly { readonly binding: string; readonly service: string }[];
  readonly queues?: {
    readonly producers?: readonly { readonly binding: string; readonly queue: string }[];
    readonly consumers?: readonly { readonly queue: string; readonly dead_letter_queue?: string }[];
  };
  readonly r2_buckets?: readonly { readonly binding: string; readonly bucket_name?: string }[];
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly [setting: string]: unknown;
}

export interface PlannedWorker {
  readonly name: string;
  /** Absolute path of its wrangler file. */
  readonly config: string;
  readonly settings: WorkerSettings;
}

export interface Plan {
  readonly app: PlannedWorker;
  readonly computes: readonly PlannedWorker[];
  /** Names of the queues that the Workers use. */
  readonly queues: readonly string[];
  /** Names of the buckets that the Workers use. */
  readonly buckets: readonly string[];
  /** Workers that the application binds and this build does not contain. */
  readonly elsewhere: readonly string[];
}

/**
 * Plans the deployment of a build.
 *
 * @param environment a name such as `staging`, whose Workers, queues and buckets are others than those of production.
 */
export function planOf(
  built: { readonly app: RunnableWorker; readonly computes: readonly RunnableWorker[] },
  environment?: string,
): Plan {
  const own = new Set([built.app, ...built.computes].map(({ name }) => name));
  const planned = ({ config }: RunnableWorker): PlannedWorker => {
    const settings = readSettings(config);
    // Where the author's wrangler file has the environment, the build has chosen its names already.
    const chosen = settings.topLevelName !== undefined && settings.topLevelName !== settings.name;
    if (environment === undefined || chosen) return { name: settings.name, config, settings };
    const renamed = inEnvironment(settings, environment, own);
    const file = path.join(path.dirname(config), `wrangler.${environment}.json`);
    writeFileSync(file, JSON.stringify(renamed));
    return { name: renamed.name, config: file, settings: renamed };
  };
  const app = planned(built.app);
  const computes = built.computes.map(planned);
  const all = [app, ...computes];
  const names = new Set(all.map(({ name }) => name));
  return {
    app,
    computes,
    queues: unique(all.flatMap(({ settings }) => queuesOf(settings))),
    buckets: unique(
      all.flatMap(({ settings }) => (settings.r2_buckets ?? []).flatMap(({ bucket_name }) => bucket_name ?? [])),
    ),
    elsewhere: unique((app.settings.services ?? []).map(({ service }) => service).filter((name) => !names.has(name))),
  };
}

/** Reads the finished wrangler.json of a built Worker. */
export function readSettings(config: string): WorkerSettings {
  return JSON.parse(readFileSync(config, 'utf8')) as WorkerSettings;
}

/** Returns the settings with the names of an environment: `my-app` becomes `my-app-staging`. */
function inEnvironment(settings: WorkerSettings, environment: string, own: ReadonlySet<string>): WorkerSettings {
  const named = (name: string) => `${name}-${environment}`;
  // The consumer knows the queue of dead letters by the end of its name.
  const queue = (name: string) =>
    name.endsWith('-dead') ? `${named(name.slice(0, -'-dead'.length))}-dead` : named(name);
  const { services = [], queues = {}, r2_buckets = [] } = settings;
  return {
    ...settings,
    name: named(settings.name),
    services: services.map((each) => ({
      ...each,
      service: own.has(each.service) ? named(each.service) : each.service,
    })),
    queues: {
      ...queues,
      producers: queues.producers?.map((each) => ({ ...each, queue: queue(each.queue) })) ?? [],
      consumers:
        queues.consumers?.map((each) => ({
          ...each,
          queue: queue(each.queue),
          ...(each.dead_letter_queue && { dead_letter_queue: queue(each.dead_letter_queue) }),
        })) ?? [],
    },
    r2_buckets: r2_buckets.map((each) => ({
      ...each,
      ...(each.bucket_name && { bucket_name: named(each.bucket_name) }),
    })),
  };
}

function queuesOf({ queues = {} }: WorkerSettings): string[] {
  const { producers = [], consumers = [] } = queues;
  return [
    ...producers.map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue ?? []].flat()),
  ];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
