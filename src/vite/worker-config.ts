// The configuration of each Worker, in the terms of wrangler. All of it is here.

import type { WorkerConfig } from '@cloudflare/vite-plugin';
import type { Project, ProjectWorker } from './project.ts';

/** The newest date that the pinned workerd knows for certain. */
const compatibilityDate = '2026-10-01';

/** The module that the application's Worker begins with: it imports the author's own. See worker-entry.ts. */
export const workerEntry = 'virtual:edgewise/app';

/**
 * Returns what the configuration of the application lacks. `given` is the author's wrangler file, or wrangler's
 * defaults where there is none. `development` has the variables of development; a build has none.
 */
export function appConfig(
  project: Project,
  given: WorkerConfig,
  development?: Readonly<Record<string, string>>,
): Partial<WorkerConfig> {
  const { name } = project.app;
  const own = project.app.wrangler === undefined;
  const bound = given.services ?? [];
  const services = project.computes.flatMap(({ binding, name: service }) =>
    binding === undefined || bound.some((other) => other.binding === binding) ? [] : [{ binding, service }],
  );
  return {
    main: workerEntry,
    assets: { binding: given.assets?.binding ?? 'ASSETS' },
    services,
    ...(development && {
      vars: {
        ...development,
        ENVIRONMENT: 'development',
        EDGEWISE_BUILDS: expected(project, [...bound, ...services]),
      },
    }),
    ...(own && {
      name,
      compatibility_date: compatibilityDate,
      durable_objects: {
        bindings: [
          { name: 'SESSION', class_name: 'Session' },
          { name: 'SHARED', class_name: 'Shared' },
        ],
      },
      ...(project.bucket && { r2_buckets: [project.bucket] }),
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Session', 'Shared'] }],
      queues: queues(`${name}-jobs`),
    }),
  };
}

/** Returns the bindings that lead to the compute Workers of the application. They have no builds, because each save is one. */
function expected({ computes }: Project, services: NonNullable<WorkerConfig['services']>): Record<string, null> {
  const names = new Set(computes.map(({ name }) => name));
  return Object.fromEntries(services.flatMap(({ binding, service }) => (names.has(service) ? [[binding, null]] : [])));
}

/** Returns the queue of the jobs with `via: 'queue'`, and the queue of the messages that it gave up. */
function queues(jobs: string): WorkerConfig['queues'] {
  const dead = `${jobs}-dead`;
  return {
    producers: [{ binding: 'JOBS', queue: jobs }],
    consumers: [
      // The jobs of a batch run in parallel with one or two calls each, so ten stay below every limit. A job does not
      // wait for others.
      {
        queue: jobs,
        max_batch_size: 10,
        max_batch_timeout: 0,
        max_retries: 5,
        dead_letter_queue: dead,
        max_concurrency: 20,
      },
      // The name ends in -dead, so the same handler records that the job was given up. No queue follows this one.
      { queue: dead, max_batch_size: 10, max_batch_timeout: 1, max_retries: 10, max_concurrency: 1 },
    ],
  };
}

/** Returns what the configuration of a compute Worker lacks. It has no public address, because tasks trust their caller. */
export function computeConfig({ name, main, wrangler }: ProjectWorker, { bucket }: Project): Partial<WorkerConfig> {
  if (wrangler !== undefined) return {};
  return {
    ...{ name, main, compatibility_date: compatibilityDate, workers_dev: false, preview_urls: false },
    // Its tasks then read files without the session.
    ...(bucket && { r2_buckets: [bucket] }),
  };
}
