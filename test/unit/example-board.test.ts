import { expect, test, vi } from 'vitest';
import { userOf } from '../../examples/board/access.ts';
import app from '../../examples/board/app.ts';
import { board } from '../../examples/board/page.ts';
import { App, type PageContext, shared, ui } from '../../src/index.ts';
import { open, type User } from '../../src/testing/index.ts';

async function add(user: User, text: string): Promise<void> {
  user.find('What is to be done?').fill(text).press('Enter');
  await user.settle();
}

const todos = (user: User) => user.find({ kind: 'sortableItem' }).all.map(({ props }) => String(props.name));

test('[LW8] twenty simultaneous adds of two people end with twenty, in one order for both, through kills', async () => {
  using ada = await open(app, '/', { user: 'ada@example.com' });
  using bob = await open(app, '/', { user: 'bob@example.com', beside: ada });
  for (let n = 1; n <= 10; n++) {
    for (const user of [ada, bob]) user.find('What is to be done?').fill(`${n}`).press('Enter');
    if (n === 4) ada.server.kill();
    if (n === 6) ada.shared?.kill('signal:board.todos');
  }
  await ada.advance('20s');
  expect(todos(ada)).toHaveLength(20);
  expect(todos(bob)).toEqual(todos(ada));
  await ada.shouldSee('20 open of 20');
  expect([...ada.server.errors, ...bob.server.errors]).toEqual([]);
});

test('[NF2] a text that is being edited is there after a kill, is saved by Enter, and not by Escape', async () => {
  using ada = await open(app, '/', { user: 'ada@example.com' });
  using bob = await open(app, '/', { user: 'bob@example.com', beside: ada });
  await add(ada, 'Buy milk');
  ada.find({ name: 'Edit Buy milk' }).click();
  await ada.settle();
  ada.find({ name: 'Text' }).type(' and bread');
  await ada.advance('1s');
  ada.server.kill();
  await ada.reload();
  expect(ada.find({ name: 'Text' }).value).toBe('Buy milk and bread');
  await bob.shouldSee({ name: 'Edit Buy milk' });
  ada.find({ name: 'Text' }).press('Enter');
  await bob.shouldSee({ name: 'Edit Buy milk and bread' });
  ada.find({ name: 'Edit Buy milk and bread' }).click();
  await ada.settle();
  ada.find({ name: 'Text' }).fill('Nothing').press('Escape');
  await ada.shouldSee({ name: 'Edit Buy milk and bread' });
});

test('[LW8] one edits the text while another ticks the same thing: both changes stay', async () => {
  using ada = await open(app, '/', { user: 'ada@example.com' });
  using bob = await open(app, '/', { user: 'bob@example.com', beside: ada });
  await add(ada, 'Buy milk');
  await bob.shouldSee({ name: 'Edit Buy milk' });
  ada.find({ name: 'Edit Buy milk' }).click();
  await ada.settle();
  ada.find({ name: 'Text' }).fill('Buy tea');
  bob.find({ name: 'Done: Buy milk' }).click();
  ada.find({ name: 'Text' }).press('Enter');
  await ada.advance('2s');
  for (const user of [ada, bob]) {
    await user.shouldSee({ name: 'Edit Buy tea' });
    expect(user.find({ name: 'Done: Buy tea' }).value).toBe(true);
  }
});

test('[NF14] the filter belongs to its user, and "Mine" shows what the user has added', async () => {
  using ada = await open(app, '/', { user: 'ada@example.com' });
  using bob = await open(app, '/', { user: 'bob@example.com', beside: ada });
  await ada.shouldSee('Nothing to do. Add the first thing.');
  await add(ada, 'of Ada');
  await bob.shouldSee({ name: 'Edit of Ada' });
  await add(bob, 'of Bob');
  await ada.advance('1s');
  ada.find({ kind: 'toggle' }).choose('Mine');
  await ada.settle();
  expect(todos(ada)).toEqual(['of Ada']);
  expect(todos(bob)).toEqual(['of Bob', 'of Ada']);
  ada.find({ kind: 'toggle' }).choose('Done');
  await ada.shouldSee('Nothing here. Another filter shows more.');
  ada.server.kill();
  await ada.reload();
  await ada.shouldSee('Nothing here. Another filter shows more.');
});

test('[BD4] blank and overlong texts are refused, and markup is text', async () => {
  using ada = await open(app, '/', { user: 'ada@example.com' });
  await add(ada, '   ');
  await add(ada, 'x'.repeat(201));
  expect(todos(ada)).toEqual([]);
  ada.find('What is to be done?').fill('');
  await add(ada, '<b>bold</b>');
  expect(todos(ada)).toEqual(['<b>bold</b>']);
});

