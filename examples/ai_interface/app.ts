import { App } from 'edgewise';
import { aiInterface } from './page.ts';

const app = new App({ title: 'AI interface' });

app.page('/', aiInterface);

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
