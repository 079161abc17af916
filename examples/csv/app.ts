import { App, storage, ui } from 'edgewise';
import { csv } from './page.ts';

const app = new App({ title: 'CSV' });

app.page('/', () => {
  const dark = ui.darkMode(storage.user<boolean | null>('dark', null));
  ui.header(() => {
    ui.icon('table_chart');
    ui.heading('CSV', { level: 1 });
    ui.space();
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  });
  ui.column(csv).classes('mx-auto w-full max-w-5xl gap-4 p-4 sm:p-8');
});

export default app;
