import { afterEach, describe, expect, test, vi } from 'vitest';
import { isOwnPath } from '../../src/app/gate.ts';
import { App, shared, ui } from '../../src/index.ts';
import { encode, limits, type Paint, protocolVersion } from '../../src/protocol/index.ts';
import type { Admission, Visitor } from '../../src/session/index.ts';
import { storedVisitor, visitorOf } from '../../src/session/visitor.ts';
import { open, TestServer, TestShared, User, VirtualClock, type Wire } from '../../src/testing/index.ts';

/** A client of an attacker: says hello for any page at any path, and notes what comes. */
async function hello(server: TestServer, clock: VirtualClock, page: string, path: string) {
  const received: unknown[][] = [];
  let wire: Wire | undefined;
  const connected = server.connect({ page, fork: false }, path, {
    opened: () => wire?.browser.send(encode(['h', protocolVersion, '', 0, 0, []])),
    message: (data) => received.push(JSON.parse(String(data)) as unknown[]),
    closed: () => {},
  });
  wire = connected;
  await clock.advance(100);
  return { received, wire };
}

const secret = 'the salaries of everybody';

describe('[MO3] a page is opened by its own path only', () => {
  const pages = {
    '/public': () => void ui.label('hello'),
    '/admin': () => void ui.label(secret),
  };

  async function world() {
    const clock = new VirtualClock();
    const server = new TestServer({ clock, pages });
    const { page } = (await server.open('/admin')) as Paint;
    return { clock, server, page };
  }

  test('while the page is in memory', async () => {
    const { clock, server, page } = await world();
    const { received } = await hello(server, clock, page, '/public');
    expect(JSON.stringify(received)).not.toContain(secret);
    expect(received).toEqual([['x', 'gone', expect.stringContaining('no page at this address')]]);
  });

  test('while the page sleeps in its rows, and it is not built to find out', async () => {
    const { clock, server, page } = await world();
    const { wire } = await hello(server, clock, page, '/admin');
    await clock.advance(5_000);
    wire.browser.close();
    server.kill();
    const { received } = await hello(server, clock, page, '/public');
    expect(JSON.stringify(received)).not.toContain(secret);
    expect(server.session.pages.get(page)).toBeUndefined();
  });

  test('also while the application lacks that path, and the tab forgets the page then', async () => {
    const { clock, server, page } = await world();
    const { wire } = await hello(server, clock, page, '/admin');
    await clock.advance(5_000);
    wire.browser.close();
    server.deploy({ '/public': pages['/public'] });
    expect((await hello(server, clock, page, '/public')).received[0]?.slice(0, 2)).toEqual(['x', 'gone']);
    expect((await hello(server, clock, page, '/admin')).received[0]?.slice(0, 2)).toEqual(['x', 'reload']);
    server.deploy(pages);
    expect(JSON.stringify((await hello(server, clock, page, '/admin')).received)).toContain(secret);
  });

  test('also by a query', async () => {
    const { clock, server, page } = await world();
    const { received } = await hello(server, clock, page, '/admin?a=1');
    expect(received[0]?.slice(0, 2)).toEqual(['x', 'gone']);
  });

  test('and the page is unharmed', async () => {
    const { clock, server, page } = await world();
    await hello(server, clock, page, '/public');
    const { received } = await hello(server, clock, page, '/admin');
    expect(JSON.stringify(received)).toContain(secret);
  });
});

describe('the path of a page is', () => {
  test.each(['/', '/a', '/a/b?c=d&e=%20', '/caf%C3%A9', '/a//b', `/${'x'.repeat(limits.path - 1)}`])(
    'taken: %s',
    (path) => {
      expect(isOwnPath(path)).toBe(true);
    },
  );

  test.each([
    '',
    'a',
    '//internal.localhost/',
    '/\t/internal.localhost/',
    '/\n/internal.localhost/',
    '/\r/internal.localhost/',
    '\t//internal.localhost/',
    '/\\internal.localhost/',
    '\\\\internal.localhost/',
    '/a\0',
    '/a\x7f',
    '/a\tb',
    '/a b',
    '/a#b',
    '/a/../admin',
    '/./admin',
    '/%2e%2e/admin',
    'http://own/',
    'http://internal.localhost/',
    `/${'x'.repeat(limits.path)}`,
  ])('refused: %j', (path) => {
    expect(isOwnPath(path)).toBe(false);
  });

  test('not a way to choose the host that the middleware sees', async () => {
    const hosts: string[] = [];
    const app = new App();
    app.use(async (c, next) => {
      hosts.push(new URL(c.req.url).hostname);
      await next();
    });
    app.page('/*', () => {});
    for (const path of ['/\t/internal.localhost/', '//internal.localhost/', '/\\internal.localhost/']) {
      const query = new URLSearchParams({ page: 'a'.repeat(32), path });
      const headers = { Upgrade: 'websocket', Origin: 'https://app.example' };
      const response = await app.fetch(new Request(`https://app.example/_edgewise/socket?${query}`, { headers }), {});
      expect(response.status).toBe(400);
    }
    expect(hosts).toEqual([]);
  });
});

