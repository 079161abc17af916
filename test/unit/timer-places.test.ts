import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { open, type User } from '../../src/testing/index.ts';

type Place = (interval: number, tick: () => unknown) => void;

const again = (name: string) => {
  const version = ui.state(0, name);
  ui.button('Again', () => version.value++);
  return version;
};

/** Where a timer can be made. Parts are built again by "Again". */
const places: Readonly<Record<string, Place>> = {
  'the page function': (interval, tick) => void ui.timer(interval, tick),
  'ui.each': (interval, tick) => {
    const version = again('each');
    ui.each(
      () => [{ id: 1, version: version.value }],
      (item) => item.id,
      () => ui.timer(interval, tick),
    );
  },
  'ui.show': (interval, tick) => {
    const version = again('show');
    ui.region(() => {
      ui.label(version.value);
      ui.show(true, () => ui.timer(interval, tick));
    });
  },
  'ui.region': (interval, tick) => {
    const version = again('region');
    ui.region(() => {
      ui.label(version.value);
      ui.timer(interval, tick);
    });
  },
  'a handler': (interval, tick) => void ui.button('Start', () => ui.timer(interval, tick)),
};
const lengths = { short: 8_000, long: 80_000 } as const;

interface Row {
  readonly name: string;
  readonly length: keyof typeof lengths;
  readonly place: Place;
  readonly interval: number;
}

function rows(wanted: { parts?: true; built?: true; length?: keyof typeof lengths } = {}): Row[] {
  return Object.entries(places).flatMap(([where, place]) => {
    if (where === 'a handler' && (wanted.built || wanted.parts)) return [];
    if (where === 'the page function' && wanted.parts) return [];
    return (Object.keys(lengths) as (keyof typeof lengths)[])
      .filter((length) => wanted.length === undefined || wanted.length === length)
      .map((length) => ({ name: `a ${length} timer in ${where}`, place, length, interval: lengths[length] }));
  });
}

/** Opens a page with one timer. Times are in intervals since the timer was made. */
async function stage({ place, interval }: Row, tick: (user: User) => unknown = () => {}) {
  const ran: number[] = [];
  let made = 0;
  const user: User = await open({
    '/': () =>
      place(interval, () => {
        // A message travels for a few milliseconds, which are no matter here.
        ran.push(Math.round(((user.clock.time - made) / interval) * 20) / 20);
        return tick(user);
      }),
  });
  made = user.clock.time;
  if (user.find('Start').exists) user.find('Start').click();
  const until = (at: number) => user.advance(Math.max(0, made + at * interval - user.clock.time));
  /** Sleeps as soon as nothing keeps the object awake. */
  const sleep = async () => {
    while (user.server.whyAwake().length > 0) await user.advance(100);
    user.server.evict();
  };
  return { user, ran, until, sleep };
}

test.each(rows())('$name runs after each interval', async (row) => {
  const { user, ran, until } = await stage(row);
  using _ = user;
  await until(3.5);
  expect(ran).toEqual([1, 2, 3]);
});

test.each(rows({ parts: true }))('[AF4] $name keeps its time, however often its part is built again', async (row) => {
  const { user, ran, until } = await stage(row);
  using _ = user;
  for (let at = 0.1; at < 3.5; at += 0.1) {
    await until(at);
    user.find('Again').click();
  }
  expect(ran).toEqual([1, 2, 3]);
});

test.each(rows({ parts: true }))(
  '[AF4] $name never overlaps itself when its own run builds its part again',
  async (row) => {
    let running = 0;
    let most = 0;
    const { user, ran, until } = await stage(row, async ({ clock }) => {
      running++;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => clock.after(row.interval * 1.5, resolve));
      running--;
    });
    using _ = user;
    for (let at = 0.3; at < 6.8; at += 0.4) {
      await until(at);
      user.find('Again').click();
    }
    expect(ran).toEqual([1, 3.5, 6]);
    expect(most).toBe(1);
  },
);

test.each(rows())('$name whose time came while nobody watched runs as soon as somebody does', async (row) => {
  const { user, ran, until } = await stage(row);
  using _ = user;
  await until(0.9);
  user.offline();
  await until(1.1);
  user.online();
  await until(1.9);
  expect(ran).toEqual([1.1]);
  user.offline();
  await until(2.3);
  user.online();
  await until(3.4);
  expect(ran).toEqual([1.1, 2.3, 3.3]);
});

test.each(rows())('$name keeps its time when the browser is back before it', async (row) => {
  const { user, ran, until } = await stage(row);
  using _ = user;
  await until(0.3);
  user.offline();
  await until(0.6);
  user.online();
  await until(2.5);
  expect(ran).toEqual([1, 2]);
});

test.each(rows())('[AF4] $name runs once for all the intervals that nobody watched', async (row) => {
  const { user, ran, until } = await stage(row);
  using _ = user;
  await until(0.5);
  user.offline();
  await until(5.5);
  expect(ran).toEqual([]);
  user.online();
  await until(7.4);
  expect(ran).toEqual([5.5, 6.5]);
});

test.each(rows({ built: true, length: 'long' }))(
  '$name keeps its time while the object sleeps between',
  async (row) => {
    const { user, ran, until, sleep } = await stage(row);
    using _ = user;
    for (const at of [0.2, 0.7, 1.3, 1.8, 2.4]) {
      await until(at);
      await sleep();
    }
    await until(3.5);
    expect(ran).toEqual([1, 2, 3]);
  },
);

