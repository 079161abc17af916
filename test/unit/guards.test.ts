import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { decode, encode } from '../../src/storage/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { open, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

const rejections: unknown[] = [];
const heard = (error: unknown) => void rejections.push(error);
beforeEach(() => void process.on('unhandledRejection', heard));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', heard);
  expect(rejections.splice(0)).toEqual([]);
});

/** Error handlers that fail: each way in which a function can. */
const failing: readonly (readonly [string, () => unknown])[] = [
  [
    'throws',
    () => {
      throw new Error('Sentry is not set up');
    },
  ],
  ['rejects', () => Promise.reject(new Error('Sentry is away'))],
];

async function stage(onError: () => unknown, page: () => unknown): Promise<User> {
  const clock = new VirtualClock();
  const server = new TestServer({ clock, pages: { '/': page }, onError });
  return User.open(server, clock, '/');
}

describe.each(failing)('an onPageError that %s', (_, onError) => {
  const bad = () => {
    throw new Error('mine');
  };
  test.each<readonly [string, () => unknown]>([
    ['a handler', () => ui.button('Go', bad)],
    ['an async handler', () => ui.button('Go', async () => bad())],
    [
      'a handler after its await',
      () =>
        ui.button('Go', async () => {
          await run.ioBound(async () => 1);
          bad();
        }),
    ],
    ['a handler that waits for its turn', () => ui.button('Go', async () => bad(), { whileRunning: 'queue' })],
    ['a timer', () => ui.button('Go', () => ui.timer(10, bad, { once: true }))],
    [
      'a bound text',
      () => {
        const on = ui.state(false);
        ui.label(() => (on.value ? bad() : 'fine'));
        ui.button('Go', () => void (on.value = true));
      },
    ],
    [
      'a part',
      () => {
        const on = ui.state(false);
        ui.show(on, bad);
        ui.button('Go', () => void (on.value = true));
      },
    ],
    ['background work', () => ui.button('Go', () => void background.create(async () => bad()))],
  ])('[NB5] leaves everything else as it is when %s throws', async (_name, build) => {
    using user = await stage(onError, () => {
      const count = ui.state(0);
      ui.label(() => `count ${count.value}`);
      build();
      ui.button('Count', () => count.value++);
    });
    user.find('Go').click();
    await user.advance('1s');
    user.find('Count').click();
    await user.shouldSee('count 1');
    await user.advance('5s');
    expect(user.find('Go').busy).toBe(false);
    expect(user.server.whyAwake()).toEqual([]);
    expect(user.browser.link.status.pending).toBe(0);
    expect(user.server.errors.map(String)).toContainEqual(expect.stringContaining('mine'));
    expect(user.server.log.map((entry) => entry.message)).toContainEqual(
      expect.stringContaining('The handler of app.onPageError failed'),
    );
  });

  test.each([
    ['throws at once', () => bad()],
    [
      'throws later',
      async () => {
        await undefined;
        bad();
      },
    ],
  ])('lets a visitor hear of a page function that %s', async (_name, page) => {
    const clock = new VirtualClock();
    const server = new TestServer({ clock, pages: { '/': page }, onError });
    await expect(server.open('/')).rejects.toThrow('mine');
    expect(server.whyAwake()).toEqual([]);
  });
});

test.each([
  ['an object without a prototype', () => Object.create(null)],
  [
    'an error whose message throws',
    () => Object.defineProperty(new Error('x'), 'message', { get: () => assertNever() }),
  ],
  ['a symbol', () => Symbol('what')],
  ['undefined', () => undefined],
])('a handler and a page function that throw %s harm nothing else', async (_, thrown) => {
  let fails = false;
  const clock = new VirtualClock();
  const server = new TestServer({
    clock,
    pages: {
      '/': () => {
        if (fails) throw thrown();
        const count = ui.state(0);
        ui.label(() => `count ${count.value}`);
        ui.button('Count', () => {
          count.value++;
          throw thrown();
        });
      },
    },
  });
  using user = await User.open(server, clock, '/');
  user.find('Count').click();
  await user.shouldSee('count 1');
  await user.settle();
  expect(user.notifications).toHaveLength(1);
  fails = true;
  await expect(server.open('/')).rejects.toBeDefined();
});

