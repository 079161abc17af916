import { describe, expect, test, vi } from 'vitest';
import { checkpoint, resumed } from '../../src/compute/index.ts';
import { ContextKey } from '../../src/context/index.ts';
import {
  CancelledError,
  type Checkpoint,
  type Observer,
  ServiceError,
  TaskError,
  TimeoutError,
  taskLimits,
} from '../../src/rpc/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { settle } from './tasks-clock.ts';
import { HeldService, TestHost } from './tasks-host.ts';

const examples = {
  double: (n: number) => n * 2,
  later: async (n: number) => n + 1,
  *count(n: number): Generator<number | string, string> {
    for (let i = 0; i < n; i++) {
      yield `line ${i}`;
      yield i / n;
    }
    return 'counted';
  },
  fail(): never {
    throw Object.assign(new RangeError('no room', { cause: new Error('inner') }), { shelf: 7 });
  },
};

function local() {
  return { host: new TestHost({ COMPUTE: examples }), tasks: run.tasks<typeof examples>('COMPUTE') };
}

function held() {
  const host = new TestHost();
  const service = new HeldService();
  host.services.set('COMPUTE', service);
  return { host, service, tasks: run.tasks<typeof examples>('COMPUTE') };
}

async function caught(promise: PromiseLike<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It succeeded.');
}

