import { App } from 'edgewise';
import { extractImages } from './page.ts';

const app = new App({ title: 'Stills of a video' });

app.page('/', extractImages);

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
