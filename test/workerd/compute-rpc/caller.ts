// Runs the scenarios of compute-rpc.test.ts inside a Durable Object that binds the compute Worker.

import { DurableObject } from '#platform';
import { systemClock } from '../../../src/clock/index.ts';
import { type ComputeService, run, type TaskHost, taskHost } from '../../../src/tasks/index.ts';
import type * as Tasks from './tasks.ts';

type Service = ComputeService & { bare(): Promise<number> };
type Env = Record<string, Service | undefined> & { CALLER: DurableObjectNamespace };

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const absent = run.tasks<typeof Tasks>('ABSENT');
const unbound = run.tasks<typeof Tasks>('UNBOUND');
const unknown = run.tasks<{ parze(): void }>('COMPUTE');
const foreign = run.tasks<typeof Tasks>('FOREIGN');

async function bench(count: number, fn: () => PromiseLike<unknown>): Promise<number> {
  for (let i = 0; i < count / 5; i++) await fn();
  const began = performance.now();
  for (let i = 0; i < count; i++) await fn();
  return (1_000 * (performance.now() - began)) / count;
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const scenarios: Record<string, (env: Env) => unknown> = {
  noop: () => run.cpuBound(tasks.noop),
  noop2: () => caughtOf(run.cpuBound(tasks.noop)),
  async exotic() {
    const sent = {
      map: new Map([['a', new Set([1n])]]),
      date: new Date(5),
      bytes: new Float64Array([1.5]),
      nothing: undefined,
    };
    const { map, date, bytes, ...others } = await run.cpuBound(tasks.exotic, sent);
    return [[...(map.get('a') ?? [])].map(String), date.getTime(), [...bytes], 'nothing' in others];
  },
  async generator() {
    const job = run.cpuBound(tasks.sum, 1_000);
    const chunks: string[] = [];
    const progress: (number | null)[] = [];
    job.progress.subscribe((value) => progress.push(value));
    for await (const chunk of job.chunks) chunks.push(chunk);
    return { value: await job, chunks, progress, status: job.status.value };
  },
  async stream() {
    const began = Date.now();
    const arrivals: [string, number][] = [];
    for await (const line of run.cpuBound(tasks.lines, 2, 600).chunks) arrivals.push([line, Date.now() - began]);
    return arrivals;
  },
  async cancel() {
    const job = run.cpuBound(tasks.endless, 'cancelled');
    await rest(300);
    const progress = job.progress.value;
    const began = Date.now();
    job.cancel('enough');
    const caught = await caughtOf(job);
    const took = Date.now() - began;
    await rest(200);
    return { progress, caught, took, status: job.status.value, marks: await run.cpuBound(tasks.readMarks) };
  },
  async timeout() {
    const caught = await caughtOf(run.with({ timeout: 150 }).cpuBound(tasks.endless, 'late'));
    await rest(200);
    return { caught, marks: await run.cpuBound(tasks.readMarks) };
  },
  never: () => caughtOf(run.cpuBound(tasks.never)),
  remote: () => caughtOf(run.cpuBound(tasks.parse)),
  argument: () => caughtOf(async () => run.cpuBound(tasks.echo, { rows: [{}, {}, { onClick: () => {} }] })),
  largeArgument: () => caughtOf(async () => run.cpuBound(tasks.echo, new Uint8Array(33 * 1024 * 1024))),
  uncloneable: () => caughtOf(run.cpuBound(tasks.uncloneable)),
  largeResult: () => caughtOf(run.cpuBound(tasks.large, 33 * 1024 * 1024)),
  fits: async () => (await run.cpuBound(tasks.large, 31 * 1024 * 1024)).byteLength,
  unknown: () => caughtOf(run.cpuBound(unknown.parze)),
  unbound: () => caughtOf(run.cpuBound(unbound.noop)),
  absent: () => caughtOf(run.cpuBound(absent.noop)),
  foreign: () => caughtOf(run.cpuBound(foreign.noop)),
  /** Its caller is killed, or the task's process. */
  endless: () => caughtOf(run.cpuBound(tasks.endless, 'killed')),
  async contention() {
    const late: number[] = [];
    let ended = false;
    const job = run.cpuBound(tasks.sum, 3_000).finally(() => {
      ended = true;
    });
    while (!ended) {
      const began = performance.now();
      await rest(5);
      late.push(performance.now() - began - 5);
    }
    await job;
    late.sort((a, b) => a - b);
    return { samples: late.length, p50: late[late.length >> 1], p99: late[Math.floor(late.length * 0.99)] };
  },
  async slicing() {
    const result: Record<string, number> = {};
    for (const kind of ['plain', 'task']) {
      const began = performance.now();
      if (kind === 'plain')
        for (let total = 0, unit = 0; unit < 2_000 && total >= 0; unit++)
          for (let i = 0; i < 200_000; i++) total += i % 10;
      else await run.cpuBound(tasks.sum, 2_000);
      result[kind] = performance.now() - began;
    }
    return result;
  },
  async bench(env) {
    const service = env.COMPUTE as Service;
    const result: Record<string, number[]> = { bare: [], call: [], cpuBound: [] };
    for (let round = 0; round < 5; round++) {
      result.bare?.push(await bench(1_000, () => service.bare()));
      result.call?.push(await bench(1_000, () => service.run({ id: '1', attempt: 1, task: 'noop', args: [] })));
      result.cpuBound?.push(await bench(1_000, () => run.cpuBound(tasks.noop)));
    }
    return Object.fromEntries(Object.entries(result).map(([name, times]) => [name, Math.round(Math.min(...times))]));
  },
  async many() {
    for (let i = 0; i < 60; i++) {
      for await (const _ of run.cpuBound(tasks.lines, 1, 0).chunks);
      await caughtOf(run.cpuBound(tasks.parse));
    }
    return 'done';
  },
};

async function caughtOf(work: PromiseLike<unknown> | (() => PromiseLike<unknown>)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return described(error);
  }
  throw new Error('It succeeded.');
}

function described(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  return {
    ...error,
    name: error.name,
    class: error.constructor.name,
    message: error.message,
    ...(error.cause !== undefined && { cause: described(error.cause) }),
  };
}

export class Caller extends DurableObject<Env> {
  override async fetch(request: Request): Promise<Response> {
    const scenario = scenarios[new URL(request.url).pathname.slice(1)];
    if (!scenario) return new Response(null, { status: 404 });
    const logs: string[] = [];
    const host: TaskHost = {
      clock: systemClock,
      keepAlive: (promise) => this.ctx.waitUntil(promise),
      turn: (fn) => fn(),
      service: (binding) => this.env[binding],
      log: (_level, message) => logs.push(message),
    };
    const result = await taskHost.run(host, async () => await scenario(this.env));
    return Response.json({ result, logs });
  }
}

export default {
  fetch: (request: Request, env: Env) => env.CALLER.get(env.CALLER.idFromName('one')).fetch(request),
};
