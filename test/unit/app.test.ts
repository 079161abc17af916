import { createHash } from 'node:crypto';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { contentSecurityPolicy } from '../../src/app/csp.ts';
import { App } from '../../src/app/index.ts';
import type { PathParams } from '../../src/elements/index.ts';
import { limits, type Paint } from '../../src/protocol/index.ts';

const pageId = 'a'.repeat(32);
const html = { Accept: 'text/html' };
const origin = 'http://localhost:8787';

/** A namespace of session objects that notes what it is asked and answers with a label. */
function sessions(answer: (path: string) => Paint | 'missing' | Promise<Paint> = paintOf) {
  const calls: { session: string; path: string; page: string | undefined }[] = [];
  const namespace = {
    idFromName: (name: string) => name,
    get: (session: string) => ({
      async open(path: string, page?: string) {
        calls.push({ session, path, page });
        return JSON.stringify(await answer(path));
      },
    }),
  };
  return { calls, env: { SESSION: namespace } };
}

function paintOf(path: string, text = `You are at ${path}`, title = ''): Paint {
  return { page: pageId, epoch: 1, frame: 0, event: 0, path, title, tree: [1, 'root', {}, [[2, 'label', { text }]]] };
}

describe('a page', () => {
  test('[WS4] is a document that can be read without any script and taken over by the client', async () => {
    const { env, calls } = sessions((path) => paintOf(path, 'Hello <world> & "you"', 'A <title>'));
    const app = new App({ lang: 'de', theme: 'dark' }).page('/hello', () => {});
    const response = await app.request(`${origin}/hello?a=1`, {}, env);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(text).toMatch(/^<!doctype html>\n<html lang="de" data-theme="dark">/);
    expect(text).toContain('<title>A &#60;title&#62;</title>');
    expect(text).toContain('Hello &lt;world> &amp; &quot;you&quot;');
    expect(text).toMatch(/<script type="module" src="\/_edgewise\/client-\w+\.js"><\/script>/);
    expect(text).toMatch(/<link rel="stylesheet" href="\/_edgewise\/styles-\w+\.css" data-edgewise-styles>/);
    expect(calls).toEqual([{ session: expect.stringMatching(/^[\w-]{22}$/), path: '/hello?a=1', page: undefined }]);
  });

  test('[WS4] what the client takes over stands in the document as data that cannot end its element', async () => {
    const hostile = '</script><script>alert(1)</script><!--\u2028';
    const { env } = sessions((path) => paintOf(path, hostile));
    const response = await new App().page('/', () => {}).request(`${origin}/`, {}, env);
    const text = await response.text();
    const [, json] = /<script type="application\/json" id="edgewise-paint">(.*?)<\/script>/.exec(text) ?? [];
    expect(json).not.toMatch(/[<\u2028]/);
    expect(JSON.parse(json ?? '').paint.tree[3][0][2].text).toBe(hostile);
    expect(text.match(/<script/g), 'only our own three').toHaveLength(3);
  });

  test('[MO7] comes with a strict policy: no inline code but one known by its hash, no foreign frames, never kept by a cache', async () => {
    const { env } = sessions();
    const response = await new App().page('/', () => {}).request(`${origin}/`, {}, env);
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    const [, script = ''] = /<script>(.*?)<\/script>/.exec(await response.text()) ?? [];
    expect(policy).toContain(`script-src 'self' 'sha256-${createHash('sha256').update(script).digest('base64')}';`);
    expect(policy).toMatch(/style-src 'self';/);
    expect(policy).toContain("connect-src 'self' ws://localhost:8787;");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types default");
    expect(policy).not.toContain('unsafe-eval');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(response.headers.get('Referrer-Policy')).toBe('strict-origin-when-cross-origin');
  });

  test('is a route like any other: middleware and own routes work, in the order they were registered', async () => {
    const { env, calls } = sessions();
    const app = new App();
    app.use('/admin/*', async (c, next) => (c.req.header('X-Key') === 'k' ? next() : c.text('Forbidden', 403)));
    app.page('/admin/users', () => {});
    app.get('/healthz', (c) => c.text('ok'));
    expect((await app.request(`${origin}/admin/users`, {}, env)).status).toBe(403);
    expect(calls).toHaveLength(0);
    expect((await app.request(`${origin}/admin/users`, { headers: { 'X-Key': 'k' } }, env)).status).toBe(200);
    expect(await (await app.request(`${origin}/healthz`, {}, env)).text()).toBe('ok');
    expect(
      (await app.request(`${origin}/admin/users`, { method: 'POST', headers: { 'X-Key': 'k' } }, env)).status,
    ).toBe(404);
  });

  test('a HEAD request and a load on a guess make no page and set no cookie', async () => {
    const { env, calls } = sessions();
    const app = new App().page('/', () => {});
    const head = await app.request(`${origin}/`, { method: 'HEAD' }, env);
    expect(head.status).toBe(200);
    expect(head.headers.get('Set-Cookie')).toBeNull();
    for (const purpose of ['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip']) {
      const guess = await app.request(
        `${origin}/`,
        { headers: { 'Sec-Purpose': purpose, Cookie: `edgewise_page=${pageId}` } },
        env,
      );
      expect(guess.status, purpose).toBe(503);
      expect(guess.headers.get('Set-Cookie')).toBeNull();
    }
    expect(calls).toHaveLength(0);
  });

  test('[NF3] a tab that reloads names its page once; what is no page id is not passed on', async () => {
    const { env, calls } = sessions();
    const app = new App().page('/a/b', () => {});
    const cookie = `edgewise_page=${pageId}; edgewise_page=${'b'.repeat(32)}`;
    const response = await app.request(`${origin}/a/b`, { headers: { Cookie: cookie } }, env);
    expect(calls[0]?.page, 'the most specific path comes first').toBe(pageId);
    expect(response.headers.getSetCookie()).toContainEqual(
      expect.stringMatching(/^edgewise_page=; Max-Age=0; Path=\/a\/b;/),
    );
    for (const bad of ['short', 'x'.repeat(33), `${'a'.repeat(31)}/`, '__proto__']) {
      await app.request(`${origin}/a/b`, { headers: { Cookie: `edgewise_page=${bad}` } }, env);
    }
    expect(calls.slice(1).map((call) => call.page)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('the first good page cookie of several counts', async () => {
    const { env, calls } = sessions();
    const cookie = `edgewise_page=<script>; edgewise_page=short; edgewise_page=${pageId}; edgewise_page=${'b'.repeat(32)}`;
    await new App().page('/', () => {}).request(`${origin}/`, { headers: { Cookie: cookie } }, env);
    expect(calls[0]?.page).toBe(pageId);
  });

  test('[NF3] the cookie of the session leads every request to the same object', async () => {
    const { env, calls } = sessions();
    const app = new App().page('/', () => {});
    const first = await app.request(`${origin}/`, {}, env);
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await app.request(`${origin}/`, { headers: { Cookie: cookie } }, env);
    await app.request(`${origin}/`, {}, env);
    expect(calls[1]?.session).toBe(calls[0]?.session);
    expect(calls[2]?.session).not.toBe(calls[0]?.session);
  });

  test('an address that is too long is refused before any object is touched', async () => {
    const { env, calls } = sessions();
    const app = new App().page('/', () => {});
    const at = (length: number) => app.request(`${origin}/?${'q'.repeat(length - 2)}`, {}, env);
    expect((await at(limits.path)).status).toBe(200);
    expect((await at(limits.path + 1)).status).toBe(414);
    expect(calls).toHaveLength(1);
  });

  test('an application may map its users to sessions of their own', async () => {
    const { env, calls } = sessions();
    const app = new App({ identify: (request) => request.headers.get('X-User') ?? undefined }).page('/', () => {});
    const response = await app.request(`${origin}/`, { headers: { 'X-User': 'ann' } }, env);
    expect(calls[0]?.session).toBe('user:ann');
    expect(response.headers.get('Set-Cookie')).toBeNull();
    await app.request(`${origin}/`, {}, env);
    expect(calls[1]?.session).toMatch(/^[\w-]{22}$/);
  });
});

describe('what goes wrong', () => {
  test('an address without a page gets a page that says so, or a plain text when no HTML is wanted', async () => {
    const { env, calls } = sessions();
    const app = new App();
    const page = await app.request(`${origin}/nowhere`, { headers: html }, env);
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('There is no page at this address.');
    expect(page.headers.get('Content-Security-Policy')).toContain("script-src 'self'");
    expect(await (await app.request(`${origin}/nowhere`, {}, env)).text()).toBe('404 Not Found');
    expect(calls).toHaveLength(0);
  });

  test('[MO6] a failing page shows strangers a bland sentence and its author the error', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { env } = sessions(() => Promise.reject(new TypeError('the password is 1234')));
    const app = new App().page('/', () => {});
    const author = await app.request(`${origin}/`, { headers: html }, { ...env, ENVIRONMENT: 'development' });
    expect(author.status).toBe(500);
    expect(await author.text()).toContain('the password is 1234');
    for (const more of [{}, { SESSION_SECRET: 's'.repeat(32) }]) {
      const stranger = await app.request(`${origin}/`, { headers: html }, { ...env, ...more });
      expect(stranger.status).toBe(500);
      expect(await stranger.text()).not.toContain('1234');
    }
    expect(log).toHaveBeenCalledTimes(3);
    log.mockRestore();
    app.onError((error, c) => c.text(`Handled: ${error.message}`, 418));
    expect(await (await app.request(`${origin}/`, {}, env)).text()).toBe('Handled: the password is 1234');
  });

  test('[MO6] what is not configured is said in a sentence with the remedy', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = new App().page('/', () => {});
    const unbound = await app.request(`${origin}/`, { headers: html }, {});
    expect(await unbound.text()).toContain('The Worker has no Durable Object binding SESSION');
    const secretless = await app.request('https://app.example/', { headers: html }, sessions().env);
    expect(secretless.status).toBe(500);
    expect(await secretless.text()).toContain('The Worker has no SESSION_SECRET');
    log.mockRestore();
  });

  test('a call that the platform lost to a reset is made again, one that overloads is not', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const app = new App().page('/', () => {});
    const failing = (times: number, extra: object) => {
      let left = times;
      return sessions((path) =>
        left-- > 0 ? Promise.reject(Object.assign(new Error('reset'), extra)) : paintOf(path),
      );
    };
    const once = failing(1, { retryable: true });
    expect((await app.request(`${origin}/`, {}, once.env)).status).toBe(200);
    expect(once.calls).toHaveLength(2);
    const always = failing(99, { retryable: true });
    expect((await app.request(`${origin}/`, {}, always.env)).status).toBe(500);
    expect(always.calls).toHaveLength(3);
    const overloaded = failing(1, { retryable: true, overloaded: true });
    expect((await app.request(`${origin}/`, {}, overloaded.env)).status).toBe(500);
    expect(overloaded.calls).toHaveLength(1);
    log.mockRestore();
  });
});