describe('[MO3] an open socket is asked again', () => {
  const minutes = 60_000;

  function world(admits: (path: string) => Admission | Promise<Admission>, revalidate?: number) {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const count = shared('admission.count', 0);
    const all = new TestShared({ clock });
    const pages = {
      '/': () => {
        const clicks = ui.state(0);
        ui.button('Add', () => clicks.value++);
        ui.label(() => `${clicks.value} clicks`);
        ui.label(() => `${count.value} together`);
      },
    };
    const server = new TestServer({
      clock,
      shared: all,
      admits: (path) => {
        asked.push(path);
        return admits(path);
      },
      ...(revalidate !== undefined && { policy: { revalidate } }),
      pages,
    });
    return { clock, server, asked, all, pages };
  }

  test('at the first event after five minutes, and not before', async () => {
    const { clock, server, asked } = world(() => 'admitted');
    const user = await User.open(server, clock, '/');
    await user.advance('4m');
    user.find('Add').click();
    await user.shouldSee('1 clicks');
    expect(asked).toEqual([]);
    await user.advance('2m');
    user.find('Add').click();
    await user.shouldSee('2 clicks');
    expect(asked).toEqual(['/']);
    user.close();
  });

  test('at the interval that the application sets', async () => {
    const { clock, server, asked } = world(() => 'admitted', 1_000);
    const user = await User.open(server, clock, '/');
    await user.advance('10s');
    user.find('Add').click();
    await user.shouldSee('1 clicks');
    expect(asked.length).toBeGreaterThan(0);
    user.close();
  });

  test('when its object wakes, before the event that wakes it has an effect', async () => {
    let role: Admission = 'admitted';
    const { clock, server, asked } = world(() => role);
    const user = await User.open(server, clock, '/');
    await user.advance('1m');
    server.evict();
    role = 'refused';
    user.find('Add').click();
    await user.advance('1s');
    expect(asked).toEqual(['/']);
    expect(user.browser.ended).toEqual(['revoked']);
    expect(server.log.filter((entry) => entry.level === 'error')).toEqual([]);
    expect(await clicksOf(server, clock)).toBe('0 clicks');
  });

  test('[NF10] when its object wakes, and is told to load again where a deploy has lost the page, which stays', async () => {
    let role: Admission = 'admitted';
    const { clock, server, pages } = world(() => role);
    const user = await User.open(server, clock, '/');
    user.find('Add').click();
    await user.advance('1m');
    server.evict();
    role = 'refused';
    server.deploy({ '/other': () => {} });
    user.find('Add').click();
    await user.advance('1s');
    expect(user.browser.ended).toEqual(['reload']);
    role = 'admitted';
    server.deploy(pages);
    await user.reload();
    await user.shouldSee('2 clicks');
    user.close();
  });

  test('when its object is woken by what sessions share, before the change is shown', async () => {
    let role: Admission = 'admitted';
    const { clock, server, all } = world(() => role);
    const user = await User.open(server, clock, '/');
    await user.advance('1m');
    server.evict();
    role = 'refused';
    const sent = user.browser.wire?.sent.length ?? 0;
    await all.object('signal:admission.count').write('from elsewhere', { add: 5, from: 0 });
    await user.advance('1s');
    const later = user.browser.wire?.sent.slice(sent) ?? [];
    expect(user.browser.ended).toEqual(['revoked']);
    expect(later.join()).not.toContain('5 together');
  });

  test('when its alarm wakes it, and the tick reaches who may have the page', async () => {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const server = new TestServer({
      clock,
      admits: async (path): Promise<Admission> => {
        asked.push(path);
        return 'admitted';
      },
      pages: {
        '/': () => {
          const ticks = ui.state(0);
          ui.timer('1m', () => ticks.value++);
          ui.label(() => `${ticks.value} ticks`);
        },
      },
    });
    const user = await User.open(server, clock, '/');
    await user.advance('30s');
    server.evict();
    await user.advance('31s');
    expect(asked).toEqual(['/']);
    expect(user.sees('1 ticks')).toBe(true);
    user.close();
  });

  test('so that who lost a role loses the page, although it only watches', async () => {
    let role: Admission = 'admitted';
    const { clock, server, all } = world(() => role);
    const user = await User.open(server, clock, '/');
    role = 'refused';
    for (let minute = 0; minute < 7; minute++) {
      await all.object('signal:admission.count').write(`elsewhere ${minute}`, { add: 1, from: 0 });
      await user.advance('1m');
    }
    expect(user.browser.ended.length).toBeGreaterThan(0);
    expect(user.browser.ended[0]).toBe('revoked');
  });

  test('and events that arrive meanwhile keep their order and are applied once', async () => {
    const answers: ((admission: Admission) => void)[] = [];
    const { clock, server } = world(() => new Promise((resolve) => answers.push(resolve)));
    const user = await User.open(server, clock, '/');
    await user.advance(6 * minutes);
    for (let click = 0; click < 5; click++) user.find('Add').click();
    await user.advance('100ms');
    expect(user.sees('0 clicks')).toBe(true);
    expect(answers).toHaveLength(1);
    answers[0]?.('admitted');
    await user.shouldSee('5 clicks');
    user.close();
  });

  test('and connects anew when the application cannot tell, without the loss of an event', async () => {
    let role: Admission = 'unknown';
    const { clock, server } = world(() => role);
    const user = await User.open(server, clock, '/');
    await user.advance(6 * minutes);
    user.find('Add').click();
    await user.advance('100ms');
    role = 'admitted';
    await user.shouldSee('1 clicks');
    expect(user.browser.ended).toEqual([]);
    expect(server.connections.length).toBeGreaterThan(1);
    user.close();
  });

  async function clicksOf(server: TestServer, clock: VirtualClock): Promise<string> {
    const id = server.store.pages()[0]?.page ?? '';
    const { received } = await hello(server, clock, id, '/');
    return /\d+ clicks/.exec(JSON.stringify(received))?.[0] ?? JSON.stringify(received);
  }
});

