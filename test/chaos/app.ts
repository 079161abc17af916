// The application of the chaos run: pages of the kinds that people write. The run copies it, and edits the copy.
//
// A comment `// Version N: CODE` becomes CODE when the run saves or deploys version N.
import { App, ui } from 'edgewise';
import { chunks } from './pages/chunks.ts';
import { counter } from './pages/counter.ts';
import { jobs } from './pages/jobs.ts';
import { orders } from './pages/orders.ts';
import { output } from './pages/output.ts';
import { policies } from './pages/policies.ts';
import { rows } from './pages/rows.ts';
import { timers } from './pages/timers.ts';
import { waits } from './pages/waits.ts';
import { version } from './version.ts';

const app = new App({ title: 'Chaos' });

for (const [name, build] of Object.entries({ chunks, counter, jobs, orders, output, policies, rows, timers, waits })) {
  app.page(`/${name}`, (page) => {
    // What a new version of an application has: other texts, and more on the page.
    ui.label(`version ${version}`).props({ id: 'version' });
    for (let extra = 1; extra < version % 4; extra++)
      ui.card(() => ui.input(`Extra ${extra}`, { key: `extra ${extra}` }));
    return build(page);
  });
}

app.get('/version', (c) => c.text(String(version)));
app.post('/send/:user/:name/:value', async (c) => {
  const { user, name, value } = c.req.param();
  await app.send(user, name, value);
  return c.text('sent');
});

export default app;
export const Session = app.Session;
export const Shared = app.Shared;
