// Pages whose size the address gives: `?size=1000`. The first button of each does what is measured.

import { type App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

const { noop } = run.tasks<typeof Tasks>('COMPUTE');

export function growingPages<Bindings extends object>(app: App<{ Bindings: Bindings }>): void {
  const page = (path: string, build: (size: number) => void) =>
    app.page(path, ({ query }) => build(Number(query.get('size'))));

  /** A click that changes one text, among idle elements. */
  page('/grow/elements', (size) => {
    const count = ui.state(0);
    ui.button('Count', () => {
      count.value++;
    });
    ui.label(() => count.value);
    for (let i = 0; i < size; i++) ui.label(`Line ${i}`);
  });

  /** A click that changes the text of every label. */
  page('/grow/bound', (size) => {
    const count = ui.state(0);
    ui.button('Count', () => {
      count.value++;
    });
    for (let i = 0; i < size; i++) ui.label(() => count.value);
  });

  /** A click that changes one of the plain items of a state. */
  page('/grow/state', (size) => {
    const items = ui.state(Array.from({ length: size }, (_, id) => ({ id, text: `Item ${id}`, done: false })));
    const count = ui.state(0);
    ui.button('Change', () => {
      const at = count.value++ % size;
      items.value = items.value.map((item, index) => (index === at ? { ...item, done: !item.done } : item));
    });
    ui.label(() => count.value);
  });

  /** A click that adds an item to a list. */
  page('/grow/list', (size) => {
    const items = ui.list(
      Array.from({ length: size }, (_, id) => ({ id, text: `Item ${id}` })),
      'id',
    );
    ui.button('Add', () => items.add({ id: items.size, text: 'new' }));
    ui.label(() => items.size);
  });

  /** A click whose handler makes calls in turn, stored or not, or starts jobs at once. */
  for (const [path, durable] of [
    ['/grow/calls', true],
    ['/grow/passing', false],
  ] as const) {
    page(path, (size) => {
      const done = ui.state(0);
      ui.button('Start', async () => {
        for (let i = 0; i < size; i++) await run.with({ durable }).cpuBound(noop);
        done.value++;
      });
      ui.label(() => `done ${done.value}`);
    });
  }
  page('/grow/jobs', (size) => {
    const done = ui.state(0);
    ui.button('Start', async () => {
      await Promise.all(Array.from({ length: size }, () => run.cpuBound(noop)));
      done.value++;
    });
    ui.label(() => `done ${done.value}`);
  });

  /** A click that writes lines into a log. */
  page('/grow/log', (size) => {
    const done = ui.state(0);
    const log = ui.log();
    ui.button('Write', () => {
      for (let i = 0; i < size; i++) log.push(`Line ${i}`);
      done.value++;
    });
    ui.label(() => `done ${done.value}`);
  });
}