describe('an application that identifies its users, deployed without a secret', () => {
  const deployed = 'https://app.example';
  const application = (identify: () => string | undefined = () => 'ann') => {
    const app = new App({ identify }).page('/', () => {});
    app.get('/plain', () => {
      throw new Error('cannot connect with the password 1234');
    });
    return app;
  };

  test.each([
    ['a page', '/'],
    ['a plain route', '/plain'],
  ])('shows no details of an error of %s', async (_, path) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { env } = sessions(() => Promise.reject(new Error('cannot connect with the password 1234')));
    for (const variables of [env, { ...env, ENVIRONMENT: 'development' }]) {
      const response = await application().request(`${deployed}${path}`, { headers: html }, variables);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('1234');
    }
    vi.restoreAllMocks();
  });

  test.each(['/_edgewise/jobs', '/_edgewise/awake'])('has no %s', async (path) => {
    const { env } = sessions();
    for (const variables of [env, { ...env, ENVIRONMENT: 'development' }]) {
      expect((await application().request(`${deployed}${path}`, {}, variables)).status).toBe(404);
    }
  });

  test('tells its sessions that the visitor is not the author', async () => {
    const told: unknown[] = [];
    const stub = {
      open: async (path: string, _page?: string, development?: boolean) => (
        told.push(development), JSON.stringify(paintOf(path))
      ),
    };
    const env = { SESSION: { idFromName: (name: string) => name, get: () => stub }, ENVIRONMENT: 'development' };
    await application().request(`${deployed}/`, {}, env);
    await application().request(`${origin}/`, {}, env);
    expect(told).toEqual([false, true]);
  });

  test.each([
    ['no name', ''],
    ['a name that is too long', 'x'.repeat(257)],
  ])('fails a request to which it gives %s, and opens no session', async (_, name) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { env, calls } = sessions();
    expect((await application(() => name).request(`${deployed}/`, {}, env)).status).toBe(500);
    expect(log.mock.calls.flat().map(String).join()).toContain('`identify` returned');
    const query = `page=${pageId}&path=%2F`;
    const headers = { Upgrade: 'websocket', Origin: deployed };
    const socket = await application(() => name).fetch(
      new Request(`${deployed}/_edgewise/socket?${query}`, { headers }),
      env,
    );
    expect(socket.status).toBe(503);
    expect(calls).toEqual([]);
    vi.restoreAllMocks();
  });
});

