import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { checkpoint, compute, resumed, type TaskModule } from '../../src/compute/index.ts';
import { execute, TaskExecution, type Thread } from '../../src/compute/runner.ts';
import type { Outcome, Report, Started } from '../../src/rpc/index.ts';
import { settle, TestClock } from './tasks-clock.ts';

/**
 * A thread as in production: the clock stands still while a task computes, and catches up when the thread is given back.
 * `work` is what a task calls instead of computing.
 */
class FrozenThread implements Thread {
  readonly clock = new TestClock();
  readonly slices: number[] = [];
  #worked = 0;
  /** Called at each pause. */
  paused: () => void = () => {};

  readonly work = (ms: number): void => {
    this.#worked += ms;
  };

  async wait(): Promise<void> {
    this.slices.push(this.#worked);
    const worked = this.#worked;
    this.#worked = 0;
    await this.clock.advance(worked);
    this.paused();
  }
}

function call(task: string, ...args: unknown[]) {
  return { id: '1', attempt: 1, task, args };
}

async function begin(tasks: TaskModule, thread: Thread, name: string, ...args: unknown[]): Promise<TaskExecution> {
  const begun = await execute(tasks, call(name, ...args), thread);
  if (!(begun instanceof TaskExecution)) throw new Error(`It is over: ${JSON.stringify(begun)}`);
  return begun;
}

/** An observer that remembers, and answers at once or when told. */
function listener() {
  const reports: Report[] = [];
  const observer = async (report: Report) => {
    reports.push(report);
  };
  return {
    reports,
    observer,
    progress: () => reports.map((report) => report.progress),
    chunks: () => reports.flatMap((report) => report.chunks),
  };
}

describe('driver', () => {
  const thread = new FrozenThread();

  test('what is over after its first step is answered at once, with no report and no pause', async () => {
    const tasks = {
      plain: (a: number, b: number) => a + b,
      later: async () => 'later',
      *generator() {
        return 'end';
      },
      async *asyncGenerator() {
        return 'end';
      },
    };
    for (const [name, value] of [
      ['plain', 3],
      ['later', 'later'],
      ['generator', 'end'],
      ['asyncGenerator', 'end'],
    ] as const) {
      expect(await execute(tasks, call(name, 1, 2), thread)).toEqual({ ok: true, value });
    }
    expect(thread.slices).toEqual([]);
  });

  test('[NB3] a slice becomes about 18 ms although the clock stands still inside; it at most doubles', async () => {
    for (const cost of [0.01, 0.1, 1, 4, 30]) {
      const thread = new FrozenThread();
      const tasks = {
        *steady() {
          for (let i = 0; i < 2_000 / cost; i++) {
            thread.work(cost);
            yield 0.5;
          }
        },
      };
      await (await begin(tasks, thread, 'steady')).follow(async () => {});
      const settled = thread.slices.slice(20, -1);
      for (const slice of settled) {
        expect(slice).toBeGreaterThanOrEqual(Math.min(cost, 18) * 0.5);
        expect(slice).toBeLessThanOrEqual(Math.max(cost, 20));
      }
      const counts = thread.slices.map((slice) => Math.round(slice / cost));
      counts.slice(2, -1).forEach((count, index) => expect(count).toBeLessThanOrEqual(2 * (counts[index + 1] ?? 1)));
    }
  });

  test('[NB3] steps that suddenly cost more make the next slice short again', async () => {
    const thread = new FrozenThread();
    const tasks = {
      *changing() {
        for (let i = 0; i < 20_000; i++) {
          thread.work(i < 10_000 ? 0.01 : 1);
          yield 0;
        }
      },
    };
    await (await begin(tasks, thread, 'changing')).follow(async () => {});
    const long = thread.slices.findIndex((slice) => slice > 100);
    expect(thread.slices[long]).toBeLessThanOrEqual(1_800);
    expect(Math.max(...thread.slices.slice(long + 1))).toBeLessThanOrEqual(226); // what the best cost of the last 16 slices allows
    expect(Math.max(...thread.slices.slice(long + 20))).toBeLessThanOrEqual(20);
  });

  test('[NB3] no slice has more than 16,384 yields, however cheap they are', async () => {
    const thread = new FrozenThread();
    let yields = 0;
    let most = 0;
    thread.paused = () => {
      most = Math.max(most, yields);
      yields = 0;
    };
    const tasks = {
      *cheap() {
        for (let i = 0; i < 200_000; i++) {
          yields++;
          yield 0;
        }
      },
    };
    await (await begin(tasks, thread, 'cheap')).follow(async () => {});
    expect(most).toBe(16_384);
  });

  test('[NB3] a busy neighbour makes slices shorter, down to an eighth, not to nothing', async () => {
    const thread = new FrozenThread();
    thread.paused = () => thread.clock.pass(10);
    const tasks = {
      *steady() {
        for (let i = 0; i < 20_000; i++) {
          thread.work(0.1);
          yield 0;
        }
      },
    };
    // The first slices show the cost without the neighbour.
    let pauses = 0;
    thread.paused = () => {
      if (++pauses > 10) thread.clock.pass(30);
    };
    await (await begin(tasks, thread, 'steady')).follow(async () => {});
    expect(Math.min(...thread.slices.slice(12, 24))).toBeGreaterThanOrEqual(1);
  });

  test('numbers are progress, clamped, never backwards; NaN and a bare yield are nothing; the rest is a chunk, in order', async () => {
    const { reports, observer, chunks } = listener();
    const tasks = {
      *mixed() {
        yield 0.2;
        yield 'a';
        yield 0.1;
        yield Number.NaN;
        yield;
        yield { b: 1 };
        yield 7;
        yield -3;
        yield null;
        return 'end';
      },
    };
    const run = await begin(tasks, new FrozenThread(), 'mixed');
    expect(await run.follow(observer)).toEqual({ ok: true, value: 'end' });
    expect(reports.map((report) => report.progress).filter((value) => value !== undefined)).toEqual([0.2, 1]);
    expect(chunks()).toEqual(['a', { b: 1 }, null]);
  });

  test('[LW1] 10,000 progress reports in a second are ten, and the last value comes before the outcome', async () => {
    const thread = new FrozenThread();
    const { observer, progress } = listener();
    const tasks = {
      *fast() {
        for (let i = 0; i < 10_000; i++) {
          thread.work(0.1);
          yield (i + 1) / 10_000;
        }
      },
    };
    await (await begin(tasks, thread, 'fast')).follow(observer);
    expect(progress().length).toBeGreaterThanOrEqual(8);
    expect(progress().length).toBeLessThanOrEqual(11);
    expect(progress()).toEqual([...progress()].sort());
    expect(progress().at(-1)).toBe(1);
  });

  describe('[LW2] before a step that takes seconds', () => {
    /** Yields these at once, then computes for 2.5 s, and so on. Tells what had been reported when each computation began. */
    async function shownBefore(
      steps: readonly (readonly unknown[])[],
      answer: (thread: FrozenThread) => Promise<void>,
    ) {
      const thread = new FrozenThread();
      const { reports, observer, chunks } = listener();
      const seen: unknown[][] = [];
      const tasks = {
        *slow() {
          for (const values of steps) {
            yield* values;
            const { progress } = reports.findLast((report) => report.progress !== undefined) ?? {};
            const { checkpoint } = reports.findLast((report) => report.checkpoint !== undefined) ?? {};
            seen.push([...chunks(), ...(progress === undefined ? [] : [progress]), ...(checkpoint ? ['✓'] : [])]);
            thread.work(2_500);
          }
        },
      };
      const run = await begin(tasks, thread, 'slow');
      const over = run.follow(async (report) => {
        await observer(report);
        await answer(thread);
      });
      let ended = false;
      void over.then(() => (ended = true));
      while (!ended) await thread.clock.advance(1);
      expect(thread.clock.pending).toBe(0);
      return seen;
    }

    const kinds: readonly (readonly [what: string, steps: readonly (readonly unknown[])[], seen: unknown[][]])[] = [
      ['one line', [['reading'], ['converting']], [['reading'], ['reading', 'converting']]],
      ['progress', [[0.1], [0.5], [0.9]], [[0.1], [0.5], [0.9]]],
      [
        'progress and a line',
        [
          [0.1, 'reading'],
          [0.5, 'writing'],
        ],
        [
          ['reading', 0.1],
          ['reading', 'writing', 0.5],
        ],
      ],
      [
        'three lines',
        [
          ['a', 'b', 'c'],
          ['d', 'e'],
        ],
        [
          ['a', 'b', 'c'],
          ['a', 'b', 'c', 'd', 'e'],
        ],
      ],
      ['a checkpoint', [[checkpoint(1), 0.3]], [[0.3, '✓']]],
    ];

    test.each(kinds)('all that a quiet task yields is reported: %s', async (_what, steps, seen) => {
      expect(await shownBefore(steps, async () => {})).toEqual(seen);
    });

    test('a task waits for the answer to its last report, so that the next one leaves before the step', async () => {
      const slowly = (thread: FrozenThread) => new Promise<void>((resolve) => thread.clock.after(40, resolve));
      expect(await shownBefore([['a', 'b', 'c']], slowly)).toEqual([['a', 'b', 'c']]);
    });

    test('a task does not wait for a caller that does not answer for long', async () => {
      const never = () => new Promise<void>(() => {});
      const thread = new FrozenThread();
      let steps = 0;
      const tasks = {
        *busy() {
          for (; steps < 100; steps++) {
            thread.work(10);
            yield `line ${steps}`;
          }
        },
      };
      const began = thread.clock.now();
      void (await begin(tasks, thread, 'busy')).follow(never);
      while (steps < 100) await thread.clock.advance(1);
      expect(thread.clock.now() - began).toBeLessThan(1_200); // a second of work, and one wait
    });

    test('a task that yields nothing is heard of before each step, at most once a second', async () => {
      const thread = new FrozenThread();
      const at: number[] = [];
      const tasks = {
        *still() {
          for (let step = 0; step < 5; step++) {
            yield;
            thread.clock.pass(2_500);
          }
        },
      };
      const began = thread.clock.now();
      await (await begin(tasks, thread, 'still')).follow(async () => void at.push(thread.clock.now() - began));
      expect(at).toEqual([0, 2_500, 5_000, 7_500, 10_000]);
    });
  });

  test('a report that leaves at once does not make the slices of a busy task shorter', async () => {
    const thread = new FrozenThread();
    const { observer } = listener();
    const tasks = {
      *busy() {
        for (let i = 0; i < 100_000; i++) {
          thread.work(0.05);
          yield `line ${i}`;
        }
      },
    };
    await (await begin(tasks, thread, 'busy')).follow(observer);
    const slices = thread.slices.slice(20).filter((slice) => slice > 1);
    expect(slices.length).toBeGreaterThan(200);
    expect(Math.min(...slices.slice(0, -1))).toBeGreaterThan(15);
  });

  test('[LW1] 10,000 lines in a second are ten reports as well, and none is lost', async () => {
    const thread = new FrozenThread();
    const { reports, observer, chunks } = listener();
    const tasks = {
      *lines() {
        for (let i = 0; i < 10_000; i++) {
          thread.work(0.1);
          yield `line ${i}`;
        }
      },
    };
    await (await begin(tasks, thread, 'lines')).follow(observer);
    expect(reports.length).toBeLessThanOrEqual(11);
    expect(chunks()).toEqual(Array.from({ length: 10_000 }, (_, i) => `line ${i}`));
  });

  test('a task that yields nothing new says once a second that it is alive; one that does not yield says nothing', async () => {
    const thread = new FrozenThread();
    const still = listener();
    const silent = listener();
    const gate = Promise.withResolvers<void>();
    const tasks = {
      *still() {
        for (let i = 0; i < 10_000; i++) {
          thread.work(1);
          yield i % 2 ? 0.5 : undefined;
        }
      },
      async *silent() {
        yield 0.5;
        await gate.promise;
        yield 0.6;
      },
    };
    await (await begin(tasks, thread, 'still')).follow(still.observer);
    expect(still.reports.length).toBeGreaterThanOrEqual(9);
    expect(still.reports.length).toBeLessThanOrEqual(11);
    expect(still.progress().filter((value) => value !== undefined)).toEqual([0.5]);
    expect(still.chunks()).toEqual([]);
    const outcome = (await begin(tasks, thread, 'silent')).follow(silent.observer);
    await thread.clock.advance(60_000);
    expect(silent.progress()).toEqual([0.5]);
    gate.resolve();
    await outcome;
    expect(silent.progress()).toEqual([0.5, 0.6]);
    expect(thread.clock.pending).toBe(0);
  });

  test('[LW1] what an async generator yields is reported within 100 ms, also while it waits for its next step', async () => {
    const thread = new FrozenThread();
    const { observer, chunks } = listener();
    const gate = Promise.withResolvers<void>();
    const tasks = {
      async *slow() {
        yield 'a line at once';
        await gate.promise;
        yield 'another';
      },
    };
    const outcome = (await begin(tasks, thread, 'slow')).follow(observer);
    await thread.clock.advance(100);
    expect(chunks()).toEqual(['a line at once']);
    gate.resolve();
    await outcome;
    expect(chunks()).toEqual(['a line at once', 'another']);
  });

  test('one report at a time; a task too far ahead of its caller waits, and loses nothing', async () => {
    const thread = new FrozenThread();
    const held: { report: Report; answer: () => void }[] = [];
    const tasks = {
      *chatty() {
        for (let i = 0; i < 50_000; i++) yield i === 49_999 ? 'last' : 'line';
      },
    };
    const outcome = (await begin(tasks, thread, 'chatty')).follow(
      (report) => new Promise((answer) => held.push({ report, answer })),
    );
    for (let i = 0; i < 100; i++) await thread.clock.advance(100);
    expect(held.length).toBe(1);
    let lines = 0;
    for (let index = 0; index < held.length; index++) {
      const { report, answer } = held[index] as (typeof held)[number];
      expect(report.chunks.length).toBeLessThanOrEqual(2_048);
      lines += report.chunks.length;
      answer();
      for (let i = 0; i < 5; i++) await thread.clock.advance(100);
    }
    expect((await outcome).ok).toBe(true);
    expect(lines).toBe(50_000);
    expect(held.at(-1)?.report.chunks.at(-1)).toBe('last');
  });

  test('[JE7] cancel is seen at the next yield, and finally blocks run to their end', async () => {
    const thread = new FrozenThread();
    const marks: string[] = [];
    const tasks = {
      *endless() {
        try {
          for (;;) yield 0.5;
        } finally {
          marks.push('closing');
          yield 'in finally';
          marks.push('closed');
        }
      },
    };
    const run = await begin(tasks, thread, 'endless');
    thread.paused = () => void (thread.slices.length === 3 && run.cancel());
    const outcome = (await run.follow(async () => {})) as Outcome;
    expect(outcome.ok).toBe(false);
    expect(marks).toEqual(['closing', 'closed']);
    expect(thread.slices.length).toBe(3);
    expect(thread.clock.pending).toBe(0);
  });

  test('[JE7] cancel before it is followed closes it, and following it then runs nothing', async () => {
    const marks: string[] = [];
    const tasks = {
      *endless() {
        try {
          for (;;) yield 0.5;
        } finally {
          marks.push('closed');
        }
      },
    };
    const run = await begin(tasks, thread, 'endless');
    await run.cancel();
    await run.cancel();
    expect((await run.follow(async () => {})).ok).toBe(false);
    expect(marks).toEqual(['closed']);
  });

  test('[JE7] a task whose caller no longer answers ends', async () => {
    const thread = new FrozenThread();
    const tasks = {
      *endless() {
        for (let i = 0; ; i++) {
          thread.work(1);
          yield `line ${i}`;
        }
      },
    };
    const outcome = await (await begin(tasks, thread, 'endless')).follow(() => Promise.reject(new Error('gone')));
    expect(outcome.ok).toBe(false);
  });

  test('an error is an outcome: name, message, stack, causes, own properties that can be cloned, and errors of an aggregate', async () => {
    class ParseError extends Error {
      override name = 'ParseError';
      line = 7;
      parse = () => {};
    }
    const cause = new Error('middle', { cause: { code: 42 } });
    const tasks = {
      parse() {
        throw new ParseError('top', { cause });
      },
      *late() {
        yield 0.5;
        throw new AggregateError([new Error('one'), 2], 'several');
      },
      text() {
        throw 'just text';
      },
    };
    const thread = new FrozenThread();
    expect(await execute(tasks, call('parse'), thread)).toMatchObject({
      ok: false,
      permanent: false,
      error: {
        name: 'ParseError',
        message: 'top',
        stack: expect.stringContaining('compute.test.ts'),
        own: { line: 7 },
        cause: { error: { name: 'Error', message: 'middle', cause: { value: { code: 42 } } } },
      },
    });
    const { observer, progress } = listener();
    expect(await (await begin(tasks, thread, 'late')).follow(observer)).toMatchObject({
      ok: false,
      error: { name: 'AggregateError', errors: [{ error: { message: 'one' } }, { value: 2 }] },
    });
    expect(progress()).toEqual([0.5]);
    expect(await execute(tasks, call('text'), thread)).toMatchObject({
      error: { message: 'The task threw "just text", which is not an Error.', cause: { value: 'just text' } },
    });
  });

  test('a chain of causes that closes on itself ends', async () => {
    const error = new Error('round');
    error.cause = error;
    const tasks = {
      round() {
        throw error;
      },
    };
    const outcome = await execute(tasks, call('round'), thread);
    expect(JSON.stringify(outcome).match(/"round"/g)?.length).toBe(9);
  });

  test('[JE9] a result or a chunk that cannot be cloned is named by its path, and a result above 32 MiB by its size', async () => {
    const tasks = {
      handler: () => ({ rows: [{}, { onClick: () => {} }] }),
      large: () => new Uint8Array(33 * 1024 * 1024),
      *chunk() {
        yield { draw: () => {} };
      },
    };
    const messageOf = (outcome: Outcome | TaskExecution) =>
      outcome instanceof TaskExecution || outcome.ok ? undefined : outcome.error.message;
    expect(messageOf(await execute(tasks, call('handler'), thread))).toContain('result.rows[1].onClick is a function');
    expect(messageOf(await execute(tasks, call('large'), thread))).toContain(
      'is 33.0 MiB, and a call between Workers carries at most 32.0 MiB',
    );
    const outcome = await (await begin(tasks, new FrozenThread(), 'chunk')).follow(async () => {});
    expect(messageOf(outcome)).toContain('chunk.draw is a function');
  });

  test('an unknown task lists the known ones and guesses; inherited names are no tasks', async () => {
    const tasks = { report: () => 1, heavyCalculation: () => 2, version: '1.0' };
    for (const name of ['reprot', 'toString', '__proto__', 'version']) {
      const outcome = await execute(tasks, call(name), thread);
      expect(outcome).toMatchObject({ ok: false, permanent: true, error: { name: 'UnknownTaskError' } });
      const message = outcome instanceof TaskExecution || outcome.ok ? '' : outcome.error.message;
      expect(message).toContain('It has: heavyCalculation, report.');
      expect(message.includes('Did you mean "report"?')).toBe(name === 'reprot');
    }
  });

  test('compute(tasks) is a class of the platform that runs them', async () => {
    const Compute = compute({ double: (n: number) => n * 2 });
    const worker = new Compute(undefined as never, undefined as never);
    expect(await worker.run(call('double', 4))).toEqual({ ok: true, value: 8 });
    await settle();
  });

  test('a result that is no object is the whole answer to a plain call, and to no other', async () => {
    const Compute = compute({
      same: (value: unknown) => value,
      late: async (value: unknown) => value,
      *long(value: unknown) {
        yield 0;
        return value;
      },
    });
    const worker = new Compute(undefined as never, undefined as never);
    for (const value of [8, '', 'text', false, 8n, null, undefined]) {
      expect(await worker.runPlain?.('same', undefined, value)).toBe(value);
      expect(await worker.runPlain?.('late', undefined, value)).toBe(value);
      expect(await worker.run(call('same', value))).toEqual({ ok: true, value });
    }
    for (const value of [{ ok: false }, [], new Date(0)]) {
      expect(await worker.runPlain?.('same', undefined, value)).toEqual({ ok: true, value });
    }
    expect(await worker.runPlain?.('missing', [])).toMatchObject({ ok: false, permanent: true });
    const { running } = (await worker.runPlain?.('long', [8])) as Started;
    await running.cancel();
  });
});

describe('checkpoints', () => {
  const tasks = {
    *rows(count: number) {
      for (let row = resumed<number>() ?? 0; row < count; row++) {
        yield `row ${row}`;
        yield checkpoint(row + 1);
      }
      return 'end';
    },
    plain: () => resumed() ?? 'from the start',
    async late() {
      await undefined;
      return resumed();
    },
    async *later() {
      yield 0;
      yield String(resumed());
    },
    *odd() {
      yield checkpoint(() => {});
    },
  };

  test('the last checkpoint travels with the chunks that came before it, and their numbers', async () => {
    const thread = new FrozenThread();
    const heard = listener();
    await (await begin(tasks, thread, 'rows', 3)).follow(heard.observer);
    expect(heard.chunks()).toEqual(['row 0', 'row 1', 'row 2']);
    let count = 0;
    for (const report of heard.reports) {
      expect(report.from).toBe(count);
      count += report.chunks.length;
    }
    const last = heard.reports.at(-1);
    expect(last?.checkpoint).toEqual({ value: 3, after: last?.chunks.length });
  });

  test('[JE8] resumed() reads it before the first yield, in a generator and in a plain function', async () => {
    const thread = new FrozenThread();
    const heard = listener();
    const run = await execute(tasks, { ...call('rows', 5), checkpoint: { value: 3 } }, thread);
    await (run as TaskExecution).follow(heard.observer);
    expect(heard.chunks()).toEqual(['row 3', 'row 4']);
    expect(await execute(tasks, { ...call('plain'), checkpoint: { value: 'there' } }, thread)).toEqual({
      ok: true,
      value: 'there',
    });
    expect(await execute(tasks, call('plain'), thread)).toEqual({ ok: true, value: 'from the start' });
  });

  test('resumed() answers after an await, too', async () => {
    const late = { ...call('late'), checkpoint: { value: 'half' } };
    expect(await execute(tasks, late, new FrozenThread())).toEqual({ ok: true, value: 'half' });
  });

  test('a checkpoint that cannot be sent is an error of the task, with a path', async () => {
    const run = await begin(tasks, new FrozenThread(), 'odd');
    expect(await run.follow(async () => {})).toMatchObject({
      ok: false,
      error: { message: 'The checkpoint of the task cannot be sent: checkpoint is a function.' },
    });
    expect(() => resumed()).toThrow('resumed() was called after the start of a task. Call it before the first yield');
  });

  test('a task has what an AsyncLocalStorage around its Worker has, also after an await', async () => {
    const around = new AsyncLocalStorage<string>();
    const seen = {
      now: () => around.getStore(),
      async later() {
        await undefined;
        return [resumed(), around.getStore()];
      },
    };
    const run = (name: keyof typeof seen, more = {}) =>
      around.run('mine', () => execute(seen, { ...call(name), ...more }, new FrozenThread()));
    expect(await run('now')).toEqual({ ok: true, value: 'mine' });
    expect(await run('later')).toEqual({ ok: true, value: [undefined, 'mine'] });
    expect(await run('later', { checkpoint: { value: 1 } })).toEqual({ ok: true, value: [1, 'mine'] });
    expect(() => resumed()).toThrow('resumed() was called after the start of a task.');
  });

  test('resumed() answers undefined after an await of an attempt without a checkpoint', async () => {
    expect(await execute(tasks, call('late'), new FrozenThread())).toEqual({ ok: true, value: undefined });
  });

  test('resumed() answers after an await of what a plain function returns, and throws when that has ended', async () => {
    const helped = { late: () => tasks.late() };
    const thread = new FrozenThread();
    const resumes = { ...call('late'), checkpoint: { value: 'half' } };
    expect(await Promise.all([execute(helped, call('late'), thread), execute(helped, resumes, thread)])).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: 'half' },
    ]);
    expect(() => resumed()).toThrow('resumed() was called after the start of a task.');
  });

  test('an async task that hangs lets resumed() answer nowhere else', async () => {
    const open = Promise.withResolvers<void>();
    const hung = execute({ hangs: async () => open.promise }, call('hangs'), new FrozenThread());
    await undefined;
    expect(() => resumed()).toThrow('resumed() was called after the start of a task.');
    open.resolve();
    await hung;
  });
});
