import { App } from 'edgewise';
import { globalWorker } from './page.ts';

const app = new App({ title: 'Global worker' });

app.page('/', globalWorker);

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
export const Shared = app.Shared; // The Durable Object class of the shared job.
