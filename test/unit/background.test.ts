import { expect, test } from 'vitest';
import { execute, TaskExecution } from '../../src/compute/runner.ts';
import { ui } from '../../src/elements/index.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import { background, type Job, run } from '../../src/tasks/index.ts';
import { type Builders, settled, TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { button, texts } from './screen.ts';

async function open(pages: Builders, services: Record<string, ComputeService> = {}) {
  const clock = new VirtualClock();
  const told: unknown[] = [];
  const server = new TestServer({ clock, pages, services, onError: (error, where) => told.push([error, where]) });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  const click = (text: string) => browser.emit(button(browser, text), 'click');
  return { clock, server, browser, told, click };
}

test('[JE12] runs beside its handler, which ends before, and writes to the page', async () => {
  const gate = Promise.withResolvers<string>();
  const { clock, server, browser, click } = await open({
    '/': () => {
      const label = ui.label('Idle');
      ui.button('Go', () => {
        background.create(
          async () => {
            label.text = `Got ${await gate.promise}`;
          },
          { name: 'sync' },
        );
        label.text = 'Started';
      });
    },
  });
  click('Go');
  await clock.advance(5_000);
  expect(texts(browser)).toEqual(['Started']);
  expect(server.whyAwake()).toEqual(['1 calls that have not ended']);
  gate.resolve('it');
  await clock.advance(5_000);
  expect(texts(browser)).toEqual(['Got it']);
  expect(server.whyAwake()).toEqual([]);
});

test('[JE12] a failure goes to the log and to one handler, with session, page and name', async () => {
  const error = new Error('The disk is full.');
  const { clock, server, told, click } = await open({
    '/': () => {
      ui.button('Go', () => {
        background.create(() => Promise.reject(error), { name: 'sync' });
        background.create(function save() {
          throw error;
        });
      });
    },
  });
  click('Go');
  await clock.advance(1_000);
  expect(told).toEqual([
    [error, { session: 'test', page: '/', background: 'save' }],
    [error, { session: 'test', page: '/', background: 'sync' }],
  ]);
  const lines = server.log.map(({ level, message, page }) => [level, message, page]);
  expect(lines).toEqual([
    ['error', 'The background task "save" failed.', '/'],
    ['error', 'The background task "sync" failed.', '/'],
  ]);
});

test('of lazy tasks with one name one runs, the newest waits, and those between are left out', async () => {
  const begun: number[] = [];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  let count = 0;
  const { clock, server, click } = await open({
    '/': () => {
      ui.button('Save', () => {
        const mine = count++;
        background.createLazy('save', async () => {
          begun.push(mine);
          await gates[mine]?.promise;
        });
      });
      ui.button('Other', () => background.createLazy('other', () => begun.push(100)));
    },
  });
  for (let n = 0; n < 4; n++) click('Save');
  click('Other');
  await clock.advance(100);
  expect(begun).toEqual([0, 100]);
  gates[0]?.reject(new Error('no'));
  await clock.advance(100);
  expect(begun, 'also after a failure').toEqual([0, 100, 3]);
  gates[3]?.resolve();
  await clock.advance(100);
  click('Save');
  await clock.advance(100);
  expect(begun).toEqual([0, 100, 3, 4]);
  gates[4]?.resolve();
  await clock.advance(5_000);
  expect(server.whyAwake()).toEqual([]);
});

test('can be awaited, cancelled and given a time; a cancelled one is no failure', async () => {
  const jobs: Job<unknown>[] = [];
  const aborted: unknown[] = [];
  const { clock, told, click } = await open({
    '/': () => {
      ui.button('Go', () => {
        const wait = () =>
          new Promise((_, reject) => {
            run.signal?.addEventListener('abort', () => {
              aborted.push(1);
              reject(new Error('aborted'));
            });
          });
        jobs.push(
          background.create(async () => 7),
          background.create(wait),
          background.create(wait, { timeout: '1s' }),
        );
      });
      ui.button('Stop', () => jobs[1]?.cancel());
    },
  });
  click('Go');
  await clock.advance(100);
  expect(await jobs[0]).toBe(7);
  click('Stop');
  await clock.advance(2_000);
  expect(jobs.map((job) => job.status.value)).toEqual(['done', 'cancelled', 'timedOut']);
  expect(aborted).toHaveLength(2);
  expect(told).toHaveLength(1);
});

test('a replay does not start it again, and it does not disturb the replay', async () => {
  const clock = new VirtualClock();
  const gate = Promise.withResolvers<number>();
  const tasks = { slow: () => gate.promise };
  const COMPUTE: ComputeService = {
    async run(call) {
      const begun = await execute(tasks, call, { clock, wait: settled });
      return begun instanceof TaskExecution ? { running: begun } : begun;
    },
  };
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const begun: string[] = [];
  const server = new TestServer({
    clock,
    services: { COMPUTE },
    pages: {
      '/': () => {
        const label = ui.label('Idle');
        ui.button('Go', async () => {
          background.create(async () => {
            begun.push('created');
            await run.ioBound(async () => 1);
          });
          background.createLazy('lazy', () => begun.push('lazy'));
          label.text = `Result ${await run.cpuBound(handles.slow)}`;
          background.create(() => begun.push('after'));
        });
      },
    },
  });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  browser.emit(button(browser, 'Go'), 'click');
  await clock.advance(1_000);
  server.kill();
  await clock.advance(20_000);
  gate.resolve(5);
  await clock.advance(30_000);
  expect(texts(browser)).toEqual(['Result 5']);
  expect(begun).toEqual(['created', 'lazy', 'after']);
  expect(server.errors).toEqual([]);
});

test('needs a session, a function and a name', () => {
  expect(() => background.create(() => 1)).toThrow(/background.create needs a session/);
  expect(() => background.createLazy('', () => 1)).toThrow(/takes a name and a function/);
});

test('[AF4] ui.timer never overlaps itself: its interval counts from the end of one run', async () => {
  const gate = Promise.withResolvers<void>();
  const starts: number[] = [];
  let running = 0;
  const { clock } = await open({
    '/': () => {
      ui.timer('100ms', async () => {
        expect(++running).toBe(1);
        starts.push(starts.length);
        await run.ioBound(() => gate.promise);
        running--;
      });
    },
  });
  await clock.advance(1_000);
  expect(starts).toHaveLength(1);
  gate.resolve();
  await clock.advance(1_000);
  expect(starts.length).toBeGreaterThan(5);
});