describe('the application is asked by its own middleware', () => {
  const ctx = { waitUntil: () => {}, passThroughOnException() {}, props: {} };
  afterEach(() => vi.restoreAllMocks());

  const app = new App<{ Bindings: { role: string } }>();
  app.use('/admin/*', async (c, next) => {
    if (c.env.role === 'broken') throw new Error('The database does not answer.');
    if (c.env.role === 'admin' && c.req.header('Cookie') === 'a=b') return next();
    return c.text('Forbidden', 403);
  });
  app.page('/admin/users', () => {});

  const visitor = (more: Partial<Visitor> = {}): Visitor => ({
    origin: 'https://app.example',
    path: '/admin/users',
    headers: [['cookie', 'a=b']],
    ...more,
  });

  test.each<[Admission, string, string, Visitor]>([
    ['admitted', 'with the role', 'admin', visitor()],
    ['refused', 'without the role', 'guest', visitor()],
    ['refused', 'without the headers of then', 'admin', visitor({ headers: [] })],
    ['refused', 'for a path that has no page', 'admin', visitor({ path: '/admin/nothing' })],
    ['unknown', 'when the middleware fails', 'broken', visitor()],
  ])('%s %s', async (expected, _, role, who) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer = await app.sessions.admits?.(who, { env: { role }, session: 'x'.repeat(22), ctx });
    expect(answer).toBe(expected);
  });

  test.each<[Admission, string | undefined, string]>([
    ['admitted', 'ann', 'user:ann'],
    ['refused', 'bob', 'user:ann'],
    ['refused', undefined, 'user:ann'],
    ['refused', 'ann', 'x'.repeat(22)],
    ['admitted', undefined, 'x'.repeat(22)],
    ['unknown', '', 'user:ann'],
  ])('%s when the visitor is %s now and the session is %s', async (expected, user, session) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const users = new App({ identify: () => user }).page('/', () => {});
    expect(await users.sessions.admits?.(visitor({ path: '/' }), { env: {}, session, ctx })).toBe(expected);
  });

  describe('a wake does not ask about a page', () => {
    const session = 'x'.repeat(22);
    const page = () => {};
    const pass = async (_: unknown, next: () => Promise<void>) => next();
    const made = (fill: (app: App) => void) => {
      const app = new App();
      fill(app);
      return app;
    };

    test.each<[string, App, string]>([
      ['that has no middleware', new App().page('/', page), '/'],
      ['with parameters and a query', new App().page('/report/:id', page), '/report/7?year=2026&a=%2F'],
      [
        'whose middleware guards other paths',
        made((app) => app.use('/admin/*', pass) && app.page('/free', page)),
        '/free',
      ],
      ['that was registered before the middleware', made((app) => app.page('/', page) && app.use(pass)), '/'],
    ])('%s', (_, one, path) => {
      expect(one.sessions.isUnguarded?.(path, session)).toBe(true);
    });

    test.each<[string, App, string, string?]>([
      ['has middleware', made((app) => app.use(pass) && app.page('/', page)), '/'],
      [
        'has middleware for its path',
        made((app) => app.use('/admin/*', pass) && app.page('/admin/:id', page)),
        '/admin/7?a',
      ],
      ['stands behind a route', made((app) => app.get('/', pass) && app.page('/', page)), '/'],
      ['belongs to a mounted application', made((app) => app.route('/', new App().page('/', page))), '/'],
      ['belongs to a signed-in user', new App().page('/', page), '/', 'user:ann'],
      ['may belong to one', new App({ identify: () => 'ann' }).page('/', page), '/'],
      ['does not exist', new App().page('/', page), '/nothing'],
    ])('except one that %s', (_, one, path, of = session) => {
      expect(one.sessions.isUnguarded?.(path, of)).toBe(false);
    });

    test('also one that was registered after the first question about its path', () => {
      const app = new App();
      const { isUnguarded, match } = app.sessions;
      const surroundings = { env: {}, session, development: false };
      expect([isUnguarded?.('/late', session), match('/late', surroundings)]).toEqual([false, undefined]);
      app.page('/late', page);
      expect(isUnguarded?.('/late', session)).toBe(true);
      expect(match('/late', surroundings)?.definition.pattern).toBe('/late');
    });
  });

  test('a socket is told to try again when the middleware fails, not that its page is gone', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const query = new URLSearchParams({ page: 'a'.repeat(32), path: '/admin/users' });
    const headers = { Upgrade: 'websocket', Origin: 'https://app.example', Cookie: 'a=b' };
    const env = { role: 'broken' };
    const users = new App<{ Bindings: { role: string } }>({ identify: () => 'ann' });
    users.route('/', app);
    const response = await users.fetch(new Request(`https://app.example/_edgewise/socket?${query}`, { headers }), env);
    expect(response.status).toBe(503);
  });
});

