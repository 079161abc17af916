// What the platform bills for a click, an idle minute and a job: counted, and multiplied by its price list.

import type { Bench, Part } from '../bench.ts';
import { billOf, prices } from '../bill.ts';
import { loadCounting } from '../counting/load.ts';
import type { Figure, Findings } from '../findings.ts';
import { startHost } from '../host.ts';
import { until } from '../wait.ts';

export const bill: Part = { title: 'Bill', run };

async function run(bench: Bench): Promise<void> {
  await bench.measure('money', money);
  await bench.measure('reads', reads);
}

async function money(): Promise<Findings> {
  const { cases, count } = await loadCounting();
  const list = await prices();
  const what = {
    'a click alone': [await count(cases.click), 1],
    'a click of 100 within a second': [await count(cases.clicks), 100],
    'a minute idle, with a page open': [await count(cases.minute), 1],
    'a click that waits for a job of nothing': [await count(cases.job), 1],
  } as const;
  const rows = Object.entries(what).map(([name, [counted, times]]) => {
    const usage = { ...counted, rowsRead: 0, rowsWritten: counted.rows };
    const { requests, duration, rowsWritten, total } = billOf(usage, list);
    const used = [counted.messages, counted.rows, counted.alarms, counted.awake];
    return { name, values: [...used, requests, duration, rowsWritten, total].map((value) => value / times) };
  });
  const click = what['a click alone'][0];
  const minute = what['a minute idle, with a page open'][0];
  const counted = (id: string, name: string, value: number, unit: string, most: number): Figure => ({
    id,
    name,
    value,
    unit,
    aim: { at: 'most', value: most },
    note: 'counted',
  });
  return {
    tables: [
      {
        title: 'What a million costs',
        unit: 'counted, then dollars a million',
        by: 'what happens',
        columns: ['messages', 'rows written', 'alarms', 'ms awake', '$ requests', '$ duration', '$ rows', '$ in all'],
        rows,
        note: `${list.rules.join(' ')} Prices of ${list.date}: ${Object.entries(list.sources)
          .map(([of, source]) => `${of} from ${source}`)
          .join('; ')}.`,
      },
    ],
    figures: [
      counted('bill.click.rows', 'rows written by a click alone', click.rows, 'rows', 2),
      counted('bill.click.alarms', 'alarms of a click alone', click.alarms, 'alarms', 0),
      counted('bill.minute.wakeups', 'wakeups of an idle minute', minute.messages + minute.alarms, 'wakeups', 0),
      {
        id: 'bill.click.awake',
        name: 'time awake for a click alone',
        value: click.awake,
        unit: 'ms',
        note: 'counted',
      },
    ],
    notes: [
      'Rows, alarms and time awake are counted on the virtual clock of the testing kit, so they are the same on every machine. Time of the processor comes on top of the time awake.',
      'The Worker that serves pages is billed by the request and by its own CPU, which a click does not use.',
    ],
  };
}

/** Counts in workerd what SQLite itself says that it read and wrote. */
async function reads(): Promise<Findings> {
  await using host = await startHost();
  const page = await host.visit('/counter', { 'X-Counted': '1' });
  await page.connect();
  const counted = async () => {
    const response = await fetch(new URL(`/counted/rows?name=${page.session}`, host.url));
    return (await response.json()) as { read: number; written: number };
  };
  const settle = async () => {
    await until(() => page.durable === page.clicks);
    // The page comes to rest after a second.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  };
  page.click();
  await settle();
  const before = await counted();
  page.click();
  await settle();
  const after = await counted();
  page.cut();
  return {
    figures: [
      {
        id: 'bill.click.sqliteWritten',
        name: 'rows that SQLite says it wrote for a click alone',
        value: after.written - before.written,
        unit: 'rows',
        aim: { at: 'most', value: 2 },
        note: 'in workerd, with those of indexes',
      },
      {
        id: 'bill.click.sqliteRead',
        name: 'rows that SQLite says it read for a click alone',
        value: after.read - before.read,
        unit: 'rows',
        note: 'in workerd',
      },
    ],
  };
}
