import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { App, notFound, type PageContext, redirect } from '../../src/index.ts';
import { open } from '../../src/testing/index.ts';

test.each(['javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x'])(
  'ui.navigate.to refuses %j and says what it takes',
  async (address) => {
    let message = '';
    using user = await open({
      '/': () => {
        ui.button('Go', () => {
          try {
            ui.navigate.to(address);
          } catch (error) {
            message = String(error);
          }
        });
      },
    });
    user.find('Go').click();
    await user.settle();
    expect(message).toMatch(/ui\.navigate\.to was given .* Use a path of the application/);
  },
);

test('a key of the page calls its handler with its modifiers', async () => {
  const keys: unknown[] = [];
  using user = await open({ '/': () => void ui.keyboard((event) => keys.push(event), { keys: ['a'] }) });
  user.find({ kind: 'keyboard' }).emit('key', { key: 'a', code: 'KeyA', held: 'cs' });
  await user.settle();
  expect(keys).toEqual([
    { key: 'a', code: 'KeyA', action: 'keydown', repeat: false, alt: false, ctrl: true, meta: false, shift: true },
  ]);
});

test.each([null, 'a', { key: 1 }, { key: 'a', code: 'x'.repeat(99) }])(
  'a key event of %j is refused',
  async (value) => {
    let count = 0;
    using user = await open({ '/': () => void ui.keyboard(() => count++) });
    user.find({ kind: 'keyboard' }).emit('key', value);
    await user.settle();
    expect(count).toBe(0);
  },
);

test('page.call waits for the browser, also when the server is killed meanwhile', async () => {
  using user = await open(
    new App().page('/', (page) => {
      const width = ui.state(0);
      ui.label(() => `width: ${width.value}`);
      ui.button('Measure', async () => {
        width.value = await page.call<number>('screen.width', ['a']);
      });
    }),
  );
  user.find('Measure').click();
  await user.settle();
  user.server.kill();
  await user.settle();
  expect(user.find({ kind: 'call' }).props).toMatchObject({ name: 'screen.width', args: ['a'] });
  user.find({ kind: 'call' }).emit('answer', { value: 1024 });
  await user.shouldSee('width: 1024');
  expect(user.find({ kind: 'call' }).all).toHaveLength(0);
});

test.each(['', 'width', 'screen.', '.width', 'screen.size.width'])(
  'page.call of %j is refused at once',
  async (name) => {
    const said: unknown[] = [];
    const app = new App();
    app.page('/', (page) => {
      ui.button('Go', async () => {
        said.push(await page.call(name).catch((error: unknown) => error));
      });
    });
    using user = await open(app);
    user.find('Go').click();
    await user.settle();
    expect(said).toEqual([
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) }),
    ]);
  },
);

test('what fails in the browser rejects page.call with its message', async () => {
  using user = await open(
    new App().page('/', (page) => {
      const failed = ui.state('');
      ui.label(failed);
      ui.button('Measure', async () => {
        try {
          await page.call('screen.nothing');
        } catch (error) {
          failed.value = String(error);
        }
      });
    }),
  );
  user.find('Measure').click();
  await user.advance('100ms');
  user.find({ kind: 'call' }).emit('answer', { error: 'No client module exposes screen.nothing.' });
  await user.shouldSee("Error: The browser's screen.nothing failed: No client module exposes screen.nothing.");
});

test.each([
  { styles: ['javascript:alert(1)'] },
  { modules: ['data:text/javascript,alert(1)'] },
  { links: [{ rel: 'icon', href: 'javascript:x' }] },
  { links: [{ onload: 'alert(1)' }] },
  { metas: [{ 'http-equiv': 'refresh', content: '0' }] },
])('the head refuses %j', (head) => {
  expect(() => new App({ head: head as never })).toThrow(TypeError);
  expect(() => new App().head(head as never)).toThrow(TypeError);
});

/** A page that counts clicks and shows its query. */
function counter(page: PageContext): void {
  const count = ui.state(0);
  ui.label(`page ${page.path}`);
  ui.button('Add', () => count.value++);
  ui.label(() => `count ${count.value}`);
  ui.input('Name');
  ui.link('Other', '/other');
  ui.link('Second', '?q=2');
}

const two = () => new App().page('/', counter).page('/other', counter);

test('[NF3] back and forward between queries of one path show the pages as they were left, also after a kill', async () => {
  using user = await open(two(), '/?q=1');
  user.find('Add').click();
  user.find('Name').type('first');
  user.find('Second').click();
  await user.shouldSee('page /?q=2');
  await user.shouldSee('count 0');
  user.find('Name').type('second');
  user.find('Other').click();
  await user.shouldSee('page /other');
  user.server.kill();
  await user.back();
  expect(user.find('Name').value).toBe('second');
  user.server.kill();
  await user.back();
  await user.shouldSee('page /?q=1');
  await user.shouldSee('count 1');
  expect(user.find('Name').value).toBe('first');
  await user.forward();
  expect(user.find('Name').value).toBe('second');
});

test('[NF3] one path in two entries of the history is two pages, each as it was left', async () => {
  using user = await open(two());
  user.find('Add').click();
  await user.goto('/other');
  await user.goto('/');
  await user.shouldSee('count 0');
  user.find('Add').click();
  user.find('Add').click();
  await user.shouldSee('count 2');
  await user.back();
  await user.back();
  await user.shouldSee('count 1');
});

