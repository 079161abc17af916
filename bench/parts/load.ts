// The first load of a page: what is requested, and when its text is there and its button works.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from '../../src/build/index.ts';
import { launchOptions } from '../../test/chromium.ts';
import type { Bench, Part } from '../bench.ts';
import { startContenders } from '../contenders/index.ts';
import type { Findings, Row } from '../findings.ts';
import { median } from '../statistics.ts';

export const load: Part = { title: 'First load', run };

async function run(bench: Bench): Promise<void> {
  await bench.measure('pages', () => pages(bench));
  await bench.measure('sizes', sizes);
}

/** What Lighthouse calls slow 4G. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

const settings = [
  { name: 'cold', slow: false, warm: false },
  { name: 'warm', slow: false, warm: true },
  { name: 'cold, slow 4G, CPU 4 times slower', slow: true, warm: false },
  { name: 'warm, slow 4G, CPU 4 times slower', slow: true, warm: true },
] as const;

interface Load {
  /** Requests that reached the network, and the bytes that they brought. */
  readonly requests: number;
  readonly kilobytes: number;
  /** Milliseconds until the last line of the page is in the document, and until a click is answered. */
  readonly text: number;
  readonly interactive: number;
}

async function pages(bench: Bench): Promise<Findings> {
  await using contenders = await startContenders({ pages: true });
  const browser = await chromium.launch(launchOptions());
  bench.versions.Chromium = browser.version();
  const columns = contenders.list.map(({ name }) => name as string);
  const found = new Map<string, Load[][]>();
  const bare: number[] = [];
  try {
    const urls = contenders.list.map(({ url }) => new URL('/counter', url).href);
    // Not counted, because a server's first answer is slower than all others.
    for (const url of urls) await loadOnce(browser, url, false);
    for (let round = 0; round < bench.rounds(5, 1); round++) {
      for (const slow of [false, true]) {
        for (const [index, url] of urls.entries()) {
          const [cold, warm] = await loadOnce(browser, url, slow);
          for (const setting of settings.filter((each) => each.slow === slow)) {
            const loads = found.get(setting.name) ?? columns.map(() => []);
            loads[index]?.push(setting.warm ? warm : cold);
            found.set(setting.name, loads);
          }
        }
      }
    }
    for (const url of urls) bare.push(await linesWithoutScript(browser, url));
  } finally {
    await browser.close();
  }
  const rows = (of: keyof Load): Row[] =>
    settings.map(({ name }) => ({
      name,
      values: (found.get(name) ?? []).map((loads) => median(loads.map((each) => each[of]))),
    }));
  const table = { by: 'how', better: 'low', columns } as const;
  return {
    tables: [
      { title: 'Requests of a page load', unit: 'requests', ...table, rows: rows('requests') },
      { title: 'Transferred by a page load', unit: 'KB', ...table, rows: rows('kilobytes'), chart: 'bars' },
      { title: 'Until the text is there', unit: 'ms', ...table, rows: rows('text'), chart: 'bars' },
      { title: 'Until a click is answered', unit: 'ms', ...table, rows: rows('interactive'), chart: 'bars' },
      {
        title: 'Lines that show without JavaScript',
        unit: 'of 49',
        by: 'how',
        better: 'high',
        columns,
        rows: [{ name: 'cold', values: bare }],
      },
    ],
    notes: [
      'The page has 52 elements. Slow 4G: 150 ms, 1.6 Mbit/s down, by the DevTools protocol, which delays requests but no WebSocket.',
      'A click is answered when the count has changed; the button is clicked every 50 ms from its appearance.',
      'Transferred: as the local servers compress it. On Cloudflare, the network compresses with Brotli, which is smaller.',
      ...contenders.missing,
    ],
  };
}

/** Loads a page in a fresh context, and once more with what the first load has stored. */
async function loadOnce(browser: Browser, url: string, slow: boolean): Promise<[cold: Load, warm: Load]> {
  const context = await browser.newContext();
  try {
    return [await loadIn(context, url, slow), await loadIn(context, url, slow)];
  } finally {
    await context.close();
  }
}

type Watched = Window & { text?: number; interactive?: number };

async function loadIn(context: BrowserContext, url: string, slow: boolean): Promise<Load> {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  if (slow) {
    await network.send('Network.emulateNetworkConditions', slow4g);
    await network.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  let requests = 0;
  let bytes = 0;
  const cached = new Set<string>();
  network.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache || response.fromPrefetchCache || response.url.startsWith('data:')) cached.add(requestId);
    else requests++;
  });
  network.on('Network.requestServedFromCache', ({ requestId }) => cached.add(requestId));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!cached.has(requestId)) bytes += encodedDataLength;
  });
  await page.addInitScript(watchLoad);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => (window as Watched).interactive !== undefined, undefined, { polling: 50 });
  await page.waitForLoadState('load');
  const { text, interactive } = await page.evaluate(() => {
    const { text = Number.NaN, interactive = Number.NaN } = window as Watched;
    return { text, interactive };
  });
  await page.close();
  return { requests, kilobytes: bytes / 1024, text, interactive };
}

/** Runs in the page before its own scripts: looks in each frame for the text, and clicks until the count changes. */
function watchLoad(): void {
  let clicked = 0;
  const look = () => {
    const now = performance.now();
    const watched = window as Watched;
    const { body } = document;
    if (body && watched.text === undefined && body.innerText.includes('Line 48')) watched.text = now;
    const button = body && [...body.querySelectorAll('button')].find(({ innerText }) => /count/i.test(innerText));
    if (button && watched.text !== undefined) {
      const counts = [...body.querySelectorAll('*')].filter(
        ({ childElementCount, textContent }) => childElementCount === 0 && /^\d+$/.test(textContent ?? ''),
      );
      if (counts.some(({ textContent }) => Number(textContent) > 0)) {
        watched.interactive = now;
        return;
      }
      if (now - clicked > 50) {
        clicked = now;
        button.click();
      }
    }
    requestAnimationFrame(look);
  };
  look();
}

/** Returns how many of the page's 49 lines a browser shows that runs no script. */
async function linesWithoutScript(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page: Page = await context.newPage();
    await page.goto(url);
    return await page.getByText(/^Line \d+$/).count();
  } finally {
    await context.close();
  }
}

/** Measures the files of the gallery's plainest page, and the styles of all examples. */
async function sizes(): Promise<Findings> {
  const { manifest, site } = await build({ folder: path.join(import.meta.dirname, '../..') });
  const zipped = async (file: string) => gzipSync(await readFile(path.join(site, file)), { level: 9 }).length / 1024;
  const sum = async (files: readonly string[]) =>
    (await Promise.all(files.map(zipped))).reduce((total, size) => total + size, 0);
  const later = manifest.chunks['+lifecycle'] ?? [];
  return {
    figures: [
      {
        id: 'load.script',
        name: 'JavaScript that takes a page over, gzip',
        value: await sum(manifest.preload),
        unit: 'KB',
        aim: { at: 'most', value: 13 },
        note: "a KB has 1,024 bytes; without the gallery's own client module",
      },
      {
        id: 'load.scripts',
        name: 'JavaScript that the plainest page loads, gzip',
        value: await sum([manifest.client, ...manifest.preload, ...later]),
        unit: 'KB',
        note: `with the gallery's own client module and what follows the takeover, ${later.length} file`,
      },
      { id: 'load.styles', name: 'styles of the gallery, gzip', value: await zipped(manifest.styles), unit: 'KB' },
    ],
  };
}
