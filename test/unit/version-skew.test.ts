// An application and its compute Workers are deployed one after the other, and a queue holds messages of builds before.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { execute, type TaskModule } from '../../src/compute/runner.ts';
import { type ComputeService, computeStub, type Outcome } from '../../src/rpc/index.ts';
import { Book, Held, TestQueue } from './jobs-kit.ts';

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(console, 'warn').mockImplementation((text) => void warnings.push(String(text)));
});
afterEach(() => void vi.restoreAllMocks());

/** A deployed compute Worker, which a test replaces by another build. */
class Deployed implements ComputeService {
  tasks: TaskModule = {};
  build: string | undefined;

  deploy(build: string | undefined, tasks: TaskModule): void {
    this.build = build;
    this.tasks = tasks;
  }

  async ready(): Promise<void> {}

  async run(call: Parameters<ComputeService['run']>[0]): Promise<Outcome> {
    const thread = { clock: undefined as never, wait: async () => {} };
    return structuredClone((await execute(this.tasks, structuredClone(call), thread, this.build)) as Outcome);
  }
}

/** A session of an application that was built with the compute Worker of build `b2`, whose jobs travel on a lane. */
function scene(lane: 'service' | 'queue') {
  const book = new Book();
  const worker = new Deployed();
  const env = { COMPUTE: worker, EDGEWISE_BUILDS: { COMPUTE: 'b2' } };
  const queue = new TestQueue(book.clock, () => book.jobs.consumer, env as never);
  book.send = queue.send;
  Object.assign(book, { service: computeStub(env, 'COMPUTE') });
  const start = (task = 'summary') => book.start({ lane, task });
  return { book, worker, start };
}

const old = { report: () => 'report' };
const tasks = { ...old, summary: () => 'summary' };

describe.each(['service', 'queue'] as const)('a job of the %s lane', (lane) => {
  test('whose task an old compute Worker lacks says so and waits; it runs when the right build is deployed', async () => {
    const { book, worker, start } = scene(lane);
    worker.deploy('b1', old);
    const job = start();
    await book.advance(40 * 60_000);
    expect(book.row(job.id)).toMatchObject({ attempt: 0, lost: 0 });
    expect(book.logs.join('\n')).toContain(
      'Task "summary" waits for another build of its compute Worker. There is no task "summary" in this compute Worker, ' +
        'which is of build b1. The application was built with b2. Deploy the compute Worker of that build',
    );
    expect(book.logs.length).toBe(1);
    worker.deploy('b2', tasks);
    await book.advance(10_000);
    expect(await job).toBe('summary');
  });

  test('ends with the reason when the right build never comes', async () => {
    const { book, worker, start } = scene(lane);
    worker.deploy('b1', old);
    const job = start();
    const failure = job.then(
      () => 'done',
      (error: unknown) => (error as Error).message,
    );
    await book.advance(70 * 60_000);
    expect(await failure).toMatch(
      /^Task "summary" was given up: its compute service lacked the task for 60 minutes\. .*is of build b1\..*built with b2/,
    );
  });

  test('runs in a compute Worker of another build that has its task', async () => {
    const { book, worker, start } = scene(lane);
    worker.deploy('b1', old);
    const job = start('report');
    await book.advance(5_000);
    expect(await job).toBe('report');
  });

  test.each([
    ['of the same build', 'b2'],
    ['of which nobody knows the build', undefined],
  ])('fails at once when a compute Worker %s lacks its task, because no deployment would help', async (_, build) => {
    const { book, worker, start } = scene(lane);
    worker.deploy(build, old);
    const job = start('sumary');
    const failure = job.then(
      () => 'done',
      (error: unknown) => (error as Error).message,
    );
    await book.advance(5_000);
    expect(await failure).toContain('There is no task "sumary" in this compute Worker.');
  });
});

test('while no builds are known, a service that the application was built with is expected, and no call names a build', async () => {
  const worker = new Deployed();
  worker.deploy(undefined, tasks);
  const stub = computeStub({ COMPUTE: worker, EDGEWISE_BUILDS: { COMPUTE: null } }, 'COMPUTE');
  expect(stub?.expected).toBe(true);
  const call = { id: 'j', attempt: 1, task: 'summary', args: [] };
  expect(await stub?.run(call)).toEqual({ ok: true, value: 'summary' });
  expect(await stub?.run({ ...call, task: 'other' })).toMatchObject({ ok: false, permanent: true });
});

describe('a queue message of another build', () => {
  function consumer() {
    const book = new Book();
    const compute = new Held();
    const queue = new TestQueue(book.clock, () => book.jobs.consumer, { COMPUTE: compute });
    book.send = async () => {};
    const job = book.start({ lane: 'queue' });
    return { book, compute, queue, job };
  }

  test.each([
    ['without the epoch that later builds add', {}],
    ['with fields that this build does not know', { epoch: 0, priority: 'high', v: 9 }],
  ])('%s runs its job', async (_, more) => {
    const { book, compute, queue, job } = consumer();
    await book.advance(100);
    void queue.batch('edgewise-jobs', [{ session: 'session', job: job.id, ...more }]);
    await book.advance(100);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
  });

  test.each([[null], ['text'], [{}], [{ job: 'j' }], [{ session: 7, job: 'j' }], [{ session: '', job: 'j' }]])(
    'that cannot be understood (%j) is dropped with the reason, and the messages beside it run',
    async (body) => {
      const { book, compute, queue, job } = consumer();
      await book.advance(100);
      void queue.batch('edgewise-jobs', [body, { session: 'session', job: job.id }]);
      await book.advance(100);
      await compute.last().done('result');
      await book.advance(100);
      expect(await job).toBe('result');
      expect(warnings).toEqual(['Dropped a message of the queue edgewise-jobs: it names no job.']);
      expect(queue.retried).toEqual([]);
    },
  );

  test('of a job that its session no longer has ends without a further delivery', async () => {
    const { book, queue } = consumer();
    await book.advance(100);
    await queue.batch('edgewise-jobs', [{ session: 'session', job: 'forgotten', epoch: 3 }]);
    expect(queue.acked).toHaveLength(1);
    expect(queue.retried).toEqual([]);
  });
});

test('a plain call names the build that the application expects, where builds are known', () => {
  const runPlain = vi.fn(async () => 1);
  const COMPUTE = { runPlain };
  void computeStub({ COMPUTE, EDGEWISE_BUILDS: { COMPUTE: 'b2' } }, 'COMPUTE')?.runPlain?.('summary', undefined, 1);
  void computeStub({ COMPUTE, EDGEWISE_BUILDS: { COMPUTE: null } }, 'COMPUTE')?.runPlain?.('summary', undefined, 1);
  expect(runPlain.mock.calls).toEqual([
    ['summary', 'b2', 1],
    ['summary', undefined, 1],
  ]);
});
