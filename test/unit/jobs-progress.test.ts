// What ten thousand reports a second cost: calls, frames, rows.

import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { settled, TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { button, service, TestQueue, texts } from './jobs-kit.ts';

/** The most that fell into any second. */
function busiest(times: readonly number[]): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while ((times[to] as number) - (times[from] as number) >= 1_000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** A page with `jobs` tasks that each report 10,000 times a second, for two seconds; `calls` are those that reach the session. */
async function storm(jobs: number, via: 'service' | 'queue' = 'service') {
  const clock = new VirtualClock();
  const tasks = {
    async *busy(): AsyncGenerator<number, string> {
      for (let tick = 0; tick < 200; tick++) {
        // A hundred reports each 10 ms.
        await new Promise<void>((resolve) => clock.after(10, resolve));
        for (let report = 0; report < 100; report++) yield (tick * 100 + report) / 20_000;
      }
      return 'done';
    },
  };
  const compute = service(tasks, clock);
  const calls: number[] = [];
  const COMPUTE = {
    run: async (call: Parameters<typeof compute.run>[0]) => {
      const answer = await compute.run(call);
      if (!('running' in answer)) return answer;
      const { running } = answer;
      return {
        running: {
          cancel: () => running.cancel(),
          follow: (observer: Parameters<typeof running.follow>[0]) =>
            running.follow((report) => {
              if (via === 'service') calls.push(clock.time);
              return observer(report);
            }),
        },
      };
    },
  };
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const queue: TestQueue = new TestQueue(clock, () => server.session.jobs.consumer, { COMPUTE });
  queue.interfere = (method) => {
    if (method === 'reportJob') calls.push(clock.time);
  };
  const server: TestServer = new TestServer({
    clock,
    send: queue.send,
    stopped: () => queue.cut(),
    services: { COMPUTE },
    pages: {
      '/': () => {
        const bars = Array.from({ length: jobs }, () => ui.progress(0));
        const result = ui.label('none');
        ui.button('Start', async () => {
          const all = bars.map((bar) => {
            const job = run.with({ via }).cpuBound(handles.busy);
            bar.value = job.progress;
            return job;
          });
          result.text = (await Promise.all(all)).join(' ');
        });
        const count = ui.state(0);
        ui.label(() => `count ${count.value}`);
        ui.button('Count', () => {
          count.value++;
        });
      },
    },
  });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(2_000);
  const frames: number[] = [];
  const late: number[] = [];
  const written = server.store.written;
  browser.emit(button(browser, 'Start'), 'click');
  let seen = browser.wire?.received.length ?? 0;
  let clicks = 0;
  for (let step = 0; step < 2_600; step++) {
    await clock.advance(1);
    const { received = [] } = browser.wire ?? {};
    for (; seen < received.length; seen++) if (/^\[\d/.test(received[seen] as string)) frames.push(clock.time);
    if (step % 100 === 50) {
      browser.emit(button(browser, 'Count'), 'click');
      clicks++;
      await clock.advance(2);
      if (!texts(browser).includes(`count ${clicks}`)) late.push(step);
    }
  }
  await clock.advance(1_000);
  await settled();
  return { browser, calls, frames, late, written: server.store.written - written, server };
}

test('[LW1] 10,000 reports a second become at most ten calls and as many frames in both lanes, and the last value is shown', async () => {
  for (const via of ['service', 'queue'] as const) {
    const { browser, calls, frames, written } = await storm(1, via);
    expect(calls.length).toBeGreaterThan(10);
    expect(busiest(calls)).toBeLessThanOrEqual(11); // the first report does not wait for the second
    expect(busiest(frames)).toBeLessThanOrEqual(30); // those of the clicks are among them
    expect(texts(browser)[0]).toBe('done');
    expect(JSON.stringify(browser.literal())).toContain('"value":1');
    expect(written).toBeLessThan(300);
  }
});

test('[NB2] 32 such tasks at once: at most 60 frames a second beside the answers to clicks, which do not wait', async () => {
  const { browser, calls, frames, late } = await storm(32);
  expect(busiest(calls)).toBeGreaterThan(200);
  expect(busiest(frames)).toBeLessThanOrEqual(60 + 12);
  expect(late).toEqual([]);
  const values = [...JSON.stringify(browser.literal()).matchAll(/"value":([\d.]+)/g)].map((match) => Number(match[1]));
  expect(values).toEqual(Array.from({ length: 32 }, () => 1));
});

test('[LW3] 10,000 lines a second: at most ten calls and sixty frames, and every line is shown', async () => {
  const clock = new VirtualClock();
  const tasks = {
    async *busy(): AsyncGenerator<string, string> {
      for (let tick = 0; tick < 100; tick++) {
        await new Promise<void>((resolve) => clock.after(10, resolve));
        for (let line = 0; line < 100; line++) yield `line ${tick * 100 + line}`;
      }
      return 'done';
    },
  };
  const COMPUTE = service(tasks, clock);
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const calls: number[] = [];
  const queue: TestQueue = new TestQueue(clock, () => server.session.jobs.consumer, { COMPUTE });
  queue.interfere = (method) => {
    if (method === 'reportJob') calls.push(clock.time);
  };
  const server: TestServer = new TestServer({
    clock,
    send: queue.send,
    stopped: () => queue.cut(),
    services: { COMPUTE },
    pages: {
      '/': () => {
        const log = ui.log({ max: 10_000 });
        const result = ui.label('none');
        ui.button('Start', async () => {
          const job = run.with({ via: 'queue' }).cpuBound(handles.busy);
          for await (const line of job.chunks) log.push(line);
          result.text = await job;
        });
      },
    },
  });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(1_000);
  browser.emit(button(browser, 'Start'), 'click');
  const frames: number[] = [];
  let seen = browser.wire?.received.length ?? 0;
  for (let step = 0; step < 300; step++) {
    await clock.advance(10);
    for (; seen < (browser.wire?.received.length ?? 0); seen++) frames.push(clock.time);
  }
  expect(busiest(calls)).toBeLessThanOrEqual(11);
  expect(busiest(frames)).toBeLessThanOrEqual(60);
  expect(texts(browser)).toEqual(['done']);
  expect(texts(browser, 'log')[0]).toEqual(Array.from({ length: 10_000 }, (_, line) => `line ${line}`));
});
