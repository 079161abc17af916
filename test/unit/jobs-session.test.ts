// Jobs as the author meets them: in a handler of a page, with a browser that comes and goes and an object that is killed.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { CancelledError } from '../../src/rpc/index.ts';
import { type RunOptions, run } from '../../src/tasks/index.ts';
import { TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { button, Held, TestQueue, texts } from './jobs-kit.ts';

type Tasks = {
  work(input: string): Generator<number | string, string>;
  poison(input: string): string;
};

/** A page with a button for each task, and what they say. */
function scene(options: RunOptions = {}) {
  const clock = new VirtualClock();
  const held = new Held();
  const handles = run.tasks<Tasks>('COMPUTE');
  const page = () => {
    const shown: Record<string, { text: string }> = {};
    for (const name of ['work', 'poison'] as const) {
      shown[name] = ui.label(`${name}: none`);
      const bar = ui.progress(0);
      ui.button(name, async () => {
        const label = shown[name] as { text: string };
        label.text = `${name}: running`;
        const job = run.with(options).cpuBound(handles[name], 'input');
        bar.value = job.progress;
        try {
          label.text = `${name}: ${await job}`;
        } catch (error) {
          if (error instanceof CancelledError) label.text = `${name}: ${error.message}`;
          else label.text = `${name}: ${(error as Error).name}: ${(error as Error).message}`;
        }
      });
    }
  };
  const queue: TestQueue = new TestQueue(clock, () => server.session.jobs.consumer, { COMPUTE: held });
  const server: TestServer = new TestServer({
    clock,
    services: { COMPUTE: held },
    send: queue.send,
    stopped: () => queue.cut(),
    pages: { '/': page },
  });
  return { clock, held, server, queue };
}

async function open({ server, clock }: ReturnType<typeof scene>): Promise<TestBrowser> {
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  return browser;
}

/** Whether the page, as kept, says so; nobody needs to look at it. */
function kept(server: TestServer, text: string): boolean {
  return server.store.pages().some((row) => server.store.cells(row.page).some((cell) => cell.value.includes(text)));
}

describe('E: killed at each point, with and without a browser', () => {
  const points = ['before the commit', 'after it', 'running', 'in progress', 'answered', 'recorded'] as const;
  for (const via of ['service', 'queue'] as const) {
    for (const point of points) {
      test(`[JE1] ${via}: ${point}`, async () => {
        for (const stays of [true, false]) {
          const world = scene({ via });
          const { clock, held, server } = world;
          const browser = await open(world);
          browser.emit(button(browser, 'work'), 'click');
          if (point === 'before the commit') {
            await clock.advance(0);
          } else {
            await clock.advance(point === 'after it' ? 52 : 200);
            if (point === 'in progress' || point === 'answered' || point === 'recorded') {
              await held.last().report({ progress: 0.5, chunks: ['a'], from: 0 });
              await clock.advance(100);
            }
            if (point === 'answered' || point === 'recorded') await held.last().done('first');
            if (point === 'recorded') await clock.advance(10);
          }
          if (!stays && point !== 'before the commit') browser.close();
          server.kill();
          const before = held.calls.length;
          for (let second = 0; second < 60; second++) {
            await clock.advance(1_000);
            for (const call of held.calls) await call.done(call.call.attempt === 1 ? 'first' : 'again');
          }
          expect(server.store.jobs('open')).toEqual([]);
          expect(server.store.jobs('all')).toHaveLength(1);
          if (point === 'recorded') expect(held.calls).toHaveLength(before);
          expect(kept(server, 'work: first') || kept(server, 'work: again')).toBe(true);
          if (stays) expect(texts(browser)[0]).toMatch(/^work: (first|again)$/);
          expect(server.errors).toEqual([]);
          expect(server.whyAwake()).toEqual([]);
          server.stop();
        }
      });
    }
  }

  test('[JE1] 100 handlers with a job each are killed in flight: each job has one outcome and each handler one end', async () => {
    const clock = new VirtualClock();
    const held = new Held();
    const handles = run.tasks<Tasks>('COMPUTE');
    const server = new TestServer({
      clock,
      services: { COMPUTE: held },
      pages: {
        '/': () => {
          const sum = ui.state(0);
          const done = ui.state(0);
          ui.label(() => `${done.value} make ${sum.value}`);
          ui.button('Start', async () => {
            const value = await run.cpuBound(handles.work, 'one');
            sum.value += Number(value);
            done.value++;
          });
        },
      },
    });
    const browser = await TestBrowser.open(server, clock, '/');
    await clock.advance(100);
    for (let click = 0; click < 100; click++) browser.emit(button(browser, 'Start'), 'click');
    await clock.advance(200);
    for (const call of held.calls.slice(0, 7)) await call.done('1');
    await clock.advance(20);
    server.kill();
    await clock.advance(300);
    server.kill();
    for (let second = 0; second < 120; second++) {
      await clock.advance(1_000);
      for (const call of held.calls) await call.done('1');
      if (second === 3) server.kill();
    }
    expect(texts(browser)).toEqual(['100 make 100']);
    expect(server.store.jobs('open')).toEqual([]);
    expect(server.errors).toEqual([]);
  });
});

describe('what the author reads', () => {
  test('[JE6] compute that is not there: its sentence, within seconds, and the page goes on', async () => {
    const world = scene();
    world.held.away = 'Worker "edgewise-compute" not found.';
    const browser = await open(world);
    browser.emit(button(browser, 'work'), 'click');
    await world.clock.advance(16_000);
    expect(texts(browser)[0]).toContain('is not running. Start it with `edgewise dev`');
  });

  test('[JE4] a poison task is exhausted while another job of the session ends as ever', async () => {
    const world = scene();
    const { clock, held } = world;
    const browser = await open(world);
    browser.emit(button(browser, 'poison'), 'click');
    browser.emit(button(browser, 'work'), 'click');
    for (let second = 0; second < 40; second++) {
      await clock.advance(1_000);
      for (const call of held.calls) if (call.call.task === 'poison') await call.dies();
      if (second === 20) await held.last('work').done('fine');
    }
    expect(texts(browser)[0]).toBe('work: fine');
    expect(texts(browser)[1]).toMatch(/^poison: ExhaustedError: Task "poison" was given up: 6 attempts were lost/);
    expect(held.calls.filter(({ call }) => call.task === 'work')).toHaveLength(1);
  });
});

test('a page function’s own call leaves no row: it is made anew by each build; one with a key is kept and joined', async () => {
  const clock = new VirtualClock();
  const held = new Held();
  const handles = run.tasks<Tasks>('COMPUTE');
  const pages = {
    '/': async () => void ui.label(await run.cpuBound(handles.poison, 'a')),
    '/kept': () => {
      const job = run.with({ key: 'one' }).cpuBound(handles.work, 'b');
      ui.label(() => job.status.value);
    },
  };
  const server = new TestServer({ clock, services: { COMPUTE: held }, pages });
  // Nobody connects: somebody only looked.
  const painted = server.open('/');
  await clock.advance(100);
  await held.last('poison').done('it');
  await painted;
  await clock.advance(1_000);
  expect([server.store.jobs('all'), server.store.due(), server.alarmAt]).toEqual([[], [], null]);
  const browser = await TestBrowser.open(server, clock, '/kept');
  await clock.advance(1_000);
  server.kill();
  await clock.advance(10_000);
  expect(texts(browser)).toEqual(['running']);
  expect(server.store.jobs('all')).toHaveLength(1);
  server.stop();
});

describe('leaving', () => {
  async function leaving(options: RunOptions, away: number, kill = false) {
    const world = scene(options);
    const { clock, server, held } = world;
    const browser = await open(world);
    browser.emit(button(browser, 'work'), 'click');
    await clock.advance(200);
    const { page } = browser.link;
    await browser.reload();
    await clock.advance(2_000);
    await browser.reload();
    await clock.advance(12_000);
    expect(texts(browser)[0]).toBe('work: running');
    browser.close();
    await clock.advance(100);
    if (kill) server.kill();
    await clock.advance(away);
    for (const call of held.calls) await call.done('done');
    await clock.advance(20_000);
    for (const call of held.calls) await call.done('done');
    const back = await TestBrowser.open(server, clock, '/', { page });
    await clock.advance(5_000);
    return texts(back)[0];
  }

  test('by default work goes on when the tab is gone, and its result is there on return', async () => {
    for (const kill of [false, true]) expect(await leaving({}, 60_000, kill)).toBe('work: done');
  });

  test('a job with a name outlives the last page of its session, its result is kept for a day, and then nothing is left', async () => {
    for (const returns of [true, false]) {
      const clock = new VirtualClock();
      const held = new Held();
      const handles = run.tasks<Tasks>('COMPUTE');
      const server = new TestServer({
        clock,
        services: { COMPUTE: held },
        policy: { pageIdle: 60_000, openWork: 60_000 },
        pages: {
          '/': () => {
            const report = ui.job('report', handles.work);
            ui.label(() => `report: ${report.status.value} ${report.result.value ?? ''}`);
            ui.button('Start', () => {
              report.start('input');
              run.cpuBound(handles.poison, 'shown by this page only').catch(() => {});
            });
          },
        },
      });
      const browser = await TestBrowser.open(server, clock, '/');
      await clock.advance(100);
      browser.emit(button(browser, 'Start'), 'click');
      await clock.advance(200);
      browser.close();
      await clock.advance(300_000);
      expect(server.store.pages()).toEqual([]);
      expect(server.session.jobs.list().map(({ state }) => state.status)).toEqual(['cancelled', 'running']);
      await held.last('work').done('written');
      await clock.advance(20 * 3_600_000);
      if (returns) {
        const back = await TestBrowser.open(server, clock, '/');
        await clock.advance(100);
        expect(texts(back)).toEqual(['report: done written']);
        back.close();
      }
      await clock.advance(5 * 3_600_000);
      expect(server.store.jobs('all')).toEqual([]);
      expect(server.store.due()).toEqual([]);
      expect(server.whyAwake()).toEqual([]);
      server.stop();
    }
  });

  test('cancelOnLeave ends it after the grace, which a reload is shorter than; the handler is told', async () => {
    for (const kill of [false, true]) {
      expect(await leaving({ cancelOnLeave: true }, 15_000, kill)).toBe(
        'work: Task "work" was cancelled: its page was left.',
      );
      expect(await leaving({ cancelOnLeave: '30s' }, 15_000, kill)).toBe('work: done');
      expect(await leaving({ cancelOnLeave: '30s', timeout: '5m' }, 60_000, kill)).toBe(
        'work: Task "work" was cancelled: its page was left.',
      );
    }
  });
});
