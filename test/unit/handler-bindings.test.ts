// What handlers bind, and the parts that they make, follow as long as the server lives, and no eviction ends that.

import { run, ui } from 'edgewise';
import type { User } from 'edgewise/testing';
import { expect, test } from 'vitest';
import { click, opened } from './opened.ts';

const held = (user: User) => /functions that handlers have bound/.test(user.server.whyAwake().join());
const advice = (user: User) => user.server.log.filter(({ level }) => level === 'warning').map(({ message }) => message);

test('[NF1] what handlers bind and the parts that they make follow through an idle hour, and development says that a restart ends it', async () => {
  using user = await opened(
    () => {
      const count = ui.state(0);
      const label = ui.label('Count');
      const box = ui.column();
      ui.button('Bind', () => {
        label.text = () => `Count ${count.value}`;
      });
      ui.button('Make', () => {
        box.add(() => {
          ui.region(() => {
            const now = count.value;
            ui.button(`Add to ${now}`, () => count.value++, { key: 'add' });
          });
        });
      });
      ui.button('Text', () => {
        box.add(() => {
          ui.markdown('# Nothing in here changes');
          ui.show(true, () => ui.label('nor here'));
        });
      });
    },
    { alwaysEvict: true },
  );
  await click(user, 'Text');
  await user.shouldSee('nor here');
  expect(held(user)).toBe(false);
  expect(advice(user)).toEqual([]);
  await click(user, 'Bind');
  expect(advice(user)).toEqual([
    expect.stringMatching(
      /^A handler bound the text of a label to a function or a signal\. It .* in the page function/,
    ),
  ]);
  await click(user, 'Make');
  expect(advice(user)[1]).toMatch(/^A handler made a ui\.region\. /);
  await user.advance('1h');
  await click(user, 'Add to 0');
  await user.shouldSee('Count 1');
  await user.shouldSee('Add to 1');
  expect(held(user)).toBe(true);
});

test('[AF1] an element lets its page sleep again when a handler ends what it has bound there', async () => {
  using user = await opened(() => {
    const count = ui.state(0);
    const label = ui.label('Count');
    ui.button('Bind', () => {
      label.text = () => `Count ${count.value}`;
    });
    ui.button('End', () => {
      label.text = 'Ended';
    });
  });
  await click(user, 'Bind');
  await click(user, 'Bind');
  expect(held(user)).toBe(true);
  await click(user, 'End');
  await user.advance('10s');
  expect(held(user)).toBe(false);
});

test('[AF1] what follows only the job of its handler holds no page awake, and needs no advice', async () => {
  const tasks = run.tasks<{ count: () => Generator<number, string> }>('COMPUTE');
  using user = await opened(
    () => {
      const bar = ui.progress();
      const label = ui.label('Idle');
      ui.button('Go', async () => {
        const job = run.cpuBound(tasks.count);
        bar.value = job.progress;
        label.text = () => `Progress ${job.progress.value}`;
        await job;
      });
    },
    {
      services: {
        COMPUTE: {
          *count() {
            yield 0.5;
            return 'done';
          },
        },
      },
    },
  );
  user.find('Go').click();
  await user.shouldSee('Progress 1');
  await user.advance('10s');
  expect(held(user)).toBe(false);
  expect(advice(user)).toEqual([]);
});
