// Installs the peers outside of the tree, so that the project depends on none of them. What was installed for the same
// pinned versions is used again.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';

const run = promisify(execFile);
/** Milliseconds until an installation counts as failed. */
const patience = 240_000;

/** Installs NiceGUI into a virtual environment and returns the path of its Python. */
export async function installNiceGui(): Promise<string> {
  const place = path.join(import.meta.dirname, 'nicegui');
  const folder = await once('nicegui', path.join(place, 'requirements.txt'), async (target) => {
    await run('python3', ['-m', 'venv', target], { timeout: patience });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const requirements = path.join(place, 'requirements.txt');
    await run(path.join(target, 'bin/python'), [...pip, '--requirement', requirements], { timeout: patience });
  });
  return path.join(folder, 'bin/python');
}

/** Installs the Agents SDK and returns the code of the Worker in bench/peers/agents, bundled with it. */
export async function buildAgents(): Promise<string> {
  const place = path.join(import.meta.dirname, 'agents');
  const folder = await once('agents', path.join(place, 'package-lock.json'), async (target) => {
    await mkdir(target, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) await cp(path.join(place, file), path.join(target, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: target, timeout: patience });
  });
  await cp(path.join(place, 'counter.ts'), path.join(folder, 'counter.ts'));
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, 'counter.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [nodeModules],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Makes a folder unless it was made for the same content of `pinned`. The last thing in it is the sign that it is whole. */
async function once(name: string, pinned: string, make: (folder: string) => Promise<void>): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(pinned))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(tmpdir(), `edgewise-bench-${name}-${digest}`);
  if (existsSync(path.join(folder, 'whole'))) return folder;
  await rm(folder, { recursive: true, force: true });
  await make(folder);
  await mkdir(path.join(folder, 'whole'));
  return folder;
}

/** Leads `require('path')` of an older package to the import of `node:path`, because a Worker has no `require`. */
const nodeModules: Plugin = {
  name: 'node-modules',
  setup(bundler) {
    const filter = new RegExp(`^(${builtinModules.join('|')})$`);
    bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: 'node-modules' }));
    bundler.onLoad({ filter: /.*/, namespace: 'node-modules' }, ({ path }) => ({
      contents: `export * from 'node:${path}'; export { default } from 'node:${path}';`,
    }));
  },
};
