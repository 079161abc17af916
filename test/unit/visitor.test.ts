import { expect, test } from 'vitest';
import { App, type PageContext, run, storage, ui } from '../../src/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const facts = () =>
  new App().page('/', (page) => {
    ui.label(() => `${page.locale} in ${page.timeZone}`);
    const read = ui.state('');
    ui.label(read);
    ui.button('Read', () => {
      read.value = `agent ${page.userAgent}, via ${page.headers.get('x-via')}`;
    });
    ui.button('Read and wait', async () => {
      if (page.headers.get('x-via') !== null) await run.sleep('1m');
    });
  });

const browser = {
  headers: { 'Accept-Language': 'de-CH,de;q=0.9', 'User-Agent': 'Mosaic', 'X-Via': 'proxy' },
  timeZone: 'Europe/Zurich',
};

test('a page knows language, time zone, headers and browser of its visitor in the first paint, and after a kill', async () => {
  using user = await open(facts(), '/', browser);
  await user.shouldSee('de-CH in Europe/Zurich');
  user.find('Read').click();
  await user.shouldSee('agent Mosaic, via proxy');
  await user.advance('1s');
  user.server.kill();
  user.find('Read').click();
  await user.shouldSee('de-CH in Europe/Zurich');
  expect(user.server.errors).toEqual([]);
});

test('[NF1] what the browser itself says of its visitor is shown at once, and stays through a kill', async () => {
  using user = await open(facts());
  await user.shouldSee('en in UTC');
  user.find({ kind: 'visitor' }).emit('value', { locale: 'fr-CA', timeZone: 'America/Toronto', said: true });
  await user.shouldSee('fr-CA in America/Toronto');
  await user.advance('1s');
  user.server.kill();
  await user.advance('5s');
  await user.shouldSee('fr-CA in America/Toronto');
});

test.each([
  null,
  'de',
  {},
  { locale: 'de', timeZone: 'Mars/Olympus', said: true },
  { locale: 'not a language', timeZone: 'UTC', said: true },
  { locale: 'de', timeZone: 'UTC', said: false },
  { locale: 'de', timeZone: 'UTC', said: true, more: 1 },
  { locale: 'd'.repeat(99), timeZone: 'UTC', said: true },
])('[MO4] a browser that says %j of its visitor is refused', async (value) => {
  using user = await open(facts());
  user.find({ kind: 'visitor' }).emit('value', value);
  await user.settle();
  await user.advance('1s');
  user.server.kill();
  await user.shouldSee('en in UTC');
});

test('a page that does not ask has nothing about its visitor in its tree', async () => {
  using user = await open(new App().page('/', () => void ui.label('plain')));
  expect(user.find({ kind: 'visitor' }).exists).toBe(false);
});

/** Counts arrivals and departures where a restart cannot lose them. */
function presence() {
  const heard: string[] = [];
  const app = new App().page('/', (page) => {
    const log = ui.log();
    page.onConnect(async () => {
      await run.sleep('100ms');
      heard.push('connect');
      log.push('came');
    });
    page.onDisconnect(() => {
      heard.push('disconnect');
      log.push('left');
    });
  });
  return { app, heard };
}

test('page.onConnect and page.onDisconnect hear a browser come and go, once each', async () => {
  const { app, heard } = presence();
  using user = await open(app);
  await user.advance('1s');
  expect(heard).toEqual(['connect']);
  user.offline();
  await user.advance('1m');
  expect(heard).toEqual(['connect', 'disconnect']);
  user.online();
  await user.advance('5s');
  expect(heard).toEqual(['connect', 'disconnect', 'connect']);
  await user.shouldSee('left');
});

test.each([
  ['a reload', (user: Awaited<ReturnType<typeof open>>) => user.reload()],
  ['a cut connection', async (user: Awaited<ReturnType<typeof open>>) => user.cut()],
  ['a kill', async (user: Awaited<ReturnType<typeof open>>) => user.server.kill()],
])('%s is neither a departure nor an arrival', async (_, happens) => {
  const { app, heard } = presence();
  using user = await open(app);
  await user.advance('2s');
  await happens(user);
  await user.advance('30s');
  expect(heard).toEqual(['connect']);
});

test('[NF4] a departure is heard also when the object slept as the browser left, or died since', async () => {
  const { app, heard } = presence();
  using user = await open(app);
  await user.advance('30s');
  user.server.evict();
  user.close();
  await user.advance('2s');
  user.server.kill();
  await user.advance('1m');
  expect(heard).toEqual(['connect', 'disconnect']);
});

test('[MO4] a browser cannot send the events of its own presence', async () => {
  const { app, heard } = presence();
  using user = await open(app);
  await user.advance('1s');
  user.browser.emit(user.browser.root, '~disconnect');
  user.browser.emit(user.browser.root, '~connect');
  await user.advance('10s');
  expect(heard).toEqual(['connect']);
});

const watched = () =>
  new App().page('/', (page) => {
    const log = ui.state<readonly string[]>([]);
    const away = ui.state(false);
    page.title = () => (away.value ? 'away' : `here ${log.value.length}`);
    page.onHide(async () => {
      away.value = true;
      await run.sleep('10s');
      log.value = [...log.value, 'hidden'];
    });
    page.onShow(() => {
      away.value = false;
      log.value = [...log.value, 'shown'];
    });
    ui.label(() => log.value.join(', '));
    ui.button('Rename', () => {
      page.title = 'renamed';
    });
  });

