import { App, storage, ui } from 'edgewise';
import { order } from './page.ts';

const app = new App({ title: 'Order' });

app.page('/', () => {
  const dark = ui.darkMode(storage.user<boolean | null>('dark', null));
  ui.header(() => {
    ui.icon('shopping_cart');
    ui.heading('Order', { level: 1 });
    ui.space();
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  });
  ui.column(order).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
});

export default app;
