import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WranglerServer } from '../../src/wrangler/index.ts';

test('a server that is killed when wrangler runs it and it is not yet up is started once more, by whoever waits for its start', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-server-'));
  const registry = path.join(folder, 'registry');
  // In a folder of its own: wrangler reloads for each change beside its Worker, and would do so for its own state without end.
  const built = path.join(folder, 'built');
  await mkdir(built);
  const config = path.join(built, 'wrangler.json');
  await writeFile(path.join(built, 'worker.js'), "export default { fetch: () => new Response('here') };");
  await writeFile(
    config,
    JSON.stringify({ name: 'early', main: 'worker.js', compatibility_date: '2026-10-01', no_bundle: true }),
  );
  const lines: string[] = [];
  const server = new WranglerServer({
    name: 'compute',
    // Wrangler registers it under its own name, so the test decides when the entry that is waited for appears.
    workers: [{ name: 'late', config }],
    cwd: folder,
    persist: path.join(folder, 'state'),
    registry,
    vars: {},
    supervise: true,
    log: (_server, line) => lines.push(line),
  });
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const entry = path.join(registry, 'early');
  // The registry says that wrangler runs it. A request would disturb the start: wrangler may hold it and never answer.
  const runs = () => existsSync(entry);
  const started = server.start();
  await vi.waitUntil(runs, { timeout: 110_000, interval: 50 });
  const killed = server.pid;
  server.killGroup();
  await rm(entry);
  await vi.waitUntil(() => runs() && server.pid !== killed, { timeout: 110_000, interval: 50 });
  await writeFile(path.join(registry, 'late'), '{}');
  await started;
  expect((await fetch(server.url)).ok).toBe(true);
  expect(lines.filter((line) => /again|try/.test(line))).toEqual([]);
});
