// The book of jobs by itself: a store, a clock and an alarm, and a compute service whose every answer the test gives.

import { describe, expect, test, vi } from 'vitest';
import { jobLimits } from '../../src/jobs/index.ts';
import { CancelledError, ExhaustedError, ServiceError, TaskError, TimeoutError } from '../../src/rpc/index.ts';
import { seeded, settled } from '../../src/testing/index.ts';
import { Book, type HeldCall } from './jobs-kit.ts';

/** What the platform says of a Worker that nobody has started. */
const absent = 'Worker "edgewise-compute" not found.';

/** What awaiting a job gives, as a word and its message. */
async function told(job: PromiseLike<unknown>): Promise<unknown> {
  let answer: unknown = 'nothing yet';
  Promise.resolve(job).then(
    (value) => {
      answer = value;
    },
    (error: unknown) => {
      answer = error;
    },
  );
  await settled();
  return answer;
}

describe('durability', () => {
  test('[JE2] nothing leaves the session before the row of the job is durable', async () => {
    const book = new Book();
    book.store.failure = new Error('the disk is full');
    const job = book.start({ args: ['input'] });
    await book.advance(5_000);
    expect(book.service.calls).toHaveLength(0);
    expect(book.store.jobs('all')).toHaveLength(0);
    book.store.failure = undefined;
    await book.advance(2_000);
    expect(book.service.calls.map(({ call }) => call)).toEqual([
      { id: job.id, attempt: 1, task: 'work', args: ['input'] },
    ]);
    expect(book.store.due()).toHaveLength(1);
  });

  test('[JE2] a job that was killed before its commit never was', async () => {
    const book = new Book();
    book.start();
    book.kill();
    await book.advance(60_000);
    expect(book.service.calls).toHaveLength(0);
    expect(book.jobs.list()).toEqual([]);
  });

  test('[JE2] whoever awaits is told when the outcome is durable, not before', async () => {
    const book = new Book();
    const job = book.start();
    await book.advance(10);
    book.store.failure = new Error('the disk is full');
    await book.service.last().done('result');
    await book.advance(500);
    expect(await told(job)).toBe('nothing yet');
    expect(job.status.value).toBe('running');
    book.store.failure = undefined;
    await book.advance(2_000);
    expect(await told(job)).toBe('result');
    expect([job.status.value, job.progress.value]).toEqual(['done', 1]);
  });

  test('the due row is there before the work starts; after the last job it waits a day to forget, and no longer', async () => {
    const book = new Book();
    const { id } = book.start();
    await book.advance(10);
    expect(book.store.due().map((row) => row.key)).toEqual(['jobs']);
    await book.service.last().done(1);
    await book.advance(100);
    const ended = book.row(id)?.state as { ended: number };
    expect(book.store.due()).toEqual([{ page: '', key: 'jobs', at: ended.ended + jobLimits.endedFor + 1 }]);
    expect(book.store.jobs('open')).toEqual([]);
    book.kill();
    const { alarms } = book;
    await book.advance(jobLimits.endedFor + 1_000);
    expect(book.alarms - alarms).toBe(1);
    expect(book.store.jobs('all')).toEqual([]);
    expect(book.store.due()).toEqual([]);
  });

  test('what somebody holds for longer than a day, or a clock put wrong, makes the alarm neither stop nor ring without a pause', async () => {
    const book = new Book();
    const { id } = book.start();
    await book.advance(10);
    await book.service.last().done(1);
    await book.advance(100);
    const letGo = book.jobs.hold(id);
    const { alarms } = book;
    await book.advance(3.5 * jobLimits.endedFor);
    expect(book.alarms - alarms).toBe(3);
    book.clock.skew(-2 * jobLimits.endedFor);
    letGo();
    book.jobs.check();
    await book.advance(3 * jobLimits.endedFor + 1_000);
    expect(book.alarms - alarms).toBeLessThanOrEqual(6);
    expect(book.store.jobs('all')).toEqual([]);
  });
});

describe('recovery without a client', () => {
  test('[JE1] killed at any point, a job ends once, by the alarm alone', async () => {
    // After how many milliseconds the object dies, and what the task had done by then.
    const points = ['commit', 'call', 'progress', 'answer', 'recorded'] as const;
    for (const point of points) {
      const book = new Book();
      const first = book.start({ args: [point] });
      await book.advance(10);
      if (point === 'commit') {
        // durable, and the object dies before anything was sent: as if the call had never been made
        book.service.calls.length = 0;
      }
      if (point !== 'commit' && point !== 'call') await book.service.last().report({ progress: 0.5 });
      if (point === 'answer' || point === 'recorded') await book.service.last().done('first');
      if (point === 'recorded') await book.advance(10);
      book.kill();
      await book.advance(30_000);
      if (point === 'recorded') {
        expect(book.service.calls).toHaveLength(1);
        expect(await told(book.jobs.get(first.id) as PromiseLike<unknown>)).toBe('first');
        continue;
      }
      expect(book.service.last().call).toMatchObject({ id: first.id, attempt: 2, args: [point] });
      await book.service.last().done('second');
      await book.advance(100);
      expect(await told(book.jobs.get(first.id) as PromiseLike<unknown>)).toBe('second');
      expect(book.store.jobs('open')).toEqual([]);
      expect(book.endings).toEqual(['page']);
    }
  });

  test('[JE1] a kill during the recovery, and again, changes nothing', async () => {
    const book = new Book();
    const { id } = book.start();
    await book.advance(10);
    for (let kills = 0; kills < 10; kills++) {
      book.kill();
      await book.advance(kills % 2 ? 60 : 11_000);
    }
    await book.advance(60_000);
    const { call } = book.service.last();
    expect(call.attempt).toBeGreaterThan(2);
    await book.service.last().done('at last');
    await book.advance(100);
    expect(await told(book.jobs.get(id) as PromiseLike<unknown>)).toBe('at last');
  });

  test('[JE1] 100 jobs in flight: each is run again after a kill, has one outcome, and none is left', async () => {
    const book = new Book();
    const ids = Array.from({ length: 100 }, (_, index) => book.start({ args: [index], page: '' }).id);
    await book.advance(10);
    expect(book.service.calls).toHaveLength(jobLimits.running);
    for (const held of book.service.calls.slice(0, 10)) await held.done(`${held.call.args[0]} first`);
    await book.advance(100);
    book.kill();
    const before = book.service.calls.length;
    for (let round = 0; round < 40; round++) {
      await book.advance(1_000);
      for (const held of book.service.calls.slice(before)) await held.done(`${held.call.args[0]} again`);
    }
    const values = await Promise.all(ids.map((id) => book.jobs.get(id)));
    expect(values).toEqual(ids.map((_, index) => (index < 10 ? `${index} first` : `${index} again`)));
    expect(book.store.jobs('open')).toEqual([]);
    expect(book.store.due().map(({ at }) => at > book.clock.now() + jobLimits.endedFor / 2)).toEqual([true]);
  });

  test('an alarm that rings twice, early or late, or a clock put wrong by a day, changes nothing', async () => {
    for (const skew of [0, 86_400_000, -86_400_000]) {
      const book = new Book();
      const job = book.start();
      await book.advance(10);
      book.jobs.check();
      book.jobs.check();
      book.clock.skew(skew);
      book.jobs.check();
      await book.advance(5_000);
      book.jobs.check();
      expect(book.service.calls).toHaveLength(1);
      await book.service.last().done('result');
      await book.advance(100);
      expect(await told(job)).toBe('result');
    }
  });
});

