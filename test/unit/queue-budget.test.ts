// What one invocation of the queue's consumer may do: the platform bounds its calls (10,000) and its life (15 minutes).

import { describe, expect, test, vi } from 'vitest';
import { consume } from '../../src/app/queue-consumer.ts';
import { checkpoint } from '../../src/compute/index.ts';
import { run, ui } from '../../src/index.ts';
import type { Claim, Fault, Verdict } from '../../src/jobs/index.ts';
import type { Outcome, RemoteError, Report } from '../../src/rpc/index.ts';
import { computeService, open, seeded, VirtualClock } from '../../src/testing/index.ts';

const minute = 60_000;

/** A session as its consumer sees it, which counts. */
class Session {
  calls = 0;
  readonly reports: { at: number; report: Report | undefined }[] = [];
  end: { at: number; outcome?: Outcome; fault?: Fault; error?: RemoteError } | undefined;
  readonly #clock: VirtualClock;
  readonly #timeout: number | null;

  constructor(clock: VirtualClock, timeout: number | null) {
    this.#clock = clock;
    this.#timeout = timeout;
  }

  async claimJob(job: string): Promise<Claim> {
    this.calls++;
    const call = { id: job, attempt: 1, task: 'work', args: [] };
    return { epoch: 1, service: 'COMPUTE', timeout: this.#timeout, heartbeat: null, call };
  }

  async reportJob(_job: string, _epoch: number, report?: Report): Promise<Verdict> {
    this.calls++;
    this.reports.push({ at: this.#clock.time, report });
    return 'go';
  }

  async completeJob(_job: string, _epoch: number, outcome: Outcome): Promise<Verdict> {
    this.calls++;
    this.end = { at: this.#clock.time, outcome };
    return 'go';
  }

  async failJob(_job: string, _epoch: number, error: RemoteError, fault: Fault): Promise<Verdict> {
    this.calls++;
    this.end = { at: this.#clock.time, error, fault };
    return 'go';
  }
}

interface Played {
  readonly sessions: readonly Session[];
  readonly acknowledged: number;
  readonly calls: number;
}

async function play(
  jobs: number,
  work: (clock: VirtualClock) => unknown,
  timeout: number | null = 15 * minute,
): Promise<Played> {
  const clock = new VirtualClock(seeded(1));
  const sessions = Array.from({ length: jobs }, () => new Session(clock, timeout));
  const env = {
    SESSION: { idFromName: (name: string) => name, get: (name: string) => sessions[Number(name)] },
    COMPUTE: computeService({ work: () => work(clock) }, clock),
  };
  let acknowledged = 0;
  const messages = sessions.map((_, index) => ({
    body: { session: String(index) || '0', job: `job${index}`, epoch: 0 },
    attempts: 1,
    ack: () => void acknowledged++,
    retry: () => {},
  }));
  let over = false;
  const batch = { queue: 'edgewise-jobs', messages } as unknown as Parameters<typeof consume>[0];
  void consume(batch, env, { session: 'SESSION', shared: 'SHARED' }, clock).then(() => (over = true));
  while (!over && clock.time < 20 * minute) await clock.advance(1_000);
  return { sessions, acknowledged, calls: sessions.reduce((sum, { calls }) => sum + calls, 0) };
}

/** Yields a line and its progress ten times a second, for so many milliseconds. */
function chatty(ms: number) {
  return (clock: VirtualClock) =>
    (async function* () {
      for (let n = 0; n * 100 < ms; n++) {
        await new Promise<void>((resolve) => void clock.after(100, resolve));
        yield `line ${n}`;
        yield (n * 100) / ms;
      }
      return 'end';
    })();
}

function linesOf(session: Session | undefined): unknown[] {
  return session?.reports.flatMap(({ report }) => report?.chunks ?? []) ?? [];
}

describe('the calls of one invocation', () => {
  test.each([1, 10, 100])(
    'stay far below the platform’s limit when %i jobs report for 12 minutes',
    async (jobs) => {
      const { sessions, acknowledged, calls } = await play(jobs, chatty(12 * minute));
      expect(calls).toBeLessThanOrEqual(8_000);
      expect(acknowledged).toBe(jobs);
      for (const session of sessions) {
        expect(session.end).toBeDefined();
        if (session.end?.outcome) {
          expect(session.end.outcome).toEqual({ ok: true, value: 'end' });
          expect(linesOf(session)).toEqual(Array.from({ length: 7_200 }, (_, n) => `line ${n}`));
        } else expect(session.end?.fault).toBe('spent');
      }
      // A usual batch ends in one invocation.
      if (jobs <= 10) for (const { end } of sessions) expect(end?.outcome?.ok).toBe(true);
    },
    120_000,
  );

  test('are as many as reports at first, and become fewer as they are used up', async () => {
    const { sessions } = await play(10, chatty(5 * minute));
    const at = sessions[0]?.reports.map((each) => each.at) ?? [];
    expect(at.filter((time) => time < 20_000).length).toBeGreaterThan(120);
    expect(at.filter((time) => time > 4 * minute).length).toBeLessThan(60);
    expect(sessions[0]?.end?.outcome).toEqual({ ok: true, value: 'end' });
  });

  test('leave the session no reason to give the attempt up', async () => {
    const silent = () => new Promise<string>(() => {});
    for (const [jobs, work] of [
      [10, silent],
      [100, silent],
      [100, chatty(10 * minute)],
    ] as const) {
      const { sessions } = await play(jobs, work as (clock: VirtualClock) => unknown);
      const at = [0, ...(sessions[0]?.reports.map((each) => each.at) ?? [])];
      const gaps = at.slice(1).map((time, index) => time - (at[index] as number));
      expect(Math.max(...gaps)).toBeLessThan(20_000);
    }
  });

  test('that are spent end the attempt so that it costs the job nothing, and the next one goes on from the checkpoint', async () => {
    const endless = (clock: VirtualClock) =>
      (async function* () {
        for (let n = 0; ; n++) {
          await new Promise<void>((resolve) => void clock.after(1_000, resolve));
          yield checkpoint(n);
        }
      })();
    const { sessions, acknowledged } = await play(100, endless);
    expect(acknowledged).toBe(100);
    for (const { end } of sessions) expect(['spent', 'silent']).toContain(end?.fault);
  });
});

test.each([null, 15 * minute])(
  'an attempt ends before its consumer does, also when its task says nothing (timeout: %s)',
  async (timeout) => {
    const { sessions, acknowledged } = await play(2, () => new Promise<string>(() => {}), timeout);
    expect(acknowledged).toBe(2);
    for (const { end } of sessions) {
      expect(end).toMatchObject({ fault: 'silent', error: { name: 'TimeoutError' } });
      expect(end?.at).toBeLessThan(15 * minute);
      expect(end?.at).toBeGreaterThan(14 * minute);
    }
  },
);

describe('a timeout with via: queue', () => {
  const tasks = { work: () => 'done' };
  const handles = run.tasks<typeof tasks>('COMPUTE', { work: { via: 'queue' } });

  async function refused(start: () => unknown): Promise<string> {
    let message = '';
    using user = await open(
      {
        '/': () => {
          ui.button('Go', () => {
            try {
              start();
            } catch (error) {
              message = `${(error as Error).name}: ${(error as Error).message}`;
            }
          });
        },
      },
      '/',
      { services: { COMPUTE: tasks } },
    );
    user.find('Go').click();
    await user.advance('1s');
    return message;
  }

  test.each(['16m', '1h', 901_000, Number.POSITIVE_INFINITY] as const)(
    'of %s is refused at the call, with a sentence',
    async (timeout) => {
      for (const start of [
        () => run.with({ timeout }).cpuBound(handles.work),
        () => run.with({ timeout, via: 'queue' }).cpuBound(run.tasks<typeof tasks>('COMPUTE').work),
        () => run.cpuBound(run.tasks<typeof tasks>('COMPUTE', { work: { via: 'queue', timeout } }).work),
        () => ui.job('name', handles.work, { timeout }).start(),
      ]) {
        expect(await refused(start)).toMatch(/^RangeError: With via: 'queue' an attempt may take at most 15 minutes/);
      }
    },
  );

  test.each([undefined, '15m', '30s', 900_000] as const)('of %s is taken', async (timeout) => {
    expect(await refused(() => run.with(timeout === undefined ? {} : { timeout }).cpuBound(handles.work))).toBe('');
  });

  test('does not matter without the queue', async () => {
    const { work } = run.tasks<typeof tasks>('COMPUTE');
    expect(await refused(() => run.with({ timeout: Number.POSITIVE_INFINITY }).cpuBound(work))).toBe('');
  });
});

describe('a message of the queue', () => {
  const bindings = { session: 'SESSION', shared: 'SHARED' };
  const batchOf = (session: string, message: object) =>
    ({
      queue: 'edgewise-jobs-dead',
      messages: [{ body: { session, job: 'job', epoch: 3 }, attempts: 1, ack: () => {}, retry: () => {}, ...message }],
    }) as unknown as Parameters<typeof consume>[0];

  test.each([
    ['a session', 'ada', ['SESSION', 'ada']],
    ['a shared object', 'shared:job:build', ['SHARED', 'job:build']],
  ])('reaches the object that its job belongs to: %s', async (_what, session, [binding, name]) => {
    const calls: unknown[] = [];
    const objects = (of: string) => ({
      idFromName: (id: string) => id,
      get: (id: string) => ({ deadJob: async (job: string, epoch: number) => calls.push([of, id, job, epoch]) }),
    });
    const ack = vi.fn();
    const env = { SESSION: objects('SESSION'), SHARED: objects('SHARED') };
    await consume(batchOf(session, { ack }), env, bindings, new VirtualClock());
    expect(calls).toEqual([[binding, name, 'job', 3]]);
    expect(ack).toHaveBeenCalledOnce();
  });

  test.each([
    ['ada', /no Durable Object binding SESSION.*class_name = "Session"/],
    ['shared:job:build', /no Durable Object binding SHARED.*class_name = "Shared"/],
  ])(
    'for %s is delivered again where the Worker lacks the binding, and the log says what to write',
    async (session, sentence) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
      const retry = vi.fn();
      await consume(batchOf(session, { retry }), {}, bindings, new VirtualClock());
      expect(retry).toHaveBeenCalledOnce();
      expect(String(warn.mock.calls[0]?.[1])).toMatch(sentence);
      warn.mockRestore();
    },
  );
});