test.each(rows({ built: true, length: 'long' }))(
  '$name whose time came while nobody watched and the object slept runs as soon as somebody watches',
  async (row) => {
    const { user, ran, until, sleep } = await stage(row);
    using _ = user;
    await until(0.5);
    user.offline();
    await sleep();
    await until(2.3);
    expect(user.server.session.pages.size).toBe(0); // nobody built the page for a run that it does not make
    await sleep();
    await until(2.6);
    user.online();
    await until(3.7);
    expect(ran).toEqual([2.6, 3.6]);
  },
);

test.each(rows({ built: true, length: 'short' }))(
  '$name begins its interval anew after a sleep of the object',
  async (row) => {
    const { user, ran, until, sleep } = await stage(row);
    using _ = user;
    await until(0.3);
    user.offline();
    await sleep();
    await until(1.1);
    user.online();
    await until(3.2);
    expect(ran).toEqual([2.1, 3.1]);
  },
);

test.each(rows({ built: true, length: 'long' }))('$name keeps its time when the server is killed', async (row) => {
  const { user, ran, until } = await stage(row);
  using _ = user;
  for (const at of [0.2, 0.6, 1.5, 2.1, 2.9]) {
    await until(at);
    user.server.kill();
  }
  await until(3.5);
  expect(ran).toEqual([1, 2, 3]);
});

test.each(rows({ built: true, length: 'short' }))(
  '$name begins its interval anew when the server is killed',
  async (row) => {
    const { user, ran, until } = await stage(row);
    using _ = user;
    await until(0.5);
    user.server.kill();
    await until(3);
    expect(ran.map((at) => Math.round(at * 10) / 10)).toEqual([1.5, 2.5]);
  },
);

test.each(rows({ built: true, length: 'long' }))(
  '$name that was running when the server was killed runs again an interval later',
  async (row) => {
    const { user, ran, until } = await stage(row, () => new Promise(() => {}));
    using _ = user;
    await until(1.1);
    user.server.kill();
    await until(2.5);
    expect(ran).toEqual([1, 2]);
  },
);

test.each(rows().filter(({ name }) => name.includes('handler')))(
  '$name keeps the object awake while somebody watches, and ends with a restart, of which the log says so',
  async (row) => {
    const { user, ran, until } = await stage(row);
    using _ = user;
    await until(0.4);
    expect(user.server.whyAwake()).toEqual(['/: 1 timers shorter than 10 s, or made by a handler']);
    await until(1.5);
    expect(user.server.log.map((entry) => entry.message)).toContainEqual(
      expect.stringContaining('A handler created a timer'),
    );
    user.server.kill();
    await until(9);
    expect(ran).toEqual([1]);
    expect(user.server.whyAwake()).toEqual([]);
    const [page] = user.server.session.pages.values();
    expect(page?.tree.root.children.map(({ kind }) => kind)).toEqual(['button']);
  },
);

test('a timer of a handler that runs once leaves nothing in the page', async () => {
  let runs = 0;
  using user = await open({ '/': () => void ui.button('Later', () => ui.timer('20s', () => runs++, { once: true })) });
  for (let clicks = 0; clicks < 3; clicks++) user.find('Later').click();
  await user.advance('21s');
  const [page] = user.server.session.pages.values();
  expect([runs, page?.tree.root.children.length]).toEqual([3, 1]);
});

test.each([
  ['a shorter interval', '1m', '20s', 50],
  ['a longer interval', '20s', '1m', 20],
] as const)(
  'a deploy that gives a timer %s has it run at most that interval later',
  async (_, first, then, expected) => {
    const ran: number[] = [];
    const page = (interval: '1m' | '20s') => ({ '/': () => void ui.timer(interval, () => ran.push(user.clock.time)) });
    const user: User = await open(page(first));
    using _user = user;
    const made = user.clock.time;
    await user.advance(first === '1m' ? '30s' : '15s');
    user.server.deploy(page(then));
    await user.reload();
    await user.advance('38s');
    expect(ran.map((at) => Math.round((at - made) / 1_000))).toEqual([expected]);
  },
);

test('a clock that is set back does not hold a timer up', async () => {
  let runs = 0;
  using user = await open({ '/': () => void ui.timer('20s', () => runs++) });
  await user.advance('5s');
  user.clock.skew(-86_400_000);
  user.offline();
  await user.advance('1s');
  user.online();
  await user.advance('21s');
  expect(runs).toBe(1);
});

test('a timer that is disabled and enabled again begins its interval anew', async () => {
  const ran: number[] = [];
  using user: User = await open({
    '/': () => {
      for (const interval of [8_000, 80_000]) {
        const timer = ui.timer(interval, () => ran.push(Math.round((user.clock.time - made) / interval)));
        ui.button(`Off ${interval}`, () => void (timer.active = false));
        ui.button(`On ${interval}`, () => void (timer.active = true));
      }
    },
  });
  let made = user.clock.time;
  for (const interval of [8_000, 80_000]) {
    await user.advance(interval / 2);
    user.find(`Off ${interval}`).click();
    await user.advance(interval * 3);
    expect(ran).toEqual([]);
    user.find(`On ${interval}`).click();
    made = user.clock.time;
    await user.advance(interval * 1.1);
    expect(ran).toEqual([1]);
    ran.length = 0;
    user.find(`Off ${interval}`).click();
    await user.advance(100);
  }
});

test('a timer that never runs has no time anywhere', async () => {
  using user = await open({ '/': () => void ui.timer(Number.POSITIVE_INFINITY, () => {}) });
  await user.advance('5s');
  expect(user.server.store.due().map(({ key }) => key)).not.toContainEqual(expect.stringContaining('timer'));
  expect(user.server.whyAwake()).toEqual([]);
});
