// What each state of waiting costs in an hour: alarms of the object, and rows that it writes. The table of docs/internals/jobs.md.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { run, ui } from '../../src/index.ts';
import { Session } from '../../src/session/index.ts';
import { computeService, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

interface Cost {
  readonly alarms: number;
  readonly rows: number;
}

let server: TestServer;

afterEach(() => server.stop());

async function visit(page: () => unknown, tasks = {}, services?: object, alwaysEvict = false): Promise<User> {
  const clock = new VirtualClock();
  server = new TestServer({
    clock,
    pages: { '/': page },
    alwaysEvict,
    services: { COMPUTE: { ...computeService(tasks, clock), ...services } },
    // A queue whose consumer does not come.
    send: async () => {},
  });
  return User.open(server, clock, '/');
}

/** Of one hour, or less, after a minute in which the state was reached. */
async function costOf(user: User, time: '1h' | '10m' = '1h'): Promise<Cost> {
  await user.advance('1m');
  // Of each session, because another one takes over when the object sleeps.
  const alarms = vi.spyOn(Session.prototype, 'alarm');
  const before = server.store.written;
  await user.advance(time);
  const count = alarms.mock.calls.length;
  alarms.mockRestore();
  return { alarms: count, rows: server.store.written - before };
}

const never = () => new Promise<never>(() => {});

describe('[AF3] an hour costs', () => {
  test('an idle page, watched: nothing', async () => {
    const user = await visit(() => ui.button('Go', () => {}));
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 0, rows: 0 });
  });

  test('an idle page that nobody watches: nothing', async () => {
    const user = await visit(() => ui.button('Go', () => {}));
    user.find('Go').click();
    await user.advance('5s');
    user.close();
    expect(await costOf(user)).toEqual({ alarms: 0, rows: 0 });
  });

  test('a timer of half an hour: its ticks', async () => {
    const user = await visit(() => ui.timer('30m', () => {}));
    expect(await costOf(user)).toEqual({ alarms: 2, rows: 4 });
  });

  test('a handler that waits for a queued job which nobody claims: the messages that are sent again', async () => {
    const user = await visit(() => {
      const { work } = run.tasks<{ work(): void }>('COMPUTE', { work: { via: 'queue' } });
      ui.button('Go', () => run.cpuBound(work));
    });
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 7, rows: 14 });
    expect(user.find('Go').busy).toBe(true);
  });

  test('a handler that waits for a job whose attempt runs from the queue and is heard of: the signs of life', async () => {
    const user = await visit(() => {
      const { work } = run.tasks<{ work(): void }>('COMPUTE', { work: { via: 'queue' } });
      ui.button('Go', () => run.cpuBound(work));
    });
    user.find('Go').click();
    await user.advance('1s');
    const { consumer: desk } = server.session.jobs;
    const [job] = server.session.jobs.list();
    const claim = await (async () => {
      const claimed = desk.claimJob(job?.id ?? '');
      await user.advance('1s');
      return claimed;
    })();
    const beat = () => {
      void desk.reportJob(job?.id ?? '', claim?.epoch ?? 0);
      user.clock.after(5_000, beat);
    };
    beat();
    // No attempt of this lane lasts an hour.
    expect(await costOf(user, '10m')).toEqual({ alarms: 30, rows: 150 });
    expect(user.find('Go').busy).toBe(true);
  });

  test('a handler that waits for a job whose attempt runs here: a look each ten seconds', async () => {
    const user = await visit(
      () => {
        const { work } = run.tasks<{ work(): void }>('COMPUTE');
        ui.button('Go', () => run.with({ timeout: Infinity }).cpuBound(work));
      },
      { work: never },
    );
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 360, rows: 360 });
    expect(user.find('Go').busy).toBe(true);
  });

  test('a handler that waits for its place in line: nothing of its own', async () => {
    const user = await visit(
      () => {
        const { work } = run.tasks<{ work(): void }>('COMPUTE');
        ui.button('Go', () =>
          Promise.all(Array.from({ length: 40 }, () => run.with({ timeout: Infinity }).cpuBound(work))),
        );
      },
      { work: never },
    );
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 360, rows: 360 });
  });

  test('a handler that waits for something else in run.ioBound: a look each quarter of a minute', async () => {
    const user = await visit(() => {
      ui.button('Go', () => run.with({ timeout: Infinity }).ioBound(never));
    });
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 240, rows: 480 });
  });
});