describe('cpuBound', () => {
  test('a job is awaitable: a plain function, an async function and a generator give what they return', async () => {
    const { host, tasks } = local();
    expect(await host.run(() => run.cpuBound(tasks.double, 21))).toBe(42);
    expect(await host.run(() => run.cpuBound(tasks.later, 1))).toBe(2);
    expect(await host.run(() => run.cpuBound(tasks.count, 2))).toBe('counted');
    expect(await host.run(() => Promise.all([run.cpuBound(tasks.double, 1), run.cpuBound(tasks.double, 2)]))).toEqual([
      2, 4,
    ]);
  });

  test('code after the await goes on in its own scope', async () => {
    const { host, service, tasks } = held();
    const key = new ContextKey<string>('test');
    const seen = key.run('mine', () =>
      host.run(async () => {
        await run.cpuBound(tasks.double, 1);
        return key.get();
      }),
    );
    key.run('other', () => service.at(0).answer.resolve({ ok: true, value: 1 }));
    expect(await seen).toBe('mine');
  });

  test('a call accepts an answer that is its result, and one of a compute Worker that knows only outcomes', async () => {
    const { host, tasks } = held();
    const call = () => host.run(() => run.cpuBound(tasks.double, 2));
    for (const value of [4, '', false, null, undefined]) {
      const runPlain = vi.fn(async () => value as unknown);
      host.services.set('COMPUTE', { run: () => Promise.reject(new Error('not this one')), runPlain });
      expect(await call()).toBe(value);
      expect(runPlain).toHaveBeenCalledWith('double', undefined, 2);
      const outcome = async () => ({ ok: true, value }) as const;
      host.services.set('COMPUTE', { run: outcome, runPlain: outcome });
      expect(await call()).toBe(value);
      runPlain.mockRejectedValue(new Error('The RPC receiver does not implement the method "runPlain".'));
      host.services.set('COMPUTE', { run: outcome, runPlain });
      expect(await call()).toBe(value);
    }
  });

  test('an attempt after a checkpoint is no plain call, because it has more than arguments', async () => {
    const { host, tasks } = held();
    const follow = async (observer: Observer) => {
      await observer({ chunks: [], size: 0, checkpoint: { value: 3, after: 0 } });
      throw new Error('Network connection lost.');
    };
    host.services.set('COMPUTE', {
      run: async ({ checkpoint }) => ({ ok: true, value: checkpoint?.value }),
      runPlain: async () => ({ running: { follow, cancel: async () => {} } }),
    });
    const job = host.run(() => run.with({ retries: 1 }).cpuBound(tasks.double, 2));
    await host.clock.advance(1_000);
    expect(await job).toBe(3);
  });

  test('status and progress are signals: waiting, running, done; progress is 1 when done', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.count, 2));
    expect([job.status.value, job.progress.value]).toEqual(['running', null]);
    await service.at(0).goOn();
    await service.at(0).observer?.({ progress: 0.4, chunks: [], size: 0 });
    expect(job.progress.value).toBe(0.4);
    service.at(0).outcome.resolve({ ok: true, value: 'counted' });
    expect(await job).toBe('counted');
    expect([job.status.value, job.progress.value]).toEqual(['done', 1]);
    expect(service.at(0).disposed).toBe(1);
  });

  test('every write of a signal is part of a turn', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.count, 2));
    expect(job.status.value).toBe('running');
    const before = host.turns;
    await service.at(0).goOn();
    await service.at(0).observer?.({ progress: 0.4, chunks: ['a'], size: 1 });
    expect(host.turns).toBe(before + 1);
    service.at(0).outcome.resolve({ ok: true, value: '' });
    await job;
    expect(host.turns).toBe(before + 2);
  });

  test('progress never goes back within an attempt, and starts again with the next', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.with({ retries: 1 }).cpuBound(tasks.count, 2));
    await service.at(0).goOn();
    await service.at(0).observer?.({ progress: 0.8, chunks: [], size: 0 });
    await service.at(0).observer?.({ progress: 0.3, chunks: [], size: 0 });
    expect(job.progress.value).toBe(0.8);
    service.at(0).outcome.reject(new Error('Network connection lost.'));
    await host.clock.advance(taskLimits.backoff.first);
    expect(service.calls.map(({ call }) => call.attempt)).toEqual([1, 2]);
    expect(job.progress.value).toBe(null);
    service.at(1).answer.resolve({ ok: true, value: 'counted' });
    expect(await job).toBe('counted');
  });

  test('[LW3] chunks arrive in order and none is lost; a later loop sees them from the first on', async () => {
    const { host, tasks } = local();
    const job = host.run(() => run.cpuBound(tasks.count, 3));
    const lines: string[] = [];
    for await (const line of job.chunks) lines.push(line);
    expect(lines).toEqual(['line 0', 'line 1', 'line 2']);
    expect(await job).toBe('counted');
    const again: string[] = [];
    for await (const line of job.chunks) again.push(line);
    expect(again).toEqual(lines);
  });

  test('[LW3] a loop over chunks throws what the job throws, after the last chunk', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.count, 3));
    const lines: string[] = [];
    const loop = caught(
      (async () => {
        for await (const line of job.chunks) lines.push(line);
      })(),
    );
    await service.at(0).goOn();
    await service.at(0).observer?.({ chunks: ['a', 'b'], size: 2 });
    service
      .at(0)
      .outcome.resolve({ ok: false, permanent: false, error: { name: 'Error', message: 'broken', own: {} } });
    expect((await loop).message).toBe('broken');
    expect(lines).toEqual(['a', 'b']);
  });

  test('a slow reader holds the next report back; without a reader the oldest chunks give way', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.count, 3));
    await service.at(0).goOn();
    const batch = Array.from({ length: 1_000 }, (_, index) => String(index));
    for (let i = 0; i < 12; i++) await service.at(0).observer?.({ chunks: batch, size: 1_000 });

    const reader = job.chunks[Symbol.asyncIterator]();
    await reader.next();
    let answered = 0;
    for (let i = 0; i < 4; i++)
      void service
        .at(0)
        .observer?.({ chunks: batch, size: 1_000 })
        .then(() => answered++);
    await settle();
    expect(answered).toBe(0);
    let read = 1;
    for (; read < 13_000; read++) await reader.next();
    await settle();
    expect(answered).toBe(4);
    service.at(0).outcome.resolve({ ok: true, value: '' });
    while (!(await reader.next()).done) read++;
    expect(read).toBe(14_000); // 12,000 had come before, of which 10,000 were kept
  });

  test('[JE7] cancel: the caller gets CancelledError at once, the far side is told, late reports and the outcome change nothing', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.count, 3));
    await service.at(0).goOn();
    job.cancel('enough');
    expect(job.status.value).toBe('cancelled');
    const error = await caught(job);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error.message).toBe('Task "count" was cancelled: enough.');
    expect(service.at(0).cancelled).toBe(1);
    await service.at(0).observer?.({ progress: 0.9, chunks: ['late'], size: 4 });
    service.at(0).outcome.resolve({ ok: true, value: 'late' });
    await settle();
    expect([job.status.value, job.progress.value]).toEqual(['cancelled', null]);
    expect(service.at(0).disposed).toBe(1);
    job.cancel('again');
    expect(host.logs).toEqual([]);
  });

  test('[JE7] cancel before the service has answered is passed on when it does', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.count, 3));
    job.cancel();
    await caught(job);
    await service.at(0).goOn();
    expect(service.at(0).cancelled).toBe(1);
  });

  test('[JE7] cancel after the end does nothing', async () => {
    const { host, tasks } = local();
    const job = host.run(() => run.cpuBound(tasks.double, 1));
    await job;
    job.cancel();
    expect(job.status.value).toBe('done');
    expect(await job).toBe(2);
  });

  test('[JE7] a signal of the caller cancels too, and its reason is the cause', async () => {
    const { host, tasks } = held();
    const controller = new AbortController();
    const job = host.run(() => run.with({ signal: controller.signal }).cpuBound(tasks.double, 1));
    controller.abort(new Error('left the page'));
    const error = await caught(job);
    expect([error.name, (error.cause as Error).message]).toEqual(['CancelledError', 'left the page']);
    const { host: other, service } = held();
    const never = other.run(() => run.with({ signal: controller.signal }).cpuBound(tasks.double, 1));
    expect((await caught(never)).name).toBe('CancelledError');
    expect(service.calls).toEqual([]);
  });

  test('[JE5] a timeout ends the attempt with a TimeoutError that says how long and what to try', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.with({ timeout: '30s' }).cpuBound(tasks.count, 3));
    await service.at(0).goOn();
    const error = caught(job);
    await host.clock.advance(29_999);
    expect(job.status.value).toBe('running');
    await host.clock.advance(1);
    expect(await error).toBeInstanceOf(TimeoutError);
    expect((await error).message).toBe(
      `Task "count" took longer than 30 s and was stopped. Give it more with run.with({ timeout: '60s' }), or repeat it with run.with({ retries: 1 }).`,
    );
    expect(job.status.value).toBe('timedOut');
    expect(service.at(0).cancelled).toBe(1);
    expect(host.clock.pending).toBe(0);
  });

  test('[JE5] every job ends: without a timeout of its own after 15 minutes', async () => {
    const { host, tasks } = held();
    const error = caught(host.run(() => run.cpuBound(tasks.count, 3)));
    await host.clock.advance(15 * 60_000);
    expect((await error).message).toContain('took longer than 15 minutes');
  });

  test('[JE9] an error of the task keeps name, message, cause, own properties and remote stack', async () => {
    const { host, tasks } = local();
    const error = (await caught(host.run(() => run.cpuBound(tasks.fail)))) as TaskError & { shelf: number };
    expect(error).toBeInstanceOf(TaskError);
    expect([error.name, error.message, error.task, error.shelf]).toEqual(['RangeError', 'no room', 'fail', 7]);
    expect(error.cause).toBeInstanceOf(Error);
    expect((error.cause as Error).message).toBe('inner');
    expect(error.remoteStack).toContain('tasks.test.ts');
  });

  test('[JE9] a remote error cannot set a prototype or what TaskError says itself', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.fail));
    const own = JSON.parse('{"__proto__": {"polluted": 1}, "task": "forged", "message": "forged"}');
    service.at(0).answer.resolve({ ok: false, permanent: false, error: { name: 'E', message: 'm', own } });
    const error = (await caught(job)) as TaskError;
    expect(error).toBeInstanceOf(TaskError);
    expect([error.task, error.message, 'polluted' in error]).toEqual(['fail', 'm', false]);
  });

  test('[JE9] an argument that cannot be cloned is a TypeError that names its path; nothing is sent', async () => {
    const { host, service } = held();
    const tasks = run.tasks<{ draw(...args: unknown[]): void }>('COMPUTE');
    const error = await caught(
      host.run(async () => await run.cpuBound(tasks.draw, { rows: [{}, { onClick: () => {} }] })),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('args[0].rows[1].onClick is a function');
    expect(service.calls).toEqual([]);
  });

  test('[JE9] arguments above 32 MiB are a RangeError that names the size, the limit and a way out', async () => {
    const { host, service } = held();
    const tasks = run.tasks<{ draw(...args: unknown[]): void }>('COMPUTE');
    const error = await caught(host.run(async () => await run.cpuBound(tasks.draw, new Uint8Array(33 * 1024 * 1024))));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toContain('are 33.0 MiB, and a call between Workers carries at most 32.0 MiB');
    expect(error.message).toContain('R2');
    expect(service.calls).toEqual([]);
  });

  test('a service that is not bound, not running, lost, or not ours says what to do', async () => {
    const { host, tasks } = held();
    const unbound = run.tasks<typeof examples>('MEDIA');
    const missing = await caught(host.run(() => run.cpuBound(unbound.double, 1)));
    expect(missing).toBeInstanceOf(ServiceError);
    expect(missing.message).toContain('[[services]]\nbinding = "MEDIA"');

    for (const [platform, sentence] of [
      ['Worker "x" not found. Make sure it is running locally.', 'Start it with `edgewise dev`'],
      ['Network connection lost.', 'Task "double" was lost with its compute Worker'],
      ['The RPC receiver does not implement the method "run".', 'export default compute(tasks)'],
      ['Worker exceeded CPU time limit.', 'Raise limits.cpu_ms'],
      ['Worker has exceeded memory limit.', 'yield checkpoint(…)'],
      ["detected that your Worker's code had hung and would", 'can no longer happen'],
      ['Serialized RPC arguments or return values are limited to 32MiB, but', 'R2'],
      ['something new', 'failed while it ran task "double": something new'],
    ] as const) {
      host.services.set('COMPUTE', { run: () => Promise.reject(new Error(platform)) });
      const error = await caught(host.run(() => run.cpuBound(tasks.double, 1)));
      expect(error.message).toContain(sentence);
      expect((error.cause as Error).message).toBe(platform);
    }
  });

  test('[JE3] retries: again after an error or a timeout, never after a mistake or an error that says it is final', async () => {
    const attempts = async (outcome: () => Promise<never>) => {
      const host = new TestHost();
      let calls = 0;
      host.services.set('COMPUTE', {
        run: () => {
          calls++;
          return outcome();
        },
      });
      const tasks = run.tasks<typeof examples>('COMPUTE');
      const error = caught(host.run(() => run.with({ retries: 2 }).cpuBound(tasks.double, 1)));
      await host.clock.advance(120_000);
      await error;
      return calls;
    };
    expect(await attempts(() => Promise.reject(new Error('Network connection lost.')))).toBe(3);
    expect(await attempts(() => Promise.reject(new Error('does not implement the method "run"')))).toBe(1);
    const answered =
      (permanent: boolean, own = {}) =>
      async () =>
        ({ ok: false, permanent, error: { name: 'E', message: '', own } }) as never;
    expect(await attempts(answered(false))).toBe(3);
    expect(await attempts(answered(true))).toBe(1);
    expect(await attempts(answered(false, { retryable: false }))).toBe(1);
  });

  test('[JE3] pauses between attempts are random below a bound that doubles, up to a cap', async () => {
    const host = new TestHost();
    const times: number[] = [];
    host.services.set('COMPUTE', {
      run: () => {
        times.push(host.clock.now());
        return Promise.reject(new Error('Network connection lost.'));
      },
    });
    const tasks = run.tasks<typeof examples>('COMPUTE');
    const error = caught(host.run(() => run.with({ retries: 10 }).cpuBound(tasks.double, 1)));
    await host.clock.advance(1_000_000);
    await error;
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
  });

  test('a job that fails while nothing awaits it is logged, not lost', async () => {
    const { host, tasks } = local();
    host.run(() => void run.cpuBound(tasks.fail));
    await settle();
    expect(host.logs).toEqual(['Task "fail" failed, and nothing awaits it.']);
  });

  test('[BD1] at most 32 jobs of a session run at once, the others know their place in line; a cancelled one leaves it', async () => {
    const { host, service, tasks } = held();
    const jobs = host.run(() => Array.from({ length: 35 }, () => run.cpuBound(tasks.double, 1)));
    expect(service.calls.length).toBe(32);
    expect(jobs.map(({ status }) => status.value).filter((status) => status === 'waiting').length).toBe(3);
    expect(jobs.slice(31).map(({ position }) => position.value)).toEqual([0, 1, 2, 3]);
    jobs[32]?.cancel();
    await caught(jobs[32] as PromiseLike<unknown>);
    service.at(5).answer.resolve({ ok: true, value: 1 });
    await jobs[5];
    await settle();
    expect(jobs.slice(32).map(({ status }) => status.value)).toEqual(['cancelled', 'running', 'waiting']);
    expect(jobs.slice(32).map(({ position }) => position.value)).toEqual([0, 0, 1]);
  });

  test('[BD1] more than 1,000 waiting calls are refused', async () => {
    const { host, tasks } = held();
    const jobs = host.run(() => Array.from({ length: 32 + 1_001 }, () => run.cpuBound(tasks.double, 1)));
    expect((await caught(jobs[32 + 1_000] as PromiseLike<unknown>)).message).toContain(
      '1000 calls of this session already wait for one of 32 places',
    );
  });

  test('[JE5] without rows too, the wait and the whole call have their time', async () => {
    const { host, service, tasks } = held();
    const whole = host.run(() => run.with({ totalTimeout: '5s', timeout: '2s', retries: 9 }).cpuBound(tasks.double, 1));
    host.run(() => Array.from({ length: 31 }, () => run.cpuBound(tasks.double, 1)));
    const late = host.run(() => run.with({ startTimeout: '1s' }).cpuBound(tasks.double, 1));
    const patient = host.run(() => run.with({ startTimeout: '10s' }).cpuBound(tasks.double, 2));
    const errors = Promise.all([caught(whole), caught(late)]);
    await host.clock.advance(1_000);
    expect([late.status.value, patient.position.value]).toEqual(['timedOut', 1]);
    await host.clock.advance(4_000);
    expect(whole.status.value).toBe('timedOut');
    expect((await errors).map(({ message }) => message)).toEqual([
      'Task "double" took longer than 5 s and was stopped. The option totalTimeout limits all its attempts and pauses together.',
      'Task "double" took longer than 1 s and was stopped. The option startTimeout limits the wait for the first attempt, which never began.',
    ]);
    // Its place is free, and what was given up does not come back.
    expect(patient.status.value).toBe('running');
    const calls = service.calls.length;
    await host.clock.advance(60_000);
    expect(service.calls).toHaveLength(calls);
    expect(patient.status.value).toBe('running');
  });

  test('[JE5] with a heartbeat a task that yields the same again is alive; one that is stuck is not, and retries decide', async () => {
    let begun = 0;
    const waiting = {
      async *repeats(): AsyncGenerator<number, string> {
        for (let second = 0; second < 60; second++) {
          await new Promise<void>((resolve) => host.clock.after(1_000, resolve));
          yield 0.5;
        }
        return 'alive';
      },
      async *sticks(): AsyncGenerator<number, string> {
        yield 0.1;
        if (++begun < 3) await new Promise(() => {});
        return 'at last';
      },
    };
    const host: TestHost = new TestHost({ COMPUTE: waiting });
    const tasks = run.tasks<typeof waiting>('COMPUTE', { sticks: { heartbeat: '5s' } });
    const repeats = host.run(() => run.with({ heartbeat: '5s' }).cpuBound(tasks.repeats));
    const sticks = host.run(() => run.with({ retries: 2 }).cpuBound(tasks.sticks));
    const once = host.run(() => run.with({ retries: 0 }).cpuBound(tasks.sticks));
    const error = caught(once);
    for (let second = 0; second < 70; second++) await host.clock.advance(1_000);
    expect(await repeats).toBe('alive');
    expect([await sticks, sticks.attempt.value]).toEqual(['at last', 2]);
    expect((await error).message).toContain('Task "sticks" sent no heartbeat for 5 s and was stopped.');
    expect(host.clock.pending).toBe(0);
    expect(() => run.with({ heartbeat: '4s' })).toThrow('The option heartbeat of run.with must be at least 5 seconds');
  });

  test('[JE8] without rows too, the next attempt has the checkpoint, and no chunk comes twice', async () => {
    const begun: unknown[] = [];
    const rows = {
      *rows(): Generator<string | Checkpoint<number>, string> {
        const from = resumed<number>() ?? 0;
        begun.push(from);
        for (let row = from; row < 4; row++) {
          yield `row ${row}`;
          if (row === 1) yield checkpoint(2);
          if (row === 2 && begun.length < 3) throw new Error('torn');
        }
        return 'end';
      },
    };
    const host = new TestHost({ COMPUTE: rows });
    const tasks = run.tasks<typeof rows>('COMPUTE');
    const job = host.run(() => run.with({ retries: 2 }).cpuBound(tasks.rows));
    const lines: string[] = [];
    const loop = (async () => {
      for await (const line of job.chunks) lines.push(line);
    })();
    for (let second = 0; second < 60; second++) await host.clock.advance(1_000);
    await loop;
    expect(begun).toEqual([0, 2, 2]);
    expect(lines).toEqual(['row 0', 'row 1', 'row 2', 'row 3']);
    expect(job.attempt.value).toBe(3);
  });

  test('[JE8] without rows too, an attempt shows the progress of its checkpoint from its beginning', async () => {
    const begun: unknown[] = [];
    const halves = {
      *halves(): Generator<number | Checkpoint<number>, string> {
        const from = resumed<number>();
        if (from === undefined) {
          yield 0.5;
          yield checkpoint(1);
          throw new Error('torn');
        }
        begun.push(job.progress.value);
        return 'end';
      },
    };
    const host = new TestHost({ COMPUTE: halves });
    const tasks = run.tasks<typeof halves>('COMPUTE');
    const job = host.run(() => run.with({ retries: 1 }).cpuBound(tasks.halves));
    for (let second = 0; second < 60; second++) await host.clock.advance(1_000);
    expect([begun, job.attempt.value, job.status.value]).toEqual([[0.5], 2, 'done']);
  });

  test('what only a kept job can do is refused with durable: false, wherever each was said', () => {
    const { host } = held();
    const tasks = run.tasks<typeof examples>('COMPUTE', { later: { via: 'queue' } });
    const { double, later } = tasks;
    const passing = run.with({ durable: false });
    const refusals: [call: () => unknown, words: string][] = [
      [() => passing.with({ key: 'a' }).cpuBound(double, 1), 'durable: false cannot have a key'],
      [() => passing.with({ cancelOnLeave: true }).cpuBound(double, 1), 'durable: false cannot have cancelOnLeave'],
      [() => passing.cpuBound(later, 1), "durable: false cannot have via: 'queue'"],
    ];
    for (const [call, words] of refusals) expect(() => host.run(call)).toThrow(words);
    host.run(() => passing.with({ cancelOnLeave: false, via: 'service' }).cpuBound(double, 1).cancel());
  });

  test('the host is kept alive until the job has ended, and holds nothing after it', async () => {
    const { host, service, tasks } = held();
    const job = host.run(() => run.cpuBound(tasks.double, 1));
    expect(host.kept.size).toBe(1);
    service.at(0).answer.resolve({ ok: true, value: 1 });
    await job;
    await settle();
    expect([host.kept.size, host.clock.pending]).toEqual([0, 0]);
  });

  test('what retains the host is the timer of a call, or the call itself when it has no timeout', async () => {
    const { host, tasks } = held();
    const timed = host.run(() => run.cpuBound(tasks.double, 1));
    expect([host.held.size, host.clock.pending]).toEqual([0, 1]);
    const endless = host.run(() => run.with({ timeout: Infinity }).cpuBound(tasks.double, 1));
    expect([host.held.size, host.clock.pending]).toEqual([1, 1]);
    timed.cancel();
    endless.cancel();
    await settle();
    expect([host.held.size, host.kept.size, host.clock.pending]).toEqual([0, 0, 0]);
  });

  test('outside of a session the error says where to call it', () => {
    const tasks = run.tasks<typeof examples>('COMPUTE');
    expect(() => run.cpuBound(tasks.double, 1)).toThrow('run.cpuBound needs a session');
  });
});

