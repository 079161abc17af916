// What is counted for the bill.

import { run, ui } from '../../src/index.ts';
import type { Case } from './count.ts';

/** 52 elements, as the counter page of bench/worker/app.ts. */
export function counter(idle = 49): () => void {
  return () => {
    const clicks = ui.state(0, 'clicks');
    ui.button('Count', () => {
      clicks.value++;
    });
    ui.label(() => clicks.value);
    for (let i = 0; i < idle; i++) ui.label(`Line ${i}`);
  };
}

const { noop } = run.tasks<{ noop(): number }>('COMPUTE');

export const cases = {
  click: {
    page: counter(),
    before: (user) => user.find('Count').click(),
    act: (user) => user.find('Count').click(),
  },
  /** One hundred clicks within a second. */
  clicks: {
    page: counter(),
    before: (user) => user.find('Count').click(),
    act: async (user) => {
      for (let i = 0; i < 100; i++) {
        user.find('Count').click();
        await user.advance(10);
      }
    },
  },
  minute: { page: counter(), act: () => {}, span: 60_000 },
  job: {
    page: () => {
      const done = ui.state(0, 'done');
      ui.button('Start', async () => {
        done.value = await run.cpuBound(noop);
      });
      ui.label(() => `done ${done.value}`);
    },
    tasks: { noop: () => 1 },
    act: (user) => user.find('Start').click(),
  },
} satisfies Record<string, Case>;
