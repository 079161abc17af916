// The nine operations of js-framework-benchmark, done by the server: from the click in Chromium to the painted rows.

import { type Browser, chromium, type Page } from 'playwright-core';
import { launchOptions } from '../../test/chromium.ts';
import type { Bench, Part } from '../bench.ts';
import { type Contender, startContenders } from '../contenders/index.ts';
import type { Findings } from '../findings.ts';
import { median } from '../statistics.ts';

export const operations: Part = {
  title: 'Operations on rows',
  run: (bench) => bench.measure('operations', () => measure(bench)),
};

interface Operation {
  readonly name: string;
  readonly button: string;
  /** Buttons before it, which are not measured. */
  readonly before: readonly string[];
  /** What the page shows at the end. */
  readonly shows: Shown;
}

interface Shown {
  readonly rows: number;
  /** Text of a row by its index, from 0. */
  readonly text?: readonly [index: number, ends: string];
  readonly selected?: number;
}

const thousand = 'Create 1000';

const all: readonly Operation[] = [
  { name: 'create 1,000 rows', button: thousand, before: [], shows: { rows: 1_000 } },
  {
    name: 'replace all 1,000',
    button: thousand,
    before: [thousand],
    shows: { rows: 1_000, text: [999, 'Row 2000'] },
  },
  {
    name: 'change every 10th of 1,000',
    button: 'Update',
    before: [thousand],
    shows: { rows: 1_000, text: [990, '!!!'] },
  },
  { name: 'select one of 1,000', button: 'Select', before: [thousand], shows: { rows: 1_000, selected: 1 } },
  { name: 'swap two of 1,000', button: 'Swap', before: [thousand], shows: { rows: 1_000, text: [1, 'Row 999'] } },
  { name: 'remove one of 1,000', button: 'Remove', before: [thousand], shows: { rows: 999 } },
  { name: 'create 10,000 rows', button: 'Create 10000', before: [], shows: { rows: 10_000 } },
  { name: 'append 1,000 to 1,000', button: 'Append 1000', before: [thousand], shows: { rows: 2_000 } },
  { name: 'clear 1,000', button: 'Clear', before: [thousand], shows: { rows: 0 } },
];

async function measure(bench: Bench): Promise<Findings> {
  await using contenders = await startContenders({ pages: true });
  const browser = await chromium.launch(launchOptions());
  bench.versions.Chromium = browser.version();
  const columns = contenders.list.map(({ name }) => name as string);
  const times: number[][][] = all.map(() => columns.map(() => []));
  const cpus: number[][][] = all.map(() => columns.map(() => []));
  const failed: string[] = [];
  try {
    // The first round warms up.
    for (let round = bench.quick ? 0 : -1; round < bench.rounds(2, 1); round++) {
      for (const [row, operation] of all.entries()) {
        for (const [column, contender] of contenders.list.entries()) {
          if (failed.includes(`${operation.name}, ${contender.name}`)) continue;
          const found = await perform(browser, contender, operation);
          if (!found) {
            failed.push(`${operation.name}, ${contender.name}`);
          } else if (round >= 0) {
            times[row]?.[column]?.push(found.time);
            cpus[row]?.[column]?.push(found.cpu);
          }
        }
      }
    }
  } finally {
    await browser.close();
  }
  const rows = (found: readonly number[][][]) =>
    all.map(({ name }, row) => ({
      name,
      values: (found[row] ?? []).map((values) => (values.length > 0 ? median(values) : null)),
    }));
  const table = { unit: 'ms', by: 'operation', better: 'low', columns } as const;
  return {
    tables: [
      { title: 'Click to painted rows', ...table, rows: rows(times) },
      { title: 'CPU of the server for the operation', ...table, rows: rows(cpus) },
    ],
    notes: [
      'A row is one element with a text, kept in a list of the server. CPU: until the rows are painted.',
      ...failed.map((what) => `Not shown within ten seconds: ${what}.`),
      ...contenders.missing,
    ],
  };
}

/** Returns undefined when the rows do not show within ten seconds. */
async function perform(
  browser: Browser,
  contender: Contender,
  { button, before, shows }: Operation,
): Promise<{ time: number; cpu: number } | undefined> {
  const page = await browser.newPage();
  try {
    await page.goto(new URL('/rows', contender.url).href);
    await page.getByRole('button', { name: 'Clear' }).waitFor();
    // The page is connected, and what it loads later is there.
    await page.waitForTimeout(700);
    for (const each of before) {
      await press(page, each);
      await page.waitForFunction(() => document.getElementsByClassName('bench-row').length === 1_000);
      await page.waitForTimeout(300);
    }
    const cpu = await contender.cpu();
    const time = page.evaluate(painted, shows);
    await press(page, button);
    const ms = await time;
    return ms === null ? undefined : { time: ms, cpu: (await contender.cpu()) - cpu };
  } finally {
    await page.close();
  }
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

/** Runs in the browser: resolves with the milliseconds from the next click to the frame that shows the rows. */
function painted({ rows, text, selected }: Shown): Promise<number | null> {
  return new Promise((resolve) => {
    const shown = document.getElementsByClassName('bench-row');
    const done = () =>
      shown.length === rows &&
      (!text || shown[text[0]]?.textContent?.endsWith(text[1])) &&
      (selected === undefined || shown[selected]?.classList.contains('bench-selected'));
    const began = (event: Event) => {
      const look = () => {
        if (performance.now() - event.timeStamp > 10_000) return resolve(null);
        if (!done()) return requestAnimationFrame(look);
        // A message that is posted in a frame arrives after its painting.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - event.timeStamp);
        port2.postMessage(0);
      };
      requestAnimationFrame(look);
    };
    document.addEventListener('click', began, { capture: true, once: true });
  });
}
