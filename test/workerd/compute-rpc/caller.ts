// Runs the scenarios of compute-rpc.test.ts inside a Durable Object that binds the compute Worker.

import { DurableObject } from '#platform';
import { systemClock } from '../../../src/clock/index.ts';
import { type ComputeService, callService, StopSignal } from '../../../src/rpc/index.ts';
import { run, type TaskHost, taskHost } from '../../../src/tasks/index.ts';
import type * as Tasks from './tasks.ts';

type Service = ComputeService & { calls(): Promise<number> };
type Env = Record<string, Service | undefined> & { CALLER: DurableObjectNamespace };

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const absent = run.tasks<typeof Tasks>('ABSENT');
const unbound = run.tasks<typeof Tasks>('UNBOUND');
const unknown = run.tasks<{ parze(): void }>('COMPUTE');
const foreign = run.tasks<typeof Tasks>('FOREIGN');

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
  async phases() {
    const arrivals: [chunk: unknown, at: number][] = [];
    for await (const chunk of run.cpuBound(tasks.phases).chunks) arrivals.push([chunk, Date.now()]);
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
  /** As an attempt after the first one. */
  asked: (env) => outcomeOf(env, 'COMPUTE'),
  askedForeign: (env) => outcomeOf(env, 'FOREIGN'),
  /** Its caller is killed, or the task's process. */
  endless: () => caughtOf(run.cpuBound(tasks.endless, 'killed')),
  /** How often other work got the thread while a task computed. */
  async contention() {
    let turns = 0;
    let ended = false;
    const job = run.cpuBound(tasks.sum, 3_000).finally(() => {
      ended = true;
    });
    for (; !ended; turns++) await rest(5);
    await job;
    return turns;
  },
  async calls(env) {
    const service = env.COMPUTE as Service;
    const callsOf = async (work: () => Promise<unknown>) => {
      const before = await service.calls();
      await work();
      return (await service.calls()) - before;
    };
    return {
      noop: await callsOf(async () => run.cpuBound(tasks.noop)),
      three: await callsOf(() => Promise.all([1, 2, 3].map(() => run.cpuBound(tasks.noop)))),
      failure: await callsOf(() => caughtOf(run.cpuBound(tasks.parse))),
    };
  },
  async many() {
    for (let i = 0; i < 60; i++) {
      for await (const _ of run.cpuBound(tasks.lines, 1, 0).chunks);
      await caughtOf(run.cpuBound(tasks.parse));
    }
    return 'done';
  },
};

/** What an attempt of a no-op gives that asks first whether the service is there. */
async function outcomeOf(env: Env, binding: string): Promise<unknown> {
  return await callService({
    service: env[binding],
    binding,
    call: { id: '1', attempt: 2, task: 'noop', args: [] },
    clock: systemClock,
    heartbeat: null,
    ask: true,
    stop: new StopSignal(),
    async reported() {},
  }).catch(described);
}

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
      opens: () => () => {},
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
