import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { computeService, open, TestBrowser, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

const hour = 3_600_000;
const counter = () => {
  const count = ui.state(0);
  ui.label(() => `count ${count.value}`);
  ui.button('Count', () => count.value++);
};

describe('a page ends by policy after its last browser has left, and not earlier', () => {
  /** A page that was watched for two days by a browser that said nothing. */
  async function watched(): Promise<User> {
    const user = await open({ '/': counter });
    user.find('Count').click();
    await user.shouldSee('count 1');
    for (let hours = 0; hours < 47; hours++) {
      await user.advance('5s');
      user.server.evict();
      await user.advance('1h');
    }
    return user;
  }
  test.each<readonly [string, (user: User) => unknown]>([
    ['closes the tab while the object sleeps', (user) => user.close()],
    ['loses its network while the object sleeps', (user) => user.offline()],
    [
      'is lost together with the object, which hears of nothing',
      (user) => {
        user.offline();
        user.server.kill();
      },
    ],
    [
      'is lost when the page cannot be built',
      async (user) => {
        user.server.failBuilds(3);
        user.find('Count').click();
        await user.advance('100ms');
        user.offline();
        await user.advance('1m');
        user.server.failBuilds(0);
      },
    ],
  ])('[AF6] when the browser %s', async (_, leave) => {
    using user = await watched();
    await leave(user);
    await user.clock.advance(23.9 * hour);
    expect(user.server.store.pages()).toHaveLength(1);
    await user.clock.advance(26 * hour);
    expect(user.server.store.pages()).toEqual([]);
  });

  test('when the object was killed under a browser that stays', async () => {
    using user = await watched();
    user.server.kill();
    await user.clock.advance(100 * hour);
    user.find('Count').click();
    await user.shouldSee('count 2');
  });
});

test('a job that is to stop when its page is left stops when the browser of a page that is not in memory leaves', async () => {
  const clock = new VirtualClock();
  const work = async () => {
    await new Promise<void>((resolve) => clock.after(10 * hour, resolve));
    return 1;
  };
  const server = new TestServer({
    clock,
    services: { COMPUTE: computeService({ work }, clock) },
    pages: {
      '/': () => {
        const tasks = run.tasks<{ work(): Promise<number> }>('COMPUTE');
        ui.button('Go', () => void run.with({ cancelOnLeave: true }).cpuBound(tasks.work));
      },
    },
  });
  using user = await User.open(server, clock, '/');
  user.find('Go').click();
  await user.advance('2s');
  server.evict(true);
  user.close();
  await clock.advance(hour);
  expect(server.store.jobs('open')).toEqual([]);
});

describe('the memory of a session whose other tabs keep it awake', () => {
  /** A session with one tab that ticks for ever. */
  async function awake(page: () => unknown, policy = {}) {
    const clock = new VirtualClock();
    const server = new TestServer({
      clock,
      policy,
      pages: { '/': page, '/awake': () => void ui.timer(1_000, () => ui.label('.').delete()) },
    });
    const ticking = await User.open(server, clock, '/awake');
    return { clock, server, ticking, [Symbol.dispose]: () => ticking[Symbol.dispose]() };
  }
  const inMemory = (server: TestServer) =>
    [...server.session.pages.values()].filter((page) => page.request.path === '/');

  test('[AF6] loses a page some time after its tab was closed, and its effects with it', async () => {
    const stage = await awake(counter);
    using _ = stage;
    for (let tabs = 0; tabs < 20; tabs++) {
      const user = await User.open(stage.server, stage.clock, '/');
      user.find('Count').click();
      await user.settle();
      user.close();
    }
    await stage.clock.advance(15_000);
    expect(inMemory(stage.server)).toEqual([]);
    expect(stage.server.store.pages()).toHaveLength(21);
  });

  test('retains a page whose handler follows a job, so that no chunk has the handler replayed', async () => {
    let begun = 0;
    const clock = new VirtualClock();
    const tasks = {
      async *ticks(): AsyncGenerator<string, number> {
        for (;;) {
          await new Promise<void>((resolve) => clock.after(60_000, resolve));
          yield 'tick';
        }
      },
    };
    const handles = run.tasks<typeof tasks>('COMPUTE');
    const server = new TestServer({
      clock,
      services: { COMPUTE: computeService(tasks, clock) },
      pages: {
        '/': () => {
          const log = ui.log();
          ui.button('Follow', async () => {
            begun++;
            for await (const tick of run.with({ timeout: Number.POSITIVE_INFINITY }).cpuBound(handles.ticks).chunks)
              log.push(tick);
          });
        },
      },
    });
    using user = await User.open(server, clock, '/');
    user.find('Follow').click();
    await user.settle();
    user.close();
    await clock.advance(3 * hour);
    expect(begun).toBe(1);
  });

  test('holds at most so many pages that nobody watches', async () => {
    const stage = await awake(counter, { memoryIdle: hour, memoryPages: 3 });
    using _ = stage;
    for (let tabs = 0; tabs < 10; tabs++) {
      const user = await User.open(stage.server, stage.clock, '/');
      user.find('Count').click();
      await user.advance('5s');
      user.close();
      await stage.clock.advance(2_000);
    }
    await stage.clock.advance(5_000);
    expect(inMemory(stage.server)).toHaveLength(3);
  });

  test('gives a page that left it back as it was', async () => {
    const stage = await awake(counter);
    using _ = stage;
    const user = await User.open(stage.server, stage.clock, '/');
    user.find('Count').click();
    await user.settle();
    user.offline();
    await stage.clock.advance(60_000);
    expect(inMemory(stage.server)).toEqual([]);
    user.online();
    user.find('Count').click();
    await user.shouldSee('count 2');
    expect(user.browser.ended).toEqual([]);
    user.close();
  });

  test.each<readonly [string, (clock: VirtualClock) => () => unknown]>([
    [
      'an open handler',
      (clock) => () => {
        const out = ui.state('waits');
        ui.label(() => out.value);
        ui.button('Go', async () => {
          await new Promise<void>((resolve) => clock.after(60_000, resolve));
          out.value = 'done';
        });
      },
    ],
    [
      'background work',
      (clock) => () => {
        const out = ui.state('waits');
        ui.label(() => out.value);
        ui.button('Go', () => {
          background.create(async () => {
            await new Promise<void>((resolve) => clock.after(60_000, resolve));
            out.value = 'done';
          });
        });
      },
    ],
  ])('holds a page with %s to its end', async (_name, page) => {
    const clock = { own: new VirtualClock() };
    const stage = await awake(() => page(clock.own)());
    using _ = stage;
    clock.own = stage.clock;
    const user = await User.open(stage.server, stage.clock, '/');
    user.find('Go').click();
    await user.advance('1s');
    user.offline();
    await stage.clock.advance(90_000);
    expect(inMemory(stage.server)).toEqual([]);
    user.online();
    await user.shouldSee('done');
    user.close();
  });
});

test('[AF6] a page counts as seen when its browser connects, not when its document was made', async () => {
  const clock = new VirtualClock();
  const server = new TestServer({ clock, pages: { '/': counter } });
  const browser = await TestBrowser.open(server, clock, '/');
  const made = clock.now();
  // A laptop that slept over the document, whose network is back before its connection counts as dead.
  browser.wire?.hold('up');
  await clock.advance(9_000);
  browser.wire?.release('up');
  await clock.advance(500);
  expect(server.store.pages().map(({ seen }) => seen - made)).toEqual([expect.closeTo(9_000, -3)]);
});

test('[AF6] pages that are stored together keep the order in which they were used', async () => {
  const clock = new VirtualClock();
  const server = new TestServer({ clock, pages: { '/first': counter, '/second': counter } });
  const first = await User.open(server, clock, '/first');
  const second = await first.tab('/second');
  await clock.advance(5_000);
  second.find({ kind: 'button' }).click();
  await clock.advance(3);
  first.find({ kind: 'button' }).click();
  await clock.advance(5_000);
  const seen = new Map(server.store.pages().map((row) => [row.path, row.seen]));
  expect((seen.get('/first') ?? 0) - (seen.get('/second') ?? 0)).toBe(3);
});
