// What an author's code sees of its Worker: the bindings that `wrangler types` wrote, and nothing else.
import { App } from 'edgewise';

const app = new App<{ Bindings: Env }>();

app.page('/report/:id', (page) => {
  const compute: Fetcher = page.env.COMPUTE;
  const id: string = page.params.id;
  // @ts-expect-error: the Worker has no such binding
  page.env.NOWHERE;
  // @ts-expect-error: the pattern names no such parameter
  page.params.year;
  return [compute, id];
});

app.get('/healthz', (c) => {
  // @ts-expect-error: a route sees the same bindings
  c.env.NOWHERE;
  return c.text(typeof c.env.ASSETS);
});
