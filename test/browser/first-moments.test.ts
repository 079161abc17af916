// The first moments of a page: it is taken over and connected, and what keeps it over time has not come yet.

import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectTruth, stage, type Tab, until } from './stage.ts';

const world = stage({
  app: 'test/browser/app/wrangler.toml',
  compute: 'test/browser/app/wrangler.compute.toml',
  wrangler: true,
});
const { visitor } = world;

/** Holds the chunk with what keeps a page over time, each time that a document asks for it. */
async function holdChunk({ page }: Tab) {
  const waiting: Route[] = [];
  let asked = 0;
  let held = true;
  await page.route(/\/lifecycle-\w+\.js/, async (route) => {
    asked++;
    if (held) waiting.push(route);
    else await route.continue();
  });
  return {
    isAsked: (times = 1) => until('the chunk is asked for', () => asked >= times),
    async open(answer: (route: Route) => Promise<void> = (route) => route.continue()) {
      held = false;
      // The request of a document that has gone has no answer.
      for (const route of waiting.splice(0)) await answer(route).catch(() => {});
    },
  };
}

/** A new visitor's tab at the moment. */
async function firstMoment(path = '/counter') {
  const tab = await (await visitor()).tab();
  const chunk = await holdChunk(tab);
  await tab.load(path);
  await chunk.isAsked();
  await tab.mark();
  return { tab, chunk };
}

test('[EO1] clicks count once, before the chunk is there and after', async () => {
  const { tab, chunk } = await firstMoment();
  await tab.click('Add');
  await tab.sees('Count: 1');
  await tab.settled();
  await chunk.open();
  await tab.click('Add');
  await tab.sees('Count: 2');
  expect(tab.sockets).toBe(1);
  await expectTruth(tab);
  // The tab needs it sooner when it returns.
  await tab.reload();
  expect(await tab.page.locator('link[rel=modulepreload][href*=lifecycle]').count()).toBe(1);
});

test('[EO1] clicks before any script of ours has run count once, on whatever hears them', async () => {
  const tab = await (await visitor()).tab();
  const { page } = tab;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  const failures: Error[] = [];
  page.on('pageerror', (error) => failures.push(error));
  await page.goto(tab.visitor.url('/early'), { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('A card').click();
  // A control answers by itself, and its value is taken over.
  await page.getByText('Box').click();
  await page.getByLabel('Text').press('Enter');
  await page.getByRole('button', { name: 'Send' }).click();
  // The browser opens the menu of a button only, not that of a row.
  await page.getByRole('button', { name: 'In a row' }).click();
  // Another script may send a click to what is no element.
  await page.evaluate(() => document.dispatchEvent(new MouseEvent('click')));
  release();
  await tab.sees('Said: box true, sent, card, form, sent, row');
  await page.getByRole('menuitem', { name: 'Of the row' }).press('Escape');
  await page.getByRole('button', { name: 'Send' }).click();
  await tab.sees('Said: box true, sent, card, form, sent, row, sent');
  expect(failures).toEqual([]);
  await expectTruth(tab);
});

test('[NF3] a reload returns to the page, with what was clicked and typed', async () => {
  const { tab, chunk } = await firstMoment();
  const page = await tab.pageId();
  await tab.click('Add');
  await tab.page.getByLabel('Name').fill('typed in the last moment');
  const reloaded = tab.reload();
  await chunk.isAsked(2);
  await chunk.open();
  await reloaded;
  await tab.sees('Count: 1');
  expect(await tab.pageId()).toBe(page);
  expect(await tab.page.getByLabel('Name').inputValue()).toBe('typed in the last moment');
  await expectTruth(tab);
});

test('[NF1] a server that dies before the chunk is there: the page comes back by itself, and its clicks count once', async () => {
  const { tab, chunk } = await firstMoment();
  await tab.click('Add');
  await tab.settled();
  await world.servers.app.down();
  await tab.click('Add');
  await tab.click('Add');
  const failed = tab.page.waitForEvent('requestfailed', (request) => request.url().includes('/lifecycle-'));
  await chunk.open();
  await failed;
  await tab.page.locator('html.edgewise-offline').waitFor();
  await world.servers.app.restart();
  await tab.sees('Count: 3');
  await until('the page is not offline', () => tab.page.locator('html:not(.edgewise-offline)').count());
  expect(await tab.marked()).toBe(true);
  await expectTruth(tab);
});

test('[EO1] a link waits for the chunk, and the clicks before it count', async () => {
  const { tab, chunk } = await firstMoment();
  await tab.click('Add');
  await tab.page.getByRole('link', { name: 'Away' }).click();
  await tab.sees('Count: 1');
  await chunk.open();
  await tab.page.waitForURL('**/elements');
  expect(await tab.marked()).toBe(true);
  await tab.page.goBack();
  await tab.sees('Count: 1');
  expect(await tab.marked()).toBe(true);
});

test('what replaces the entry of the history still replaces it after the wait', async () => {
  const { tab, chunk } = await firstMoment();
  const entries = await tab.page.evaluate(() => history.length);
  // As `ui.navigate.replace` does.
  await tab.page.evaluate(() => location.replace('/elements'));
  await chunk.open();
  await tab.page.waitForURL('**/elements');
  expect(await tab.page.evaluate(() => history.length)).toBe(entries);
});

test('a chunk that does not load: the page says so, in a line that assistive technology has known before', async () => {
  const { tab, chunk } = await firstMoment();
  const line = tab.page.locator('#edgewise-status');
  expect(await tab.page.getByRole('status').and(line).count()).toBe(1);
  const refuse = (route: Route) => route.abort();
  await tab.page.route(/\/lifecycle-\w+\.js/, refuse);
  await chunk.open(refuse);
  await line.waitFor();
  await tab.page.unroute(/\/lifecycle-\w+\.js/, refuse);
  await line.waitFor({ state: 'hidden' });
  expect(await tab.page.locator('html.edgewise-offline').count()).toBe(0);
});

test('a chunk of a build that is gone: the document loads again, and the clicks count once', async () => {
  const { tab, chunk } = await firstMoment();
  await tab.click('Add');
  await tab.sees('Count: 1');
  const before = tab.frames.length;
  // As a server of another build answers.
  await tab.page.route(/\/(core|client)-\w+\.js/, (route) =>
    route.request().method() === 'HEAD' ? route.fulfill({ status: 404 }) : route.continue(),
  );
  const loaded = tab.page.waitForEvent('load');
  await chunk.open((route) => route.fulfill({ status: 404 }));
  await loaded;
  await tab.connected(before);
  expect(await tab.marked()).toBe(false);
  await tab.sees('Count: 1');
  await expectTruth(tab);
});

test('[NF3] back, right after a reload, shows the page of that entry', async () => {
  const tab = await (await visitor()).open('/counter');
  await tab.click('Add');
  await tab.sees('Count: 1');
  await tab.page.getByRole('link', { name: 'Away' }).click();
  await tab.page.waitForURL('**/elements');
  await tab.reload();
  const chunk = await holdChunk(tab);
  // The browser loads no document for an entry from before a reload. By then the script has run, and waits for the chunk.
  await tab.page.reload({ waitUntil: 'domcontentloaded' });
  await chunk.isAsked();
  const back = tab.page.evaluate(() => history.back());
  await chunk.isAsked(2);
  await chunk.open();
  await back.catch(() => {});
  await tab.page.waitForURL('**/counter');
  await tab.sees('Count: 1');
  await tab.click('Add');
  await tab.sees('Count: 2');
});
