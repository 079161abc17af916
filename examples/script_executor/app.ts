import { App } from 'edgewise';
import { scriptExecutor } from './page.ts';

const app = new App({ title: 'Script executor' });

app.page('/', scriptExecutor);

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