describe('no cache stores an answer and no browser guesses its type', () => {
  const app = new App();
  app.page('/', () => {});
  app.get('/me', (c) => c.json({ name: 'Ann' }));
  app.get('/away', () => Response.redirect('https://elsewhere.example/'));
  app.get('/broken', () => {
    throw new Error('broken');
  });
  const answers: [string, string, RequestInit][] = [
    ['a page', '/', {}],
    ['the head of a page', '/', { method: 'HEAD' }],
    ['a page that is loaded on a guess', '/', { headers: { 'Sec-Purpose': 'prefetch' } }],
    ['a page at an address that is too long', `/?${'q'.repeat(limits.path)}`, {}],
    ['a route of the author', '/me', {}],
    ['a redirect, whose headers cannot be changed', '/away', {}],
    ['an address without a page, as text', '/nowhere', {}],
    ['an address without a page, as a document', '/nowhere', { headers: html }],
    ['a route that throws, as text', '/broken', {}],
    ['a route that throws, as a document', '/broken', { headers: html }],
    ['the reasons to be awake', '/_edgewise/awake', {}],
    ['a socket that is refused', '/_edgewise/socket', {}],
    ['a socket of another origin', `/_edgewise/socket?page=${pageId}&path=/`, { headers: { Upgrade: 'websocket' } }],
  ];

  test.each(answers)('%s', async (_, path, init) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const env = { ...sessions().env, ENVIRONMENT: 'development' };
    const response = await app.fetch(new Request(`${origin}${path}`, init), env);
    vi.restoreAllMocks();
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  test('unless the route says how long its answer may be stored', async () => {
    const own = new App().get('/logo', (c) => c.body('<svg/>', 200, { 'Cache-Control': 'public, max-age=60' }));
    const response = await own.request(`${origin}/logo`);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=60');
    expect(await response.text()).toBe('<svg/>');
  });
});

describe('a socket', () => {
  const path = encodeURIComponent('/');
  const upgrade = (query: string, headers: Record<string, string> = {}) =>
    new Request(`${origin}/_edgewise/socket?${query}`, {
      headers: { Upgrade: 'websocket', Origin: origin, ...headers },
    });

  test('[MO2] of another origin, of an opaque one, or of none is refused before any object is touched', async () => {
    const { env, calls } = sessions();
    const app = new App().page('/', () => {});
    for (const foreign of ['https://evil.example', 'null', 'http://localhost:8788', '']) {
      const response = await app.fetch(upgrade(`page=${pageId}&path=${path}`, { Origin: foreign }), env);
      expect(response.status, foreign).toBe(403);
      expect(await response.text()).toBe('Pages of other origins may not connect to this application.');
    }
    expect(calls).toHaveLength(0);
  });

  test('that asks for no page, or for the address of another host, is refused with the reason', async () => {
    const app = new App().page('/', () => {});
    for (const query of [
      '',
      `page=${pageId}`,
      `page=short&path=${path}`,
      `page=${'x'.repeat(33)}&path=${path}`,
      `page=${pageId}&path=${path}&before=../x`,
    ]) {
      expect((await app.fetch(upgrade(query), {})).status, query).toBe(400);
    }
    for (const bad of ['x', '//evil.example/', '/\\evil.example', `/${'x'.repeat(limits.path)}`]) {
      const response = await app.fetch(upgrade(`page=${pageId}&path=${encodeURIComponent(bad)}`), {});
      expect(response.status, bad.slice(0, 20)).toBe(400);
      expect(await response.text()).toContain('The parameter `path` must be a path with its query');
    }
    const plain = await app.fetch(new Request(`${origin}/_edgewise/socket`), {});
    expect(await plain.text()).toBe('This address takes WebSocket connections only.');
  });
});

describe('the Content-Security-Policy', () => {
  const url = new URL('https://app.example/x');

  test('[MO7] takes what an application adds and nothing else', () => {
    const policy = contentSecurityPolicy(url, {
      'img-src': ['http://maps.example'],
      'frame-src': ['https://video.example'],
      'base-uri': ["'self'"],
    });
    expect(policy).toContain("img-src 'self' data: blob: http://maps.example;");
    expect(policy).toContain('frame-src https://video.example');
    expect(policy).toContain("base-uri 'self';");
    expect(policy).toContain("connect-src 'self' wss://app.example;");
  });

  test('pictures and media come from the application itself until it names another host', () => {
    const policy = contentSecurityPolicy(url);
    expect(policy).toContain("img-src 'self' data: blob:;");
    expect(policy).toContain("media-src 'self' data: blob:;");
    expect(policy, 'no directive allows every host').not.toMatch(/ (https:|http:|\*)(;| |$)/);
  });

  test('an application that allows all inline scripts has them, which a hash would forbid', () => {
    const policy = contentSecurityPolicy(url, { 'script-src': ["'unsafe-inline'"] });
    expect(policy).toContain("script-src 'self' 'unsafe-inline';");
  });

  test('[MO7] refuses a source that would be two, or another directive', () => {
    for (const source of ['https://a.example https://b.example', "x; script-src 'unsafe-inline'", 'a,b']) {
      expect(() => contentSecurityPolicy(url, { 'img-src': [source] })).toThrow(
        /cannot be part of a Content-Security-Policy/,
      );
    }
  });
});

test('path parameters are typed by their pattern', () => {
  expectTypeOf<PathParams<'/report/:id'>>().toEqualTypeOf<{ readonly id: string }>();
  expectTypeOf<PathParams<'/:year{[0-9]+}/:month?'>['month']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<keyof PathParams<'/:year{[0-9]+}/:month?'>>().toEqualTypeOf<'year' | 'month'>();
  new App().page('/report/:id/:part', ({ params, query }) => {
    expectTypeOf(params.id).toEqualTypeOf<string>();
    expectTypeOf(query).toEqualTypeOf<URLSearchParams>();
    // @ts-expect-error the pattern names no such parameter
    params.name;
  });
  new App<{ Bindings: { KEY: string } }>().page('/', ({ env }) => expectTypeOf(env.KEY).toEqualTypeOf<string>());
});
