import { App, storage, ui } from 'edgewise';
import { setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { type Bindings, isMocked, mockCookie, userOf } from './access.ts';
import { board } from './page.ts';

// All devices of a user share one session, and nobody else has it.
const app = new App<{ Bindings: Bindings }>({ title: 'Board', identify: userOf });

// In production Cloudflare Access shows its own page instead.
app.on(['GET', 'POST'], '/sign-in', async (c) => {
  if (!isMocked(c.req.raw, c.env)) return c.notFound();
  const { name = '' } = c.req.method === 'POST' ? await c.req.parseBody<{ name?: string }>() : {};
  if (name === '') {
    return c.html(html`<title>Sign in</title>
      <form method="post"><label>Who are you? <input name="name" required maxlength="60" autofocus /></label> <button>Sign in</button></form>`);
  }
  setCookie(c, mockCookie, name, { httpOnly: true, sameSite: 'Lax' });
  return c.redirect('/');
});

// Runs before the page below: as it loads, as its socket connects, and again while it stays open.
app.use(async (c, next) => {
  if (await userOf(c.req.raw, c.env)) return next();
  return isMocked(c.req.raw, c.env) ? c.redirect('/sign-in') : c.text('Sign in by Cloudflare Access.', 403);
});

app.page('/', (page) => {
  const dark = ui.darkMode(storage.user<boolean | null>('dark', null));
  ui.header(() => {
    ui.icon('checklist');
    ui.heading('Board', { level: 1 });
    ui.space();
    ui.label(page.user ?? '').classes('text-sm opacity-70');
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  });
  ui.column(() => board(page)).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
});

export default app;
