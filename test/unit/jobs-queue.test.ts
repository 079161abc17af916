// The queue lane: the application's own consumer, with a queue whose deliveries the test decides.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkpoint, resumed } from '../../src/compute/index.ts';
import { ui } from '../../src/elements/index.ts';
import { jobLimits } from '../../src/jobs/index.ts';
import { run } from '../../src/tasks/index.ts';
import { settled, TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { Book, button, Held, service, TestQueue, texts } from './jobs-kit.ts';

// The consumer tells the Worker's log what got lost on the way.
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

/** The book of a session with a queue and its consumer. */
function scene() {
  const book = new Book();
  const compute = new Held();
  const media = new Held();
  const queue = new TestQueue(book.clock, () => book.jobs.consumer, { COMPUTE: compute, MEDIA: media });
  book.send = queue.send;
  book.died = () => queue.cut();
  const start = (more = {}) => book.start({ lane: 'queue', ...more });
  return { book, compute, media, queue, start };
}

describe('the consumer', () => {
  test('[JE11] after the commit a message with ids only leaves; it is acknowledged when the outcome is recorded', async () => {
    const { book, compute, queue, start } = scene();
    book.store.failure = new Error('the disk is full');
    const job = start({ args: ['input'] });
    await book.advance(2_000);
    expect(queue.calls).toEqual([]);
    book.store.failure = undefined;
    await book.advance(2_000);
    expect(compute.last().call).toEqual({ id: job.id, attempt: 1, task: 'work', args: ['input'] });
    await compute.last().report({ progress: 0.5, chunks: ['line'], from: 0 });
    expect(job.progress.value).toBe(0.5);
    book.store.failure = new Error('the disk is full again');
    await compute.last().done('result');
    await book.advance(500);
    expect(queue.acked).toEqual([]);
    book.store.failure = undefined;
    await book.advance(5_000);
    expect(await job).toBe('result');
    expect(queue.acked).toEqual([{ session: 'session', job: job.id, epoch: 0 }]);
    expect(book.store.jobs('open')).toEqual([]);
  });

  test('[JE1] a message delivered many times, at any moment, runs one attempt and makes one outcome', async () => {
    const { book, compute, queue, start } = scene();
    queue.copies = 5;
    const job = start();
    await book.advance(100);
    expect(compute.calls).toHaveLength(1);
    await queue.batch('edgewise-jobs', [{ session: 'session', job: job.id }]);
    await compute.last().done('result');
    await book.advance(100);
    await queue.batch('edgewise-jobs', [{ session: 'session', job: job.id }]);
    expect(await job).toBe('result');
    expect(compute.calls).toHaveLength(1);
    expect(queue.acked).toHaveLength(7);
    expect(queue.retried).toEqual([]);
  });

  test('[JE11] a message that is lost is sent again, and again later each time', async () => {
    const { book, compute, queue, start } = scene();
    queue.copies = 0;
    let sends = 0;
    book.send = (message) => {
      sends++;
      return queue.send(message);
    };
    const job = start({ timeout: 600_000 });
    await book.advance(100_000);
    expect(sends).toBe(3);
    queue.copies = 1;
    book.kill();
    await book.advance(200_000);
    await compute.last().done('result');
    await book.advance(100);
    expect(await book.jobs.get(job.id)).toBe('result');
  });

  test('a queue that cannot be reached is tried again, and what was cancelled meanwhile stays cancelled', async () => {
    const { book, compute, queue, start } = scene();
    book.send = async () => {
      throw new Error('the queue is away');
    };
    const job = start({ timeout: 600_000 });
    const gone = start();
    await book.advance(10);
    gone.cancel();
    await book.advance(3_000);
    book.send = queue.send;
    await book.advance(70_000);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
    expect(gone.status.value).toBe('cancelled');
    expect(book.row(gone.id)?.state.status).toBe('cancelled');
    expect(compute.calls).toHaveLength(1);
  });

  test('without a queue the author is told how to make one', async () => {
    const clock = new VirtualClock();
    const tasks = { work: () => 1 };
    const handles = run.tasks<typeof tasks>('COMPUTE');
    const server = new TestServer({
      clock,
      services: { COMPUTE: service(tasks, clock) },
      pages: {
        '/': () => {
          const label = ui.label('');
          ui.button('Start', async () => {
            label.text = await run
              .with({ via: 'queue' })
              .cpuBound(handles.work)
              .catch((error) => `${(error as Error).name}: ${(error as Error).message}`);
          });
        },
      },
    });
    const browser = await TestBrowser.open(server, clock, '/');
    await clock.advance(100);
    browser.emit(button(browser, 'Start'), 'click');
    await clock.advance(1_000);
    expect(texts(browser)[0]).toMatch(/^ServiceError: The application has no queue for jobs\. Add a producer/);
  });

  test('compute that dies in the middle costs an attempt; the message is done with, the next attempt has its own', async () => {
    const { book, compute, queue, start } = scene();
    const job = start();
    await book.advance(100);
    await compute.last().report({ progress: 0.5 });
    await compute.last().dies();
    await book.advance(100);
    expect(queue.acked).toHaveLength(1);
    expect(book.row(job.id)?.state.status).toBe('pausing');
    await book.advance(2_000);
    expect(compute.last().call.attempt).toBe(2);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
    expect(book.row(job.id)).toMatchObject({ attempt: 2, lost: 1 });
  });

  test('a consumer beats every five seconds also without progress; one that is silent loses its attempt', async () => {
    const { book, compute, queue, start } = scene();
    const job = start({ timeout: 600_000 });
    await book.advance(100);
    await compute.last().goOn();
    await book.advance(120_000);
    expect(queue.calls.filter((call) => call === 'reportJob').length).toBeGreaterThanOrEqual(20);
    expect(compute.calls).toHaveLength(1);
    // The consumer's machine is gone: nothing it says arrives any more.
    queue.interfere = () => {
      throw new Error('never arrives');
    };
    await book.advance(jobLimits.silence + 1_000);
    queue.interfere = () => {};
    await book.advance(20_000);
    const second = compute.last();
    expect(second.call.attempt).toBe(2);
    expect(compute.calls[0]?.cancelled).toBe(1);
    await compute.calls[0]?.done('the first after all');
    await second.done('result');
    await book.advance(100);
    expect(await job).toBe('result');
  });

  test('the session sleeps, dies and wakes while the job runs: the attempt goes on and its answer counts', async () => {
    const { book, compute, start } = scene();
    const { id } = start({ timeout: 600_000 });
    await book.advance(100);
    for (let naps = 0; naps < 10; naps++) {
      await compute.last().report({ progress: naps / 10, chunks: [naps], from: naps });
      await book.advance(7_000);
      book.kill();
    }
    expect(compute.calls).toHaveLength(1);
    const job = book.jobs.get(id) as NonNullable<ReturnType<typeof book.jobs.get>>;
    expect([job.status.value, job.progress.value]).toEqual(['running', 0.9]);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
    const chunks: unknown[] = [];
    for await (const chunk of job.chunks) chunks.push(chunk);
    expect(chunks).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(book.row(id)).toMatchObject({ attempt: 1, lost: 0 });
  });

  test('cancelled, the run on the far side is stopped at the next report or beat', async () => {
    for (const by of ['report', 'beat'] as const) {
      const { book, compute, queue, start } = scene();
      const job = start();
      await book.advance(100);
      await compute.last().goOn();
      job.cancel('enough');
      if (by === 'report') await compute.last().report({ progress: 0.5 });
      else await book.advance(jobLimits.beat + 100);
      expect(compute.last().cancelled).toBe(1);
      await compute.last().done('nobody');
      await book.advance(100);
      expect(queue.acked).toHaveLength(1);
      expect(book.row(job.id)?.state).toMatchObject({ status: 'cancelled', by: 'author', reason: 'enough' });
    }
  });

  test('a generator that yields nothing new learns of its cancel within about a second', async () => {
    const { book, queue, start } = scene();
    const marks: string[] = [];
    const tasks = {
      async *still() {
        try {
          for (;;) {
            await new Promise<void>((resolve) => book.clock.after(20, resolve));
            yield 0.5;
          }
        } finally {
          marks.push('closed');
        }
      },
    };
    queue.env.COMPUTE = service(tasks, book.clock);
    const job = start({ task: 'still' });
    await book.advance(10_000);
    job.cancel();
    await book.advance(1_200);
    expect(marks).toEqual(['closed']);
    expect(queue.acked).toHaveLength(1);
  });

  test('a clock put wrong by just the time of an attempt neither ends it early nor late', async () => {
    for (const skew of [599_000, -599_000]) {
      const { book, queue, start } = scene();
      queue.copies = 0;
      const { id } = start({ timeout: 600_000 });
      await book.advance(10);
      const [claim] = await Promise.all([book.desk.claimJob(id), book.advance(10)]);
      const beat = (left: number) => book.desk.reportJob(id, claim?.epoch ?? 0, undefined, left);
      book.clock.skew(skew);
      for (let left = 595_000; left > 0; left -= 5_000) {
        expect(await beat(left)).toBe('go');
        await book.advance(4_900);
      }
      await book.advance(200);
      expect(book.row(id)?.state.status).toBe('timedOut');
    }
  });

  test('an answer that had arrived although its call failed is told again, and counts once', async () => {
    const { book, compute, queue, start } = scene();
    const job = start();
    await book.advance(100);
    let failures = 2;
    const complete = book.jobs.consumer.completeJob.bind(book.jobs.consumer);
    const verdicts: string[] = [];
    book.jobs.consumer.completeJob = async (...args) => {
      const verdict = await complete(...args);
      verdicts.push(verdict);
      if (failures-- > 0) throw new Error('the answer was lost');
      return verdict;
    };
    await compute.last().done('result');
    await book.advance(10_000);
    expect(verdicts).toEqual(['go', 'stale', 'stale']);
    expect(await job).toBe('result');
    expect(queue.acked).toHaveLength(1);
  });

  test('[JE11] a session that cannot be reached: the message comes again later, and given up it ends the job', async () => {
    const { book, compute, queue, start } = scene();
    queue.maxRetries = 2;
    queue.interfere = (method) => {
      if (method !== 'deadJob') throw new Error('the object is away');
    };
    // No further message: this one is all there is.
    let sends = 0;
    book.send = (message) => (sends++ === 0 ? queue.send(message) : Promise.resolve());
    const job = start();
    await book.advance(200_000);
    expect(queue.retried.map(({ delay }) => delay)).toEqual([5, 10, 20]);
    expect(compute.calls).toEqual([]);
    expect(book.row(job.id)?.state.status).toBe('exhausted');
    expect(await job.catch((error) => (error as Error).message)).toBe(
      'Task "work" was given up: its queue moved its message to the dead-letter queue, after too many deliveries',
    );
  });

  test('[JE11] a dead letter says nothing about an attempt that runs, or about a later message', async () => {
    const { book, compute, queue, start } = scene();
    const job = start();
    await book.advance(100);
    await queue.batch('edgewise-jobs-dead', [{ session: 'session', job: job.id }]);
    await compute.last().dies();
    queue.copies = 0;
    await book.advance(2_000);
    expect(book.row(job.id)).toMatchObject({ attempt: 1, state: { status: 'waiting', sends: 1 } });
    await queue.batch('edgewise-jobs-dead', [{ session: 'session', job: job.id, epoch: 0 }]);
    void queue.batch('edgewise-jobs', [{ session: 'session', job: job.id, epoch: 1 }]);
    await book.advance(100);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
  });

  test('what is no message of ours is dropped before any object is touched', async () => {
    const { queue } = scene();
    const bodies = [null, 1, 'x', [], {}, { session: 's' }, { session: 1, job: 'j' }, { session: '', job: 'j' }];
    await queue.batch('edgewise-jobs', [...bodies, { session: 's', job: 'x'.repeat(65) }]);
    expect(queue.calls).toEqual([]);
    expect(queue.acked).toHaveLength(bodies.length + 1);
  });

  test('each job runs on the service of its row', async () => {
    const { book, compute, media, start } = scene();
    start({ task: 'video', service: 'MEDIA' });
    start({ task: 'sum', service: 'COMPUTE' });
    const none = start({ task: 'none', service: 'NOT_BOUND' });
    await book.advance(1_000);
    expect(media.calls.map(({ call }) => call.task)).toEqual(['video']);
    expect(compute.calls.map(({ call }) => call.task)).toEqual(['sum']);
    expect(await none.catch((error) => (error as Error).name)).toBe('ServiceError');
  });

  test('[JE6] compute that is away costs time and no attempt: each message is done with, and the job ends when it is back or after two minutes', async () => {
    const { book, compute, media, queue, start } = scene();
    const first = start();
    await book.advance(100);
    await compute.last().dies();
    compute.away = 'Worker "edgewise-compute" not found.';
    media.away = 'Network connection lost.';
    const never = start({ service: 'MEDIA', task: 'video' });
    await book.advance(100_000);
    expect(book.row(first.id)).toMatchObject({ attempt: 1, lost: 1, state: { status: 'pausing' } });
    expect(queue.retried).toEqual([]);
    expect(queue.acked.length).toBeGreaterThan(20);
    compute.away = undefined;
    await book.advance(jobLimits.awayPause + 100);
    expect(compute.last().call.attempt).toBe(2);
    await compute.last().done('result');
    await book.advance(100);
    expect(await first).toBe('result');
    // A call that failed may have begun its task: that is an attempt, as ever. What did not even answer is none.
    expect(book.row(never.id)).toMatchObject({ attempt: 1, lost: 1 });
    await book.advance(30_000);
    expect(await never.catch((error) => (error as Error).message)).toContain(
      'Task "video" was given up: its compute service was not reachable for 2 minutes. Task "video" cannot run',
    );
    expect(queue.acked.length).toBe(queue.calls.filter((call) => call === 'claimJob').length);
  });
});

describe('heartbeat', () => {
  test("a consumer's sign of life is none of its task, which is timed out when it is silent; retries decide", async () => {
    const { book, compute, queue, start } = scene();
    const job = start({ timeout: 600_000, heartbeat: 20_000, retries: 1 });
    await book.advance(100);
    const first = await compute.last().goOn();
    for (let round = 0; round < 4; round++) {
      await book.advance(15_000);
      await first.report({});
    }
    await book.advance(10_000);
    expect(queue.calls.filter((call) => call === 'reportJob').length).toBeGreaterThan(10);
    book.kill();
    await book.advance(9_000);
    expect(compute.calls).toHaveLength(1);
    await book.advance(3_000);
    expect(first.cancelled).toBe(1);
    expect(queue.acked).toHaveLength(1);
    expect(book.row(job.id)).toMatchObject({ attempt: 2, lost: 0 });
    await compute.last().goOn();
    await book.advance(21_000);
    expect(book.row(job.id)?.state).toMatchObject({ status: 'timedOut', error: { name: 'TimeoutError' } });
    expect(queue.acked).toHaveLength(2);
  });

  test('a consumer repeats a report that an object replaced by a deploy refused, after a pause of its own clock', async () => {
    const { book, compute, queue, start } = scene();
    const job = start();
    await book.advance(100);
    await compute.last().goOn();
    let refusals = 2;
    queue.interfere = () => {
      const message = 'Durable Object reset because its code was updated.';
      if (refusals-- > 0) throw Object.assign(new Error(message), { durableObjectReset: true, retryable: true });
    };
    await compute.last().report({ chunks: ['line'] });
    await book.advance(2_000);
    expect(queue.calls.filter((call) => call === 'reportJob')).toHaveLength(3);
    expect(book.row(job.id)?.chunks).toBe(1);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
  });

  test('a session that is away for a while is not the silence of a task', async () => {
    const { book, compute, queue, start } = scene();
    const job = start({ timeout: 600_000, heartbeat: 5_000 });
    await book.advance(100);
    await compute.last().goOn();
    await book.advance(4_000);
    queue.interfere = () => {
      throw new Error('the object is away');
    };
    await compute.last().report({ progress: 0.5 });
    await book.advance(4_000);
    queue.interfere = () => {};
    await book.advance(6_000);
    expect(job.status.value).toBe('running');
    expect(job.progress.value).toBe(0.5);
    await compute.last().done('result');
    await book.advance(100);
    expect(await job).toBe('result');
  });
});

describe('what was heard and what is kept', () => {
  test('[JE11] what the session has answered is durable: killed before the commit, it hears of it again', async () => {
    for (const then of ['more', 'done'] as const) {
      const { book, compute, start } = scene();
      const { id } = start();
      await book.advance(100);
      await compute.last().report({ chunks: ['a'], from: 0 });
      await book.advance(100);
      await compute.last().report({ chunks: ['b'], from: 1 });
      book.kill();
      // A task goes on when its report was answered, which is not before the session is back and has kept it.
      await book.advance(1_000);
      if (then === 'more') await compute.last().report({ chunks: ['c'], from: 2 });
      await compute.last().done('result');
      await book.advance(1_000);
      const job = book.jobs.get(id) as NonNullable<ReturnType<typeof book.jobs.get>>;
      const chunks: unknown[] = [];
      for await (const chunk of job.chunks) chunks.push(chunk);
      expect(chunks).toEqual(then === 'more' ? ['a', 'b', 'c'] : ['a', 'b']);
      expect(await job).toBe('result');
      expect(book.row(id)).toMatchObject({ attempt: 1, lost: 0 });
    }
  });
});

describe('a session that ends', () => {
  test('a consumer that waits for its answer is told that it is stale, stops the task and is done with the message', async () => {
    for (const waits of ['report', 'outcome', 'nothing'] as const) {
      const { book, compute, queue, start } = scene();
      start();
      await book.advance(100);
      const call = await compute.last().goOn();
      book.store.failure = new Error('the disk is full');
      if (waits === 'report') await call.report({ chunks: ['a'], from: 0 });
      if (waits === 'outcome') await call.done('result');
      await book.advance(500);
      expect(queue.acked).toEqual([]);
      book.jobs.dismiss();
      await book.advance(jobLimits.beat + 500);
      if (waits !== 'outcome') {
        expect(call.cancelled).toBe(1);
        await call.done('nobody');
      }
      await book.advance(100);
      expect(queue.acked).toHaveLength(1);
      expect(queue.retried).toEqual([]);
    }
  });
});

describe('from the page to the queue and back', () => {
  test('by run.with or by declaration: progress and chunks arrive, the object may sleep, and the handler goes on', async () => {
    for (const declared of [true, false]) {
      const clock = new VirtualClock();
      const held = new Held();
      type Tasks = { report(title: string): Generator<number | string, string> };
      const handles = run.tasks<Tasks>('COMPUTE', declared ? { report: { via: 'queue' } } : {});
      const queue: TestQueue = new TestQueue(clock, () => server.session.jobs.consumer, { COMPUTE: held });
      const server: TestServer = new TestServer({
        clock,
        send: queue.send,
        stopped: () => queue.cut(),
        services: { COMPUTE: held },
        pages: {
          '/': () => {
            const result = ui.label('none');
            const bar = ui.progress(0);
            ui.button('Start', async () => {
              const job = (declared ? run : run.with({ via: 'queue' })).cpuBound(handles.report, 'Primes');
              bar.value = job.progress;
              result.text = 'waiting';
              result.text = `Result: ${await job}`;
            });
            ui.log();
          },
        },
      });
      const browser = await TestBrowser.open(server, clock, '/');
      await clock.advance(100);
      browser.emit(button(browser, 'Start'), 'click');
      await clock.advance(500);
      await held.last().report({ progress: 0.25 });
      await clock.advance(200);
      expect(JSON.stringify(browser.literal())).toContain('"value":0.25');
      browser.close();
      await clock.advance(1_000);
      server.kill();
      await clock.advance(60_000);
      expect(held.calls).toHaveLength(1);
      await held.last().done('written');
      await clock.advance(1_000);
      const cells = server.store.pages().flatMap((page) => server.store.cells(page.page));
      expect(cells.map((cell) => cell.value)).toContain('"Result: written"');
      expect(server.store.jobs('open')).toEqual([]);
      expect(queue.acked).toHaveLength(1);
      expect(server.errors).toEqual([]);
    }
  });

  test('pages that slept while the message waited show progress and result without a touch, that of another tab too', async () => {
    const clock = new VirtualClock();
    const held = new Held();
    type Tasks = { report(title: string): Generator<number | string, string> };
    const handles = run.tasks<Tasks>('COMPUTE', { report: { via: 'queue' } });
    const queue: TestQueue = new TestQueue(clock, () => server.session.jobs.consumer, { COMPUTE: held });
    queue.copies = 0; // the test delivers
    const server: TestServer = new TestServer({
      clock,
      send: queue.send,
      services: { COMPUTE: held },
      pages: {
        '/': () => {
          const report = ui.job('report', handles.report);
          const result = ui.label('none');
          ui.label(() => `${report.status.value} ${report.progress.value}`);
          ui.button('Start', async () => {
            result.text = `Result: ${await report.start('Primes')}`;
          });
        },
      },
    });
    const [one, other] = [await TestBrowser.open(server, clock, '/'), await TestBrowser.open(server, clock, '/')];
    await clock.advance(100);
    one.emit(button(one, 'Start'), 'click');
    await clock.advance(3_000);
    expect([texts(one), texts(other)]).toEqual([
      ['none', 'waiting null'],
      ['none', 'waiting null'],
    ]);
    // Nothing holds an object whose handlers wait for a message.
    server.evict(true);
    void queue.batch('edgewise-jobs', [{ session: 'test', job: server.store.jobs('open')[0]?.job }]);
    await clock.advance(200);
    await held.last().report({ progress: 0.5 });
    await clock.advance(200);
    expect([texts(one), texts(other)]).toEqual([
      ['none', 'running 0.5'],
      ['none', 'running 0.5'],
    ]);
    await held.last().done('written');
    await clock.advance(200);
    expect([texts(one), texts(other)]).toEqual([
      ['Result: written', 'done 1'],
      ['none', 'done 1'],
    ]);
    expect(server.errors).toEqual([]);
    expect(server.connections).toHaveLength(2);
  });

  test('[JE8] a task goes on from its checkpoint in both lanes', async () => {
    for (const via of ['service', 'queue'] as const) {
      const clock = new VirtualClock();
      const begun: unknown[] = [];
      const tasks = {
        *rows(count: number) {
          const from = resumed<number>() ?? 0;
          begun.push(from);
          for (let row = from; row < count; row++) {
            yield `row ${row}`;
            yield checkpoint(row + 1);
            yield row / count;
          }
          return count;
        },
      };
      let broken = 0;
      const whole = service(tasks, clock);
      // A thread that is lost in the middle, twice.
      const compute = {
        run: async (call: Parameters<typeof whole.run>[0]) => {
          const answer = await whole.run(call);
          if (!('running' in answer) || broken >= 2) return answer;
          const { running } = answer;
          return {
            running: {
              cancel: () => running.cancel(),
              follow: (observer: Parameters<typeof running.follow>[0]) =>
                running
                  .follow(async (report) => {
                    await observer(report);
                    if (!report.checkpoint) return;
                    broken++;
                    throw new Error('gone');
                  })
                  .then(() => {
                    throw new Error('Network connection lost.');
                  }),
            },
          };
        },
      };
      const queue: TestQueue = new TestQueue(clock, () => server.session.jobs.consumer, { COMPUTE: compute });
      const handles = run.tasks<typeof tasks>('COMPUTE', { rows: { via } });
      const server: TestServer = new TestServer({
        clock,
        send: queue.send,
        stopped: () => queue.cut(),
        services: { COMPUTE: compute },
        pages: {
          '/': () => {
            const log = ui.log();
            const result = ui.label('none');
            ui.button('Start', async () => {
              const job = run.cpuBound(handles.rows, 1_000);
              for await (const line of job.chunks) log.push(line);
              result.text = `Result: ${await job}`;
            });
          },
        },
      });
      const browser = await TestBrowser.open(server, clock, '/');
      await clock.advance(100);
      browser.emit(button(browser, 'Start'), 'click');
      await clock.advance(60_000);
      expect(texts(browser)).toEqual(['Result: 1000']);
      expect(begun[0]).toBe(0);
      expect(begun).toHaveLength(3);
      expect(begun[2]).toBeGreaterThan(begun[1] as number);
      const lines = texts(browser, 'log')[0] as string[];
      expect(lines).toEqual(Array.from({ length: 1_000 }, (_, row) => `row ${row}`).slice(-lines.length));
      await settled();
    }
  });
});
