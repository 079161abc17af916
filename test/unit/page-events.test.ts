import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { open } from '../../src/testing/index.ts';

test('ui.on hears the events of its name, also after a kill', async () => {
  using user = await open({
    '/': () => {
      const seats = ui.state<unknown[]>([]);
      ui.on('seat-picked', (seat) => {
        seats.value = [...seats.value, seat];
      });
      ui.label(() => `seats: ${JSON.stringify(seats.value)}`);
    },
  });
  user.find({ kind: 'pageEvent' }).emit('event', 'A4');
  await user.shouldSee('seats: ["A4"]');
  user.server.kill();
  await user.settle();
  user.find({ kind: 'pageEvent' }).emit('event', { row: 5 });
  await user.shouldSee('seats: ["A4",{"row":5}]');
});

test('ui.on calls its handler only with values that it accepts, and with null for an event without a detail', async () => {
  using user = await open({
    '/': () => {
      const seen = ui.state<string[]>([]);
      ui.on<string>('typed', (text) => void (seen.value = [...seen.value, text]), {
        accepts: (value) => typeof value === 'string',
      });
      ui.on('bare', (value) => void (seen.value = [...seen.value, String(value)]));
      ui.label(() => `seen: ${seen.value.join(' ')}`);
    },
  });
  const [typed, bare] = user.find({ kind: 'pageEvent' }).all;
  for (const value of [1, null, { toString: 'x' }, ['x'], 'right']) typed?.emit('event', value);
  bare?.emit('event');
  await user.shouldSee('seen: right null');
});

test('a browser sends nothing to a ui.on that is disabled', async () => {
  using user = await open({
    '/': () => {
      const count = ui.state(0);
      ui.on('tick', () => count.value++).enabled = false;
      ui.label(() => `count: ${count.value}`);
    },
  });
  expect(() => user.find({ kind: 'pageEvent' }).emit('event', 1)).toThrow(/disabled/);
});

test.each(['', 'two words', 'x'.repeat(65), '<b>'])('ui.on refuses the name %j', async (name) => {
  await expect(open({ '/': () => ui.on(name, () => {}) })).rejects.toThrow(/ui\.on was given the name/);
});
