import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { killServers } from '../../src/cli/kill-servers.ts';
import { claimState, signalGroup } from '../../src/wrangler/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-kill-'));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const { pid } of started) if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts what looks like `wrangler dev` of a Worker, with its workerd below. */
async function wrangler(worker: string): Promise<void> {
  const workerd = `spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '/bin/workerd', 'serve'])`;
  const code = `require('node:child_process').${workerd}; console.log('runs'); setInterval(() => {}, 1000)`;
  const args = ['-e', code, 'wrangler-dist/cli.js', '--config', `dist/${worker}/wrangler.json`, '--port=1', 'dev'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  started.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
}

test('[TO1] npm run kill names each Worker that it has killed, and `compute` stands for all compute Workers', async () => {
  const release = claimState(folder);
  await Promise.all(['app', 'compute', 'media'].map(wrangler));
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void said.push(String(line)));
  killServers(folder, 'compute', 'npm start');
  log.mockRestore();
  release();
  expect(said.map((line) => line.replace(/\d+/, 'N')).sort()).toEqual([
    'Killed the compute server (workerd, process N).',
    'Killed the media server (workerd, process N).',
  ]);
});

test('[TO1] npm run kill finds the servers of another state by --persist, and says so where it finds none', async () => {
  const script = path.resolve(import.meta.dirname, '../../src/cli/kill.ts');
  const run = (cwd: string, ...args: string[]) =>
    spawnSync(process.execPath, [script, ...args], { cwd, encoding: 'utf8' });
  mkdirSync(path.join(folder, 'other'), { recursive: true });
  const release = claimState(path.join(folder, 'other'));
  await wrangler('app');
  expect(run(folder).stderr).toContain('name the state of others: npm run kill -- --persist DIR');
  expect(run(folder, '--persist', 'other', 'app').stdout).toMatch(
    /^Killed the app server \(workerd, process \d+\)\.\n$/,
  );
  release();
});
