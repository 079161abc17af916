import { App, run, shared, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

// Of all visitors. Each name is an object of its own on the platform.
const votes = shared('poll.votes', { tea: 0, coffee: 0 });
const visits = shared('poll.visits', 0);

// What several visitors add at once is all there.
const wishes = shared.list<{ text: string }>('poll.wishes');
const seats = shared.map<string>('poll.seats');

// Whoever starts it, all see its progress.
const count = shared.job('poll.count', tasks.primes);

const app = new App({ title: 'Poll' });

app.page('/', (page) => {
  // Added where the value is, so no visit is lost.
  page.onConnect(() => visits.add(1));
  ui.label(() => `Visits: ${visits.value}`);

  // Computed from the newest value, whoever votes at the same time.
  ui.button('Tea', () => votes.update((now) => ({ ...now, tea: now.tea + 1 })));
  ui.label(() => `Tea ${votes.value.tea}, coffee ${votes.value.coffee}`);

  // The text of this visitor alone, until it is added.
  const wish = ui.state('');
  ui.input('A wish', { value: wish, maxLength: 100 });
  ui.button('Wish', () => wishes.add({ text: wish.value }));
  ui.each(wishes, ({ text }) => ui.label(text));

  // A key has one value, the last that was set.
  ui.button('Take seat 1', () => seats.set('1', page.session));
  ui.label(() => (seats.get('1') === undefined ? 'Seat 1 is free.' : 'Seat 1 is taken.'));

  // All see the same bar and the same result.
  ui.button('Count for everybody', () => count.start(2_000));
  ui.progress(count.progress);
  ui.label(() => (count.result.value === undefined ? 'No result yet.' : `Result: ${count.result.value}`));
});

export default app;
