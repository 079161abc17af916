import { App, ui } from 'edgewise';
import type { Events, Methods, Props } from './types.ts';

const app = new App({ title: 'Rating' });

app.page('/', (page) => {
  const stars = ui.state(0);
  const rating = ui.component<Props, Events, Methods>(
    'rating',
    { count: 5 },
    {
      label: 'How was it?',
      on: { chosen: ({ value }) => (stars.value = value) },
      checks: { chosen: (value) => (Number.isInteger(value) ? undefined : 'a choice is a whole number') },
      build: () => ui.label('Five stars appear here.'),
    },
  );
  ui.label(() => `Stars: ${stars.value}`);
  ui.button('Clear', async () => {
    await rating.callMethod('clear');
    stars.value = 0;
  });

  const size = ui.label('');
  ui.button('How wide?', async () => {
    size.text = `${await page.call<number>('screen.width')} pixels`;
  });
});

export default app;