describe('[AF3] an hour costs an object that sleeps', () => {
  const { work } = run.tasks<{ work(): string }>('COMPUTE', { work: { via: 'queue' } });
  const dialog = () => {
    const made = ui.dialog(() => ui.label('Which?'));
    return () => made.result();
  };
  const next = () => {
    const made = ui.button('Next');
    return () => made.clicked();
  };

  test.each<[what: string, page: () => () => Promise<unknown>]>([
    ['ui.confirm', () => () => ui.confirm('Really?')],
    ['ui.prompt', () => () => ui.prompt('Who?')],
    ['dialog.result', dialog],
    ['button.clicked', next],
    ['run.event', () => () => run.event('paid')],
    ['run.sleep', () => () => run.sleep('3 days')],
    ['two of them', () => () => Promise.all([ui.confirm('Really?'), run.sleep('3 days')])],
    ['run.sleep after a call', () => async () => run.sleep(await run.ioBound(async () => '3 days' as const))],
  ])('while a handler waits with %s: nothing', async (_what, page) => {
    const user = await visit(() => void ui.button('Go', page()), {}, undefined, true);
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 0, rows: 0 });
    expect(user.find('Go').busy).toBe(true);
    expect(server.errors).toEqual([]);
  });

  test('while a handler waits for a queued job that nobody claims: the messages that are sent again, each of which wakes it', async () => {
    const user = await visit(() => void ui.button('Go', () => run.cpuBound(work)), {}, undefined, true);
    user.find('Go').click();
    expect(await costOf(user)).toEqual({ alarms: 7, rows: 42 });
    expect(user.find('Go').busy).toBe(true);
  });
});

describe('a handler that waits for nothing but jobs', () => {
  const { work } = run.tasks<{ work(): string }>('COMPUTE', { work: { via: 'queue' } });

  function page(): void {
    const out = ui.log();
    ui.button('Go', async () => {
      out.push(await run.cpuBound(work));
      out.push(await run.ioBound(async () => 'after'));
    });
  }

  async function waiting(): Promise<[user: User, complete: () => Promise<void>]> {
    const user = await visit(page);
    user.find('Go').click();
    await user.advance('1m');
    const [job] = server.session.jobs.list();
    const complete = async () => {
      const { consumer: desk } = server.session.jobs;
      const claimed = desk.claimJob(job?.id ?? '');
      await user.advance('1s');
      void desk.completeJob(job?.id ?? '', (await claimed)?.epoch ?? 0, { ok: true, value: 'done' });
    };
    return [user, complete];
  }

  test.each([1, 20, 51, 60])(
    'goes on without anybody when the object dies %i ms after its job has ended',
    async (ms) => {
      const [user, complete] = await waiting();
      user.close();
      await user.advance('30m');
      await complete();
      await user.advance(ms);
      server.kill();
      // The consumer tells again what it was not answered.
      if (server.session.jobs.list().some((record) => record.state.status === 'running')) await complete();
      await user.advance('1m');
      const back = await user.tab();
      await back.reload();
      expect(server.store.due().some((row) => row.key === 'handlers')).toBe(false);
    },
  );

  test('goes on when the job was another page’s, and the object died with both', async () => {
    const shared = () => {
      const out = ui.log();
      const job = ui.job('one', work);
      ui.button('Go', async () => void out.push(await job.start()));
    };
    const user = await visit(shared);
    const second = await user.tab();
    user.find('Go').click();
    await user.advance('100ms');
    second.find('Go').click();
    await user.advance('1m');
    user.close();
    server.kill();
    await user.advance('1m');
    const { consumer: desk } = server.session.jobs;
    const [job] = server.session.jobs.list();
    const claimed = desk.claimJob(job?.id ?? '');
    await user.advance('1s');
    void desk.completeJob(job?.id ?? '', (await claimed)?.epoch ?? 0, { ok: true, value: 'done' });
    await user.advance(60);
    server.kill();
    await user.advance('1m');
    expect(second.find({ kind: 'log' }).props.lines).toEqual(['done']);
    expect(server.store.due().some((row) => row.key === 'handlers')).toBe(false);
  });
});
