// A person clicks and types in Chromium while the app's process is killed under their hands. In the end everything they
// did must be there, once and in order, in the same document.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { launchOptions } from '../../scripts/chromium.ts';
import { startServers } from '../../scripts/start.ts';

export interface ChaosOptions {
  readonly kills: number;
  readonly clicks: number;
  readonly seed: number;
  /** Build the client first; default true. */
  readonly build?: boolean;
  /** Told what happens; default nobody. */
  readonly log?: (line: string) => void;
}

/** What the person sees. */
interface Seen {
  readonly counter: number;
  readonly items: readonly string[];
  readonly draft: string;
  /** Events that are not acknowledged. */
  readonly pending: number;
}

export interface ChaosResult {
  readonly seed: number;
  readonly kills: number;
  readonly clicks: number;
  /** Clicks made while the server was down. */
  readonly offline: number;
  readonly milliseconds: number;
  readonly expected: Seen;
  /** In the browser at the end. */
  readonly seen: Seen;
  /** In a second document of the same page: what the server has. */
  readonly kept: Seen;
  /** True when the document of the beginning is still there. */
  readonly sameDocument: boolean;
  /** What went wrong; empty when all is right. */
  readonly faults: readonly string[];
}

export async function chaos({ kills, clicks, seed, build = true, log = () => {} }: ChaosOptions): Promise<ChaosResult> {
  const random = generator(seed);
  const persist = await mkdtemp(path.join(tmpdir(), 'edgewise-chaos-'));
  const output: string[] = [];
  try {
    await using servers = await startServers({
      app: 'test/chaos/wrangler.toml',
      persist,
      build,
      log: (server, line) => {
        if (output.push(`[${server}] ${line}`) > 200) output.shift();
      },
    });
    await using browser = await chromium.launch(launchOptions());
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`The page threw ${error.message}`));
    await page.goto(servers.url);
    await page.waitForSelector('#count');
    await page.evaluate((mark) => Object.assign(window, { mark }), seed);

    // Kills are tied to clicks, so that they are spread over all of them, and come a little later, at any moment.
    const marks = Array.from({ length: kills }, () => Math.floor(random() * clicks)).sort((a, b) => a - b);
    const began = performance.now();
    let made = 0;
    let killed = 0;
    let up = true;
    let offline = 0;
    const kill = async (): Promise<void> => {
      for (const mark of marks) {
        while (made < mark) await sleep(2);
        await sleep(random() * 120);
        up = false;
        await servers.app.kill();
        killed++;
        log(`kill ${killed} after ${made} clicks`);
        await servers.app.ready();
        up = true;
      }
    };
    const expected = { counter: 0, items: [] as { text: string; hits: number }[] };
    const click = async (): Promise<void> => {
      const chance = random();
      if (chance < 0.5) {
        await page.click('#count');
        expected.counter++;
      } else if (chance < 0.8 || expected.items.length === 0) {
        const text = `item-${seed}-${expected.items.length}`;
        await type(page, text, random() < 0.5);
        await page.click('#add');
        expected.items.push({ text, hits: 0 });
      } else {
        // Only what is shown can be clicked; the newest may not be there yet.
        const shown = await page.locator('#items button').count();
        if (shown === 0) {
          await page.click('#count');
          expected.counter++;
        } else {
          const index = Math.floor(random() * shown);
          await page.locator('#items button').nth(index).click();
          const item = expected.items[index];
          if (!item) throw new Error(`Item ${index} is shown and was never added.`);
          item.hits++;
        }
      }
      made++;
      if (!up) offline++;
    };
    let failed = false;
    const killing = kill().catch((error: unknown) => {
      failed = true;
      throw error;
    });
    killing.catch(() => {}); // awaited below
    while (made < clicks && !failed) {
      await click();
      // The person does not run ahead of the kills, and goes on clicking while the server is down.
      while (marks.filter((mark) => mark <= made).length - killed > 1 && !failed) await sleep(5);
      await sleep(random() * 30);
    }
    await killing;

    const goal: Seen = {
      counter: expected.counter,
      items: expected.items.map(({ text, hits }) => `${text} ${hits}`),
      draft: '',
      pending: 0,
    };
    const seen = await settle(page, goal);
    const sameDocument = (await page.evaluate(() => (window as { mark?: unknown }).mark)) === seed;
    const milliseconds = performance.now() - began;
    // A reload comes back to the same page: what it shows is what the server has.
    await page.reload();
    const kept = await settle(page, goal);

    const faults = [...problems];
    if (JSON.stringify(seen) !== JSON.stringify(goal)) faults.push(`The browser shows ${difference(seen, goal)}`);
    if (JSON.stringify(kept) !== JSON.stringify(goal)) faults.push(`After a reload there is ${difference(kept, goal)}`);
    if (!sameDocument) faults.push('The document was loaded again.');
    if (killed !== kills) faults.push(`Only ${killed} of ${kills} kills were made.`);
    if (faults.length > 0) faults.push(`The servers wrote:\n${output.slice(-40).join('\n')}`);
    return {
      seed,
      kills: killed,
      clicks: made,
      offline,
      milliseconds,
      expected: goal,
      seen,
      kept,
      sameDocument,
      faults,
    };
  } finally {
    await rm(persist, { recursive: true, force: true });
  }
}

/** Replaces what is in the input, at once or key by key. */
async function type(page: Page, text: string, keys: boolean): Promise<void> {
  if (!keys) {
    await page.fill('input', text);
    return;
  }
  await page.focus('input');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Waits until the page shows what it should; answers what it shows, also when that is something else after a minute. */
async function settle(page: Page, goal: Seen): Promise<Seen> {
  const text = JSON.stringify(goal);
  for (const limit = Date.now() + 60_000; ; await sleep(50)) {
    const seen = await look(page);
    if (JSON.stringify(seen) === text || Date.now() > limit) return seen;
  }
}

function look(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    let pending = 0;
    for (let i = 0; i < sessionStorage.length; i++) {
      const key = sessionStorage.key(i) ?? '';
      if (!key.startsWith('edgewise:events:')) continue;
      const [, events] = JSON.parse(sessionStorage.getItem(key) ?? '[0,[]]') as [number, unknown[]];
      pending += events.length;
    }
    return {
      counter: Number(document.querySelector('#counted')?.textContent),
      items: [...document.querySelectorAll('#items button')].map((button) => button.textContent ?? ''),
      draft: document.querySelector('input')?.value ?? 'no input',
      pending,
    };
  });
}

function difference(seen: Seen, goal: Seen): string {
  const parts: string[] = [];
  for (const name of ['counter', 'draft', 'pending'] as const) {
    if (seen[name] !== goal[name]) parts.push(`${name} ${JSON.stringify(seen[name])} instead of ${goal[name]}`);
  }
  if (seen.items.length !== goal.items.length) parts.push(`${seen.items.length} items instead of ${goal.items.length}`);
  const first = goal.items.findIndex((item, index) => item !== seen.items[index]);
  if (first >= 0) parts.push(`item ${first} ${JSON.stringify(seen.items[first])} instead of "${goal.items[first]}"`);
  return parts.join(', ');
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
