import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const wrangler = path.join(root, 'node_modules/wrangler/bin/wrangler.js');

/** Bundles what `wrangler deploy` would upload; answers what it says of it, and the files. */
async function deploy(config: string): Promise<{ readonly said: string; readonly files: readonly string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-deploy-'));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [wrangler, 'deploy', '--dry-run', '--config', config, '--outdir', folder],
      { cwd: root, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', FORCE_COLOR: '0' } },
    );
    return { said: stdout, files: await readdir(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('what is deployed is two bundles: the application, which binds its objects, its queue and compute, and compute, which binds nothing', async () => {
  const app = await deploy('wrangler.toml');
  for (const binding of ['env.SESSION', 'env.SHARED', 'env.JOBS', 'env.COMPUTE', 'env.ASSETS']) {
    expect(app.said).toContain(binding);
  }
  expect(app.files).toContain('app.js');
  const compute = await deploy('wrangler.compute.toml');
  expect(compute.said).toContain('No bindings found');
  expect(compute.files).toContain('compute.js');
});
