import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open } from '../../src/testing/index.ts';

const tasks = { double: (value: number) => value * 2 };
const { double } = run.tasks<typeof tasks>('COMPUTE');

test('alwaysReplay kills the server once at each await of a handler, and the handler ends as without it', async () => {
  let runs = 0;
  const page = () => {
    const out = ui.state<{ step: string; value?: number }[]>([]);
    ui.each(
      out,
      ({ step }) => step,
      ({ step, value }) => ui.label(`${step} ${value ?? 'waits'}`),
    );
    ui.button('Go', async () => {
      runs++;
      out.value = [{ step: 'first' }, { step: 'second' }];
      const first = await run.cpuBound(double, 2);
      out.value = out.value.map((one) => (one.step === 'first' ? { ...one, value: first } : one));
      const second = await run.ioBound(async () => first + 1);
      out.value = out.value.map((one) => (one.step === 'second' ? { ...one, value: second } : one));
    });
  };
  using user = await open({ '/': page }, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Go').click();
  await user.shouldSee('second 5', { within: '1m' });
  await user.shouldSee('first 4');
  expect(user.server.errors).toEqual([]);
  expect(user.server.replays).toBeGreaterThan(0);
  expect(runs).toBe(1 + user.server.replays);
});

test('alwaysReplay kills the server at no await twice, also when a commit interrupts a replay', async () => {
  const page = () => {
    const out = ui.label('-');
    ui.button('Go', async () => {
      const calls = Array.from({ length: 4 }, (_, index) => run.cpuBound(double, index));
      out.text = `${(await Promise.all(calls)).join()} ${await run.cpuBound(double, 5)}`;
    });
  };
  using user = await open({ '/': page }, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Go').click();
  await user.shouldSee('0,2,4,6 10', { within: '2m' });
  // Five calls and five results.
  expect(user.server.replays).toBeLessThanOrEqual(10);
});

test('alwaysReplay shows a handler whose values a replay does not make again', async () => {
  let count = 0;
  const page = () => {
    const out = ui.state('');
    ui.label(() => out.value);
    ui.button('Go', async () => {
      out.value = `try ${++count}`;
      await run.cpuBound(double, 2);
      out.value = 'ended';
    });
  };
  using user = await open({ '/': page }, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Go').click();
  await user.advance('1m');
  expect(user.server.errors.map((error) => (error as Error).name)).toEqual(['InterruptedError']);
});

test('alwaysReplay shows a handler that awaits something else than run', async () => {
  const page = () => {
    const out = ui.state('');
    ui.label(() => out.value);
    ui.button('Go', async () => {
      await new Promise(() => {});
    });
  };
  using user = await open({ '/': page }, '/', { alwaysReplay: true });
  user.find('Go').click();
  await user.advance('1m');
  expect(user.server.errors.map((error) => (error as Error).name)).toEqual(['InterruptedError']);
});

test('a state that a replay writes to what it was is found as it was after the next restart too', async () => {
  const page = () => {
    const sum = ui.state(0);
    const log = ui.log();
    ui.button('Go', async () => {
      for (let turn = 0; turn < 4; turn++) {
        // Read before the wait, and the first turn writes what is there.
        sum.value += await run.cpuBound(double, turn);
        log.push(`${turn} ${sum.value}`);
      }
    });
  };
  using user = await open({ '/': page }, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Go').click();
  await user.advance('1m');
  expect(user.server.errors).toEqual([]);
  expect(user.find({ kind: 'log' }).props.lines).toEqual(['0 0', '1 2', '2 6', '3 12']);
});

// The alarm ends these waits, and commits at once.
test.each<[what: string, wait: () => Promise<unknown>]>([
  ['run.sleep', () => run.sleep('1h')],
  ['run.event', () => run.event('never', { timeout: '1h' }).catch(() => {})],
  ['ui.confirm', () => ui.confirm('Really?', { timeout: '1h' }).catch(() => {})],
  ['ui.prompt', () => ui.prompt('Who?', { timeout: '1h' }).catch(() => {})],
])('a handler goes on after a kill at the commit with which the time of its %s has passed', async (_what, wait) => {
  const page = () => {
    const out = ui.state('');
    ui.label(() => out.value);
    ui.button('Go', async () => {
      await wait();
      out.value = 'passed';
      await run.cpuBound(double, 2);
      out.value = 'ended';
    });
  };
  using user = await open({ '/': page }, '/', { services: { COMPUTE: tasks }, alwaysReplay: true });
  user.find('Go').click();
  await user.advance('2h');
  expect(user.server.errors).toEqual([]);
  expect(user.sees('ended')).toBe(true);
});
