// What `edgewise doctor` looks for. Each check reads facts and returns findings; none of them asks the network.

import type { TaskUse } from '../../build/index.ts';
import type { WorkerSettings } from '../deploy/plan.ts';
import { isOlder, oldestNode } from '../node-version.ts';
import { buildPeers } from '../own-package.ts';

export interface Finding {
  /** An error stops the application or endangers it; a warning may be on purpose. */
  readonly level: 'error' | 'warning';
  readonly what: string;
  /** What to do about it. */
  readonly todo: string;
}

/** What is known of an application on this machine. */
export interface Facts {
  /** Version of the Node that runs. */
  readonly node: string;
  /** Ranges of the packages that the framework needs beside it. */
  readonly wanted: Readonly<Record<string, string>>;
  /** Installed versions of these packages and of workerd; undefined for a missing one. */
  readonly installed: Readonly<Record<string, string | undefined>>;
  /** Places of the workerd that development and wrangler have, each with its version. */
  readonly workerds: readonly { readonly place: string; readonly version: string }[];
  /** Files with variables, such as `.dev.vars.staging`, with their content. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The built Workers; undefined where the application does not build. */
  readonly built?: {
    readonly app: WorkerSettings;
    readonly computes: readonly WorkerSettings[];
    /** Compressed size of each Worker in bytes, by its name. */
    readonly sizes: Readonly<Record<string, number>>;
    /** Number of the files that the site serves. */
    readonly files: number;
    readonly uses: readonly TaskUse[];
    /** Tasks of each compute Worker by its service binding; null where they cannot be read. */
    readonly tasks: Readonly<Record<string, readonly string[] | null>>;
    /** Names of the bindings that the application gives its objects, as `new App({ binding })` may change them. */
    readonly objects: readonly string[];
  };
}

/** Returns all findings, errors first. */
export function examine(facts: Facts): Finding[] {
  const found = checks.flatMap((check) => check(facts));
  return [...found.filter(({ level }) => level === 'error'), ...found.filter(({ level }) => level === 'warning')];
}

const checks: readonly ((facts: Facts) => Finding[])[] = [
  nodeVersion,
  packageVersions,
  duplicateWorkerd,
  compatibilityDates,
  missingBindings,
  missingTasks,
  secrets,
  freePlan,
];

function error(what: string, todo: string): Finding {
  return { level: 'error', what, todo };
}

function warning(what: string, todo: string): Finding {
  return { level: 'warning', what, todo };
}

function nodeVersion({ node }: Facts): Finding[] {
  if (!isOlder(node, oldestNode)) return [];
  return [
    error(
      `This is Node ${node}; the commands need ${oldestNode} or newer.`,
      'Install a newer Node, or `npm install -D node@24` for npm scripts.',
    ),
  ];
}

function packageVersions({ wanted, installed }: Facts): Finding[] {
  return Object.entries(wanted).flatMap(([name, range]) => {
    const version = installed[name];
    if (version === undefined && !buildPeers.includes(name)) return [];
    if (version === undefined) return [error(`${name} is not installed.`, `npm install -D ${name}@${range}`)];
    if (fits(version, range)) return [];
    return [
      error(`${name} ${version} does not fit; edgewise is made for ${range}.`, `npm install -D ${name}@${range}`),
    ];
  });
}

/** Returns true for a version of a range `^1.2.3`: the same major version, and none older. */
function fits(version: string, range: string): boolean {
  const least = range.replace(/^\^/, '');
  return version.split('.')[0] === least.split('.')[0] && !isOlder(version, least);
}

function duplicateWorkerd({ workerds }: Facts): Finding[] {
  if (workerds.length < 2) return [];
  const which = workerds.map(({ place, version }) => `${version} in ${place}`).join(', ');
  return [
    warning(
      `Development and wrangler have ${workerds.length} workerd (${which}). Tasks may not run in development, which differs from preview.`,
      'Give @cloudflare/vite-plugin the miniflare and workerd of wrangler, by `overrides` (npm, pnpm) or `resolutions` (Yarn).',
    ),
  ];
}

/** The oldest date whose behaviour the framework relies on. */
const oldestDate = '2026-10-01';

function compatibilityDates({ built, installed }: Facts): Finding[] {
  const newest = newestDate(installed.workerd);
  return workersOf(built).flatMap(({ name, compatibility_date: date }) => {
    if (typeof date !== 'string') return [];
    if (date < oldestDate) {
      return [
        error(
          `${name} has the compatibility date ${date}; the framework needs ${oldestDate}.`,
          `Set compatibility_date = "${oldestDate}".`,
        ),
      ];
    }
    if (newest === undefined || date <= newest) return [];
    return [
      error(
        `${name} has the compatibility date ${date}; the installed workerd ${installed.workerd} ends at ${newest}.`,
        `Set compatibility_date = "${newest}" or an earlier one, or update @cloudflare/vite-plugin with its wrangler.`,
      ),
    ];
  });
}

/** Returns the last date that a workerd knows: a week after the date in its version, such as 1.20261012.1. */
function newestDate(version: string | undefined): string | undefined {
  const [, year, month, day] = /^\d+\.(\d{4})(\d\d)(\d\d)\./.exec(version ?? '') ?? [];
  if (day === undefined) return undefined;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 7)).toISOString().slice(0, 10);
}