describe('the headers of a visitor', () => {
  const upgrade = (headers: Record<string, string>) => new Request('https://app.example/_edgewise/socket', { headers });

  test('are stored without those of the socket', () => {
    const request = upgrade({ Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Key': 'x', Cookie: 'a=b' });
    expect(visitorOf(request, '/a')).toEqual({
      origin: 'https://app.example',
      path: '/a',
      headers: [['cookie', 'a=b']],
    });
  });

  test('are not stored when they would not fit into the attachment of a socket', () => {
    const stored = (headers: Record<string, string>) => storedVisitor(visitorOf(upgrade(headers), '/'));
    expect(JSON.parse(stored({ 'X-A': 'a'.repeat(8_000) }) ?? '').headers[0][1]).toHaveLength(8_000);
    expect(stored({ 'X-A': 'a'.repeat(8_200) })).toBeUndefined();
    // The platform serializes a text with one byte for each letter, and with two once one of them needs it.
    expect(stored({ 'X-A': 'é'.repeat(8_000) })).toBeDefined();
    const text = { origin: '', path: '/', headers: [['x', `Ω${'a'.repeat(4_500)}`]] as const };
    expect(storedVisitor(text)).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 800 }, (_, index) => [`x-${index}`, 'a']));
    expect(stored(many)).toBeUndefined();
  });
});

test('the test kit admits everybody unless a test says otherwise', async () => {
  using user = await open({ '/': () => void ui.button('Go', () => ui.label('gone')) }, '/');
  await user.advance('1h');
  user.find('Go').click();
  await user.shouldSee('gone');
});
