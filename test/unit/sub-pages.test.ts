import { expect, expectTypeOf, test } from 'vitest';
import { App, notFound, type PathParams, redirect, run, ui } from '../../src/index.ts';
import { open, seeded, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

/** A shop with a counter in its frame, and sub pages with states, inputs and links of their own. */
function shop(): App {
  return new App().page('/shop/*', (page) => {
    page.title = 'Shop';
    const clicks = ui.state(0);
    ui.button(
      () => `clicked ${clicks.value}`,
      () => clicks.value++,
      { key: 'frame' },
    );
    ui.label(() => `at ${page.path}`);
    ui.link('Start', '/shop');
    ui.link('Settings', '/shop/settings');
    ui.subPages({
      '/': () => {
        ui.label('the start');
        ui.input('Search');
      },
      '/item/:id{[0-9]+}': (item) => {
        expectTypeOf(item.params).toEqualTypeOf<{ readonly id: string }>();
        item.title = `Item ${item.params.id}`;
        const amount = ui.state(1);
        ui.label(`item ${item.params.id} ${item.query.get('tab') ?? ''}`);
        ui.input('Note');
        ui.button('More', () => amount.value++);
        ui.label(() => `amount ${amount.value}`);
        ui.button('Slow', async () => {
          await run.sleep('1m');
          amount.value = 100;
        });
      },
      '/settings': () => {
        const opened = ui.state(0);
        ui.label('all settings');
        ui.button('Open', () => opened.value++);
        ui.label(() => `opened ${opened.value}`);
        ui.subPages({
          '/': () => ui.label('general settings'),
          '/mail/:box?': ({ params }) => ui.label(`mail ${params.box ?? 'all'}`),
        });
      },
      '/old': () => {
        throw redirect('/shop/item/1');
      },
      '/sold/:id': ({ params }) => {
        throw notFound(`Item ${params.id} is sold.`);
      },
      '/broken': () => {
        throw new Error('broken on purpose');
      },
    });
  });
}

const title = (user: User) => user.browser.root.props.title;

test('[NF3] a link between sub pages changes this part alone: what stands around it stays, with its state', async () => {
  using user = await open(shop(), '/shop');
  const { page } = user.browser.link;
  user.find({ kind: 'button' }).click();
  await user.shouldSee('clicked 1');
  await user.shouldSee('the start');
  await user.goto('/shop/item/7');
  await user.shouldSee('item 7');
  await user.shouldSee('at /shop/item/7');
  await user.shouldNotSee('the start');
  await user.shouldSee('clicked 1');
  expect(user.browser.link.page).toBe(page);
  expect(title(user)).toBe('Item 7');
  await user.back();
  await user.shouldSee('the start');
  expect(title(user)).toBe('Shop');
});

test('[NF3] a sub page that was left is as it was on the way back, also after kills, reloads and a deploy', async () => {
  using user = await open(shop(), '/shop/item/7');
  user.find('Note').type('for Ada');
  user.find('More').click();
  await user.goto('/shop/item/8');
  await user.shouldSee('amount 1');
  user.find('Note').type('for Bob');
  await user.goto('/shop');
  await user.advance('1s');
  user.server.kill();
  await user.back();
  expect(user.find('Note').value).toBe('for Bob');
  await user.reload();
  await user.shouldSee('item 8');
  await user.advance('1s');
  user.server.deploy(shop());
  await user.back();
  await user.shouldSee('amount 2');
  expect(user.find('Note').value).toBe('for Ada');
});

test('[NF1] a kill right after a navigation leaves the browser and the session at the same address', async () => {
  using user = await open(shop(), '/shop', { latency: 30 });
  user.find({ kind: 'button' }).click();
  await user.shouldSee('clicked 1');
  await user.advance('1s');
  user.browser.follow('/shop/item/7');
  await user.advance('1ms');
  user.server.kill();
  await user.shouldSee('item 7');
  await user.shouldSee('at /shop/item/7');
  await user.shouldSee('clicked 1');
  expect(user.browser.failures).toEqual([]);
});

test('[EO1] a click that is on its way when the user follows a link counts once, where it was made', async () => {
  using user = await open(shop(), '/shop/item/7', { latency: 200 });
  user.find('More').click();
  user.find('Note').type('typed in the last moment');
  user.find('Settings').click();
  await user.shouldSee('all settings');
  expect(user.browser.notices).toEqual([]);
  await user.back();
  await user.shouldSee('amount 2');
  expect(user.find('Note').value).toBe('typed in the last moment');
});

test('[NF4] a handler of a sub page that was left runs to its end, also after a kill', async () => {
  using user = await open(shop(), '/shop/item/7');
  user.find('Slow').click();
  await user.settle();
  await user.goto('/shop');
  await user.advance('1s');
  user.server.kill();
  await user.advance('2m');
  await user.back();
  await user.shouldSee('amount 100');
  expect(user.server.errors).toEqual([]);
});

test('sub pages are nested: the outer one stays with its state while the inner one changes', async () => {
  using user = await open(shop(), '/shop/settings');
  await user.shouldSee('general settings');
  user.find('Open').click();
  await user.shouldSee('opened 1');
  await user.goto('/shop/settings/mail/inbox');
  await user.shouldSee('mail inbox');
  await user.shouldNotSee('general settings');
  await user.shouldSee('opened 1');
  await user.goto('/shop/settings/mail');
  await user.shouldSee('mail all');
  await user.advance('1s');
  user.server.kill();
  await user.goto('/shop');
  await user.goto('/shop/settings/mail/inbox');
  await user.shouldSee('mail inbox');
  await user.shouldSee('opened 1');
});

test('a deep link opens the sub page in the first paint', async () => {
  using user = await open(shop(), '/shop/settings/mail/a%2Fb?x=1');
  await user.shouldSee('mail a/b');
});

test('back and forward between queries of one sub page show each as it was left', async () => {
  using user = await open(shop(), '/shop/item/7?tab=log');
  await user.shouldSee('item 7 log');
  user.find('Note').type('a');
  await user.goto('/shop/item/7?tab=map');
  await user.shouldSee('item 7 map');
  expect(user.find('Note').value).toBe('');
  await user.back();
  await user.shouldSee('item 7 log');
  expect(user.find('Note').value).toBe('a');
});

test.each([
  ['/shop/nothing', 'There is no page at this address.'],
  ['/shop/item/abc', 'There is no page at this address.'],
  ['/shop/item/7/deeper', 'There is no page at this address.'],
  ['/shop/settings/nothing', 'There is no page at this address.'],
  ['/shop/sold/9', 'Item 9 is sold.'],
])(
  '%s shows inside of the page that nothing is there, with the status 404, by a link and by its address',
  async (path, message) => {
    using user = await open(shop(), '/shop');
    user.find({ kind: 'button' }).click();
    await user.goto(path);
    await user.shouldSee(message);
    await user.shouldSee('clicked 1');
    expect(user.browser.root.props.status).toBe(404);
    await user.goto('/shop');
    await user.shouldNotSee(message);
    expect(user.browser.root.props.status).toBeUndefined();
    using other = await open(shop(), path);
    await other.shouldSee(message);
    expect(other.browser.root.props.status).toBe(404);
  },
);

test.each(['/shop', '/shop/settings'])(
  'a sub page that redirects sends its visitor on, from %s and by its address',
  async (from) => {
    using user = await open(shop(), from);
    user.find({ kind: 'button' }).all[0]?.click();
    await user.goto('/shop/old');
    await user.shouldSee('item 1');
    await user.shouldSee('clicked 1');
    expect(user.browser.path).toBe('/shop/item/1');
    using other = await open(shop(), '/shop/old');
    await other.shouldSee('item 1');
  },
);

test('[NB5] a sub page that fails says so in its place, and the rest of the page works', async () => {
  using user = await open(shop(), '/shop');
  await user.goto('/shop/broken');
  await user.shouldSee('This page could not be shown.');
  user.find({ kind: 'button' }).click();
  await user.shouldSee('clicked 1');
  await user.advance('1s');
  expect(user.server.errors).toHaveLength(1);
});

test('a page without sub pages of its own author says what to do about async ones, and builds them', async () => {
  const app = new App().page('/*', () => {
    ui.subPages({
      '/': () => ui.label('start'),
      '/slow': async () => {
        await Promise.resolve();
        ui.label('loaded');
      },
      '/lost': async () => {
        await Promise.resolve();
        throw notFound('Lost.');
      },
    });
  });
  using user = await open(app);
  await user.goto('/slow');
  await user.shouldSee('loaded');
  await user.back();
  await user.shouldSee('start');
  await user.goto('/lost');
  await user.shouldSee('Lost.');
});

test('a link to the shown address is marked as the current one', async () => {
  using user = await open(shop(), '/shop');
  const current = () => user.find({ kind: 'link' }).all.map(({ props }) => props.current ?? false);
  expect(current()).toEqual([true, false]);
  await user.goto('/shop/settings');
  expect(current()).toEqual([false, true]);
});

test('a timer of a sub page ticks while the sub page is shown, and goes on after the return', async () => {
  let ticks = 0;
  const app = new App().page('/*', () => {
    ui.subPages({ '/': () => void ui.timer('1s', () => ticks++), '/other': () => ui.label('other') });
  });
  using user = await open(app);
  await user.advance('3.5s');
  expect(ticks).toBe(3);
  await user.goto('/other');
  await user.advance('10s');
  expect(ticks).toBe(3);
  await user.back();
  await user.advance('2.5s');
  expect(ticks).toBe(5);
});

test('[BD1] sub pages that were left long ago are given up, the oldest first', async () => {
  using user = await open(shop(), '/shop/item/0');
  user.find('More').click();
  for (let id = 1; id <= 7; id++) await user.goto(`/shop/item/${id}`);
  await user.goto('/shop/item/0');
  await user.shouldSee('amount 1');
  await user.advance('1s');
  const rows = user.server.store.pages().flatMap(({ page }) => user.server.store.cells(page));
  expect(rows.length).toBeLessThan(20);
});

test('[MO3] a page moves in its place, and is checked again for the address that it shows then', async () => {
  const asked: string[] = [];
  const clock = new VirtualClock(seeded(1));
  const admits = (path: string) => {
    asked.push(path);
    return 'admitted' as const;
  };
  const server = new TestServer({ pages: shop(), clock, admits, policy: { revalidate: 1_000 } });
  using user = await User.open(server, clock, '/shop');
  await user.goto('/shop/settings');
  await user.advance('5s');
  asked.length = 0;
  user.find('Open').click();
  await user.shouldSee('opened 1');
  expect(asked).toEqual(['/shop/settings']);
  await user.advance('20s');
  user.server.evict();
  asked.length = 0;
  user.find('Open').click();
  await user.shouldSee('opened 2');
  expect(asked).toEqual(['/shop/settings']);
});

test('the types of the parameters follow the patterns', () => {
  expectTypeOf<PathParams<'/a/:id/:tab?'>>().toEqualTypeOf<{ readonly id: string; readonly tab?: string }>();
  expect(() => ui.subPages({})).toThrow('needs a page');
});

test('ui.subPages in a handler is refused with a sentence', async () => {
  using user = await open(() => {
    const said = ui.state('');
    ui.label(said);
    ui.button('Make', () => {
      try {
        ui.subPages({ '/': () => {} });
      } catch (error) {
        said.value = String(error);
      }
    });
  });
  user.find('Make').click();
  await user.shouldSee('Call it in a page function');
});

test('a sub page reads the address of its page as it is while the sub page is built', async () => {
  const app = new App().page('/*', (page) => {
    ui.label(() => `frame ${page.path}`);
    ui.subPages({
      '/': () => ui.label('start'),
      '/item/:id': () => ui.label(`built at ${page.path} ${page.query.get('tab')}`),
      '/away': () => {
        throw redirect('/item/8?tab=b');
      },
    });
  });
  using user = await open(app, '/');
  await user.goto('/item/7?tab=a');
  await user.shouldSee('built at /item/7?tab=a a');
  await user.goto('/away');
  await user.shouldSee('built at /item/8?tab=b b');
  await user.shouldSee('frame /item/8?tab=b');
});

test.each<[what: string, fails: boolean, build: () => void | Promise<void>]>([
  ['a function', true, () => fail()],
  ['an async one', false, async () => fail()],
])(
  '[NF3] a page whose sub page fails when it returns from a restart has its state and all else: %s',
  async (_, fails, build) => {
    failing = fails;
    const app = new App().page('/*', (page) => {
      const clicks = ui.state(0);
      ui.button(
        () => `clicked ${clicks.value}`,
        () => clicks.value++,
        { key: 'frame' },
      );
      ui.label(() => `at ${page.path}`);
      ui.subPages({ '/': () => ui.label('start'), '/broken': build });
    });
    using user = await open(app, '/');
    await user.goto('/broken');
    user.find({ kind: 'button' }).click();
    await user.shouldSee('clicked 1');
    failing = true;
    for (const end of ['kill', 'evict', 'deploy'] as const) {
      await user.advance('15s');
      user.server[end]();
      await user.advance('3s');
      await user.shouldSee('This page could not be shown.');
      user.find({ kind: 'button' }).click();
      await user.advance('1s');
    }
    await user.shouldSee('clicked 4');
    await user.goto('/');
    await user.shouldSee('start');
    await user.shouldSee('at /');
    expect(new Set(user.server.errors.map(String))).toEqual(new Set(['Error: broken']));
  },
);

test('[NF10] where a page and its visitor are takes no name from its states, and a deploy does not say that it was dropped', async () => {
  const app = new App().page('/*', (page) => {
    const place = ui.state('Rome', 'location');
    const visitor = ui.state('Ada', 'visitor');
    ui.label(() => `${place.value} ${visitor.value} ${page.locale}`);
    ui.button('Bern', () => (place.value = 'Bern'));
    ui.subPages({ '/': () => ui.label('start'), '/item': () => ui.label('an item') });
  });
  using user = await open(app, '/');
  await user.goto('/item');
  await user.shouldSee('an item');
  user.find('Bern').click();
  await user.back();
  for (const build of [app, app]) {
    user.server.deploy(build);
    await user.advance('3s');
    user.server.kill();
    await user.advance('3s');
    await user.shouldSee('start');
    await user.shouldSee('Bern Ada en');
  }
  expect(user.server.log).toEqual([]);
});

let failing = true;

function fail(): void {
  if (failing) throw new Error('broken');
}
