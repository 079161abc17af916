import { describe, expect, test, vi } from 'vitest';
import { isDevelopment } from '../../src/app/development.ts';
import { forgetIdentity, identify, isSameOrigin, knownIdentity, userSession } from '../../src/app/session-cookie.ts';

const secret = 'a secret of at least thirty-two characters';
const other = 'another secret of more than thirty-two letters';
const env = { SESSION_SECRET: secret };

function request(cookie?: string, url = 'https://app.example/'): Request {
  return new Request(url, cookie === undefined ? {} : { headers: { Cookie: cookie } });
}

/** The `name=value` of a Set-Cookie header, as a browser sends it back. */
function pair(setCookie: string | undefined): string {
  return (setCookie ?? '').split(';')[0] ?? '';
}

async function freshCookie(from = env, url?: string): Promise<string> {
  return pair((await identify(request(undefined, url), from)).cookie);
}

describe('the identity cookie', () => {
  test('[MO1] a stranger gets a fresh identity of 128 random bits, in a cookie that scripts cannot read', async () => {
    const first = await identify(request(), env);
    const second = await identify(request(), env);
    expect(first.session).toMatch(/^[\w-]{22}$/);
    expect(first.session).not.toBe(second.session);
    expect(first.cookie).toMatch(/^__Host-edgewise=/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000']) {
      expect(first.cookie).toContain(attribute);
    }
    expect(first.cookie).not.toContain('Domain');
  });

  test('[MO1] the cookie leads back to the same session and is not written again', async () => {
    const { session, cookie } = await identify(request(), env);
    expect(await identify(request(pair(cookie)), env)).toEqual({ session });
    expect(await knownIdentity(request(`a=b; ${pair(cookie)}; c=d`), env)).toEqual({ session });
  });

  test('[MO1] over plain HTTP the cookie does without what needs HTTPS, and ports of one host keep apart', async () => {
    const { cookie } = await identify(request(undefined, 'http://localhost:8787/'), env);
    expect(cookie).toMatch(/^edgewise_8787=/);
    expect(cookie).not.toContain('Secure');
    const elsewhere = request(pair(cookie), 'http://localhost:8788/');
    expect(await knownIdentity(elsewhere, env)).toBeUndefined();
  });

  test('[MO1] whatever is not a valid signature of ours is a stranger', async () => {
    const valid = await freshCookie();
    const [name, value = ''] = [valid.slice(0, valid.indexOf('=')), valid.slice(valid.indexOf('=') + 1)];
    const flipped = value.startsWith('session.A')
      ? value.replace('session.A', 'session.B')
      : value.replace(/session\../, 'session.A');
    const forged = [
      '',
      `${name}=`,
      `${name}=${flipped}`,
      `${name}=${value.slice(0, -5)}`,
      `${name}=${value.split('.').slice(0, 3).join('.')}`,
      `${name}=${value.split('.').slice(0, 3).join('.')}.`,
      `${name}=${value}${value}`,
      `${name}=%E0%A4%A`,
      `${name}=session.AAAAAAAAAAAAAAAAAAAAAA.0.AAAA`,
      `edgewise=${value}`,
      await freshCookie({ SESSION_SECRET: other }),
    ];
    for (const cookie of forged) {
      expect(await knownIdentity(request(cookie), env), cookie).toBeUndefined();
      expect((await identify(request(cookie), env)).cookie, cookie).toBeDefined();
    }
  });

  describe('the first good cookie of several counts, after', () => {
    const name = '__Host-edgewise';
    test.each<[string, (valid: string) => string | Promise<string>]>([
      ['one without a value', () => `${name}=`],
      ['one without a signature', () => `${name}=x`],
      ['a forged one', (valid) => valid.replace(/session\../, 'session.!')],
      ['one that cannot be decoded', () => `${name}=%E0%A4%A`],
      ['one of another secret', () => freshCookie({ SESSION_SECRET: other })],
      ['ten that are none', () => Array(10).fill(`${name}=x.y`).join('; ')],
      ['one that has expired', () => expiredCookie()],
    ])('%s', async (_, bad) => {
      const { session, cookie } = await identify(request(), env);
      const header = `a=b; ${await bad(pair(cookie))}; ${pair(cookie)}; ${await freshCookie()}`;
      expect((await knownIdentity(request(header), env))?.session).toBe(session);
    });

    async function expiredCookie(): Promise<string> {
      vi.useFakeTimers({ now: Date.now() - 31 * 24 * 3_600_000 });
      try {
        return await freshCookie();
      } finally {
        vi.useRealTimers();
      }
    }
  });

  test('[MO1] something else that was signed with the same secret is no session', async () => {
    const { serializeSigned } = await import('hono/utils/cookie');
    for (const value of ['ticket.AAAAAAAAAAAAAAAAAAAAAA.1793000000', 'session.short.1793000000', 'session']) {
      const cookie = await serializeSigned('__Host-edgewise', value, secret, { path: '/', secure: true });
      expect(await knownIdentity(request(pair(cookie)), env), value).toBeUndefined();
    }
  });

  test('[MO1] a cookie lives 30 days after the last visit, and a visit a day later renews it', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') });
    try {
      const { session, cookie } = await identify(request(), env);
      vi.advanceTimersByTime(25 * 3_600_000);
      const renewed = await identify(request(pair(cookie)), env);
      expect(renewed.session).toBe(session);
      expect(renewed.cookie).toBeDefined();
      vi.advanceTimersByTime(29 * 24 * 3_600_000);
      expect(await knownIdentity(request(pair(cookie)), env), 'the first one').toBeUndefined();
      expect((await knownIdentity(request(pair(renewed.cookie)), env))?.session, 'the renewed one').toBe(session);
    } finally {
      vi.useRealTimers();
    }
  });

  test('after a rotation the previous secret is taken once more and the cookie is signed anew', async () => {
    const old = await freshCookie({ SESSION_SECRET: other });
    const rotated = { SESSION_SECRET: secret, SESSION_SECRET_PREVIOUS: other };
    const found = await knownIdentity(request(old), rotated);
    expect(found?.cookie).toBeDefined();
    expect(await knownIdentity(request(pair(found?.cookie)), env)).toEqual({ session: found?.session });
    expect(await knownIdentity(request(old), env), 'without the previous secret').toBeUndefined();
  });

  test('[MO6] without a secret only hosts of this machine are answered', async () => {
    for (const host of ['localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'app.localhost']) {
      expect((await identify(request(undefined, `http://${host}/`), {})).session, host).toBeDefined();
    }
    for (const host of ['app.example', '127.0.0.1.example', 'localhost.example', '192.168.0.7:8787', '[::2]']) {
      await expect(identify(request(undefined, `http://${host}/`), {}), host).rejects.toThrow(
        /^The Worker has no SESSION_SECRET, and without one it answers only on localhost, not on .* Run `openssl/,
      );
    }
  });

  test('[MO6] a secret that could be guessed is refused', async () => {
    await expect(identify(request(), { SESSION_SECRET: 'hunter2' })).rejects.toThrow(
      'SESSION_SECRET has 7 characters and needs at least 32.',
    );
  });

  test('[MO6] a cookie of the development secret means nothing where a secret is set', async () => {
    const url = 'http://localhost:8787/';
    const cookie = await freshCookie({} as typeof env, url);
    expect(await knownIdentity(request(cookie, url), {})).toBeDefined();
    expect(await knownIdentity(request(cookie, url), env)).toBeUndefined();
  });

  test('forgetting the identity clears the cookie of the same name', () => {
    expect(forgetIdentity(request())).toMatch(/^__Host-edgewise=; .*Max-Age=0/);
  });
});

test('[MO2] only the very same origin may connect', () => {
  const upgrade = (origin?: string) =>
    new Request('https://app.example/_edgewise/socket', origin === undefined ? {} : { headers: { Origin: origin } });
  expect(isSameOrigin(upgrade('https://app.example'))).toBe(true);
  for (const origin of [
    undefined,
    'null',
    'http://app.example',
    'https://app.example:8443',
    'https://evil.example',
    'https://app.example.evil.example',
    'https://x.app.example',
    'https://app.example/',
  ]) {
    expect(isSameOrigin(upgrade(origin)), String(origin)).toBe(false);
  }
});

describe('an application is in development', () => {
  const secretOf32 = { SESSION_SECRET: secret };
  test.each<[boolean, string, object | undefined, string]>([
    [true, 'on this machine, when the local server says so', { ENVIRONMENT: 'development' }, 'http://localhost:8787/'],
    [true, 'at an address of this machine', { ENVIRONMENT: 'development' }, 'http://127.0.0.1:8787/'],
    [true, 'with a secret as well', { ENVIRONMENT: 'development', ...secretOf32 }, 'http://[::1]:8787/'],
    [false, 'not by the absence of a secret', {}, 'http://localhost:8787/'],
    [false, 'not without any variables', undefined, 'http://localhost:8787/'],
    [false, 'not by the absence of a secret where others can reach it', {}, 'https://app.example/'],
    [false, 'not by a forgotten variable', { ENVIRONMENT: 'development' }, 'https://app.example/'],
    [false, 'not in the network of the machine', { ENVIRONMENT: 'development' }, 'http://192.168.0.7:8787/'],
    [false, 'not at a host that only looks local', { ENVIRONMENT: 'development' }, 'https://localhost.example/'],
    [false, 'not in production on this machine', { ENVIRONMENT: 'production' }, 'http://localhost:8787/'],
  ])('%s: %s', (expected, _, variables, url) => {
    expect(isDevelopment(variables, new URL(url))).toBe(expected);
  });
});

describe('the name of a user that an application has identified', () => {
  test('names the session of that user', () => {
    expect(userSession('ann')).toBe('user:ann');
    expect(userSession('x'.repeat(256))).toBe(`user:${'x'.repeat(256)}`);
    expect(userSession(undefined)).toBeUndefined();
  });

  test.each([
    ['an empty text', '', 'returned an empty text. It returns the name of a user, or undefined'],
    ['null', null, 'returned null. It returns the name of a user, or undefined'],
    ['a number', 7, 'returned a value of type number. It returns the name of a user, or undefined'],
    ['257 characters', 'x'.repeat(257), 'returned a name of 257 characters; a name has at most 256.'],
  ])('is refused with a sentence when it is %s', (_, user, sentence) => {
    expect(() => userSession(user)).toThrow(sentence);
  });
});
