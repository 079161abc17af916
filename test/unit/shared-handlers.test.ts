// What a handler reads of shared objects that its page does not show.

import { expect, test } from 'vitest';
import { App, run, shared, storage, ui } from '../../src/index.ts';
import { open } from '../../src/testing/index.ts';

type Reads = readonly [what: string, make: () => { read: () => unknown; write: () => unknown }, texts: string];

const reads: readonly Reads[] = [
  [
    'a shared value',
    () => {
      const value = shared('handlers.value', 0);
      return { read: () => value.value, write: () => (value.value = 7) };
    },
    '0 7 7',
  ],
  [
    'an item of a shared list',
    () => {
      const list = shared.list<{ id: string }>('handlers.list', [], 'id');
      return { read: () => list.get('a')?.id, write: () => list.add({ id: 'a' }) };
    },
    'undefined a a',
  ],
  [
    'all items of a shared list',
    () => {
      const list = shared.list<{ id: string }>('handlers.items', [], 'id');
      return { read: () => list.items.length, write: () => list.add({ id: 'a' }) };
    },
    '0 1 1',
  ],
  [
    'an entry of a shared map',
    () => {
      const map = shared.map<number>('handlers.map');
      return { read: () => map.get('a'), write: () => map.set('a', 7) };
    },
    'undefined 7 7',
  ],
  [
    'a value of storage.general',
    () => {
      const value = storage.general('handlers.value', 0);
      return { read: () => value.value, write: () => (value.value = 7) };
    },
    '0 7 7',
  ],
  [
    'a shared value that it has added to',
    () => {
      const value = shared('handlers.sum', 0);
      return { read: () => (value.add(1), value.value), write: () => value.add(10) };
    },
    '1 12 13',
  ],
];

test.each(reads)(
  '[NF5] a handler that read %s before and after it arrived goes on after a kill',
  async (_, make, texts) => {
    const { read, write } = make();
    const app = new App();
    app.page('/writer', () => void ui.button('Write', () => void write()));
    app.page('/reader', () => {
      const seen = ui.state<readonly string[]>([], 'seen');
      const note = () => (seen.value = [...seen.value, `${read()}`]);
      ui.label(() => `seen ${seen.value.join(' ')}`);
      ui.button('Read', async () => {
        note();
        await run.sleep('1s');
        note();
        await run.event('go');
        note();
      });
    });
    using writer = await open(app, '/writer');
    writer.find('Write').click();
    await writer.advance('2s');
    using reader = await open(app, '/reader', { beside: writer });
    reader.find('Read').click();
    await reader.advance('3s');
    reader.server.kill();
    await reader.advance('3s');
    void reader.server.send('go');
    await reader.shouldSee(`seen ${texts}`);
    expect(reader.server.errors).toEqual([]);
  },
);

test('[LW5] a handler reads the newest shared values when its page function has read them, also after a kill', async () => {
  const value = shared('handlers.read', 0);
  const seats = shared.map<string>('handlers.seats');
  const app = new App();
  app.page('/writer', () => {
    ui.button('Write', () => {
      value.value = 7;
      seats.set('1', 'taken');
    });
  });
  app.page('/reader', () => {
    void value.value;
    void seats.get('1');
    const seen = ui.state('');
    ui.label(() => `seen ${seen.value}`);
    ui.button('Read', () => (seen.value += ` ${value.value} ${seats.get('1')}`));
  });
  using writer = await open(app, '/writer');
  writer.find('Write').click();
  await writer.advance('2s');
  using reader = await open(app, '/reader', { beside: writer });
  reader.find('Read').click();
  await reader.settle();
  reader.server.kill();
  reader.find('Read').click();
  await reader.shouldSee('seen  7 taken 7 taken');
});

test.each([60, 300, 1_500])(
  '[LW7] an update that a handler does not wait for is applied once, though the object dies: every %i ms a click',
  async (gap) => {
    const pages = new App().page('/', () => {
      const votes = shared(`handlers.votes.${gap}`, 0);
      const noted = ui.state(0);
      ui.label(() => `${votes.value} votes, ${noted.value} noted`);
      ui.button('Vote', async () => {
        await run.sleep('2s');
        void votes.update((now) => now + 1);
        noted.value++;
      });
      ui.button('Wait', async () => {
        await run.sleep('1s');
        noted.value += 10;
        await run.sleep('1s');
      });
    });
    using user = await open(pages, '/', { alwaysReplay: true });
    for (let click = 0; click < 3; click++) {
      for (const name of ['Vote', 'Wait', 'Vote']) {
        user.find(name).click();
        await user.advance(gap);
      }
    }
    await user.advance('1m');
    expect(user.page).toContain('6 votes, 36 noted');
    expect(user.server.errors).toEqual([]);
  },
);
