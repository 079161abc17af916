import { App, run, ui } from 'edgewise';

const planets = ['Mercury', 'Venus', 'Earth', 'Mars', 'Jupiter', 'Saturn', 'Uranus', 'Neptune'];

const app = new App({ title: 'Planets' });

app.page('/', () => {
  const found = ui.state<readonly string[]>(planets);
  const chosen = ui.state('');
  const seconds = ui.state(0);

  ui.input('Search')
    .onChange(async ({ value }) => {
      found.value = await run.ioBound(find, value);
    }, 'restart') // a further letter replaces the run that waits
    .on('keydown.escape', ({ sender }) => {
      sender.value = '';
      found.value = planets;
    });
  ui.each(
    found,
    (name) => name,
    (name) => ui.button(name, () => (chosen.value = name), { variant: 'ghost' }),
  );
  ui.label(() => (chosen.value ? `You chose ${chosen.value}.` : 'Choose one.'));

  ui.keyboard(({ key }) => (chosen.value = key === 'ArrowUp' ? 'Mercury' : 'Neptune'), {
    keys: ['ArrowUp', 'ArrowDown'],
  });
  ui.timer('1s', () => seconds.value++); // while somebody watches
  ui.label(() => `You have been here for ${seconds.value} s.`);
});

// In your program: a database, or a service.
async function find(text: string): Promise<readonly string[]> {
  return planets.filter((name) => name.toLowerCase().includes(text.toLowerCase()));
}

export default app;
