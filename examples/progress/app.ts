import { App } from 'edgewise';
import { progress } from './page.ts';

const app = new App({ title: 'Progress' });

app.page('/', progress);

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
