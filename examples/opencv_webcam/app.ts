import { App } from 'edgewise';
import { webcam } from './page.ts';

const app = new App({ title: 'Webcam' });

app.page('/', webcam);

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