function missingBindings({ built }: Facts): Finding[] {
  if (!built) return [];
  const { app, objects, uses } = built;
  const durable = (app.durable_objects as { bindings?: readonly { name: string }[] } | undefined)?.bindings ?? [];
  const services = app.services ?? [];
  const found: Finding[] = [];
  for (const name of objects) {
    if (durable.some((each) => each.name === name)) continue;
    found.push(
      error(
        `${app.name} has no Durable Object binding ${name}.`,
        `Add it to the wrangler file: [[durable_objects.bindings]] name = "${name}" class_name = "${className(name)}".`,
      ),
    );
  }
  for (const binding of new Set(uses.map((use) => use.binding))) {
    if (services.some((service) => service.binding === binding)) continue;
    const { place } = uses.find((use) => use.binding === binding) as TaskUse;
    found.push(
      error(
        `${place} calls a task of ${binding}, and ${app.name} has no service binding of that name.`,
        `Name its Worker in vite.config.ts: edgewise({ compute: { ${binding}: 'compute.ts' } }).`,
      ),
    );
  }
  if (!app.queues?.producers?.some(({ binding }) => binding === 'JOBS')) {
    found.push(
      warning(
        `${app.name} has no queue bound as JOBS, so jobs with \`via: 'queue'\` fail.`,
        'Add a producer with binding = "JOBS" and a consumer of the same queue, if a job needs them.',
      ),
    );
  }
  return found;
}

function className(binding: string): string {
  return binding === 'SHARED' ? 'Shared' : 'Session';
}

function missingTasks({ built }: Facts): Finding[] {
  return built
    ? lacking(built.uses, built.tasks).map((what) =>
        error(what, 'Export it from the tasks of that Worker, or mend the name.'),
      )
    : [];
}

/**
 * Returns a sentence for each call of a task that its compute Worker does not have.
 *
 * @param tasks the tasks of each compute Worker by its service binding.
 */
export function lacking(uses: readonly TaskUse[], tasks: Readonly<Record<string, readonly string[] | null>>): string[] {
  return uses.flatMap(({ binding, task, place }) => {
    const known = tasks[binding];
    if (!known || known.includes(task)) return [];
    return [
      `${place} calls the task "${task}", which the compute Worker of ${binding} does not have. It has: ${[...known].sort().join(', ') || 'none'}.`,
    ];
  });
}

/** Characters that the secret needs at least. */
const shortestSecret = 32;

function secrets({ variables, built }: Facts): Finding[] {
  const found: Finding[] = [];
  const values = new Map<string, string[]>();
  for (const [file, content] of Object.entries(variables)) {
    const secret = content.SESSION_SECRET;
    if (secret === undefined) continue;
    if (secret.length < shortestSecret) {
      found.push(
        error(
          `SESSION_SECRET in ${file} has ${secret.length} characters and needs ${shortestSecret}.`,
          'Make one with `openssl rand -base64 32`.',
        ),
      );
    }
    values.set(secret, [...(values.get(secret) ?? []), file]);
  }
  for (const files of values.values()) {
    if (files.length < 2) continue;
    found.push(
      error(
        `${files.join(' and ')} share one SESSION_SECRET, so a cookie of one environment is valid in the other.`,
        'Make another one for each with `openssl rand -base64 32`.',
      ),
    );
  }
  for (const { name, vars = {} } of workersOf(built)) {
    if (!('SESSION_SECRET' in vars)) continue;
    found.push(
      error(
        `The wrangler file of ${name} has SESSION_SECRET among its vars, where everybody with the code reads it.`,
        'Remove it there and run `npx wrangler secret put SESSION_SECRET`; `edgewise deploy` does so by itself.',
      ),
    );
  }
  return found;
}

/** Limits of the Workers Free plan. A paid plan has higher ones, so what exceeds them is a warning. */
const free = { cpuMs: 10, size: 3 * 1024 * 1024, crons: 5, files: 20_000, variables: 64 };

function freePlan({ built }: Facts): Finding[] {
  if (!built) return [];
  const found: Finding[] = [];
  const exceeds = (what: string, todo: string) => found.push(warning(`${what} The free plan refuses it.`, todo));
  for (const worker of workersOf(built)) {
    const { name, vars = {} } = worker;
    const cpu = (worker.limits as { cpu_ms?: number } | undefined)?.cpu_ms;
    if (cpu !== undefined && cpu > free.cpuMs) {
      exceeds(
        `${name} asks for ${cpu} ms of CPU time; the free plan has ${free.cpuMs}.`,
        'Remove [limits] from its wrangler file, or use the paid plan.',
      );
    }
    const size = built.sizes[name] ?? 0;
    if (size > free.size)
      exceeds(
        `${name} has ${mebibytes(size)} MiB compressed; the free plan takes 3.`,
        'Import less, or use the paid plan.',
      );
    const migrations = (worker.migrations as readonly { new_classes?: readonly string[] }[] | undefined) ?? [];
    const classes = migrations.flatMap(({ new_classes = [] }) => new_classes);
    if (classes.length > 0) {
      exceeds(
        `${name} has Durable Objects without SQLite (${classes.join(', ')}).`,
        'Before the first deploy, write new_sqlite_classes in place of new_classes. The framework needs SQLite.',
      );
    }
    const crons = (worker.triggers as { crons?: readonly string[] } | undefined)?.crons ?? [];
    if (crons.length > free.crons)
      exceeds(
        `${name} has ${crons.length} cron triggers; the free plan has ${free.crons}.`,
        'Let one trigger do several things.',
      );
    const count = Object.keys(vars).length;
    if (count > free.variables)
      exceeds(
        `${name} has ${count} variables; the free plan has ${free.variables}.`,
        'Put several into one JSON variable.',
      );
  }
  if (built.files > free.files)
    exceeds(`The site has ${built.files} files; the free plan serves ${free.files}.`, 'Put files into R2.');
  return found;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function workersOf(built: Facts['built']): readonly WorkerSettings[] {
  return built ? [built.app, ...built.computes] : [];
}