function assertNever(): never {
  throw new Error('nobody reads this');
}

describe('rows that cannot be used', () => {
  const page = async () => {
    await undefined;
    const out = ui.state('none');
    const count = ui.state(0);
    ui.label(() => `${out.value} ${count.value}`);
    ui.button('Go', async () => {
      out.value = 'waits';
      out.value = await run.ioBound(() => new Promise<string>(() => {}));
    });
    ui.button('Label', () => void ui.label('made by a handler'));
    ui.button('Count', () => count.value++);
  };

  test.each<readonly [what: string, row: 'header' | 'log', text: string | undefined]>([
    ['begins with null', 'header', 'null'],
    ['begins with a number', 'header', '7'],
    ['names no run', 'header', encode({ node: 7 }, 'A header')],
    ['begins with what nobody can decode', 'header', '~[[['],
    ['has no header', 'header', undefined],
    ['has no log', 'log', undefined],
    ['has lines of no JSON', 'log', 'no json\n'],
    ['has lines of another kind', 'log', 'null\n7\n'],
    ['has a result of a call that there is not', 'log', '["result",7,"1",null]\n'],
    [
      'has values that nobody can decode',
      'log',
      '["call","io","",null]\n["before","x.s.~0","~[[["]\n["read","x",1,"{"]\n',
    ],
  ])('[NB5] a journal that %s ends its own run, and the page works', async (_, which, text) => {
    using user = await open({ '/': page });
    user.find('Go').click();
    await user.shouldSee('waits 0');
    await user.settle();
    const { store } = user.server;
    const [row] = store.pages();
    if (!row) throw new Error('The page has no row.');
    const cells = store.cells(row.page).filter(({ key }) => key.includes('.h.'));
    const cell = cells.find(({ key }) => (key.split('.').length === 3) === (which === 'header'));
    if (!cell) throw new Error('The run has no such row.');
    if (text === undefined) store.deleteCell(row.page, cell.key);
    else store.writeCell(row.page, cell.key, text);
    user.server.kill();
    await user.shouldSee('waits 0', { within: '30s' });
    user.find('Count').click();
    await user.shouldSee('waits 1');
    await user.advance('40s');
    expect(user.server.whyAwake()).toEqual([]);
    expect(store.cells(row.page).filter(({ key }) => key.includes('.h.'))).toEqual([]);
    expect(user.server.errors.length + user.server.log.length).toBeGreaterThan(0);
  });

  test.each([
    ['a kind that there is not', { kind: 'hologram' }],
    ['no props', { props: null }],
    ['props of another kind', { props: { text: 7, on: 'x' } }],
    ['a parent that there is not', { parent: 12345 }],
    ['a parent that is none', { parent: 'x' }],
  ])('an element of a handler with %s harms nothing else', async (_, change) => {
    using user = await open({ '/': page });
    user.find('Label').click();
    await user.shouldSee('made by a handler');
    await user.settle();
    const { store } = user.server;
    const [row] = store.pages();
    if (!row) throw new Error('The page has no row.');
    const cell = store.cells(row.page).find(({ key }) => key.endsWith('.n'));
    if (!cell) throw new Error('The element has no row.');
    store.writeCell(row.page, cell.key, encode({ ...(decode(cell.value) as object), ...change }, 'A row'));
    user.server.kill();
    await user.advance('10s');
    user.find('Count').click();
    await user.shouldSee('none 1');
  });
});

