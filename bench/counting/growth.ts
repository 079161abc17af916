// How what is counted grows with the size of a page, a list, a log, a handler and a number of jobs.

import { run, ui } from '../../src/index.ts';
import { exponent } from '../statistics.ts';
import { counter } from './cases.ts';
import { type Case, type Count, count } from './count.ts';

export interface Growth {
  readonly title: string;
  readonly by: string;
  readonly of: keyof Count;
  readonly at: (size: number) => Case;
}

const { noop } = run.tasks<{ noop(): number }>('COMPUTE');

export const growths = {
  'page.bytes': {
    title: 'a click on a page',
    by: 'elements',
    of: 'bytes',
    at: (size) => clicked(counter(size), 'Count'),
  },
  'page.rows': {
    title: 'a click on a page',
    by: 'elements',
    of: 'rows',
    at: (size) => clicked(counter(size), 'Count'),
  },
  'list.bytes': { title: 'an item more in a list', by: 'items', of: 'bytes', at: (size) => clicked(list(size), 'Add') },
  'list.rows': { title: 'an item more in a list', by: 'items', of: 'rows', at: (size) => clicked(list(size), 'Add') },
  'calls.rows': { title: 'the calls of one handler', by: 'calls', of: 'rows', at: (size) => calls(size, false) },
  'jobs.rows': { title: 'jobs at once', by: 'jobs', of: 'rows', at: (size) => calls(size, true) },
  'log.bytes': { title: 'lines of a log', by: 'lines', of: 'bytes', at: lines },
} satisfies Record<string, Growth>;

/** Returns the exponent of growth, and what was counted at each size. */
export async function grow(growth: Growth, sizes: readonly number[]): Promise<{ exponent: number; counts: number[] }> {
  const counts: number[] = [];
  for (const size of sizes) counts.push((await count(growth.at(size)))[growth.of]);
  return { exponent: exponent(sizes.map((size, index) => [size, counts[index] as number])), counts };
}

function clicked(page: () => void, button: string): Case {
  const click: Case['act'] = (user) => user.find({ kind: 'button', text: button }).click();
  return { page, before: click, act: click };
}

function list(size: number): () => void {
  return () => {
    const items = ui.list(
      Array.from({ length: size }, (_, id) => ({ id, text: `Item ${id}` })),
      'id',
      'items',
    );
    ui.button('Add', () => items.add({ id: items.size, text: `Item ${items.size}` }));
    ui.each(items, (item) => ui.label(item.text));
  };
}

/** A handler that calls a task `size` times, one after the other or all at once. */
function calls(size: number, together: boolean): Case {
  const page = () => {
    const done = ui.state(0, 'done');
    ui.button('Start', async () => {
      if (together) await Promise.all(Array.from({ length: size }, () => run.cpuBound(noop)));
      else for (let i = 0; i < size; i++) await run.cpuBound(noop);
      done.value++;
    });
    ui.label(() => done.value);
  };
  return { page, tasks: { noop: () => 1 }, act: (user) => user.find('Start').click() };
}

function lines(size: number): Case {
  const page = () => {
    const log = ui.log();
    ui.button('Write', () => {
      for (let i = 0; i < size; i++) log.push(`Line ${10_000_000 + i}`);
    });
  };
  return { page, act: (user) => user.find('Write').click() };
}
