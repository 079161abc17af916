// App and compute as two processes joined by the dev registry, as `npm start` runs them.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let registry: string;
let caller: Server;
let callee: Server;
const servers = new Set<Server>();

interface Server {
  readonly url: string;
  readonly process: ChildProcess;
}

beforeAll(async () => {
  registry = await mkdtemp(path.join(tmpdir(), 'edgewise-registry-'));
  caller = await start('caller.toml');
});

afterAll(async () => {
  for (const server of servers) kill(server);
  await rm(registry, { recursive: true, force: true });
});

/** A process group of its own, so that a kill reaches workerd as well. */
function start(config: string): Promise<Server> {
  const bin = path.join(root, 'node_modules/.bin');
  const process_ = spawn(
    path.join(bin, 'wrangler'),
    [
      'dev',
      '-c',
      path.join(import.meta.dirname, '../workerd/compute-rpc', config),
      '--port',
      '0',
      '--inspector-port',
      '0',
    ],
    {
      cwd: root,
      detached: true,
      env: {
        ...process.env,
        PATH: `${bin}:${process.env.PATH}`,
        WRANGLER_REGISTRY_PATH: registry,
        WRANGLER_SEND_METRICS: 'false',
        CI: '1',
      },
    },
  );
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (data: Buffer) => {
      output += data.toString();
      const url = /Ready on (http:\/\/[^\s]+)/.exec(output)?.[1];
      if (!url) return;
      process_.stdout.off('data', read).resume(); // nobody reads on, but a full pipe would stop it
      process_.stderr.off('data', read).resume();
      const server = { url, process: process_ };
      servers.add(server);
      resolve(server);
    };
    process_.stdout.on('data', read);
    process_.stderr.on('data', read);
    process_.once('exit', () => reject(new Error(`wrangler dev -c ${config} ended:\n${output}`)));
  });
}

function kill(server: Server): void {
  servers.delete(server);
  try {
    if (server.process.pid !== undefined) process.kill(-server.process.pid, 'SIGKILL');
  } catch {
    // It had ended by itself.
  }
}

async function play(scenario: string): Promise<unknown> {
  const response = await fetch(`${caller.url}/${scenario}`);
  return ((await response.json()) as { result: unknown }).result;
}

/** The registry is read from files, so a process appears and disappears a moment late. */
async function eventually(scenario: string, expected: (result: unknown) => boolean): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    const result = await play(scenario).catch((error: unknown) => error);
    if (expected(result) || tries === 100) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The processes of a server: wrangler and its two workerds. */
function pids(server: Server): { pid: string; stat: string[] }[] {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const stat = line.slice(line.lastIndexOf(')') + 2).split(' ');
      if (stat[2] === String(server.process.pid)) found.push({ pid, stat });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

function openFiles(server: Server): number {
  return pids(server).reduce((sum, { pid }) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}

/** Seconds of processor time that a server uses while `ms` pass. */
async function busyFor(server: Server, ms: number): Promise<number> {
  const used = () => pids(server).reduce((sum, { stat }) => sum + Number(stat[11]) + Number(stat[12]), 0) / 100;
  const before = used();
  await new Promise((resolve) => setTimeout(resolve, ms));
  return used() - before;
}

test('a compute process that is not running, is running, is killed in the middle of a call, and is back', async () => {
  expect(await play('noop2')).toMatchObject({
    class: 'ServiceError',
    retryable: true,
    message: expect.stringContaining('Start it with `edgewise dev`'),
  });

  expect(await play('asked')).toMatchObject({ class: 'ServiceError', absent: true });

  callee = await start('callee.toml');
  expect(await eventually('noop', (result) => result === 1)).toBe(1);

  const endless = play('endless');
  await new Promise((resolve) => setTimeout(resolve, 500));
  kill(callee);
  await rm(path.join(registry, 'tasks-test-callee')); // it would keep a new process out for 90 s; `npm start` does the same
  expect(await endless).toMatchObject({
    class: 'ServiceError',
    retryable: true,
    message: expect.stringContaining('Task "endless" was lost with its compute Worker'),
  });

  callee = await start('callee.toml');
  expect(await eventually('noop', (result) => result === 1)).toBe(1);
});

test('calls leave no connection behind', async () => {
  await play('many');
  const before = openFiles(caller);
  await play('many');
  await play('many');
  expect(openFiles(caller) - before).toBeLessThan(20);
});

test('a task whose caller is killed stops', async () => {
  play('endless').catch(() => {});
  const used = { interval: 0 };
  await expect.poll(() => busyFor(callee, 500), used).toBeGreaterThan(0.05);
  kill(caller);
  await expect.poll(() => busyFor(callee, 500), used).toBeLessThan(0.03);
});
