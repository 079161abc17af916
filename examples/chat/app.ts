import { App, storage, ui } from 'edgewise';
import { chat } from './page.ts';

const app = new App({ title: 'Chat' });

app.page('/', (page) => {
  const dark = ui.darkMode(storage.user<boolean | null>('dark', null));
  ui.header(() => {
    ui.icon('forum');
    ui.heading('Chat', { level: 1 });
    ui.space();
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  });
  ui.column(() => chat(page)).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
});

export default app;
