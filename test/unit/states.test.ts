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