const titleOf = (user: User) => user.browser.root.props.title;

test('[NF4] a page hears when its tab goes behind others and comes back, also through a kill in its handler', async () => {
  using user = await open(watched());
  user.find({ kind: 'visibility' }).emit('value', false);
  await user.advance('1s');
  user.server.kill();
  user.find({ kind: 'visibility' }).emit('value', true);
  await user.shouldSee('shown');
  await user.shouldSee('shown, hidden', { within: '1m' });
  expect(user.server.errors).toEqual([]);
});

test.each([null, 0, 'visible', {}])(
  '[MO4] a browser that says %j of the visibility of its page is refused',
  async (value) => {
    using user = await open(watched());
    user.find({ kind: 'visibility' }).emit('value', value);
    await user.advance('20s');
    expect(titleOf(user)).toBe('here 0');
  },
);

test('[WS6] a title that is a function follows what it reads, also after a kill, until a handler sets another one', async () => {
  using user = await open(watched());
  expect(titleOf(user)).toBe('here 0');
  user.find({ kind: 'visibility' }).emit('value', false);
  await user.settle();
  expect(titleOf(user)).toBe('away');
  await user.advance('1s');
  user.server.kill();
  await user.advance('20s');
  user.find({ kind: 'visibility' }).emit('value', true);
  await user.settle();
  expect(titleOf(user)).toBe('here 2');
  user.find('Rename').click();
  await user.advance('1s');
  user.server.kill();
  user.find({ kind: 'visibility' }).emit('value', false);
  await user.advance('20s');
  expect(titleOf(user)).toBe('renamed');
});

test('[WS6] a function as title of a page that fails once is followed again', async () => {
  const page = (page: PageContext) => {
    const name = ui.state<string | null>('Ada');
    page.title = () => (name.value as string).toUpperCase();
    ui.button('Lose', () => (name.value = null));
    ui.button('Find', () => (name.value = 'Grace'));
  };
  using user = await open(new App().page('/', page));
  user.find('Lose').click();
  await user.settle();
  expect(titleOf(user)).toBe('ADA');
  user.find('Find').click();
  await user.settle();
  expect(titleOf(user)).toBe('GRACE');
});

test.each<readonly [what: string, read: (page: PageContext) => string, text: string]>([
  ['page.locale', (page) => page.locale, 'de-CH'],
  ['page.timeZone', (page) => page.timeZone, 'Europe/Zurich'],
  ['page.userAgent', (page) => page.userAgent, 'Mosaic'],
  ['single headers', ({ headers }) => `${headers.get('X-Via')} ${headers.has('via')}`, 'proxy false'],
  ['all headers', ({ headers }) => [...headers].map(([name]) => name).join(), 'accept-language,user-agent,x-via'],
])('[NF5] a handler that has read %s goes on after a kill, while no browser shows the page', async (_, read, text) => {
  const app = new App().page('/', (page) => {
    const seen = storage.user('seen', '');
    ui.label(() => `seen ${seen.value}`);
    ui.button('Go', async () => {
      seen.value = read(page);
      await run.sleep('1m');
      seen.value += ' and done';
    });
  });
  using user = await open(app, '/', browser);
  user.find('Go').click();
  await user.settle();
  user.close();
  await user.advance('30s');
  user.server.kill();
  await user.advance('1h');
  using later = await user.tab('/');
  await later.shouldSee(`seen ${text} and done`);
  expect(user.server.errors).toEqual([]);
});

test('[NF5] the journal of a handler has only those headers that it has read', async () => {
  using user = await open(facts(), '/', { headers: { ...browser.headers, Cookie: 'secret=1' } });
  const stored = () => JSON.stringify(user.server.store.pages().map(({ page }) => user.server.store.cells(page)));
  user.find('Read and wait').click();
  await user.settle();
  expect(stored()).toContain('proxy');
  expect(stored()).not.toContain('secret');
});

test('development says by their names that a page has read the language or the time zone once', async () => {
  const app = new App().page('/', (page) => {
    ui.label(`Now in ${page.timeZone}`);
  });
  using user = await open(app, '/', { development: true });
  user.find({ kind: 'visitor' }).emit('value', { locale: 'fr-CA', timeZone: 'America/Toronto', said: true });
  await user.settle();
  expect(user.server.log.map(({ message }) => message)).toEqual([
    expect.stringContaining('The state "page.locale, page.timeZone" has changed. The page has read it once,'),
  ]);
});

test('a deploy that reads the language no more says nothing of a state that no author has', async () => {
  const page = (text: (page: PageContext) => string) =>
    new App().page('/', (page) => {
      const count = ui.state(0, 'count');
      ui.label(() => `${count.value} ${text(page)}`);
    });
  using user = await open(
    page(({ locale }) => locale),
    '/',
    browser,
  );
  user.find({ kind: 'visitor' }).emit('value', { locale: 'fr-CA', timeZone: 'America/Toronto', said: true });
  await user.settle();
  user.server.deploy(page(() => 'Hello'));
  await user.settle();
  user.shouldSee('0 Hello');
  expect(user.server.log.map(({ message }) => message).join()).not.toContain('page.locale');
});
