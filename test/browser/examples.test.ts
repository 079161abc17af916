// Each example as somebody runs it who has copied its folder: with its own two Workers, beside nothing else.

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Build, build } from '../../src/build/index.ts';
import { requestOf, type Servers, startServers } from '../../src/cli/servers.ts';
import { WranglerServer } from '../../src/wrangler/index.ts';
import { launchOptions, openWindow } from '../chromium.ts';
import { PredictionsServer } from '../predictions-server.ts';
import { dryRun, dryStart, type Upload } from './dry-run.ts';
import { MiniflareServer } from './miniflare-server.ts';
import { expectTruth, type Tab, until, Visitor } from './stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
});
afterAll(() => browser?.close());

/** A running example, as a visitor sees it. */
interface Copy {
  readonly tab: Tab;
  readonly servers: Servers;
  readonly provider: PredictionsServer;
}

/** Each folder, and what shows that it works. */
const examples: Record<string, (copy: Copy) => Promise<void>> = {
  hello: async ({ tab }) => {
    await tab.click('Start CPU Task');
    await tab.sees('Result: Calculating...');
    await tab.click('Clicked 0 times');
    await tab.sees('Clicked 1 time');
    await tab.sees(/^Result: \d+$/);
  },
  progress: barOf,
  global_worker: barOf,
  script_executor: scriptExecutor,
  ai_interface: aiInterface,
};

/** Output line by line, kills in the middle, another visitor, and a script that computes for ever. */
async function scriptExecutor({ tab, servers }: Copy): Promise<void> {
  const log = (of: Tab) => of.page.getByRole('log').innerText();
  const context = await openWindow(browser);
  const other = await new Visitor(context, servers.url).open('/');
  await tab.click('Run slow');
  await tab.sees('This takes five seconds.');
  await tab.sees('Running...');
  await tab.settled();
  await Promise.all([servers.app.kill(), servers.compute.kill()]);
  await tab.page.getByRole('dialog').getByText('Done.').nth(1).waitFor();
  expect(await log(tab)).toBe('This takes five seconds.\nDone.');
  await other.page.getByRole('textbox').fill('a "b" <i>');
  await other.page.getByRole('textbox').press('Enter');
  await other.sees('Hello a "b" <i>!');

  await tab.page.getByText('Change the script').click();
  await tab.page.getByRole('textbox', { name: 'Script' }).click();
  await tab.page.keyboard.press('ControlOrMeta+a');
  await tab.page.keyboard.insertText('export default function main() { for (;;); }');
  await tab.click('Run again');
  await tab.sees('Running...');
  await other.click('Run again');
  await tab.sees(/^It was ended: two servers ended while it ran/);
  // The platform would have ended the isolate alone. Here the script of the other visitor ran again.
  await other.page.getByRole('dialog').getByText('Done.', { exact: true }).waitFor();
  expect(await log(other)).toBe('Hello a "b" <i>!');
  await other.page.keyboard.press('Escape');
  await tab.page.keyboard.press('Escape');
  await expectTruth(other);
  expect(other.troubles).toEqual([]);
  await context.close();
}

/** A provider over HTTP that is busy and slow, a kill in the middle, an error, and another visitor. */
async function aiInterface({ tab, servers, provider }: Copy): Promise<void> {
  await tab.page.getByRole('textbox', { name: 'Prompt' }).fill('a fox, busy and held');
  await tab.page.getByRole('textbox', { name: 'Prompt' }).press('Enter');
  await tab.sees('Painting...');
  await until('the provider paints', () => provider.refused === 2 && provider.predictions.length === 1);
  await tab.settled();
  await servers.app.kill();
  provider.release();
  const picture = tab.page.getByRole('img', { name: 'a fox, busy and held' });
  await until('the picture is shown', () =>
    picture.evaluate((image) => (image as HTMLImageElement).naturalWidth === 1).catch(() => false),
  );
  await tab.isGone('Painting...');
  expect(provider.predictions).toHaveLength(1);
  await tab.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF____WAVE') });
  await tab.sees(`heard data:audio/wav;base64,${btoa('RIFF____WAVE')}`);
  await tab.page.getByRole('textbox', { name: 'Prompt' }).fill('fail');
  await tab.click('Generate');
  await tab.sees('The provider says: the prompt is not allowed.');
  await tab.isGone('Painting...');

  const context = await openWindow(browser);
  const other = await new Visitor(context, servers.url).open('/');
  expect((await other.words()).join()).not.toMatch(/heard|not allowed/);
  expect(await other.page.getByRole('img').count()).toBe(0);
  const address = await picture.evaluate((image) => (image as HTMLImageElement).src);
  expect((await other.page.request.get(address)).status()).toBe(404);
  expect((await tab.page.request.get(address)).status()).toBe(200);
  expect(other.troubles).toEqual([]);
  await context.close();
}

