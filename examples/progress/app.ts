import { App } from 'edgewise';
import { progress } from './page.ts';

const app = new App({ title: 'Progress' });

app.page('/', progress);

export default app;
export const Session = app.Session; // the Durable Object class in which the pages live