describe('ioBound', () => {
  test('gives the value, and the original error', async () => {
    const host = new TestHost();
    expect(await host.run(() => run.ioBound(async (a: number, b: number) => a + b, 1, 2))).toBe(3);
    expect(await host.run(() => run.ioBound((a: number) => a, 1))).toBe(1);
    const original = new TypeError('original');
    expect(await caught(host.run(() => run.ioBound(() => Promise.reject(original))))).toBe(original);
    const thrower = () => {
      throw original;
    };
    expect(await caught(host.run(() => run.ioBound(thrower)))).toBe(original);
  });

  test('run.signal aborts on cancel, timeout and the own signal; it is undefined outside', async () => {
    for (const end of ['cancel', 'timeout', 'signal'] as const) {
      const host = new TestHost();
      const controller = new AbortController();
      let signal: AbortSignal | undefined;
      const job = host.run(() =>
        run.with({ timeout: 50, signal: controller.signal }).ioBound(async () => {
          await Promise.resolve();
          signal = run.signal;
          await new Promise(() => {});
        }),
      );
      const error = caught(job);
      await settle();
      expect(signal?.aborted).toBe(false);
      if (end === 'cancel') job.cancel();
      if (end === 'signal') controller.abort();
      if (end === 'timeout') await host.clock.advance(50);
      expect((await error).name).toBe(end === 'timeout' ? 'TimeoutError' : 'CancelledError');
      expect(signal?.aborted).toBe(true);
      expect(signal?.reason).toBe(await error);
      expect(job.status.value).toBe(end === 'timeout' ? 'timedOut' : 'cancelled');
    }
    expect(run.signal).toBe(undefined);
  });

  test('fetch gets the signal by itself, merged with the one it has', async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const fake = vi.fn((_url: string, init?: RequestInit) => {
      signals.push(init?.signal);
      return new Promise<Response>((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason), { once: true }),
      );
    });
    vi.stubGlobal('fetch', fake);
    try {
      const host = new TestHost();
      const own = new AbortController();
      const job = host.run(() => run.ioBound(fetch, 'http://x/', { method: 'POST', signal: own.signal }));
      expect(fake.mock.calls[0]?.[1]?.method).toBe('POST');
      own.abort(new Error('mine'));
      expect((await caught(job)).message).toBe('mine');
      const second = host.run(() => run.ioBound(fetch, 'http://x/'));
      second.cancel();
      await caught(second);
      expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('a timeout does not abort what was already answered', async () => {
    const host = new TestHost();
    let signal: AbortSignal | undefined;
    await host.run(() =>
      run.with({ timeout: 50 }).ioBound(async () => {
        signal = run.signal;
      }),
    );
    await host.clock.advance(1_000);
    expect(signal?.aborted).toBe(false);
    expect(host.clock.pending).toBe(0);
  });

  test('retries try again with a fresh signal; what a given-up attempt answers later is ignored', async () => {
    const host = new TestHost();
    const first = Promise.withResolvers<string>();
    const signals: (AbortSignal | undefined)[] = [];
    const job = host.run(() =>
      run.with({ timeout: 50, retries: 1 }).ioBound(() => {
        signals.push(run.signal);
        return signals.length === 1 ? first.promise : Promise.resolve('second');
      }),
    );
    await host.clock.advance(50 + taskLimits.backoff.first);
    first.resolve('late');
    expect(await job).toBe('second');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
  });

  test('at most 32 run at once, in the order of the calls; calls inside calls cannot block each other', async () => {
    const host = new TestHost();
    const started: number[] = [];
    const gate = Promise.withResolvers<void>();
    const outer = host.run(() =>
      Array.from({ length: 40 }, (_, index) =>
        run.ioBound(async () => {
          started.push(index);
          await gate.promise;
          return await run.ioBound(async () => await run.ioBound(async () => index));
        }),
      ),
    );
    await settle();
    expect(started).toEqual(Array.from({ length: 32 }, (_, index) => index));
    gate.resolve();
    expect(await Promise.all(outer)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(started).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  test('a call inside a call ends with it, unless it has a signal of its own', async () => {
    const host = new TestHost();
    const ended: string[] = [];
    const wait = (name: string) => () =>
      new Promise<never>((_, reject) => {
        run.signal?.addEventListener('abort', () => {
          ended.push(name);
          reject(run.signal?.reason);
        });
      });
    const own = new AbortController();
    const outer = host.run(() =>
      run.ioBound(async () => {
        const free = run.with({ signal: own.signal }).ioBound(wait('free'));
        free.catch(() => {});
        await run.ioBound(wait('inner'));
      }),
    );
    await settle();
    outer.cancel('enough');
    await expect(outer).rejects.toThrow(CancelledError);
    expect(ended).toEqual(['inner']);
    own.abort();
    expect(ended).toEqual(['inner', 'free']);
  });

  test('[BD6] misspelt and wrong options are refused where they are written, with a sentence', () => {
    const refusals: [options: object, words: string][] = [
      [
        { timeout: 'soon' },
        'The option timeout of run.with must be a length of time above 0 and up to 24 days, such as 500',
      ],
      [{ timeout: -1 }, 'it was given -1.'],
      [{ totalTimeout: Number.NaN }, 'it was given NaN.'],
      [{ startTimeout: '90 days' }, 'it was given "90 days".'],
      [{ retries: 1.5 }, 'The option retries of run.with must be a whole number from 0; it was given 1.5.'],
      [{ retries: -1 }, 'it was given -1.'],
      [{ via: 'quue' }, "The option via of run.with must be 'service' or 'queue'; it was given \"quue\"."],
      [{ cancelOnLeave: 'yes' }, 'The option cancelOnLeave of run.with must be true, false or a length of time'],
      [{ durable: 0 }, 'The option durable of run.with must be true or false'],
      [{ key: '' }, 'The option key of run.with must be a text that is not empty'],
      [
        { signal: new AbortController() },
        'The option signal of run.with must be an AbortSignal; it was given an object.',
      ],
      [{ timeuot: '1s' }, 'run.with has no option "timeuot". Did you mean "timeout"? It has: timeout, '],
      ['30s' as never, 'The options of run.with must be an object, such as { retries: 2 }, but are "30s".'],
    ];
    for (const [options, words] of refusals) expect(() => run.with(options)).toThrow(words);
    expect(() => run.tasks<typeof examples>('COMPUTE', { double: { retires: 2 } as object })).toThrow(
      'the task "double" has no option "retires". Did you mean "retries"?',
    );
    const host = new TestHost();
    expect(() => host.run(() => background.create(() => 1, { timeout: 0 }))).toThrow(
      'The option timeout of background',
    );
    run.with({
      timeout: Infinity,
      totalTimeout: 500,
      cancelOnLeave: '1m',
      key: 'a',
      retries: 0,
      via: 'queue',
      durable: true,
    });
  });
});
