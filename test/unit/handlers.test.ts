import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { button, texts } from './screen.ts';
import { gate, service } from './task-service.ts';

test('[NF4] the code after an await goes on after a kill, once, and what was done before is not done again', async () => {
  const clock = new VirtualClock();
  const first = gate();
  const second = gate();
  const asked: number[] = [];
  const tasks = {
    slow: async (units: number) => {
      asked.push(units);
      return (await first.promise) + units;
    },
    later: async () => second.promise,
  };
  const COMPUTE = service(tasks, clock);
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const server = new TestServer({
    clock,
    services: { COMPUTE },
    pages: {
      '/': () => {
        const count = ui.state(0);
        const result = ui.label('Result: Pending...');
        ui.label(() => `Count ${count.value}`);
        ui.button('Start', async () => {
          const mine = ++count.value;
          result.text = `Result: Calculating ${mine}...`;
          ui.label(`Built ${mine}`);
          const value = await run.cpuBound(handles.slow, 3);
          count.value += 10;
          result.text = `Result: ${value} of ${mine}`;
          const more = await run.cpuBound(handles.later);
          result.text = `Result: ${value} and ${more} of ${mine}`;
        });
      },
    },
  });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  browser.emit(button(browser, 'Start'), 'click');
  await clock.advance(500);
  expect(texts(browser)).toEqual(['Result: Calculating 1...', 'Count 1', 'Built 1']);
  server.kill();
  await clock.advance(2_000);
  expect(texts(browser)).toEqual(['Result: Calculating 1...', 'Count 1', 'Built 1']);
  first.open(40);
  await clock.advance(2_000);
  expect(texts(browser)).toEqual(['Result: 43 of 1', 'Count 11', 'Built 1']);
  server.kill();
  await clock.advance(20_000);
  expect(texts(browser)).toEqual(['Result: 43 of 1', 'Count 11', 'Built 1']);
  second.open(7);
  await clock.advance(20_000);
  expect(texts(browser)).toEqual(['Result: 43 and 7 of 1', 'Count 11', 'Built 1']);
  expect(server.errors).toEqual([]);
  expect(server.session.whyAwake()).toEqual([]);
  expect(server.store.jobs('open')).toEqual([]);
});

test('[NF4] a handler goes on without any browser', async () => {
  const clock = new VirtualClock();
  const first = gate();
  const tasks = { slow: async () => first.promise };
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const server = new TestServer({
    clock,
    services: { COMPUTE: service(tasks, clock) },
    pages: {
      '/': () => {
        const result = ui.label('Pending');
        ui.button('Start', async () => {
          result.text = 'Calculating';
          result.text = `Result: ${await run.cpuBound(handles.slow)}`;
        });
      },
    },
  });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  browser.emit(button(browser, 'Start'), 'click');
  await clock.advance(500);
  browser.close();
  await clock.advance(500);
  server.kill();
  first.open(5);
  await clock.advance(60_000);
  expect(server.store.jobs('open')).toEqual([]);
  const cells = server.store.pages().flatMap((page) => server.store.cells(page.page));
  expect(cells.map((cell) => cell.value)).toEqual(['"Result: 5"']);
  expect(server.errors).toEqual([]);
});
