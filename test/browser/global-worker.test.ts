// The example `global_worker`: one job, several visitors, and servers that die.

import { beforeEach, describe, expect, test } from 'vitest';
import { expectTruth, restful, stage, type Tab, until } from './stage.ts';

const world = stage(restful);
const { visitor, visit } = world;

/** A computation takes some seconds, and longer on a busy machine. */
const patience = { timeout: 120_000 };
const path = '/global_worker';

const bar = (tab: Tab) => tab.page.getByRole('progressbar');

/** How full the bar is, in percent; 0 while it has not said or is not there. */
async function percent(tab: Tab): Promise<number> {
  if (!(await bar(tab).isVisible())) return 0;
  return Number(
    (await bar(tab)
      .getAttribute('value', { timeout: 1_000 })
      .catch(() => null)) ?? 0,
  );
}

async function isAbove(tab: Tab, value: number): Promise<number> {
  return until(`the bar is above ${value} %`, async () => {
    const now = await percent(tab);
    return now > value ? now : 0;
  });
}

/** Starts it, and waits until these tabs show the new run: a full bar of the last one may be there still. */
async function start(by: Tab, ...others: Tab[]): Promise<void> {
  await by.click('Compute');
  for (const tab of [by, ...others]) await tab.sees('Computing...');
}

async function ends(tab: Tab): Promise<void> {
  await tab.front();
  await tab.page.getByText(/^Done! [\d,]+$/).waitFor(patience);
}

// There is one job for all tests as well.
beforeEach(async () => {
  const tab = await visit(path);
  if (await tab.page.getByText('Computing...', { exact: true }).isVisible()) {
    await tab.click('Cancel');
    await tab.sees('Cancelled.');
  }
});

describe('EX global worker', () => {
  test('any visitor starts it, every open browser sees the same bar, and it ends for all of them', async () => {
    const one = await visit(path);
    const two = await visit(path);
    await start(one, two);
    await isAbove(one, 0);
    await isAbove(two, await percent(one));
    await isAbove(one, await percent(two));
    for (const tab of [one, two]) {
      await ends(tab);
      expect(await percent(tab)).toBe(100);
      await expectTruth(tab);
    }
  });

  test('the first HTML of who comes late has the value already, with JavaScript off', async () => {
    const one = await visit(path);
    await start(one);
    const before = await isAbove(one, 3);
    const reader = await visitor({ javaScriptEnabled: false });
    const late = await reader.tab();
    await late.page.goto(reader.url(path));
    expect(await percent(late)).toBeGreaterThanOrEqual(before);
    expect(await late.words()).toContain('Computing...');
    const third = await visit(path);
    expect(await percent(third)).toBeGreaterThanOrEqual(before);
  });

  test('a start while it runs joins it, the bar stays, and any visitor cancels it for all', async () => {
    const one = await visit(path);
    const two = await visit(path);
    await start(one, two);
    const before = await isAbove(two, 3);
    await one.page.evaluate(() => {
      const gone: string[] = [];
      Object.assign(window, { gone });
      new MutationObserver(() => {
        const shown = document.querySelector('progress');
        if (!shown?.checkVisibility()) gone.push('gone');
        else if (!shown.hasAttribute('value')) gone.push('without a value');
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await two.click('Compute');
    await two.settled();
    await one.click('Compute');
    await one.settled();
    expect(await isAbove(one, before)).toBeGreaterThan(before);
    expect(await one.page.evaluate(() => (window as unknown as { gone: string[] }).gone)).toEqual([]);
    await two.click('Cancel');
    for (const tab of [one, two]) {
      await tab.sees('Cancelled.');
      await bar(tab).waitFor({ state: 'hidden' });
      await expectTruth(tab);
    }
    await start(two, one);
    await isAbove(one, 0);
  });

  test('it goes on when the visitor who started it has left', async () => {
    const one = await visit(path);
    const two = await visit(path);
    await start(one, two);
    await isAbove(two, 0);
    await one.visitor.context.close();
    await ends(two);
  });

  for (const server of ['app', 'compute'] as const) {
    test(`a SIGKILL of the ${server} in the middle: it goes on where it was, for everybody`, async () => {
      const one = await visit(path);
      const two = await visit(path);
      await start(one, two);
      const before = await isAbove(two, 20);
      await one.settled();
      for (const tab of [one, two]) {
        await tab.page.evaluate(() => {
          const seen: number[] = [];
          Object.assign(window, { seen });
          const look = () => seen.push(Number(document.querySelector('progress')?.getAttribute('value') ?? Number.NaN));
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
        });
      }
      const frames = [one, two].map((tab) => tab.frames.length);
      await world.servers[server].kill();
      if (server === 'app') await Promise.all([one, two].map((tab, index) => tab.connected(frames[index])));
      await world.servers[server].ready();
      for (const tab of [one, two]) {
        await ends(tab);
        // Not from the start again: the task hands its state on to the next attempt.
        const seen = await tab.page.evaluate(() => (window as unknown as { seen: number[] }).seen);
        expect(Math.min(...seen.filter((value) => !Number.isNaN(value)))).toBeGreaterThan(before / 2);
        expect(await percent(tab)).toBe(100);
        await expectTruth(tab);
      }
    });
  }
});
