import { App, ui } from 'edgewise';

const app = new App({ title: 'Limits' });

app.page('/', () => {
  const text = ui.state('');
  const said = ui.label('Nothing yet');

  ui.button('Store 3 MB', () => {
    try {
      text.value = 'x'.repeat(3_000_000);
    } catch (error) {
      said.text = (error as Error).message; // names the value, its size and the limit
    }
  });
});

export default app;