describe('lost attempts, errors, retries', () => {
  test('[JE4] a poison task that kills what runs it each time is exhausted, and others go on', async () => {
    const book = new Book();
    const poison = book.start({ task: 'poison' });
    const others: unknown[] = [];
    for (let round = 0; round < 100 && poison.status.value !== 'exhausted'; round++) {
      const other = book.start({ task: 'other' });
      await book.advance(500);
      await book.service.last('other').done(round);
      if (book.service.last('poison').call.attempt === poison.attempt.value) await book.service.last('poison').dies();
      await book.advance(500);
      others.push(await told(other));
    }
    expect(others.length).toBeLessThan(100);
    expect(others).toEqual(others.map((_, index) => index));
    expect(book.service.calls.filter(({ call }) => call.task === 'poison')).toHaveLength(jobLimits.lost + 1);
    const error = await told(poison);
    expect(error).toBeInstanceOf(ExhaustedError);
    expect((error as Error).message).toMatch(
      /^Task "poison" was given up: 6 attempts were lost, the last one because: Task "poison" was lost with its compute Worker/,
    );
  });

  test('[JE4] a poison task that kills what runs beside it does not take the others along', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const book = new Book(seeded(seed));
      const start = (task: string) => book.start({ task, timeout: 3_600_000 });
      // Some before it in line, some after.
      const jobs = ['other', 'poison', 'other', 'other', 'poison', 'other'].map(start);
      const alive = new Map<HeldCall, number>();
      let seen = 0;
      for (let tenth = 0; tenth < 4_000 && jobs.some(({ end }) => !end); tenth++) {
        await book.advance(100);
        for (; seen < book.service.calls.length; seen++) {
          const call = book.service.calls[seen] as HeldCall;
          alive.set(call, tenth);
        }
        // Its thread goes down with all that runs in it.
        if ([...alive.keys()].some(({ call }) => call.task === 'poison')) {
          for (const call of alive.keys()) await call.dies();
          alive.clear();
        }
        // An innocent one takes ten seconds.
        for (const [call, since] of alive) {
          if (tenth - since < 100) continue;
          alive.delete(call);
          await call.done('fine');
        }
      }
      const ends = ['done', 'exhausted', 'done', 'done', 'exhausted', 'done'];
      expect([seed, ...jobs.map(({ status }) => status.value)]).toEqual([seed, ...ends]);
    }
  });

  test('[JE6] a compute service that is not there: the author reads its sentence within seconds, in the log at once', async () => {
    const book = new Book();
    book.service.away = absent;
    const job = book.start();
    await book.advance(100);
    expect(book.logs[0]).toContain('Start it with `edgewise dev`');
    await book.advance(jobLimits.missing);
    const error = (await told(job)) as Error;
    expect(error).toBeInstanceOf(ExhaustedError);
    expect(error.message).toMatch(
      /^Task "work" was given up: its compute service was not reachable for 15 s\. .*Start it with `edgewise dev`/,
    );
    expect(error.cause).toBeDefined();
    expect(book.logs).toHaveLength(1);
    // Another service that is there says nothing about this one.
    book.start({ service: 'OTHER' });
    await book.advance(100);
    await book.other.last().done('there');
    const again = book.start();
    await book.advance(jobLimits.missing + 100);
    expect(await told(again)).toBeInstanceOf(ExhaustedError);
  });

  test('[JE6] a compute service that went away is waited for two minutes in short pauses, whatever dies meanwhile; then the job says so', async () => {
    for (const back of [true, false]) {
      const book = new Book();
      const before = book.start({ task: 'before' });
      await book.advance(100);
      await book.service.last().done('there');
      await book.advance(100);
      expect(await told(before)).toBe('there');
      // One job that its service leaves in the middle, and one that is started while it is away.
      const hit = book.start({ task: 'hit' });
      await book.advance(100);
      await book.service.last().report({ progress: 0.5 });
      await book.service.last().dies();
      book.service.away = absent;
      const late = book.start({ task: 'late' });
      for (let passed = 0; passed < 110_000; passed += 2 * jobLimits.awayPause) {
        const { missed } = book.service;
        await book.advance(2 * jobLimits.awayPause);
        expect(book.service.missed, 'each has asked').toBeGreaterThanOrEqual(missed + 2);
        if (passed === 20_000 || passed === 60_000) book.kill();
      }
      expect([book.row(hit.id)?.state.status, book.row(late.id)?.state.status]).toEqual(['pausing', 'pausing']);
      expect(book.row(hit.id)).toMatchObject({ attempt: 1, lost: 1, restarts: 0 });
      expect(book.row(late.id)).toMatchObject({ attempt: 0, lost: 0, restarts: 0 });
      expect(book.jobs.get(hit.id)?.attempt.value).toBe(1);
      const jobs = [hit, late].map(({ id }) => book.jobs.get(id) as typeof hit);
      for (const job of jobs) job.catch(() => {});
      if (!back) {
        await book.advance(60_000);
        for (const job of jobs) {
          const error = (await told(job)) as Error;
          expect(error).toBeInstanceOf(ExhaustedError);
          expect(error.message).toContain('its compute service was not reachable for 2 minutes. Task "');
        }
        continue;
      }
      book.service.away = undefined;
      await book.advance(jobLimits.awayPause);
      await book.service.last('hit').done('hit');
      // Away for as long again: only what comes in a row counts.
      await book.service.last('late').dies();
      book.service.away = absent;
      await book.advance(100_000);
      book.service.away = undefined;
      await book.advance(jobLimits.awayPause);
      await book.service.last('late').done('late');
      await book.advance(100);
      expect(await Promise.all(jobs.map(told))).toEqual(['hit', 'late']);
      expect(book.row(late.id)).toMatchObject({ attempt: 2, lost: 1, restarts: 0 });
    }
  });

  test('[JE6] a service that the application was built with is waited for two minutes by the very first job, which a kill of both cut off before its first report', async () => {
    const book = new Book();
    book.service.expected = true;
    const job = book.start();
    await book.advance(100);
    book.service.away = absent;
    book.kill();
    await book.advance(100_000);
    expect(book.row(job.id)?.state.status).toBe('pausing');
    book.service.away = undefined;
    await book.advance(jobLimits.awayPause);
    await book.service.last().done('there again');
    await book.advance(100);
    expect(book.row(job.id)).toMatchObject({ state: { status: 'done' }, restarts: 1 });
  });

  test('[JE6] a further attempt asks first whether the service is there: one kill costs one attempt, however the platform says that it is away', async () => {
    const book = new Book();
    const job = book.start({ retries: 1 });
    await book.advance(100);
    book.service.away = 'Network connection lost.';
    await book.service.last().dies(book.service.away);
    await book.advance(60_000);
    expect(book.service.calls).toHaveLength(1);
    expect(book.row(job.id)).toMatchObject({ attempt: 1, lost: 1 });
    book.service.away = undefined;
    await book.advance(jobLimits.awayPause);
    await book.service.last().throws('one');
    book.service.away = 'Something new.';
    await book.advance(60_000);
    expect(book.row(job.id)?.state).toMatchObject({
      error: { message: expect.stringContaining('does not answer (Something new.)') },
    });
    book.service.away = undefined;
    await book.advance(jobLimits.awayPause);
    await book.service.last().throws('two');
    await book.advance(100);
    expect(((await told(job)) as Error).message).toBe('two');
    expect(book.row(job.id)).toMatchObject({ attempt: 3, lost: 1 });
    // Without a method that could be asked, it is called.
    const plain = book.start();
    await book.advance(100);
    Object.assign(book.service, { ready: undefined });
    await book.service.last().dies();
    await book.advance(1_000);
    await book.service.last().done('again');
    await book.advance(100);
    expect(await told(plain)).toBe('again');
  });

  test('while its service is away, a job is cancelled, or its time runs out, as ever', async () => {
    const book = new Book();
    const known = book.start();
    await book.advance(100);
    await book.service.last().done(1);
    await told(known);
    book.service.away = absent;
    const cancelled = book.start();
    const waiting = book.start({ startTimeout: 20_000 });
    const whole = book.start({ totalTimeout: 30_000 });
    const left = book.start({ page: 'other', leave: 40_000 });
    const over = (id: string) => book.row(id)?.state as { readonly ended: number; readonly status: string };
    const began = book.clock.now();
    await book.advance(10_000);
    cancelled.cancel('enough');
    expect(await told(cancelled)).toBeInstanceOf(CancelledError);
    await book.advance(50_000);
    for (const [job, status, ms] of [
      [waiting, 'timedOut', 20_000],
      [whole, 'timedOut', 30_000],
      [left, 'cancelled', 40_000],
    ] as const) {
      expect(over(job.id).status).toBe(status);
      expect(over(job.id).ended - began).toBeGreaterThanOrEqual(ms);
      expect(over(job.id).ended - began).toBeLessThan(ms + 1_000);
    }
    expect(((await told(waiting)) as Error).message).toContain(
      'The option startTimeout limits the wait for the first attempt, which never began',
    );
    book.service.away = undefined;
    await book.advance(10_000);
    expect(book.service.calls).toHaveLength(1);
    // What is started again has the limits it had, also when it had begun.
    const again = book.jobs.retry(waiting.id);
    await book.advance(100);
    await book.service.last().dies();
    book.service.away = absent;
    await book.advance(60_000);
    expect(again?.status.value).toBe('waiting');
    again?.cancel();
    const last = book.jobs.retry(again?.id ?? '');
    await book.advance(21_000);
    expect(last?.status.value).toBe('timedOut');
  });

  test('a binding that is missing fails at once, with the sentence of its own class', async () => {
    const book = new Book();
    const job = book.start({ service: 'MEDIA' });
    await book.advance(100);
    const error = await told(job);
    expect(error).toBeInstanceOf(ServiceError);
    expect((error as ServiceError).message).toContain('There is no service binding named MEDIA');
    expect(job.attempt.value).toBe(1);
  });

  test('[JE3] retries count errors of the task, not attempts that were lost', async () => {
    const book = new Book();
    const job = book.start({ retries: 2 });
    await book.advance(100);
    await book.service.last().dies();
    await book.advance(1_000);
    await book.service.last().throws('one');
    await book.advance(2_000);
    book.kill();
    await book.advance(40_000);
    await book.service.last().throws('two');
    await book.advance(40_000);
    const again = book.jobs.get(job.id) as typeof job;
    expect(again.status.value).toBe('running');
    await book.service.last().throws('three');
    await book.advance(100);
    const error = (await told(again)) as TaskError;
    expect(error).toBeInstanceOf(TaskError);
    expect(error.message).toBe('three');
  });

  test('[JE3] what cannot succeed is not tried again', async () => {
    const book = new Book();
    for (const given of [
      [{}, true],
      [{ retryable: false }, false],
    ] as const) {
      const job = book.start({ retries: 5 });
      await book.advance(100);
      await book.service.last().throws('no', given[0], given[1]);
      await book.advance(60_000);
      expect(job.status.value).toBe('failed');
      expect(job.attempt.value).toBe(1);
    }
  });

  test('[JE5] an attempt, a wait and a whole job have their time, and no more', async () => {
    const book = new Book();
    const times = (row = book.row('')) =>
      row && [row.timeout, (row.deadline ?? 0) - row.created, (row.begin ?? 0) - row.created];
    const attempt = book.start({
      task: 'attempt',
      timeout: 2_000,
      retries: 1,
      startTimeout: 60_000,
      totalTimeout: 3_600_000,
    });
    const whole = book.start({ task: 'whole', timeout: Number.POSITIVE_INFINITY, totalTimeout: 5_000 });
    book.send = async () => {};
    const wait = book.start({ task: 'wait', lane: 'queue', startTimeout: 3_000 });
    await book.advance(1_900);
    expect(attempt.attempt.value).toBe(1);
    await book.advance(2_000);
    expect(attempt.attempt.value).toBe(2);
    await book.advance(6_000);
    for (const [job, words] of [
      [attempt, 'took longer than 2 s'],
      [whole, 'The option totalTimeout limits all its attempts and pauses together'],
      [wait, 'The option startTimeout limits the wait for the first attempt, which never began'],
    ] as const) {
      const error = (await told(job)) as Error;
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.message).toContain(words);
      expect(job.status.value).toBe('timedOut');
    }
    expect(book.service.calls.filter(({ call }) => call.task === 'attempt')).toHaveLength(2);
    // Started again, it has the same times.
    await book.advance(20);
    const again = book.jobs.retry(attempt.id);
    book.jobs.cancel(again?.id ?? '', 'author');
    const second = book.jobs.retry(again?.id ?? '');
    expect(times(book.row(second?.id ?? ''))).toEqual(times(book.row(attempt.id)));
    second?.cancel();
    await book.service.last('attempt').done('late');
    await book.advance(100);
    expect(attempt.status.value).toBe('timedOut');
  });

  test('an error too large to keep, and a result that cannot be kept, are still an outcome', async () => {
    const book = new Book();
    const large = book.start();
    await book.advance(10);
    await book.service.last().throws('x'.repeat(3_000_000), { rows: 'y'.repeat(3_000_000) });
    await book.advance(100);
    expect(((await told(large)) as Error).message).toHaveLength(jobLimits.message);
    const odd = book.start();
    await book.advance(10);
    await book.service.last().done(new (class Money {})());
    await book.advance(100);
    expect(((await told(odd)) as Error).message).toContain('The result of task "work" cannot be stored');
    book.kill();
    await book.advance(20_000);
    expect(book.jobs.list().map(({ state }) => state.status)).toEqual(['failed', 'failed']);
  });
});

