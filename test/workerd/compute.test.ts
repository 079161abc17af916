// The tasks of the examples, through the app's own service binding.

import { expect, test } from 'vitest';
import type * as Tasks from '../../examples/tasks.ts';
import { CancelledError } from '../../src/rpc/index.ts';
import { run, taskHost } from '../../src/tasks/index.ts';
import { host } from './bindings-host.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

function inSession<R>(fn: () => R): R {
  return taskHost.run(host, fn);
}

test('heavyCalculation gives its sum', async () => {
  expect(await inSession(() => run.cpuBound(tasks.heavyCalculation, 0.02))).toBe(20 * 2_700_000);
});

test('[LW3] report tells its sections and its progress', async () => {
  const lines: string[] = [];
  const job = inSession(() => run.cpuBound(tasks.report, { title: 'Primes', sections: 2 }));
  for await (const line of job.chunks) lines.push(line);
  expect(await job).toEqual({ title: 'Primes', primes: 148_933 });
  expect(lines.map((line) => line.slice(0, 10))).toEqual(['Section 1:', 'Section 2:']);
  expect(job.progress.value).toBe(1);
});

test('[JE7] a calculation of minutes is cancelled', async () => {
  const job = inSession(() => run.cpuBound(tasks.heavyCalculation, 100));
  await expect.poll(() => job.progress.value).toBeGreaterThan(0);
  job.cancel();
  await expect(async () => await job).rejects.toThrow(CancelledError);
});
