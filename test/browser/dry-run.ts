import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');

/** What `wrangler deploy --dry-run` would upload. */
export interface Upload {
  /** What it says of it. */
  readonly said: string;
  /** Size of the upload in KiB, compressed, as the platform counts it. */
  readonly size: number;
}

/** Bundles what `wrangler deploy` would upload. */
export async function dryRun(config: string): Promise<Upload & { readonly files: readonly string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-deploy-'));
  try {
    const said = await wrangler(config, ['deploy', '--dry-run', '--outdir', folder]);
    return { said, size: sizeIn(said), files: await readdir(folder, { recursive: true }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Does the same, and starts it. `startUp` is in milliseconds of a processor. Those of a deployed Worker may be 1,000. What
 * other processes take of the processor counts too, so one that takes more than `most` is started up to three times.
 */
export async function dryStart(config: string, most: number, more = 2): Promise<Upload & { readonly startUp: number }> {
  const started = await startOnce(config);
  return started.startUp < most || more === 0 ? started : dryStart(config, most, more - 1);
}

async function startOnce(config: string): Promise<Upload & { readonly startUp: number }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-startup-'));
  const file = path.join(folder, 'startup.cpuprofile');
  try {
    // It makes the dry run itself, and says so only in its debug log.
    const said = await wrangler(
      config,
      ['check', 'startup', `--args=--config ${path.basename(config)}`, '--outfile', file],
      'debug',
    );
    const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as Profile;
    const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id));
    const startUp = samples.reduce((sum, node, at) => sum + (idle.has(node) ? 0 : (timeDeltas[at] ?? 0) / 1_000), 0);
    return { said, size: sizeIn(said), startUp };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sizeIn(said: string): number {
  return Number(/Total Upload: .* gzip: ([\d.]+) KiB/.exec(said)?.[1]);
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

async function wrangler(config: string, args: readonly string[], log = 'log'): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, 'node_modules/wrangler/bin/wrangler.js'), ...args, '--config', path.basename(config)],
    {
      cwd: path.dirname(config),
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: log, FORCE_COLOR: '0' },
    },
  );
  return stdout;
}
