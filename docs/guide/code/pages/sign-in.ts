import { App, ui } from 'edgewise';
import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { parseSigned } from 'hono/utils/cookie';

interface Bindings {
  readonly SIGN_IN_SECRET: string;
}

type Here = Context<{ Bindings: Bindings }>;

const cookie = 'account';

// #region identify
export const app = new App<{ Bindings: Bindings }>({
  // All devices of a user share one session, and nobody else has it.
  identify: async (request, { SIGN_IN_SECRET }) =>
    (await parseSigned(request.headers.get('Cookie') ?? '', SIGN_IN_SECRET, cookie))[cookie] || undefined,
});
// #endregion

// Your own check: a hash in D1, or the answer of an identity provider.
async function isRight(name: string, password: string): Promise<boolean> {
  return name === 'ada' && password === 'lovelace';
}

const account = (c: Here) => getSignedCookie(c, c.env.SIGN_IN_SECRET, cookie);

app.get('/sign-in', async (c) => {
  const name = await account(c);
  if (name) return c.html(html`<form method="post" action="/sign-out"><button>Sign out ${name}</button></form>`);
  return c.html(
    html`<form method="post">
      <label>Name <input name="name" autocomplete="username" required /></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
      <button>Sign in</button>
    </form>`,
  );
});

// #region routes
app.post('/sign-in', async (c) => {
  const { name, password } = await c.req.parseBody<{ name: string; password: string }>();
  if (!(await isRight(name, password))) return c.text('Name or password is wrong.', 401);
  await setSignedCookie(c, cookie, name, c.env.SIGN_IN_SECRET, { httpOnly: true, secure: true, sameSite: 'Lax' });
  return c.redirect('/account');
});

app.post('/sign-out', async (c) => {
  await app.revoke(c); // closes the pages of the user on all devices
  deleteCookie(c, cookie);
  return c.redirect('/sign-in');
});

// Runs before the pages below: as they load, as their sockets connect, and again while they stay open.
app.use('/account/*', async (c, next) => ((await account(c)) ? next() : c.redirect('/sign-in')));
// #endregion

app.page('/account', () => {
  ui.label('Only for who has signed in');
  ui.link('Sign out', '/sign-in');
});