async function barOf({ tab }: Copy): Promise<void> {
  await tab.click('Compute');
  const bar = tab.page.getByRole('progressbar');
  await until('the bar moves', async () => Number(await bar.getAttribute('value')) > 0);
  await tab.click('Cancel');
  await bar.waitFor({ state: 'hidden' });
}

for (const [example, works] of Object.entries(examples)) {
  test(`a copy of the folder ${example} runs on its own, by a Worker of at most 200 kB`, async () => {
    const id = `copy-${randomUUID().slice(0, 8)}`;
    // As deep in the repository as `examples/NAME` is.
    const folder = path.join(root, '.wrangler', id);
    const persist = path.join(folder, 'state');
    await cp(path.join(root, 'examples', example), folder, {
      recursive: true,
      filter: (file) => path.basename(file) !== '.wrangler',
    });
    const provider = new PredictionsServer();
    const compute = path.join(folder, 'wrangler.compute.toml');
    try {
      const app = path.join(folder, 'wrangler.toml');
      const built = await build(requestOf({ app, ...(existsSync(compute) && { compute }) }));
      await expectDeployable(built);
      // Where a script computes without end, `npm start` ends the server of its task.
      const supervise = example === 'script_executor';
      const vars = { PREDICTIONS_URL: await provider.listen(), PREDICTIONS_KEY: provider.key };
      await using servers = await startServers(
        { built, persist, supervise, vars },
        supervise ? WranglerServer : MiniflareServer,
      );
      const context = await openWindow(browser);
      const tab = await new Visitor(context, servers.url).open('/');
      await works({ tab, servers, provider });
      await expectTruth(tab);
      expect(tab.troubles).toEqual([]);
      await context.close();
    } finally {
      provider.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

test.each(['ffmpeg_extract_images', 'opencv_webcam', 'board', 'csv', 'chat', 'order'])(
  'a copy of the folder %s builds on its own, and is deployed as a page without WebAssembly of at most 200 kB',
  async (example) => {
    const folder = path.join(root, '.wrangler', `copy-${randomUUID().slice(0, 8)}`);
    await cp(path.join(root, 'examples', example), folder, {
      recursive: true,
      filter: (file) => path.basename(file) !== '.wrangler',
    });
    try {
      const built = await build({ folder });
      await expectDeployable(built);
      const filesOf = async ({ config }: { readonly config: string }) =>
        readdir(path.dirname(config), { recursive: true });
      expect((await filesOf(built.app)).filter((file) => file.endsWith('.wasm'))).toEqual([]);
      const decodes = ['ffmpeg_extract_images', 'opencv_webcam'].includes(example);
      if (decodes) expect(built.computes).toHaveLength(1);
      for (const compute of built.computes) {
        expect((await filesOf(compute)).some((file) => file.endsWith('.wasm'))).toBe(decodes);
      }
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);

/** `wrangler deploy --dry-run` takes each of its Workers. The application has at most 200 kB, and starts within 400 ms of a processor. */
async function expectDeployable({ app, computes }: Build): Promise<void> {
  const code = await readFile(path.join(path.dirname(app.config), 'index.js'));
  expect(gzipSync(code).length).toBeLessThan(200_000);
  const application = await dryStart(app.config, 400);
  const uploads: Upload[] = [application];
  for (const { config } of computes) uploads.push(await dryRun(config));
  for (const { said } of uploads) expect(said).toContain('--dry-run: exiting now');
  expect(application.size).toBeGreaterThan(10);
  expect(application.size).toBeLessThan(200_000 / 1_024);
  expect(application.startUp).toBeLessThan(400);
}

test('what an example says of its folder is what is in it', async () => {
  const copied = ['progress', 'global_worker', 'script_executor', 'ai_interface'];
  for (const example of [...copied, 'ffmpeg_extract_images', 'opencv_webcam']) {
    const folder = path.join(root, 'examples', example);
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/^\| `([\w.-]+)` /gm)].map(([, file]) => file).sort();
    expect(named).toEqual(
      (await readdir(folder)).filter((file) => file !== 'README.md' && !file.startsWith('.')).sort(),
    );
    const { dependencies } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const isInstalled = (from: string) =>
      [...Object.keys(dependencies), 'vite'].some((name) => from === name || from.startsWith(`${name}/`));
    for (const file of named) {
      const text = await readFile(path.join(folder, String(file)), 'utf8');
      for (const [, from] of text.matchAll(/from '([^']+)'/g)) {
        // `libav` is an alias of a folder of a package.
        if (!isInstalled(String(from)))
          expect(from, `${example}/${file}`).toMatch(/^(\.\/[\w.-]+(\?raw)?|node:\w+|cloudflare:workers|libav\/.*)$/);
      }
    }
  }
});
