import { App, storage, ui } from 'edgewise';
import { globalWorker } from './page.ts';

const app = new App({ title: 'Global worker' });

app.page('/', () => {
  const dark = ui.darkMode(storage.user<boolean | null>('dark', null));
  ui.header(() => {
    ui.icon('public');
    ui.heading('Global worker', { level: 1 });
    ui.space();
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  });
  ui.column(globalWorker).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
});

export default app;
export const Session = app.Session; // The Durable Object class of the sessions and their pages.
export const Shared = app.Shared; // The Durable Object class of the shared job.