test('[EO1] a click right before a link counts once on its page, also when the server dies between them', async () => {
  using user = await open(two(), '/', { latency: 20 });
  user.find('Add').click();
  user.find('Other').click();
  user.server.kill();
  await user.shouldSee('page /other');
  await user.shouldSee('count 0');
  await user.back();
  await user.shouldSee('count 1');
});

test('[EO1] a click right before a link counts on its page, also when the server dies before it has stored the page', async () => {
  using user = await open(two(), '/');
  user.find('Add').click();
  await user.shouldSee('count 1');
  expect(user.browser.link.status.pending).toBe(1);
  user.server.kill();
  await user.goto('/other');
  await user.advance('5s');
  await user.back();
  await user.shouldSee('count 1');
});

test('a link to the shown address leaves the page as it is', async () => {
  using user = await open(two());
  user.find('Add').click();
  await user.settle();
  const { page } = user.browser.link;
  await user.goto('/');
  await user.shouldSee('count 1');
  expect(user.browser.link.page).toBe(page);
});

test('ui.navigate goes to a page, replaces one, and goes back and forward', async () => {
  const app = new App()
    .page('/', () => {
      ui.label('start');
      ui.button('To', () => ui.navigate.to('/a'));
    })
    .page('/a', () => {
      ui.label('page a');
      ui.button('Replace', () => ui.navigate.replace('/b'));
    })
    .page('/b', () => {
      ui.label('page b');
      ui.button('Back', () => ui.navigate.back());
    });
  using user = await open(app);
  user.find('To').click();
  await user.shouldSee('page a');
  user.find('Replace').click();
  await user.shouldSee('page b');
  user.find('Back').click();
  await user.shouldSee('start');
  await user.forward();
  await user.shouldSee('page b');
});

test.each([
  ['in its function', () => {}],
  ['after an await', () => Promise.resolve()],
])('a page that throws redirect %s sends its visitor on, and leaves nothing behind', async (_, before) => {
  const app = new App()
    .page('/old', async () => {
      await before();
      throw redirect('/new?from=old');
    })
    .page('/new', (page) => void ui.label(`new from ${page.query.get('from')}`));
  using user = await open(app, '/old');
  await user.shouldSee('new from old');
  expect(user.browser.path).toBe('/new?from=old');
  expect(user.server.errors).toEqual([]);
  await user.advance('1s');
  expect(user.server.store.pages()).toHaveLength(1);
});

test('a page that throws notFound has the message of its author, and no row and no error', async () => {
  const app = new App().page('/orders/:id', ({ params }) => {
    if (params.id !== '1') throw notFound(`There is no order ${params.id}.`);
    ui.label('order 1');
  });
  await expect(open(app, '/orders/2')).rejects.toThrow('There is no page for /orders/2: There is no order 2.');
});

test.each([
  ['a function', (result: unknown) => result],
  ['an async function', async (result: unknown) => result],
])(
  'a page, or a sub page, that is %s and returns its outcome in place of throwing it has the same effect',
  async (_, end) => {
    const app = new App()
      .page('/old', () => end(redirect('/new')))
      .page('/new', () => void ui.label('new'))
      .page('/none', () => end(notFound('There is no such order.')))
      .page('/shop/*', () => {
        ui.label('shop');
        ui.subPages({
          '/old': () => end(redirect('/shop/new')),
          '/new': () => void ui.label('new goods'),
          '/none': () => end(notFound('There are no such goods.')),
        });
      });
    using user = await open(app, '/old');
    await user.shouldSee('new');
    await user.goto('/shop/old');
    await user.shouldSee('new goods');
    await user.goto('/shop/none');
    await user.shouldSee('There are no such goods.');
    await user.shouldSee('shop');
    await expect(open(app, '/none')).rejects.toThrow('There is no such order.');
    expect(user.server.errors).toEqual([]);
  },
);

test('an open page whose function finds nothing after a restart ends, and its browser loads the address again', async () => {
  let there = true;
  const app = new App().page('/', () => {
    if (!there) throw redirect('/empty');
    ui.label('there');
  });
  app.page('/empty', () => void ui.label('nothing left'));
  using user = await open(app);
  there = false;
  user.server.kill();
  await user.shouldSee('nothing left');
  expect(user.server.errors).toEqual([]);
});

test.each(['javascript:alert(1)', 'orders', 'mailto:a@b.example', ''])('redirect refuses %j', (address) => {
  expect(() => redirect(address)).toThrow(/redirect was given .* Use a path of the application/);
});

test.each(['?', '/?a=1', '/x', '/deep/er?b=2'])('open takes one page function, at the path %s too', async (path) => {
  using user = await open(({ query }) => void ui.label(`here ${query.size}`), path);
  await user.shouldSee('here');
});

test('open takes page functions by pattern', async () => {
  using user = await open({ '/item/:id': ({ params }) => void ui.label(`item ${params.id}`) }, '/item/a%20b');
  await user.shouldSee('item a b');
});

test('a second page at a path is refused, and so is a page without a path or a function', () => {
  const app = new App().page('/orders', () => {});
  expect(() => app.page('/orders', () => {})).toThrow("Two pages have the path '/orders', and nobody would see the");
  const given = app.page.bind(app) as (...args: readonly unknown[]) => unknown;
  for (const args of [['/new'], [() => {}, '/new'], ['/new', {}]]) {
    expect(() => given(...args)).toThrow('app.page takes a path and a function, as in');
  }
});
