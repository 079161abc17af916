import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { computeService, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

const tasks = run.tasks<{ work(n: number): Promise<number> }>('COMPUTE');

/** A page with a counter and a job of ten seconds, and what its compute service was asked. */
async function stage() {
  const clock = new VirtualClock();
  const asked: number[] = [];
  const work = async (n: number) => {
    asked.push(n);
    await new Promise<void>((resolve) => clock.after(10_000, resolve));
    return 2 * n;
  };
  const page = () => {
    const count = ui.state(0);
    const out = ui.state('nothing');
    ui.label(() => `count ${count.value}`);
    ui.label(() => out.value);
    ui.button('Count', () => count.value++);
    ui.button('Go', async () => {
      out.value = `got ${await run.cpuBound(tasks.work, 21)}`;
    });
  };
  const server = new TestServer({
    clock,
    services: { COMPUTE: computeService({ work }, clock) },
    pages: { '/': page },
  });
  const user = await User.open(server, clock, '/');
  return { clock, server, user, asked, [Symbol.dispose]: () => user[Symbol.dispose]() };
}

describe('after an update of the code, while the old instance is there and its storage throws', () => {
  test.each([
    ['is busy', 1],
    ['has slept', 5_000],
  ])('a click is applied once, by the new instance, when the old one %s', async (_, quiet) => {
    using it = await stage();
    const { server, user } = it;
    user.find('Count').click();
    await user.settle();
    await user.advance(quiet);
    if (quiet > 1) server.evict();
    server.deploy(undefined, { stale: true });
    const old = server.session;
    user.find('Count').click();
    await user.shouldSee('count 2');
    await user.settle();
    expect(server.session).not.toBe(old);
    expect(user.sees('count 2')).toBe(true);
    expect(user.notifications).toEqual([]);
    expect(server.errors).toEqual([]);
  });

  test('a job that is started is asked for once, by the new instance', async () => {
    using it = await stage();
    it.server.deploy(undefined, { stale: true });
    it.user.find('Go').click();
    await it.user.shouldSee('got 42', { within: '30s' });
    expect(it.asked).toEqual([21]);
  });

  test('a job that runs keeps its attempts, and ends once', async () => {
    using it = await stage();
    it.user.find('Go').click();
    await it.user.advance('2s');
    it.server.deploy(undefined, { stale: true });
    it.user.find('Count').click();
    await it.user.shouldSee('got 42', { within: '1m' });
    expect(it.asked.length).toBeLessThanOrEqual(2);
    expect(it.server.session.jobs.list().map(({ lost }) => lost <= 1)).toEqual([true]);
  });

  test('a visitor, an alarm and a socket that closes are served by the new instance', async () => {
    using it = await stage();
    it.user.find('Count').click();
    await it.user.settle();
    it.server.deploy(undefined, { stale: true });
    const { page } = it.user.browser.link;
    await expect(it.server.open('/', page)).resolves.toMatchObject({ page });
    it.server.deploy(undefined, { stale: true });
    it.server.ring();
    await it.clock.advance(100);
    it.server.deploy(undefined, { stale: true });
    it.user.close();
    await it.clock.advance(10_000);
    await expect(it.server.open('/', page)).resolves.toMatchObject({ page });
    expect(it.server.errors).toEqual([]);
  });

  test('nothing is tried again in the old one', async () => {
    using it = await stage();
    it.server.deploy(undefined, { stale: true });
    const old = it.server.session;
    it.user.find('Count').click();
    await it.user.advance('1m');
    expect(it.server.session).not.toBe(old);
    expect(it.server.log.filter(({ message }) => message.includes('commit failed'))).toEqual([]);
  });
});
