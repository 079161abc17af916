// Each example as somebody runs it who has copied its folder: with its own two Workers, beside nothing else.

import { randomUUID } from 'node:crypto';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServers } from '../../src/cli/dev.ts';
import { launchOptions } from '../chromium.ts';
import { expectTruth, type Tab, until, Visitor } from './stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
});
afterAll(() => browser?.close());

/** Each folder, and what shows that it works. */
const examples: Record<string, (tab: Tab) => Promise<void>> = {
  hello: async (tab) => {
    await tab.click('Start CPU Task');
    await tab.sees('Result: Calculating...');
    await tab.click('Clicked 0 times');
    await tab.sees('Clicked 1 times');
    await tab.sees(/^Result: \d+$/);
  },
  progress: barOf,
  global_worker: barOf,
};

async function barOf(tab: Tab): Promise<void> {
  await tab.click('Compute');
  const bar = tab.page.getByRole('progressbar');
  await until('the bar moves', async () => Number(await bar.getAttribute('value')) > 0);
  await tab.click('Cancel');
  await bar.waitFor({ state: 'hidden' });
}

for (const [example, works] of Object.entries(examples)) {
  test(`a copy of the folder ${example} runs on its own`, async () => {
    const id = `copy-${randomUUID().slice(0, 8)}`;
    // As deep in the repository as `examples/NAME` is.
    const folder = path.join(root, '.wrangler', id);
    const persist = path.join(folder, 'state');
    await cp(path.join(root, 'examples', example), folder, {
      recursive: true,
      filter: (file) => path.basename(file) !== '.wrangler',
    });
    try {
      await using servers = await startServers({
        app: path.join(folder, 'wrangler.toml'),
        compute: path.join(folder, 'wrangler.compute.toml'),
        persist,
      });
      const context = await browser.newContext();
      const tab = await new Visitor(context, servers.url).open('/');
      await works(tab);
      await expectTruth(tab);
      expect(tab.troubles).toEqual([]);
      await context.close();
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

test('what an example says of its folder is what is in it', async () => {
  for (const example of ['progress', 'global_worker']) {
    const folder = path.join(root, 'examples', example);
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/^\| `([\w.]+)` /gm)].map(([, file]) => file).sort();
    expect(named).toEqual(
      (await readdir(folder)).filter((file) => file !== 'README.md' && !file.startsWith('.')).sort(),
    );
    for (const file of named) {
      const text = await readFile(path.join(folder, String(file)), 'utf8');
      for (const [, from] of text.matchAll(/from '([^']+)'/g)) {
        expect(from, `${example}/${file}`).toMatch(/^(edgewise|edgewise\/compute|\.\/[\w.]+)$/);
      }
    }
  }
});
