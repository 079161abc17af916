import { App } from 'edgewise';
import { globalWorker } from './page.ts';

const app = new App({ title: 'Global worker' });

app.page('/', globalWorker);

export default app;
export const Session = app.Session; // the Durable Object class in which the pages live
export const Shared = app.Shared; // the one in which the shared job lives