describe('heartbeat', () => {
  const hour = { timeout: 3_600_000 };

  test.each([
    ['service', 'short'],
    ['service', 'long'],
    ['queue', 'long'],
  ] as const)(
    'a job whose arguments cannot be read any more fails (lane %s, %s arguments), and the others go on',
    async (lane, size) => {
      const book = new Book();
      const args = [size === 'short' ? 'input' : 'x'.repeat(jobLimits.inRow)];
      const torn = book.start({ lane, args, timeout: Number.POSITIVE_INFINITY });
      const sound = book.start({ lane, args });
      book.commit();
      if (lane === 'service') book.kill();
      book.store.transaction(() => {
        for (const part of book.store.parts(torn.id, 'args')) book.store.writePart({ ...part, value: '~[torn' });
        const row = book.store.job(torn.id);
        const record = JSON.parse(row?.state ?? '') as { args?: string };
        if (row && record.args !== undefined) {
          book.store.writeJob({ ...row, state: JSON.stringify({ ...record, args: '~[torn' }) });
        }
      });
      await book.advance(12_000);
      for (const { job } of book.sent) await Promise.all([book.desk.claimJob(job), book.advance(10)]);
      await book.advance(100);
      expect(book.row(torn.id)?.state.status).toBe('failed');
      expect(book.row(sound.id)?.state.status).toBe('running');
    },
  );

  test('what a job was given and returned is in its row while it is short, and the same after a restart as when it is long', async () => {
    const book = new Book();
    const short = { lane: 'queue', args: ['input', new Date(0)] } as const;
    const long = { lane: 'queue', args: ['x'.repeat(jobLimits.inRow)] } as const;
    const jobs = [book.start(short), book.start(long)];
    await book.advance(10);
    book.kill();
    for (const { job } of book.sent.splice(0)) {
      const [claim] = await Promise.all([book.desk.claimJob(job), book.advance(10)]);
      const outcome = { ok: true, value: claim?.call.args } as const;
      await Promise.all([book.desk.completeJob(job, claim?.epoch ?? 0, outcome), book.advance(10)]);
    }
    book.kill();
    const parts = (type: 'args' | 'result') => jobs.map(({ id }) => book.store.parts(id, type).length);
    expect([parts('args'), parts('result')]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(await Promise.all(jobs.map(({ id }) => book.jobs.get(id)))).toEqual([short.args, long.args]);
  });

  test('[JE5] an attempt whose task says nothing for its heartbeat has timed out, and retries decide', async () => {
    const book = new Book();
    const job = book.start({ ...hour, heartbeat: 10_000, retries: 1 });
    const plain = book.start({ ...hour, heartbeat: 10_000, task: 'plain' });
    const free = book.start({ ...hour, task: 'free' });
    await book.advance(10);
    const first = await book.service.last('work').goOn();
    await book.service.last('free').goOn();
    for (let round = 0; round < 5; round++) {
      await book.advance(8_000);
      await first.report(round % 2 ? {} : { progress: 0.5 });
    }
    expect([job.status.value, job.attempt.value]).toEqual(['running', 1]);
    // A plain function is heard of only when it ends.
    expect(plain.status.value).toBe('timedOut');
    await book.advance(10_500);
    expect([first.cancelled, job.attempt.value]).toEqual([1, 2]);
    await first.report({ progress: 0.9 });
    await first.done('too late');
    const second = await book.service.last('work').goOn();
    await second.report({ progress: 0.1 });
    await book.advance(11_000);
    const error = (await told(job)) as TimeoutError;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe(
      'Task "work" sent no heartbeat for 10 s and was stopped. Each yield of a generator counts as a heartbeat; a plain function has none before it ends. ' +
        "Yield more often, or give it more with run.with({ heartbeat: '20s' }).",
    );
    expect(job.status.value).toBe('timedOut');
    expect(free.status.value).toBe('running');
    book.kill();
    const again = await told(book.jobs.get(job.id) as PromiseLike<unknown>);
    expect(again).toBeInstanceOf(TimeoutError);
    expect((again as TimeoutError).timeout).toBe(10_000);
    expect(book.row(book.jobs.retry(job.id)?.id ?? '')?.heartbeat).toBe(10_000);
  });

  test('a slow reader is not the silence of its task, and a restart begins a new attempt with its whole heartbeat', async () => {
    const book = new Book();
    const job = book.start({ ...hour, heartbeat: 10_000 });
    const chunks = job.chunks[Symbol.asyncIterator]();
    const taken = chunks.next();
    await book.advance(10);
    await book.service.last().report({ chunks: Array.from({ length: 3_000 }, (_, index) => index), from: 0 });
    expect((await taken).value).toBe(0);
    await book.advance(60_000);
    expect(job.status.value).toBe('running');
    for (let index = 1; index < 3_000; index++) await chunks.next();
    void chunks.next();
    await book.advance(9_000);
    expect(job.status.value).toBe('running');
    book.kill();
    await book.advance(11_000);
    const again = book.jobs.get(job.id) as typeof job;
    expect([again.status.value, again.attempt.value]).toEqual(['running', 2]);
    await book.advance(11_000);
    expect(again.status.value).toBe('timedOut');
  });
});

describe('duplicates and order', () => {
  test('[JE1] what an attempt says that was given up changes nothing', async () => {
    const book = new Book();
    const job = book.start({ timeout: 1_000, retries: 1 });
    await book.advance(10);
    const first = await book.service.last().goOn();
    await first.report({ progress: 0.4 });
    await book.advance(1_600);
    const second = await book.service.last().goOn();
    expect([first.cancelled, second.call.attempt]).toEqual([1, 2]);
    await second.report({ progress: 0.1 });
    await first.report({ progress: 0.9, chunks: ['late'] });
    await first.done('first');
    expect(job.progress.value).toBe(0.1);
    await second.done('second');
    await book.advance(100);
    expect(await told(job)).toBe('second');
    expect(book.row(job.id)?.chunks).toBe(0);
  });

  test('progress never goes back within an attempt, and what comes after the answer is dropped', async () => {
    const book = new Book();
    const job = book.start();
    await book.advance(10);
    const held = book.service.last();
    const seen: unknown[] = [];
    for (const progress of [0.2, 0.8, 0.3, 0.8, 0.81]) {
      await held.report({ progress });
      seen.push(job.progress.value);
    }
    expect(seen).toEqual([0.2, 0.8, 0.8, 0.8, 0.81]);
    await held.done('end');
    await held.report({ progress: 0.9, chunks: ['late'] });
    await book.advance(100);
    expect(job.progress.value).toBe(1);
    expect(book.row(job.id)?.chunks).toBe(0);
  });

  test('[JE1] a cancel and a completion of the same moment make one outcome, whichever is first', async () => {
    for (const first of ['cancel', 'complete'] as const) {
      const book = new Book();
      const job = book.start();
      await book.advance(10);
      if (first === 'cancel') job.cancel('enough');
      await book.service.last().done('result');
      if (first === 'complete') job.cancel('enough');
      await book.advance(100);
      expect(job.status.value).toBe(first === 'cancel' ? 'cancelled' : 'done');
      book.kill();
      await book.advance(20_000);
      expect(book.jobs.get(job.id)?.status.value).toBe(first === 'cancel' ? 'cancelled' : 'done');
    }
  });
});

describe('what a row can keep', () => {
  test('[JE1] of two outcomes of one moment the first counts, also when the lane cannot carry the job at all', async () => {
    const book = new Book();
    book.noQueue = true;
    book.kill();
    const job = book.start({ lane: 'queue' });
    job.cancel('not needed');
    await book.advance(1_000);
    expect(book.row(job.id)?.state).toMatchObject({ status: 'cancelled', reason: 'not needed' });
    const other = book.start({ lane: 'queue' });
    await book.advance(1_000);
    expect(book.row(other.id)?.state.status).toBe('failed');
  });

  test('[BD2] a reason is cut to what a row can keep, a name and a key that are too long are refused', async () => {
    const book = new Book();
    const job = book.start();
    await book.advance(10);
    job.cancel('x'.repeat(3_000_000));
    const odd = book.start();
    odd.cancel(
      new (class Odd {
        readonly on = () => {};
      })() as never,
    );
    await book.advance(1_000);
    expect(book.store.jobs('open')).toEqual([]);
    expect(((await told(job)) as CancelledError).reason).toHaveLength(jobLimits.text);
    expect(book.row(odd.id)?.state).toMatchObject({ status: 'cancelled', reason: '[object Object]' });
    for (const what of ['name', 'key'] as const) {
      expect(() => book.start({ [what]: 'x'.repeat(jobLimits.text + 1) })).toThrow(
        `The ${what} of a job has 1001 characters; the limit is 1000.`,
      );
      book.start({ [what]: 'x'.repeat(jobLimits.text) });
    }
    await book.advance(1_000);
    expect(book.store.jobs('open')).toHaveLength(2);
  });
});

describe('caps and lines', () => {
  test('32 jobs run, the next ones wait and know their place, also after a restart', async () => {
    const book = new Book();
    const jobs = Array.from({ length: jobLimits.running + 3 }, () => book.start());
    await book.advance(100);
    expect(book.service.calls).toHaveLength(jobLimits.running);
    expect(jobs.slice(-4).map((job) => [job.status.value, job.position.value])).toEqual([
      ['running', 0],
      ['waiting', 1],
      ['waiting', 2],
      ['waiting', 3],
    ]);
    jobs.at(-2)?.cancel();
    await book.service.calls[0]?.done(0);
    await book.advance(100);
    expect(jobs.slice(-3).map((job) => [job.status.value, job.position.value])).toEqual([
      ['running', 0],
      ['cancelled', 0],
      ['waiting', 1],
    ]);
    book.kill();
    await book.advance(1);
    // The places of those that the restart cut off are free until they go on.
    const again = jobs.slice(-3).map((job) => book.jobs.get(job.id));
    expect(again.map((job) => [job?.status.value, job?.position.value])).toEqual([
      ['waiting', 0],
      ['cancelled', 0],
      ['running', 0],
    ]);
    expect(book.row(again[2]?.id ?? '')).toMatchObject({ attempt: 1, restarts: 0 });
    for (let count = 0; count < jobLimits.running; count++) book.start({ timeout: 600_000 });
    const last = book.start();
    await book.advance(30_000);
    expect(last.position.value).toBeGreaterThan(0);
    book.kill();
    await book.advance(30_000);
    for (let count = 0; count < 3; count++) book.start({ task: 'newer' });
    expect(book.jobs.get(last.id)?.position.value).toBe(last.position.value);
  });

  test('[BD1] the thousandth open job is taken and the next refused with a way out', async () => {
    const book = new Book();
    for (let count = 0; count < jobLimits.open; count++) book.start();
    expect(() => book.start()).toThrow('The session has 1000 open jobs, the most that it can have.');
    book.jobs.cancel(book.jobs.list()[0]?.id ?? '', 'panel');
    expect(book.start().id).not.toBe('');
  });

  test('the queue lane has places of its own', async () => {
    const book = new Book();
    for (let count = 0; count < jobLimits.queued + 1; count++) book.start({ lane: 'queue' });
    const here = book.start();
    await book.advance(100);
    expect(book.sent).toHaveLength(jobLimits.queued);
    expect(here.status.value).toBe('running');
    for (const { job } of book.sent.slice(0, 2)) {
      const claim = await Promise.all([book.desk.claimJob(job), book.advance(10)]).then(([claim]) => claim);
      await Promise.all([book.desk.completeJob(job, claim?.epoch ?? 0, { ok: true, value: 1 }), book.advance(10)]);
    }
    await book.advance(100);
    expect(book.sent).toHaveLength(jobLimits.queued + 1);
  });

  test('arguments and results of any size come back as they were', async () => {
    const book = new Book();
    // Half a pair of surrogates at every border of a part.
    for (const length of [64 * 1024 - 1, 64 * 1024, 3 * jobLimits.part, 3 * jobLimits.part + 1]) {
      const text = `${'x'.repeat(length % 2)}${'😀'.repeat(Math.ceil(length / 2))}`;
      const { id } = book.start({ args: [{ text, at: new Date(5) }] });
      await book.advance(10);
      book.kill();
      await book.advance(20_000);
      const { args } = book.service.last().call;
      expect((args[0] as { text: string }).text === text).toBe(true);
      expect((args[0] as { at: Date }).at).toEqual(new Date(5));
      await book.service.last().done(new Map([['text', text]]));
      await book.advance(100);
      book.kill();
      const value = (await told(book.jobs.get(id) as PromiseLike<unknown>)) as Map<string, string>;
      expect(value.get('text') === text).toBe(true);
    }
  });

  test('[BD2] arguments that cannot be kept are refused where they are given, and leave nothing behind', async () => {
    const book = new Book();
    expect(() => book.start({ args: [{ on: () => {} }] })).toThrow('The arguments of task "work" cannot be stored');
    await book.advance(20_000);
    expect(book.jobs.list()).toEqual([]);
    expect(book.service.calls).toEqual([]);
  });

  test('every attempt has the arguments as they were at the start, whatever became of them since', async () => {
    const book = new Book();
    const input = { rows: [1, 2] };
    book.start({ args: [input] });
    input.rows.push(3);
    await book.advance(10);
    expect(book.service.last().call.args).toEqual([{ rows: [1, 2] }]);
    input.rows.length = 0;
    await book.service.last().dies();
    await book.advance(2_000);
    expect(book.service.last().call).toMatchObject({ attempt: 2, args: [{ rows: [1, 2] }] });
  });

  test('what jobs without an outcome keep together has a cap, above which no further one is taken', async () => {
    const book = new Book();
    const limits = jobLimits as { openSize: number };
    const { openSize } = limits;
    try {
      limits.openSize = 4 * 1024 * 1024;
      const ids = [1, 2, 3].map((count) => book.start({ args: ['x'.repeat(count * 500_000)] }).id);
      await book.advance(10);
      const refused = () => book.start({ args: ['x'.repeat(2_000_000)] });
      expect(refused).toThrow(
        /store at most 4 Mi characters of arguments, chunks and checkpoints; this job would bring the total to 5 Mi\./,
      );
      // What a job yields counts as well, and what it handed on.
      await book.service.last().report({ chunks: ['y'.repeat(1_000_000)], from: 0 });
      await book.service.last().report({ chunks: [], from: 1, checkpoint: { value: 'z'.repeat(500_000), after: 0 } });
      expect(() => book.start({ args: ['x'] })).toThrow('this job would bring the total to 5 Mi.');
      await book.advance(100);
      book.kill();
      expect(() => book.start({ args: ['x'] })).toThrow('this job would bring the total to 5 Mi.');
      for (const id of ids) book.jobs.cancel(id, 'author');
      book.start({ args: ['x'.repeat(2_000_000)] });
      await book.advance(100);
      expect(ids.flatMap((id) => book.store.parts(id, 'checkpoint'))).toEqual([]);
      expect(book.store.jobs('open')).toHaveLength(1);
    } finally {
      limits.openSize = openSize;
    }
  });

  test('coming back reads rows, and neither arguments nor results nor chunks; a row between two attempts is small', async () => {
    const book = new Book();
    for (let count = 0; count < 40; count++) book.start({ args: ['x'.repeat(10_000)], retries: 9 });
    await book.advance(10);
    for (const call of book.service.calls.slice(0, 10)) await call.done('y'.repeat(10_000));
    for (const call of book.service.calls.slice(10, 20)) {
      await call.report({ chunks: ['z'.repeat(10_000)], from: 0 });
      await call.throws('w'.repeat(60_000), { rows: 'v'.repeat(3_000) });
    }
    await book.advance(60);
    expect(Math.max(...book.store.jobs('open').map(({ state }) => state.length))).toBeLessThan(10_000);
    const read = vi.spyOn(book.store, 'parts');
    book.kill();
    book.jobs.load();
    book.jobs.check();
    expect(book.jobs.list()).toHaveLength(40);
    expect(read).not.toHaveBeenCalled();
  });

  test('ended jobs are kept by count, size and age; the newest of a name and what is held stay', async () => {
    const book = new Book();
    const named = book.start({ name: 'report' });
    const held = book.start({ task: 'held' });
    book.jobs.hold(held.id);
    await book.advance(10);
    for (const call of book.service.calls) await call.done(1);
    for (let count = 0; count < jobLimits.ended + 20; count++) {
      book.start();
      await book.advance(10);
      await book.service.last().done(count);
      await book.advance(60);
    }
    expect(book.store.jobs('all').length).toBeLessThanOrEqual(jobLimits.ended + 2);
    expect(book.jobs.get(named.id)).toBeDefined();
    expect(book.jobs.get(held.id)).toBeDefined();
    book.clock.skew(jobLimits.endedFor + 1);
    book.jobs.check();
    await book.advance(100);
    expect(book.store.jobs('all').map(({ job }) => job)).toEqual([held.id]);
    for (let count = 0; count < 10; count++) {
      book.start();
      await book.advance(10);
      await book.service.last().done('x'.repeat(jobLimits.endedSize / 8));
      await book.advance(60);
    }
    expect(book.store.jobs('all').length).toBeLessThanOrEqual(8);
  });

  test('nothing is forgotten while a handler of an earlier life may still ask for it', async () => {
    const book = new Book();
    book.continued = false;
    for (let count = 0; count < jobLimits.ended + 5; count++) {
      book.start();
      await book.advance(10);
      await book.service.last().done(count);
    }
    await book.advance(100);
    expect(book.store.jobs('all')).toHaveLength(jobLimits.ended + 5);
    book.continued = true;
    book.jobs.check();
    await book.advance(100);
    expect(book.store.jobs('all')).toHaveLength(jobLimits.ended);
  });
});

describe('cancel', () => {
  test('[JE7] a job can be cancelled wherever it stands; the row says by whom and why', async () => {
    const book = new Book();
    for (const where of ['waiting', 'running', 'pausing', 'queued', 'claimed'] as const) {
      const queue = where === 'queued' || where === 'claimed';
      const job = book.start({ retries: 9, lane: queue ? 'queue' : 'service' });
      if (where !== 'waiting') await book.advance(10);
      if (where === 'pausing') {
        await book.service.last().throws('again');
        expect(book.row(job.id)?.state.status).toBe('pausing');
      }
      if (where === 'claimed') await Promise.all([book.desk.claimJob(job.id), book.advance(10)]);
      const calls = book.service.calls.length;
      book.jobs.cancel(job.id, 'panel', 'it is late');
      const error = (await told(job)) as CancelledError;
      expect(error).toBeInstanceOf(CancelledError);
      expect(error.message).toBe('Task "work" was cancelled: it is late.');
      await book.advance(60_000);
      expect(book.service.calls).toHaveLength(where === 'waiting' ? 0 : calls);
      expect(book.row(job.id)?.state).toMatchObject({ status: 'cancelled', by: 'panel', reason: 'it is late' });
      book.jobs.cancel(job.id, 'author', 'again');
      expect(book.row(job.id)?.state).toMatchObject({ by: 'panel' });
      expect(book.store.jobs('open')).toEqual([]);
    }
  });

  test("[JE7] a running generator is told, and the answer it gives after that is nobody's", async () => {
    const book = new Book();
    const job = book.start();
    await book.advance(10);
    const held = await book.service.last().goOn();
    job.cancel();
    await settled();
    expect(held.cancelled).toBe(1);
    await held.done('too late');
    await book.advance(100);
    expect(job.status.value).toBe('cancelled');
  });

  test('a second start with the key of an open job of the task joins it; of an ended one, or another task, it does not', async () => {
    const book = new Book();
    const first = book.start({ key: 'a' });
    expect(book.start({ key: 'a' }).id).toBe(first.id);
    expect(book.start({ key: 'b' }).id).not.toBe(first.id);
    expect(book.start({ key: 'a', task: 'other' }).id).not.toBe(first.id);
    await book.advance(10);
    book.kill();
    await book.advance(100);
    expect(book.start({ key: 'a' }).id).toBe(first.id);
    book.jobs.cancel(first.id, 'author');
    expect(book.start({ key: 'a' }).id).not.toBe(first.id);
  });

  test('what no page has started, no page leaves', async () => {
    const book = new Book();
    const job = book.start({ page: '', leave: 5_000 });
    await book.advance(30_000);
    expect(job.status.value).toBe('running');
  });

  test('cancelOnLeave: false goes on; a time ends it when its page stays away that long, kills or not', async () => {
    for (const kill of [false, true]) {
      const book = new Book();
      const timeout = Number.POSITIVE_INFINITY;
      const stays = book.start({ task: 'stays', timeout });
      const goes = book.start({ task: 'goes', timeout, leave: 5_000 });
      const long = book.start({ task: 'long', timeout, leave: 60_000 });
      const state = (id: string) => book.row(id)?.state;
      await book.advance(100);
      // A reload: away for a moment, twice.
      for (let reload = 0; reload < 2; reload++) {
        book.watched.delete('page');
        book.jobs.left('page');
        await book.advance(3_000);
        book.watched.add('page');
        await book.advance(3_000);
      }
      await book.advance(20_000);
      expect(goes.status.value).toBe('running');
      book.watched.delete('page');
      book.jobs.left('page');
      await book.advance(1_000);
      if (kill) book.kill();
      await book.advance(20_000);
      expect(state(goes.id)).toMatchObject({ status: 'cancelled', by: 'page', reason: 'its page was left' });
      expect(state(long.id)?.status).toBe('running');
      await book.advance(60_000);
      expect(state(long.id)).toMatchObject({ status: 'cancelled', by: 'page' });
      expect(state(stays.id)?.status).toBe('running');
    }
  });
});

describe('chunks and checkpoints', () => {
  async function chunksOf(job: { chunks: AsyncIterable<unknown> }): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const chunk of job.chunks) found.push(chunk);
    return found;
  }

  test('[LW3] the next attempt yields again what came before, and no chunk is lost or doubled', async () => {
    const book = new Book();
    const job = book.start();
    await book.advance(10);
    await book.service.last().report({ chunks: ['a', 'b'], from: 0 });
    await book.advance(100);
    await book.service.last().report({ chunks: ['c'], from: 2 }); // not durable yet
    book.kill();
    await book.advance(20_000);
    await book.service.last().report({ chunks: ['a'], from: 0 });
    await book.service.last().report({ chunks: ['b', 'c', 'd'], from: 1 });
    await book.service.last().dies();
    await book.advance(5_000);
    await book.service.last().report({ chunks: ['a', 'b', 'c', 'd', 'e'], from: 0 });
    await book.service.last().report({ chunks: ['b', 'c'], from: 1 }); // a report that comes twice
    await book.service.last().done('end');
    await book.advance(100);
    expect(await chunksOf(book.jobs.get(job.id) as typeof job)).toEqual(['a', 'b', 'c', 'd', 'e']);
    book.kill();
    expect(await chunksOf(book.jobs.get(job.id) as typeof job)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('[JE8] a checkpoint is handed to the next attempt, whose chunks follow those before it; a job started again begins anew', async () => {
    const book = new Book();
    const { id } = book.start({ retries: 1 });
    await book.advance(10);
    expect('checkpoint' in book.service.last().call).toBe(false);
    await book.service.last().report({ chunks: ['a'], from: 0, checkpoint: { value: { row: 1 }, after: 1 } });
    await book.service.last().report({ chunks: ['b', 'c'], from: 1, checkpoint: { value: { row: 2 }, after: 1 } });
    await book.advance(100);
    book.kill();
    await book.advance(20_000);
    expect(book.service.last().call).toMatchObject({ attempt: 2, checkpoint: { value: { row: 2 } } });
    await book.service.last().report({ chunks: ['c', 'd'], from: 0 });
    await book.service.last().dies();
    await book.advance(5_000);
    expect(book.service.last().call).toMatchObject({ attempt: 3, checkpoint: { value: { row: 2 } } });
    await book.service.last().report({ chunks: ['c', 'd', 'e'], from: 0, checkpoint: { value: undefined, after: 3 } });
    await book.service.last().throws('an error is followed by another attempt as well');
    await book.advance(9_000);
    expect(book.service.last().call.checkpoint).toEqual({ value: undefined });
    await book.service.last().done('end');
    await book.advance(100);
    expect(await chunksOf(book.jobs.get(id) as never)).toEqual(['a', 'b', 'c', 'd', 'e']);
    book.jobs.retry(id);
    await book.advance(100);
    expect('checkpoint' in book.service.last().call).toBe(false);
  });

  test('[JE8] an attempt that continues from a checkpoint shows the progress of that checkpoint until it reports more', async () => {
    const book = new Book();
    const { id } = book.start({ retries: 1 });
    await book.advance(10);
    await book.service.last().report({ progress: 0.3, checkpoint: { value: { row: 3 }, after: 0 } });
    await book.service.last().report({ progress: 0.4 });
    await book.advance(2_000);
    book.kill();
    const job = book.jobs.get(id);
    await book.advance(20_000);
    expect([job?.attempt.value, job?.progress.value]).toEqual([2, 0.3]);
    await book.service.last().report({ progress: 0.35 });
    await book.service.last().dies();
    await book.advance(5_000);
    expect([job?.attempt.value, job?.progress.value]).toEqual([3, 0.3]);
    await book.service.last().report({ progress: 0.31 });
    expect(job?.progress.value).toBe(0.31);
  });

  test('chunks are kept up to their caps, the oldest give way, and a chunk above the row cap is kept whole', async () => {
    const book = new Book();
    const { id } = book.start();
    await book.advance(10);
    const batch = 500;
    for (let from = 0; from < jobLimits.chunks * 1.5; from += batch) {
      await book.service.last().report({ chunks: Array.from({ length: batch }, (_, i) => from + i), from });
      if (from % 2_000 === 0) await book.advance(100);
    }
    await book.advance(100);
    const row = book.row(id);
    expect(row?.chunks).toBe(15_000);
    expect(15_000 - (row?.dropped ?? 0)).toBeLessThanOrEqual(jobLimits.chunks * 1.1);
    await book.service.last().report({ chunks: ['x'.repeat(3_000_000), 'y'.repeat(3_000_000)], from: 15_000 });
    await book.service.last().report({ chunks: ['z'.repeat(3_000_000)], from: 15_002 });
    await book.service.last().done('end');
    await book.advance(100);
    const stored = book.store.parts(id, 'chunk').reduce((sum, part) => sum + part.value.length, 0);
    expect(stored).toBeLessThanOrEqual(jobLimits.chunkSize * 1.1);
    expect(stored).toBe(book.row(id)?.chunkSize);
    book.kill();
    const found = (await chunksOf(book.jobs.get(id) as never)) as string[];
    expect(found.slice(-2).map((chunk) => [chunk[0], chunk.length])).toEqual([
      ['y', 3_000_000],
      ['z', 3_000_000],
    ]);
  });

  test('[LW3] memory holds the newest chunks only: whoever reads gets all of them in order, from the rows, while more come and whatever dies', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const chance = seeded(seed);
      const below = (limit: number) => Math.floor(chance() * limit);
      const book = new Book();
      const { id } = book.start({ timeout: 3_600_000, lane: 'queue' });
      await book.advance(10);
      const [claim] = await Promise.all([book.desk.claimJob(id), book.advance(10)]);
      const epoch = claim?.epoch ?? 0;
      const readers: { got: unknown[]; open: boolean }[] = [];
      const read = async () => {
        const reader = { got: [] as unknown[], open: true };
        readers.push(reader);
        for await (const chunk of book.jobs.get(id)?.chunks ?? []) {
          if (!reader.open) return;
          reader.got.push(chunk);
          // Some are slow.
          if (chance() < 0.05) await new Promise<void>((resolve) => book.clock.after(below(20), resolve));
        }
        reader.got.push('end');
      };
      let made = 0;
      const all: unknown[] = [];
      for (let step = 0; step < 60; step++) {
        const kind = chance();
        if (kind < 0.7) {
          const chunks = Array.from({ length: 1 + below(200) }, () =>
            chance() < 0.0005 ? `${made++} ${'x'.repeat(1_200_000)}` : `${made++}`,
          );
          all.push(...chunks);
          const from = made - chunks.length;
          void book.desk.reportJob(id, epoch, { chunks, from, size: chunks.join('').length });
          await book.advance(60 + below(200));
        } else if (kind < 0.9) {
          void read();
          await settled();
        } else {
          for (const reader of readers) reader.open = false;
          book.kill();
        }
      }
      await book.advance(9_000);
      void read();
      const done = book.desk.completeJob(id, epoch, { ok: true, value: 1 });
      await book.advance(60_000);
      await done;
      await book.advance(60_000);
      for (const { got, open } of readers) {
        if (open) expect([seed, got.length, got.at(-1)]).toEqual([seed, all.length + 1, 'end']);
        expect(String(got.slice(0, all.length)) === String(all.slice(0, got.length))).toBe(true);
      }
    }
  });

  test('[LW1] 10,000 reports of mere progress cost about a write a second', async () => {
    const book = new Book();
    const job = book.start();
    await book.advance(10);
    const before = book.store.written;
    for (let report = 0; report < 10_000; report++) {
      void book.service.last().report({ progress: report / 10_000 });
      if (report % 1_000 === 0) await book.advance(1_000);
    }
    await book.advance(2_000);
    expect(book.store.written - before).toBeLessThan(30);
    expect(job.progress.value).toBeCloseTo(0.9999);
  });
});
