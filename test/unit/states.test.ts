import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open } from '../../src/testing/index.ts';

test('a handler of before its part was built again reads and writes the state of now', async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const seen: number[] = [];
  using user = await open({
    '/': () => {
      const list = ui.state([{ id: 1, version: 1 }]);
      ui.each(
        list,
        ({ id }) => id,
        ({ version }) => {
          const count = ui.state(0);
          ui.label(() => `version ${version}, count ${count.value}`);
          ui.button('Start', async () => {
            for (const { promise } of gates) {
              count.value++;
              await run.ioBound(() => promise);
              seen.push(count.value);
            }
          });
          ui.button('Ten', () => {
            count.value += 10;
          });
        },
      );
      ui.button('Next', () => {
        list.value = list.value.map((item) => ({ ...item, version: item.version + 1 }));
      });
    },
  });
  user.find('Start').click();
  await user.shouldSee('version 1, count 1');
  user.find('Next').click();
  await user.shouldSee('version 2, count 1');
  user.find('Ten').click();
  await user.shouldSee('version 2, count 11');
  gates[0]?.resolve();
  await user.shouldSee('version 2, count 12');
  user.find('Next').click();
  await user.shouldSee('version 3, count 12');
  gates[1]?.resolve();
  await user.shouldSee('version 3, count 13');
  gates[2]?.resolve();
  await user.advance('1s');
  expect(seen).toEqual([11, 12, 13]);
  user.server.kill();
  await user.shouldSee('version 3, count 13', { within: '1m' });
});

test('[WS2] a nested field that changes sends what shows it and nothing else', async () => {
  using user = await open({
    '/': () => {
      const order = ui.state({
        to: { name: 'Ada', city: 'London' },
        lines: Array.from({ length: 500 }, (_, n) => `line ${n}`),
      });
      ui.label(() => order.value.to.name);
      ui.label(() => order.value.to.city);
      ui.each(
        () => order.value.lines,
        (line) => line,
        (line) => ui.label(line),
      );
      ui.button('Assign', () => {
        order.value = { ...order.value, to: { ...order.value.to, name: 'Grace' } };
      });
      ui.button('Update', () => order.update((now) => ({ ...now, to: { ...now.to, city: 'Paris' } })));
    },
  });
  for (const [name, text] of [
    ['Assign', 'Grace'],
    ['Update', 'Paris'],
  ] as const) {
    const sent = user.browser.wire?.sent.length ?? 0;
    user.find({ kind: 'button', text: name }).click();
    await user.shouldSee(text);
    const patch = user.browser.wire?.sent.slice(sent).find((frame) => frame.includes(text)) ?? '';
    expect(patch.length).toBeLessThan(40);
  }
  user.server.kill();
  await user.advance('10s');
  for (const text of ['Grace', 'Paris']) await user.shouldSee(text);
});

test('[NF5] update of a state is applied once in a replay', async () => {
  using user = await open(
    {
      '/': () => {
        const count = ui.state(1);
        ui.label(() => `Count ${count.value}`);
        ui.button('Go', async () => {
          count.update((value) => value * 2);
          await run.sleep('1s');
          count.update((value) => value + 1);
        });
      },
    },
    '/',
    { alwaysReplay: true },
  );
  user.find('Go').click();
  await user.advance('30s');
  await user.shouldSee('Count 3');
  expect(user.server.errors).toEqual([]);
});

/** Parts that show a state of one object. */
const shows: Readonly<Record<string, (state: { readonly value: { readonly names: readonly string[] } }) => void>> = {
  'a function': (state) => ui.label(() => `names ${state.value.names.join('')}`),
  'a computed signal': (state) => ui.label(ui.computed(() => `names ${state.value.names.join('')}`)),
  'ui.each': (state) =>
    ui.each(
      () => state.value.names,
      (name) => name,
      (name) => ui.label(`names ${name}`),
    ),
  'ui.region': (state) => ui.region(() => ui.label(`names ${state.value.names.join('')}`)),
};

test.each(Object.entries(shows))(
  '[WS6] %s shows an object that was changed in place when it is assigned again, though nothing else changes',
  async (_, show) => {
    using user = await open(() => {
      const state = ui.state({ names: [] as string[] }, 'state');
      show(state);
      ui.button('Go', async () => {
        const held = state.value;
        held.names.push('a');
        state.value = held;
        await run.sleep('1s');
        state.update((now) => {
          now.names[0] = 'b';
          return now;
        });
      });
    });
    user.find('Go').click();
    await user.settle();
    expect(user.sees('names a')).toBe(true);
    user.server.kill();
    await user.shouldSee('names b');
    expect(user.server.errors).toEqual([]);
  },
);
