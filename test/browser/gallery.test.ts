// The gallery as a whole: what its first page invites to, and what holds for each of its pages.

import { describe, expect, test } from 'vitest';
import { expectTruth, stage, type Tab, until } from './stage.ts';

const world = stage();
const { visitor, visit } = world;

const bar = (tab: Tab) => tab.page.getByRole('progressbar');
const percent = async (tab: Tab) => Number(await bar(tab).getAttribute('value'));

describe('EX the gallery', () => {
  test('its first page lets one try both promises', async () => {
    const tab = await visit('/');
    await tab.mark();
    await tab.sees('npm run kill');
    await tab.click('Compute');
    await until('it computes', async () => (await percent(tab)) > 0);
    await tab.click('Clicked 0 times');
    await tab.sees('Clicked 1 times');
    // Answered while it computes: the second did not have to wait for the first.
    const before = await percent(tab);
    expect(before).toBeLessThan(100);
    await tab.settled();
    for (const server of ['app', 'compute'] as const) await world.servers[server].kill();
    await tab.click('Clicked 1 times');
    await tab.sees('Clicked 2 times');
    await until('the bar goes on', async () => (await percent(tab)) > before);
    await tab.reload();
    await tab.sees('Clicked 2 times');
    expect(await percent(tab)).toBeGreaterThanOrEqual(before);
    await tab.click('Cancel');
    await tab.page.locator('button:disabled', { hasText: 'Cancel' }).waitFor();
    await expectTruth(tab);
  });

  test('[WS8] each page has one heading above all others, a name for whatever can be used, and fits a telephone', async () => {
    const reader = await visitor({ viewport: { width: 360, height: 640 } });
    const tab = await reader.open('/');
    const paths = await tab.page
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(paths.length).toBeGreaterThan(8);
    for (const path of ['/', ...paths, '/no-such-page']) {
      // A text without a document of its own.
      if (path === '/_edgewise/awake' || path === null) continue;
      await tab.page.goto(reader.url(path));
      expect(await tab.page.getByRole('heading', { level: 1 }).count(), path).toBe(1);
      const outline = await tab.page.locator('body').ariaSnapshot();
      const nameless = outline.match(/^ *- (button|link|textbox|checkbox|combobox|progressbar|log|region)\b(?! ")/gm);
      expect(nameless, `${path}\n${outline}`).toBeNull();
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth), path).toBe(360);
    }
  });

  for (const [path, end] of [
    ['/progress', 'Done!'],
    ['/global_worker', /^Done! /],
  ] as const) {
    test(`nothing on ${path} moves when the bar comes, grows and goes`, async () => {
      const reader = await visitor({ viewport: { width: 360, height: 640 } });
      const tab = await reader.tab();
      await tab.page.addInitScript(() => {
        const moved: string[] = [];
        Object.assign(window, { moved });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { sources: { node: Node | null }[] })[]) {
            // The number beside the bar is a text that grows to the left.
            for (const { node } of entry.sources) if (node instanceof Element) moved.push(node.outerHTML.slice(0, 200));
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await tab.load(path);
      await tab.click('Compute');
      await bar(tab).waitFor();
      await tab.sees(end, 90_000);
      await tab.page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
      await tab.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await tab.page.evaluate(() => (window as unknown as { moved: string[] }).moved)).toEqual([]);
    });
  }
});
