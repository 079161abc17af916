import { App, storage, ui } from 'edgewise';
import { progress } from './page.ts';

const app = new App({ title: 'Progress' });

app.page('/', () => {
  const dark = ui.darkMode(storage.user<boolean | null>('dark', null));
  ui.header(() => {
    ui.icon('hourglass_top');
    ui.heading('Progress', { level: 1 });
    ui.space();
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  });
  ui.column(progress).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
});

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
