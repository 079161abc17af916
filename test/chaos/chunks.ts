// Two tabs whose handlers take ten thousand chunks each, while app and compute are killed in the middle. Each handler
// must take every chunk once and continue to its end.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { seeded } from '../../src/testing/index.ts';
import { launchOptions, openWindow } from '../chromium.ts';
import { Ledger } from './ledger.ts';
import { Servers } from './servers.ts';
import { Tab } from './tab.ts';

/** Milliseconds beyond any recovery. */
const patience = 180_000;

/** Returns the number of kills, and what is wrong. */
export async function chunks(
  tries: number,
  seed: number,
  log: (line: string) => void,
  output?: (line: string) => void,
): Promise<{ readonly kills: number; readonly violations: readonly string[] }> {
  const chance = seeded(seed);
  await using ledger = new Ledger();
  await using servers = await Servers.start(await ledger.start(), (line) => output?.(line));
  await using browser = await chromium.launch(launchOptions());
  const violations: string[] = [];
  let kills = 0;
  for (let number = 1; number <= tries; number++) {
    const began = performance.now();
    const struck = { kills: 0 };
    const wrong = await attempt(browser, servers, chance, struck);
    kills += struck.kills;
    violations.push(...wrong.map((fault) => `Try ${number}: ${fault}`));
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    log(`Try ${number}: ${struck.kills} kills, ${seconds} s. ${wrong.length === 0 ? 'Right.' : wrong.join(' ')}`);
  }
  return { kills, violations };
}

async function attempt(
  browser: Browser,
  servers: Servers,
  chance: () => number,
  struck: { kills: number },
): Promise<string[]> {
  const context = await openWindow(browser);
  try {
    const tabs = [await Tab.open(context, `${servers.url}/chunks`), await Tab.open(context, `${servers.url}/chunks`)];
    for (const tab of tabs) await tab.click('#go');
    for (let round = chance() < 0.3 ? 2 : 1; round > 0; round--) {
      await sleep(chance() * 3_000);
      const order = chance() < 0.5 ? (['app', 'compute'] as const) : (['compute', 'app'] as const);
      const gap = chance() < 0.5 ? 0 : chance() * 500;
      const [first, second] = order;
      await servers.kill(first);
      await sleep(gap);
      await servers.kill(second);
      struck.kills += 2;
      await servers.ready();
    }
    const wrong: string[] = [];
    for (const [index, tab] of tabs.entries()) {
      for (const limit = Date.now() + patience; (await tab.text('#ends')) === '' && Date.now() < limit; )
        await sleep(50);
      wrong.push(...(await faultsOf(tab)).map((fault) => `Tab ${index + 1}: ${fault}`));
    }
    return wrong;
  } finally {
    await context.close();
  }
}

async function faultsOf(tab: Tab): Promise<string[]> {
  const ends = await tab.text('#ends');
  const lines = await tab.texts('#log > div');
  const faults = [...tab.troubles, ...tab.notices.map((text) => `The page said "${text}".`)];
  if (ends !== 'end') faults.push(`The handler ended "${ends}".`);
  const first = lines.findIndex((line, index) => line !== `line ${index}`);
  if (lines.length !== 10_000 || first >= 0) {
    faults.push(`There are ${lines.length} lines; line ${first} is "${lines[first]}".`);
  }
  return faults;
}
