import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { limitCpu } from '../../src/wrangler/cpu-limit.ts';

const started = new Set<ChildProcess>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

function start(...command: [string, ...string[]]): ChildProcess {
  const [name, ...args] = command;
  const child = spawn(name, args);
  started.add(child);
  return child;
}

const endless = () => start(process.execPath, '-e', 'for (;;);');

test('a workerd that computes for longer than its limit without an answer is killed', async () => {
  const child = endless();
  const ended = once(child, 'exit');
  let killed = 0;
  let over = false;
  void limitCpu(
    { workerd: () => child.pid, answered: () => new Promise(() => {}), limit: 200 },
    () => over,
    () => killed++,
  );
  expect(await ended).toEqual([null, 'SIGKILL']);
  over = true;
  expect(killed).toBe(1);
});

test('a workerd that computes and answers lives on, and one at rest is not asked', async () => {
  const busy = endless();
  const idle = start('sleep', '600');
  let asked = 0;
  let over = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const limited = Promise.all([
    limitCpu(
      {
        workerd: () => busy.pid,
        async answered() {
          if (++asked === 3) resolve();
        },
        limit: 200,
      },
      () => over,
      () => {},
    ),
    limitCpu(
      { workerd: () => idle.pid, answered: () => Promise.reject(new Error('It was asked.')), limit: 0 },
      () => over,
      () => {},
    ),
  ]);
  await promise;
  over = true;
  await limited;
  expect([busy.exitCode, busy.signalCode, idle.signalCode]).toEqual([null, null, null]);
});