test.each([
  ['a bigint', () => 10n],
  ['a circle', () => circle],
  [
    'an object whose getter throws',
    () => ({
      get x() {
        return assertNever();
      },
    }),
  ],
])('an attribute that becomes %s is reported, and everything else is shown', async (_, value) => {
  using user = await open({
    '/': () => {
      const count = ui.state(0);
      ui.label(() => `count ${count.value}`);
      ui.button('Count', () => count.value++);
      ui.label('x').props({ 'data-x': (() => (count.value === 1 ? value() : 'a')) as never });
    },
  });
  user.find('Count').click();
  await user.shouldSee('count 1');
  user.find('Count').click();
  await user.shouldSee('count 2');
  expect(user.notifications).toHaveLength(1);
});

const circle: Record<string, unknown> = {};
circle.self = circle;

test('a due row whose work fails is tried again after a pause, and holds up no other row', async () => {
  const user = await open({ '/': () => void ui.button('Go', () => {}) });
  using _ = user;
  user.find('Go').click();
  await user.settle();
  const { store, session } = user.server;
  const checked: number[] = [];
  session.jobs.check = () => {
    checked.push(user.clock.time);
    throw new Error('a mistake of the framework');
  };
  const [row] = store.pages();
  const at = user.clock.now() - 1;
  store.writeDue({ page: '', key: 'jobs', at });
  store.writeDue({ page: row?.page ?? '', key: 'nothing', at });
  user.server.ring();
  await user.advance('25s');
  expect(checked).toHaveLength(3);
  expect(store.due().map(({ key }) => key)).not.toContain('nothing');
});

describe('an error of a handler is told once, whenever the server is killed', () => {
  const moments = Array.from({ length: 14 }, (_, index) => 5 + index * 12);
  const bad = () => {
    throw new RangeError('mine');
  };
  test.each<readonly [string, () => unknown]>([
    ['at once', () => ui.button('Go', bad)],
    [
      'after an await',
      () =>
        ui.button('Go', async () => {
          await run.ioBound(async () => 1);
          bad();
        }),
    ],
    [
      'in a finally',
      () =>
        ui.button('Go', async () => {
          try {
            await run.ioBound(async () => 1);
          } finally {
            bad();
          }
        }),
    ],
    [
      'of what it has superseded',
      () => {
        const runs = ui.state(0);
        ui.button(
          'Go',
          async () => {
            if (runs.value++ === 0) await run.ioBound(async () => bad()).catch(bad);
            bad();
          },
          { whileRunning: 'restart' },
        );
      },
    ],
  ])('thrown %s', async (_, page) => {
    for (const at of moments) {
      const clock = new VirtualClock();
      const told: unknown[] = [];
      const server = new TestServer({ clock, pages: { '/': page }, onError: (error) => void told.push(error) });
      const user = await User.open(server, clock, '/');
      user.find('Go').click();
      await clock.advance(at);
      server.kill();
      await clock.advance(30_000);
      expect([at, told.map(String)]).toEqual([at, ['RangeError: mine']]);
      expect([at, server.errors.map(String)]).toEqual([at, ['RangeError: mine']]);
      user.close();
    }
  });

  test('an error is told at once when commits fail', async () => {
    const user = await stage(
      () => {},
      () => ui.button('Go', bad),
    );
    user.server.store.failure = new Error('disk full');
    user.find('Go').click();
    await user.advance('1s');
    expect(user.server.errors.map(String)).toContain('RangeError: mine');
    user.close();
  });
});

test('[NB5] an error with a message of megabytes is shown, cut, and is whole in the log', async () => {
  const message = 'long '.repeat(500_000);
  const user = await stage(
    () => {},
    () =>
      ui.button('Go', () => {
        throw new Error(message);
      }),
  );
  user.find('Go').click();
  await user.settle();
  expect(user.notifications.map((text) => text.length)).toEqual([1_001]);
  expect(user.server.errors).toEqual([expect.objectContaining({ message })]);
  expect(user.server.log).toHaveLength(1);
  user.close();
});
