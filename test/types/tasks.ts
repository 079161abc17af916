// What the compiler must know of tasks. Nothing here runs.

import type { Checkpoint } from '../../src/rpc/index.ts';
import { type Job, run } from '../../src/tasks/index.ts';

declare const module_: {
  plain(a: number, b?: string): boolean;
  later(a: Date): Promise<Map<string, number>>;
  steps(input: { rows: number }): Generator<number | string, { total: number }>;
  stream(): AsyncGenerator<Uint8Array, void>;
  onlyProgress(): Generator<number, bigint>;
  resumable(): Generator<number | Checkpoint<{ row: number }>, string>;
  resumableLines(): AsyncGenerator<string | Checkpoint<number>, void>;
  breathing(): Generator<number | undefined, string>;
  constant: string;
};

const tasks = run.tasks<typeof module_>('COMPUTE');

function expectType<T>(_value: T): void {}

export async function check(): Promise<void> {
  const plain: Job<boolean> = run.cpuBound(tasks.plain, 1);
  expectType<boolean>(await plain);
  expectType<boolean>(await run.cpuBound(tasks.plain, 1, 'b'));
  expectType<Map<string, number>>(await run.cpuBound(tasks.later, new Date()));

  const job = run
    .with({ timeout: '30s', heartbeat: '5s', retries: 3, via: 'service' })
    .cpuBound(tasks.steps, { rows: 1 });
  expectType<{ total: number }>(await job);
  for await (const chunk of job.chunks) expectType<string>(chunk);
  for await (const chunk of run.cpuBound(tasks.stream).chunks) expectType<Uint8Array>(chunk);
  for await (const chunk of run.cpuBound(tasks.onlyProgress).chunks) expectType<never>(chunk);
  expectType<bigint>(await run.cpuBound(tasks.onlyProgress));
  for await (const chunk of run.cpuBound(tasks.resumable).chunks) expectType<never>(chunk);
  for await (const chunk of run.cpuBound(tasks.resumableLines).chunks) expectType<string>(chunk);
  for await (const chunk of run.cpuBound(tasks.breathing).chunks) expectType<never>(chunk);
  expectType<number | null>(job.progress.value);
  // @ts-expect-error: only the framework says how far a job is.
  job.progress.value = 1;

  // @ts-expect-error: the argument is missing.
  run.cpuBound(tasks.plain);
  // @ts-expect-error: a text is no number.
  run.cpuBound(tasks.plain, '1');
  // @ts-expect-error: one argument too many.
  run.cpuBound(tasks.plain, 1, 'b', 2);
  // @ts-expect-error: another shape.
  run.cpuBound(tasks.steps, { columns: 1 });
  // @ts-expect-error: there is no such task.
  run.cpuBound(tasks.missing);
  // @ts-expect-error: not a function, so not a task.
  run.cpuBound(tasks.constant);
  // @ts-expect-error: the function itself is not a handle; it would be bundled.
  run.cpuBound(module_.plain, 1);

  expectType<Response>(await run.ioBound(fetch, 'http://x/'));
  expectType<Response>(await run.ioBound(fetch, 'http://x/', { method: 'POST' }));
  expectType<number>(await run.ioBound(async (a: string) => a.length, 'x'));
  expectType<number>(await run.ioBound((a: string) => a.length, 'x'));
  // @ts-expect-error: a number is no text.
  run.ioBound(async (a: string) => a.length, 1);
  // @ts-expect-error: the argument is missing.
  run.ioBound(async (a: string) => a.length);
  // @ts-expect-error: no such unit.
  run.with({ timeout: '30 parsecs' });
  // @ts-expect-error: no such lane.
  run.with({ via: 'quue' });
  // @ts-expect-error: misspelt.
  run.with({ timeuot: '1s' });
  run.tasks<typeof module_>('COMPUTE', { steps: { via: 'queue', retries: 2 } });
  // @ts-expect-error: there is no such task.
  run.tasks<typeof module_>('COMPUTE', { step: { via: 'queue' } });
  // @ts-expect-error: misspelt.
  run.tasks<typeof module_>('COMPUTE', { steps: { retires: 2 } });
}
