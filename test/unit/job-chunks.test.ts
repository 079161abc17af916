import { describe, expect, test } from 'vitest';
import { run, ui } from '../../src/index.ts';
import { open, type User, VirtualClock } from '../../src/testing/index.ts';

/** Tasks that take their time by the clock of the page that calls them. */
class Timed {
  clock = new VirtualClock();

  readonly #later = (ms: number) => new Promise<void>((resolve) => void this.clock.after(ms, resolve));
  readonly #begin = () => this.#later(1);

  readonly tasks = (({ begin, later }) => ({
    async *lines(name: string, count: number, ms: number, each = 1): AsyncGenerator<string | number, string> {
      await begin();
      for (let line = 0; line < count; line++) {
        if (line % each === 0) await later(ms);
        yield `${name} ${line}`;
        yield line / count;
      }
      return `${name} ended`;
    },
    async *rows(count: number): AsyncGenerator<{ n: number; tags: string[]; at: Date; error: Error }, string> {
      for (let n = 0; n < count; n++) {
        await later(100);
        yield { n, tags: ['sent'], at: new Date(n), error: new RangeError(`row ${n}`) };
      }
      return 'ended';
    },
    async give(value: string, ms: number): Promise<string> {
      await later(ms);
      return value;
    },
  }))({ begin: this.#begin, later: this.#later });
}

const timed = new Timed();
const handles = run.tasks<typeof timed.tasks>('COMPUTE');

async function visit(page: () => unknown): Promise<User> {
  const user = await open({ '/': page }, '/', { services: { COMPUTE: timed.tasks } });
  timed.clock = user.clock;
  return user;
}

function lines(name: string, count: number, from = 0): string[] {
  return Array.from({ length: count - from }, (_, line) => `${name} ${line + from}`);
}

function shown(user: User): unknown {
  return user.find({ kind: 'log' }).props.lines;
}

function namedPage(): void {
  const job = ui.job('stream', handles.lines, { whileRunning: 'restart' });
  ui.log({ max: 10_000 }).follow(job.chunks);
  ui.label(() => `${job.chunks.value.length} after ${job.chunks.value.first}`);
  for (const name of ['a', 'b']) ui.button(`Start ${name}`, () => void job.start(name, 6, 300));
  ui.button('Start long', () => void job.start('long', 12_000, 10, 100));
  ui.button('Other', () => {});
}

describe('the list of the chunks of a named job', () => {
  test('a log that follows it shows each line once, as it comes, and in every tab', async () => {
    using user = await visit(namedPage);
    const second = await user.tab();
    expect(user.sees('0 after 0')).toBe(true);
    user.find('Start a').click();
    await user.advance('700ms');
    expect(shown(user)).toEqual(['a 0', 'a 1']);
    await user.advance('3s');
    for (const each of [user, second]) expect(shown(each)).toEqual(lines('a', 6));
  });

  test.each([200, 500, 1_000, 1_500, 2_500])('a kill after %i ms neither doubles nor loses a line', async (at) => {
    using user = await visit(namedPage);
    user.find('Start a').click();
    await user.advance(at);
    user.server.kill();
    await user.advance('10s');
    expect(shown(user)).toEqual(lines('a', 6));
    user.server.kill();
    await user.advance('2s');
    expect(shown(user)).toEqual(lines('a', 6));
  });

  test('a sleep, a reload and a tab that comes later find it as it was', async () => {
    using user = await visit(namedPage);
    user.find('Start a').click();
    await user.advance('10s');
    user.server.evict();
    user.find('Other').click();
    await user.advance('5s');
    expect(shown(user)).toEqual(lines('a', 6));
    await user.reload();
    expect(shown(user)).toEqual(lines('a', 6));
    expect(shown(await user.tab())).toEqual(lines('a', 6));
  });

  test('another start begins it anew', async () => {
    using user = await visit(namedPage);
    user.find('Start a').click();
    await user.advance('1s');
    user.find('Start b').click();
    await user.advance('500ms');
    expect(shown(user)).toEqual(['b 0']);
    await user.advance('5s');
    expect(shown(user)).toEqual(lines('b', 6));
  });

  test('it is bounded, and says how many chunks came before', async () => {
    using user = await visit(namedPage);
    user.find('Start long').click();
    await user.advance('10s');
    const [label] = user.find({ kind: 'label' }).all;
    const [, length, first] = /^(\d+) after (\d+)$/.exec(label?.text ?? '') ?? [];
    expect(Number(length)).toBeLessThanOrEqual(10_000);
    expect(Number(length)).toBeGreaterThan(8_000);
    expect(Number(first) + Number(length)).toBe(12_000);
    expect(shown(user)).toEqual(lines('long', 12_000, 2_000));
  });

  test('a handler that reads it goes the same way after a kill', async () => {
    using user = await visit(() => {
      const job = ui.job('stream', handles.lines);
      const out = ui.log();
      ui.button('Go', async () => {
        void job.start('x', 5, 300);
        await run.cpuBound(handles.give, 'a pause', 1_000);
        out.push(`${job.chunks.value.length} so far`);
        await run.cpuBound(handles.give, 'a pause', 2_000);
        out.push(`${job.chunks.value.length} in the end`);
      });
    });
    user.find('Go').click();
    await user.advance('1500ms');
    const [first] = shown(user) as string[];
    user.server.kill();
    await user.advance('20s');
    expect(shown(user)).toEqual([first, '5 in the end']);
    expect(user.server.errors).toEqual([]);
  });
});

describe('a reader that changes chunks in place', () => {
  function page(durable: boolean) {
    return () => {
      const log = ui.log();
      ui.button('Go', async () => {
        const job = run.with({ durable }).cpuBound(handles.rows, 3);
        for await (const row of job.chunks) {
          row.tags.push('seen');
          row.n += 10;
          log.push(`${row.n} ${row.tags} ${row.at.getTime()}`);
        }
        for await (const row of job.chunks)
          log.push(`again ${row.n} ${row.tags} ${row.error.name} ${row.error.message}`);
        log.push(await run.cpuBound(handles.give, 'end', 400));
      });
    };
  }
  const wanted = [
    ...[0, 1, 2].map((n) => `${n + 10} sent,seen ${n}`),
    ...[0, 1, 2].map((n) => `again ${n} sent RangeError row ${n}`),
    'end',
  ];

  test.each([true, false])('another loop gets what was sent (durable: %s)', async (durable) => {
    using user = await visit(page(durable));
    user.find('Go').click();
    await user.advance('10s');
    expect(shown(user)).toEqual(wanted);
  });

  test.each([60, 150, 250, 350, 500])('a kill after %i ms changes nothing', async (at) => {
    using user = await visit(page(true));
    user.find('Go').click();
    await user.advance(at);
    user.server.kill();
    await user.advance('30s');
    expect(shown(user)).toEqual(wanted);
    expect(user.server.errors).toEqual([]);
  });

  test('two loops at once do not see each other', async () => {
    using user = await visit(() => {
      const log = ui.log();
      ui.button('Go', async () => {
        const job = run.cpuBound(handles.rows, 3);
        const read = async (name: string) => {
          const seen: string[] = [];
          for await (const row of job.chunks) {
            row.tags.push(name);
            seen.push(row.tags.join('+'));
          }
          return seen.join(' ');
        };
        log.push(...(await Promise.all([read('one'), read('two')])));
      });
    });
    user.find('Go').click();
    await user.advance('5s');
    expect(shown(user)).toEqual(['sent+one sent+one sent+one', 'sent+two sent+two sent+two']);
  });
});

describe('a loop of a page function over the chunks of a named job', () => {
  /** The loop begins with each job, also when the page is built again. */
  const page = () => {
    const job = ui.job('stream', handles.lines, { whileRunning: 'restart' });
    const log = ui.log();
    log.push('Lines');
    ui.region(() => {
      const now = job.job.value;
      if (!now) return;
      void (async () => {
        for await (const line of now.chunks) log.push(line);
        log.push('end');
      })();
    });
    ui.button('Start', () => void job.start('a', 6, 300));
    ui.button('Note', () => log.push('noted'));
  };

  test.each([
    ['a kill after its end', 5_000, (user: User) => user.server.kill()],
    ['a kill in its middle', 1_000, (user: User) => user.server.kill()],
    ['a sleep', 15_000, (user: User) => user.server.evict()],
  ])('[LW3] shows each line once after %s', async (_, at, happens) => {
    using user = await visit(page);
    user.find('Start').click();
    await user.advance(at);
    happens(user);
    await user.reload();
    await user.advance('20s');
    expect(shown(user)).toEqual(['Lines', ...lines('a', 6), 'end']);
  });

  test('loses nothing of a second job whose lines are those of the first', async () => {
    using user = await visit(page);
    user.find('Start').click();
    await user.advance('5s');
    user.find('Start').click();
    await user.advance('1s');
    user.server.kill();
    await user.advance('20s');
    expect(shown(user)).toEqual(['Lines', ...lines('a', 6), 'end']);
  });

  test('leaves the lines of handlers in the log, each once', async () => {
    using user = await visit(page);
    user.find('Note').click();
    user.find('Start').click();
    await user.advance('1s');
    user.find('Note').click();
    await user.advance('5s');
    user.server.kill();
    await user.advance('20s');
    expect(shown(user)).toEqual(['Lines', 'noted', 'noted', ...lines('a', 6), 'end']);
    user.find('Note').click();
    await user.advance('1s');
    await user.reload();
    expect((shown(user) as string[]).toSorted()).toEqual(
      ['Lines', 'end', 'noted', 'noted', 'noted', ...lines('a', 6)].toSorted(),
    );
  });
});