test('[BD1] a board of 500 things takes no more, says so, and takes one again when one is deleted', async () => {
  const full = new App()
    .page('/', () => board({ user: 'ada@example.com' } as PageContext))
    .page('/fill', () => {
      const todos = shared.list<{ readonly id: string; readonly [field: string]: unknown }>('board.todos', [], 'id');
      ui.button('Fill', () => {
        for (let id = 1; id <= 500; id++) todos.add({ id: `${id}`, text: `${id}`, who: 'x', done: true });
      });
    });
  using filler = await open(full, '/fill');
  filler.find('Fill').click();
  await filler.advance('5s');
  using ada = await open(full, '/', { beside: filler });
  await ada.shouldSee('0 open of 500');
  await add(ada, 'one more');
  await ada.shouldSee('The board is full: it has 500 things. Delete one first.');
  await ada.shouldSee('0 open of 500');
  expect(ada.find('What is to be done?').value).toBe('one more');
  ada.find({ name: 'Delete 1' }).click();
  await ada.settle();
  ada.find('What is to be done?').press('Enter');
  await ada.shouldSee('1 open of 500');
});

const keys = await crypto.subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
  true,
  ['sign', 'verify'],
);
const env = { ACCESS_TEAM: 'acme', ACCESS_AUDIENCE: 'tag' };
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');

async function token(claims: object, key = keys.privateKey, alg = 'RS256'): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const all = {
    iss: 'https://acme.cloudflareaccess.com',
    aud: ['tag'],
    email: 'ada@acme.com',
    exp: seconds + 60,
    ...claims,
  };
  const body = `${base64(JSON.stringify({ alg, kid: 'k1', typ: 'JWT' }))}.${base64(JSON.stringify(all))}`;
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode(body));
  return `${body}.${base64(new Uint8Array(signature))}`;
}

async function signedIn(jwt: string | undefined, bindings: object = env): Promise<string | undefined> {
  const jwk = { ...(await crypto.subtle.exportKey('jwk', keys.publicKey)), kid: 'k1', alg: 'RS256' };
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ keys: [jwk] }));
  const headers = { Cookie: 'board_user=eve', ...(jwt && { 'Cf-Access-Jwt-Assertion': jwt }) };
  try {
    return await userOf(new Request('https://board.acme.com/', { headers }), bindings);
  } finally {
    fetched.mockRestore();
  }
}

test('a token of Cloudflare Access signs its user in', async () => {
  expect(await signedIn(await token({}))).toBe('ada@acme.com');
});

const stranger = await crypto.subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
  true,
  ['sign', 'verify'],
);

test.each([
  ['no token, but the cookie of the mock', async () => undefined, env],
  ['a token of a stranger', () => token({}, stranger.privateKey), env],
  ['an expired token', () => token({ exp: 1 }), env],
  ['a token for another application', () => token({ aud: ['other'] }), env],
  ['a token of another team', () => token({ iss: 'https://evil.cloudflareaccess.com' }), env],
  ['a token without an address', () => token({ email: undefined }), env],
  [
    'a token that names no signature',
    async () => (await token({}, keys.privateKey, 'none')).replace(/\.[^.]*$/, '.'),
    env,
  ],
  ['no text of a token', async () => 'x', env],
  ['a good token, where Access is not set up', () => token({}), {}],
  ['the mode of development at a public address', async () => undefined, { ENVIRONMENT: 'development' }],
])('[MO1] %s signs nobody in', async (_what, made, bindings) => {
  expect(await signedIn(await made(), bindings)).toBeUndefined();
});

test('on the author’s own machine a name signs in, and without it the page leads there', async () => {
  const bindings = { ENVIRONMENT: 'development', SESSION: {} };
  const refused = await app.fetch(new Request('http://localhost/'), bindings as never);
  expect([refused.status, refused.headers.get('Location')]).toEqual([302, '/sign-in']);
  const body = new URLSearchParams({ name: 'ada' });
  const signed = await app.fetch(new Request('http://localhost/sign-in', { method: 'POST', body }), bindings as never);
  expect(signed.headers.get('Location')).toBe('/');
  const cookie = signed.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  expect(await userOf(new Request('http://localhost/', { headers: { Cookie: cookie } }), bindings)).toBe('ada');
  const outside = await app.fetch(
    new Request('https://board.acme.com/sign-in', { method: 'POST', body }),
    env as never,
  );
  expect(outside.headers.get('Set-Cookie')).toBeNull();
  expect((await app.fetch(new Request('https://board.acme.com/'), env as never)).status).toBe(403);
});
