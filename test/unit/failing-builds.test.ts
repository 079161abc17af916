import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { computeService, open, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

const tasks = run.tasks<{ double(n: number): Promise<number> }>('COMPUTE');

/** How a page function fails: at once, or after an await. */
const ways = [
  ['at once', false],
  ['after an await', true],
] as const;

const counter = () => {
  const count = ui.state(0);
  ui.label(() => `count ${count.value}`);
  ui.input('Name');
  ui.button('Count', () => count.value++);
};

describe.each(ways)('a page function that fails %s', (_, later) => {
  test('[NF11] after a sleep of the object costs no click, and the page heals by itself', async () => {
    using user = await open({ '/': counter });
    user.find('Count').click();
    await user.shouldSee('count 1');
    await user.advance('5s');
    user.server.evict();
    user.server.failBuilds(4, { later });
    user.find('Count').click();
    user.find('Name').type('Ada');
    await user.advance('1s');
    expect(user.sees('count 1')).toBe(true);
    expect(user.browser.ended).toEqual([]);
    expect(user.browser.notices).toEqual([
      '/ could not be built, and is tried again. Error: The page function fails in this test.',
    ]);
    expect(user.browser.link.status.trouble).toBeDefined();
    user.find('Count').click();
    await user.shouldSee('count 3', { within: '30s' });
    await user.settle();
    expect(user.find('Name').value).toBe('Ada');
    expect(user.browser.link.status).toMatchObject({ state: 'live', pending: 0, trouble: undefined });
    expect(user.browser.ended).toEqual([]);
  });

  test('[NF11] costs a duplicated tab neither its page nor a click when the object loses its memory again', async () => {
    using user = await open({ '/': counter });
    user.find('Count').click();
    await user.shouldSee('count 1');
    using copy = await user.duplicate();
    copy.find('Count').click();
    await copy.shouldSee('count 1');
    await user.advance('5s');
    user.server.failBuilds(undefined, { later });
    user.server.evict(true);
    copy.find('Count').click();
    await user.advance(1);
    // Asked for another hello, it sends one, which the next instance of the object receives.
    copy.browser.wire?.hold('up');
    await user.advance('1s');
    user.server.evict(true);
    copy.browser.wire?.release('up');
    await user.advance('1s');
    user.server.failBuilds(0);
    await copy.shouldSee('count 2', { within: '1m' });
    expect(copy.browser.ended).toEqual([]);
    expect(user.server.store.pages()).toHaveLength(2);
  });

  test('[NF11] after a kill costs no click, whatever the browser does meanwhile', async () => {
    using user = await open({ '/': counter });
    user.find('Count').click();
    await user.settle();
    user.server.failBuilds(undefined, { later });
    user.find('Count').click();
    user.server.kill();
    for (let turn = 0; turn < 20; turn++) {
      user.find('Count').click();
      if (turn % 5 === 2) user.cut();
      if (turn % 7 === 3) user.server.kill();
      if (turn % 6 === 4) user.offline();
      else user.online();
      await user.advance('7s');
    }
    user.online();
    expect(user.sees('count 22')).toBe(false);
    user.server.failBuilds(0);
    await user.shouldSee('count 22', { within: '1m' });
    await user.settle();
    expect(user.browser.ended).toEqual([]);
    expect(user.server.errors.length).toBeGreaterThan(5);
  });

  test('[NF11] of a new version loses nothing, however long it is there', async () => {
    using user = await open({ '/': counter });
    user.find('Count').click();
    user.find('Name').type('Ada');
    await user.shouldSee('count 1');
    await user.advance('5s');
    const rows = () => user.server.store.cells(user.server.store.pages()[0]?.page ?? '');
    const before = rows();
    user.server.deploy({
      '/': () => {
        ui.label('half of another page');
        ui.state('x', 'other').value = 'y';
        if (later) return Promise.reject(new Error('a mistake in the new version'));
        throw new Error('a mistake in the new version');
      },
    });
    user.find('Count').click();
    await user.advance('30m');
    expect(user.sees('count 1')).toBe(true);
    expect(rows()).toEqual(before);
    user.server.deploy({ '/': counter });
    await user.shouldSee('count 2', { within: '1m' });
    expect(user.find('Name').value).toBe('Ada');
    expect(user.browser.ended).toEqual([]);
  });

  test('[NF11] with nobody there keeps open handlers and their jobs, and continues them', async () => {
    const asked: number[] = [];
    const clock = new VirtualClock();
    const server = new TestServer({
      clock,
      services: {
        COMPUTE: computeService(
          {
            double: async (n: number) => {
              asked.push(n);
              await new Promise<void>((resolve) => clock.after(60_000, resolve));
              return 2 * n;
            },
          },
          clock,
        ),
      },
      pages: {
        '/': () => {
          const out = ui.state('nothing');
          ui.label(() => out.value);
          ui.button('Go', async () => {
            const first = await run.cpuBound(tasks.double, 2);
            out.value = `first ${first}`;
            out.value = `then ${await run.cpuBound(tasks.double, first)}`;
          });
        },
      },
    });
    const user = await User.open(server, clock, '/');
    user.find('Go').click();
    await user.advance('2s');
    user.close();
    await clock.advance(100);
    server.failBuilds(6, { later });
    server.kill();
    await clock.advance(3_600_000);
    expect(asked).toContain(4);
    expect(server.errors.filter((error) => String(error).includes('Interrupted'))).toEqual([]);
    const [page] = server.store.pages();
    expect(server.store.cells(page?.page ?? '').map(({ value }) => value)).toContainEqual(
      expect.stringContaining('then 8'),
    );
    server.stop();
  });

  test('with nobody there is asked for less and less often', async () => {
    using user = await open({
      '/': () => void ui.button('Go', async () => run.ioBound(() => new Promise(() => {}))),
    });
    user.find('Go').click();
    await user.advance('2s');
    user.close();
    user.server.failBuilds(undefined, { later });
    user.server.kill();
    await user.advance('1h');
    const inAnHour = user.server.errors.length;
    expect(inAnHour).toBeGreaterThan(3);
    expect(inAnHour).toBeLessThan(15);
    await user.advance('10h');
    expect(user.server.errors.length - inAnHour).toBeLessThan(15);
  });

  test('at the first visit is told to the visitor, and leaves nothing behind', async () => {
    const clock = new VirtualClock();
    const server = new TestServer({ clock, pages: { '/': counter } });
    server.failBuilds(1, { later });
    await expect(server.open('/')).rejects.toThrow('fails in this test');
    expect(server.session.pages.size).toBe(0);
    expect(server.store.pages()).toEqual([]);
    await expect(server.open('/')).resolves.toMatchObject({ path: '/' });
  });

  test('for a duplicated tab gives it its page later', async () => {
    using user = await open({ '/': counter });
    user.find('Count').click();
    await user.shouldSee('count 1');
    await user.settle();
    user.server.failBuilds(3, { later });
    const copy = await user.browser.duplicate();
    await user.advance('10s');
    expect(copy.ended).toEqual([]);
    expect(copy.link.status).toMatchObject({ state: 'live', trouble: undefined });
    expect(copy.link.page).not.toBe(user.browser.link.page);
    copy.close();
  });

  test('when a job ends is tried again by itself, for a browser that says nothing', async () => {
    const clock = new VirtualClock();
    const server = new TestServer({
      clock,
      services: {
        COMPUTE: computeService(
          {
            double: async (n: number) => {
              await new Promise<void>((resolve) => clock.after(20_000, resolve));
              return 2 * n;
            },
          },
          clock,
        ),
      },
      pages: {
        '/': () => {
          const out = ui.state('nothing');
          ui.label(() => out.value);
          ui.button('Go', async () => {
            out.value = `got ${await run.cpuBound(tasks.double, 2)}`;
          });
        },
      },
    });
    using user = await User.open(server, clock, '/');
    user.find('Go').click();
    await user.advance('5s');
    server.failBuilds(3, { later });
    server.evict(true);
    await user.shouldSee('got 4', { within: '2m' });
    expect(user.browser.ended).toEqual([]);
  });
});

describe('a page whose path a deploy has lost', () => {
  const page = () => {
    const out = ui.state('', 'out');
    counter();
    ui.label(() => `out ${out.value}`);
    ui.button('Wait', async () => {
      out.value = String(await run.event('first'));
      await run.sleep('1h');
      out.value += await run.ioBound(async () => ' and more');
    });
  };
  const used = async () => {
    const user = await open({ '/': page });
    user.find('Count').click();
    user.find('Name').type('Ada');
    user.find('Wait').click();
    await user.advance('1s');
    user.server.deploy({ '/other': page });
    user.find('Count').click();
    await user.advance('3s');
    return user;
  };

  test.each(['10s', '3h'] as const)('[NF10] is as it was when the deploy is taken back after %s', async (pause) => {
    using user = await used();
    // Its browser loads the document, which says that there is no page.
    expect(user.browser.ended).toEqual(['reload']);
    await expect(user.reload()).rejects.toThrow('There is no page');
    const sent = user.server.send('first', 'heard');
    await user.advance(pause);
    await sent;
    user.server.deploy({ '/': page });
    await user.reload();
    await user.shouldSee('count 2');
    expect(user.find('Name').value).toBe('Ada');
    await user.advance('2h');
    await user.shouldSee('out heard and more');
    expect(user.server.errors).toEqual([]);
  });

  test('[NF10] gives its rows to no page of another address, to which a route may redirect its tab', async () => {
    using user = await used();
    const { page } = user.browser.link;
    const opened = await user.server.open('/other', page, { page, shown: false, event: 0 });
    expect(opened).not.toMatchObject({ page });
    expect(opened).toHaveProperty('page');
  });

  test('[AF3] is looked for less and less often', async () => {
    using user = await used();
    user.close();
    await user.advance('6h');
    const { log } = user.server;
    expect(log.filter(({ message }) => /has no page at this path/.test(message)).length).toBeLessThan(20);
    expect(user.server.alarmAt).toBeGreaterThan(user.clock.now() + 600_000);
  });

  test('[AF6] ends as every page does that nobody uses, with a word about its handlers', async () => {
    using user = await used();
    user.close();
    await user.advance('8d');
    expect(user.server.log.map(({ message }) => message).join()).toMatch(
      /Ended the page \/ with handlers still open: a browser last showed it .* ago\. Raise the session policy openWork/,
    );
    expect(user.server.alarmAt).toBeNull();
  });
});

test('the text of the notice says what failed while developing, and nothing of it otherwise', async () => {
  for (const development of [true, false]) {
    using user = await open({ '/': counter }, '/', { development });
    await user.advance('5s');
    user.server.evict();
    user.server.failBuilds(1, { error: new Error('password of the database') });
    user.find('Count').click();
    await user.shouldSee('count 1');
    expect(user.browser.notices).toHaveLength(1);
    expect(user.browser.notices[0]?.includes('password')).toBe(development);
  }
});

test('a reload while the page function fails is answered with the error, and finds everything later', async () => {
  using user = await open({ '/': counter });
  user.find('Count').click();
  await user.shouldSee('count 1');
  await user.advance('5s');
  user.server.evict();
  const { page } = user.browser.link;
  user.server.failBuilds(1);
  await expect(user.server.open('/', page)).rejects.toThrow('fails in this test');
  await expect(user.server.open('/', page)).resolves.toMatchObject({ page });
  user.find('Count').click();
  await user.shouldSee('count 2');
});

describe('[NF11] an event of app.send that comes while a page cannot be built reaches', () => {
  /** Waits for the same event in the ways of a page; `at` is what has arrived. */
  function waits(begin: (got: (what: string) => void) => void) {
    return () => {
      const at = ui.state<readonly string[]>([]);
      ui.label(() => `at ${at.value.toSorted().join(' ')}`);
      begin((what) => (at.value = [...at.value, what]));
    };
  }
  const twice = waits((got) => {
    for (const name of ['One', 'Two'])
      ui.button(name, async () => got(`${name} ${(await run.event<{ n: number }>('paid')).n}`));
  });
  const again = waits((got) => {
    ui.button('One', async () => {
      await Promise.race([run.event('paid'), run.sleep('1s')]);
      got(`One ${(await run.event<{ n: number }>('paid')).n}`);
    });
  });

  test.each([
    ['every handler of the page that waits', twice, ['One', 'Two'], 'at One 7 Two 7'],
    ['a wait that follows one nobody awaits any more', again, ['One'], 'at One 7'],
  ] as const)('%s', async (_, page, clicks, expected) => {
    using user = await open({ '/': page });
    for (const text of clicks) user.find(text).click();
    await user.advance('2s');
    user.server.failBuilds(3);
    user.server.kill();
    await user.advance('100ms');
    await during(user, user.server.send('paid', { n: 7 }));
    user.server.kill();
    await user.shouldSee(expected, { within: '1m' });
    await user.advance('1m');
    expect(user.server.store.cells('events')).toEqual([]);
  });

  test('the handlers of the pages that can be built and of the one that cannot', async () => {
    let broken = false;
    const other = () => {
      if (broken) throw new Error('away');
      twice();
    };
    using user = await open({ '/': twice, '/other': other });
    using tab = await user.tab('/other');
    user.find('One').click();
    tab.find('One').click();
    await user.advance('2s');
    broken = true;
    user.server.kill();
    await user.advance('3s');
    await during(user, user.server.send('paid', { n: 7 }));
    await user.shouldSee('at One 7');
    broken = false;
    await tab.shouldSee('at One 7', { within: '1m' });
  });
});

/** Lets time pass until a promise settles. */
async function during(user: User, promise: Promise<void>): Promise<void> {
  let over = false;
  void promise.then(() => (over = true));
  for (let ms = 0; ms < 20_000 && !over; ms += 10) await user.advance(10);
  await promise;
}

describe('a function that throws when its page is built again', () => {
  /** Each shows what `value` returns, or throws. */
  const places: Readonly<Record<string, (value: () => string) => void>> = {
    'of a text': (value) => ui.label(() => `seen ${value()}`),
    'of a value': (value) => ui.input('Seen', { value: () => `seen ${value()}` }),
    'of options': (value) => ui.select(() => ['seen', `seen ${value()}`], { label: 'Seen' }),
    'of an address': (value) => ui.link('Seen', () => `/seen ${value()}`),
    'of a picture': (value) => ui.image(() => `/seen ${value()}`),
    'of HTML': (value) => ui.html(() => `<p>seen ${value()}</p>`),
    'of a chart': (value) => ui.lineChart(() => [[`seen ${value()}`, [1]]]),
    'of rows': (value) => ui.table(() => [{ id: 1, text: `seen ${value()}` }], { columns: [{ name: 'text' }] }),
    'of a component': (value) => ui.component('seen', () => ({ seen: `seen ${value()}` })),
    'of a condition': (value) =>
      ui.show(
        () => value(),
        () => ui.label('seen good'),
      ),
    'of a region': (value) => ui.region(() => ui.label(`seen ${value()}`)),
    'of a region with a state': (value) =>
      ui.region(() => {
        const seen = ui.state(0, 'seen');
        ui.label(() => `${seen.value} so far`);
        ui.label(`seen ${value()}`);
      }),
    'of a list': (value) =>
      ui.each(
        () => [value()],
        String,
        (item) => ui.label(`seen ${item}`),
      ),
  };

  const page = (place: (value: () => string) => void) => () => {
    const user = ui.state<{ name: string } | null>({ name: 'good' });
    place(() => (user.value as { name: string }).name);
    ui.button('Out', () => {
      user.value = null;
    });
    ui.button('In', () => {
      user.value = { name: 'good' };
    });
    const clicks = ui.state(0);
    ui.button(
      () => `Clicked ${clicks.value}`,
      () => clicks.value++,
    );
  };

  describe.each(Object.entries(places))('%s', (_, place) => {
    test.each(['kill', 'evict', 'deploy'] as const)('[NB6] costs the page only that after a %s', async (fault) => {
      const pages = { '/': page(place) };
      using user = await open(pages);
      await user.settle();
      const whole = JSON.stringify(user.browser.literal());
      expect(whole).toContain('seen good');
      user.find('Out').click();
      await user.advance('1s');
      if (fault === 'deploy') user.server.deploy(pages);
      else if (fault === 'kill') user.server.kill();
      else user.server.evict(true);
      user.find('Clicked 0').click();
      await user.shouldSee('Clicked 1');
      user.find('In').click();
      await user.settle();
      expect(JSON.stringify(user.browser.literal())).toContain('seen good');
      expect(user.server.errors.map(String)).toContain("TypeError: Cannot read properties of null (reading 'name')");
    });
  });

  test('[NB6] keeps the values of its part through a deploy that brought the mistake', async () => {
    const part = (fails: boolean) => ({
      '/': () => {
        ui.region(() => {
          if (fails) throw new Error('a mistake');
          ui.input('Name');
        });
        ui.button('Other', () => {});
      },
    });
    using user = await open(part(false));
    user.find('Name').type('Ada');
    await user.advance('1s');
    user.server.deploy(part(true));
    user.find('Other').click();
    await user.advance('1s');
    expect(user.find('Name').exists).toBe(false);
    user.server.deploy(part(false));
    await user.advance('1s');
    expect(user.find('Name').value).toBe('Ada');
  });
});
