// From the save of app.ts to the changed text in a browser, under `edgewise dev` of the template hello. The page has been
// clicked, so each save hands a state over.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { freePort, signalGroup } from '../../src/wrangler/index.ts';
import { launchOptions } from '../../test/chromium.ts';
import type { Part } from '../bench.ts';
import type { Figure, Findings } from '../findings.ts';
import { median, quantile } from '../statistics.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Saves that are not counted, while code and caches get warm. */
const warmUp = 3;
/** Milliseconds between the appearance of a save and the next save, as an author pauses at least. */
const pause = 300;

export const saves: Part = {
  title: 'Saves of an author',
  run: (bench) => bench.measure('saves', () => measureSaves(bench.rounds(25, 6))),
};

async function measureSaves(count: number): Promise<Findings> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-saves-'));
  const browser = await chromium.launch(launchOptions());
  let server: ChildProcess | undefined;
  try {
    await cp(path.join(root, 'templates/hello'), folder, { recursive: true });
    const plugin = JSON.stringify(path.join(root, 'src/vite/index.ts'));
    await writeFile(
      path.join(folder, 'vite.config.ts'),
      `import { edgewise } from ${plugin};\nexport default { plugins: [edgewise()] };\n`,
    );
    const port = await freePort();
    server = spawn(process.execPath, [path.join(root, 'src/cli/bin.ts'), 'dev', '--port', String(port)], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    const page = await browser.newPage();
    await visit(page, server, `http://localhost:${port}`);
    const times = await measure(page, path.join(folder, 'app.ts'), count);
    const figure = (id: string, name: string, value: number): Figure => ({ id, name, value, unit: 'ms' });
    return {
      figures: [
        { ...figure('saves.median', 'save to visible, median', median(times)), aim: { at: 'most', value: 200 } },
        figure('saves.p90', 'save to visible, 90th percentile', quantile(times, 0.9)),
        {
          ...figure('saves.longest', 'save to visible, longest', Math.max(...times)),
          note: `of ${times.length} saves`,
        },
      ],
    };
  } finally {
    await browser.close();
    if (server?.pid !== undefined && server.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await Promise.race([ended, sleep(10_000)]);
      if (server.exitCode === null) signalGroup(server.pid, 'SIGKILL');
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits for the server and opens the page, whose first visit has Vite prepare the client's packages. */
async function visit(page: Page, { stdout }: ChildProcess, url: string): Promise<void> {
  await new Promise<void>((resolve) => stdout?.on('data', (text) => /Local:/.test(String(text)) && resolve()));
  await page.goto(url);
  await page.getByText('Clicked 0 times').waitFor();
  await sleep(5_000);
  await page.getByText('Clicked 0 times').click({ timeout: 60_000 });
  await page.getByText('Clicked 1 time').waitFor({ timeout: 60_000 });
}

/** Saves again and again, and returns the milliseconds of each save until its text was in a frame of the browser. */
async function measure(page: Page, file: string, saves: number): Promise<number[]> {
  const source = await readFile(file, 'utf8');
  const times: number[] = [];
  for (let save = 1; save <= warmUp + saves; save++) {
    const text = `Version ${save}`;
    const shown = page.evaluate(frameWith, text);
    await sleep(pause);
    const began = performance.timeOrigin + performance.now();
    await writeFile(file, source.replace("ui.label('Hello')", `ui.label('${text}')`));
    const took = (await shown) - began;
    if (save > warmUp) times.push(took);
  }
  if ((await page.getByText('Clicked 1 time').count()) !== 1) throw new Error('A save has lost the click.');
  return times;
}

/** Runs in the browser: resolves with the time of the first frame that has the text. */
function frameWith(text: string): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!document.body.innerText.includes(text)) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
}
