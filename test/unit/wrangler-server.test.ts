import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WranglerServer } from '../../src/wrangler/index.ts';

/** A server of a Worker that wrangler registers as `early`. */
async function make(name: string, lines: string[] = []) {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-server-'));
  const registry = path.join(folder, 'registry');
  // In a folder of its own: wrangler reloads for each change beside its Worker, and would do so for its own state without end.
  const built = path.join(folder, 'built');
  await mkdir(registry);
  await mkdir(built);
  const config = path.join(built, 'wrangler.json');
  await writeFile(path.join(built, 'worker.js'), "export default { fetch: () => new Response('here') };");
  await writeFile(
    config,
    JSON.stringify({ name: 'early', main: 'worker.js', compatibility_date: '2026-10-01', no_bundle: true }),
  );
  const server = new WranglerServer({
    name: 'compute',
    workers: [{ name, config }],
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
  return { server, registry, entry: path.join(registry, 'early') };
}

test('a server is found at once after a run that was killed and has left where it was', async () => {
  const { server, entry } = await make('early');
  await writeFile(entry, JSON.stringify({ debugPortAddress: '127.0.0.1:1', instanceId: 'killed' }));
  await server.start();
  expect(JSON.parse(readFileSync(entry, 'utf8'))).not.toMatchObject({ instanceId: 'killed' });
});

test('a server that is killed when wrangler runs it and it is not yet up is started once more, by whoever waits for its start', async () => {
  const lines: string[] = [];
  // Wrangler registers it under its own name, so the test decides when the entry that is waited for appears.
  const { server, registry, entry } = await make('late', lines);
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
