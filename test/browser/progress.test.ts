// The example `progress`, and others that compute, as their reader meets them: real servers, some of which die on the way.

import { describe, expect, test } from 'vitest';
import { expectTruth, restful, stage, type Tab, until } from './stage.ts';

const world = stage(restful);
const { visitor, visit } = world;

const bar = (tab: Tab) => tab.page.getByRole('progressbar');

/** How full the bar is, in percent; 0 while it has not said, undefined when there is none. */
async function percent(tab: Tab): Promise<number | undefined> {
  if (!(await bar(tab).isVisible())) return undefined;
  return Number(
    (await bar(tab)
      .getAttribute('value', { timeout: 1_000 })
      .catch(() => null)) ?? 0,
  );
}

async function isUnderWay(tab: Tab, above = 0): Promise<number> {
  return until(`the bar is above ${above} %`, async () => {
    const now = (await percent(tab)) ?? 0;
    return now > above ? now : 0;
  });
}

/** Notes every value that the bar shows from now on. */
async function follow(tab: Tab): Promise<() => Promise<number[]>> {
  await tab.page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { seen });
    const look = (): void => {
      const value = document.querySelector('progress')?.getAttribute('value');
      if (value && Number(value) !== seen.at(-1)) seen.push(Number(value));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  });
  return () => tab.page.evaluate(() => (window as unknown as { seen: number[] }).seen);
}

/** A computation takes some seconds, and longer on a busy machine. */
const patience = { timeout: 90_000 };

async function ends(tab: Tab): Promise<void> {
  await tab.front();
  await tab.page.getByText('Done!', { exact: true }).first().waitFor(patience);
  await bar(tab).waitFor({ state: 'hidden' });
  await tab.page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
}

describe('EX progress', () => {
  test('the bar runs with its value to 100 %, then "Done!", and the bar is gone', async () => {
    const tab = await visit('/progress');
    expect(await bar(tab).isVisible()).toBe(false);
    const values = await follow(tab);
    await tab.click('Compute');
    await isUnderWay(tab);
    await ends(tab);
    const seen = await values();
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
    await expectTruth(tab);
  });

  test('a second click while it runs is ignored, and Cancel ends it without a "Done!"', async () => {
    const tab = await visit('/progress');
    await tab.click('Compute');
    const before = await isUnderWay(tab);
    await tab.click('Compute');
    await tab.settled();
    expect(await isUnderWay(tab)).toBeGreaterThanOrEqual(before);
    const jobs = await tab.visitor.open('/_edgewise/jobs');
    await jobs.sees('running');
    expect(await jobs.page.getByText('running', { exact: true }).count()).toBe(1);
    await tab.click('Cancel');
    await bar(tab).waitFor({ state: 'hidden' });
    await jobs.sees('cancelled');
    expect(await jobs.page.getByText('running', { exact: true }).count()).toBe(0);
    expect(await tab.page.getByText('Done!', { exact: true }).count()).toBe(0);
    await expectTruth(tab);
    await expectTruth(jobs);
  });

  test('it is private to its page: neither another tab nor another visitor sees the bar', async () => {
    const reader = await visitor();
    const one = await reader.open('/progress');
    const two = await reader.open('/progress');
    const stranger = await visit('/progress');
    await one.click('Compute');
    await isUnderWay(one);
    for (const other of [two, stranger]) {
      await expectTruth(other);
      expect(await percent(other)).toBeUndefined();
    }
    await two.click('Compute');
    await isUnderWay(two);
    await two.click('Cancel');
    await bar(two).waitFor({ state: 'hidden' });
    await isUnderWay(one);
    await one.click('Cancel');
    await bar(one).waitFor({ state: 'hidden' });
  });

  test('it still runs after a reload, which finds the bar where it is, and it ends as if nothing had been', async () => {
    const tab = await visit('/progress');
    await tab.click('Compute');
    const before = await isUnderWay(tab, 5);
    await tab.reload();
    expect(await isUnderWay(tab)).toBeGreaterThanOrEqual(before);
    await ends(tab);
    await expectTruth(tab);
  });

  for (const server of ['app', 'compute'] as const) {
    test(`a SIGKILL of the ${server} in the middle is survived: the bar goes on to its end, then "Done!", once`, async () => {
      const tab = await visit('/progress');
      await tab.mark();
      await tab.click('Compute');
      const values = await follow(tab);
      const before = await isUnderWay(tab, 20);
      await tab.settled();
      const frames = tab.frames.length;
      await world.servers[server].kill();
      if (server === 'app') await tab.connected(frames);
      await world.servers[server].ready();
      await ends(tab);
      // Not from the start again: the task hands its state on to the next attempt.
      const seen = await values();
      expect(Math.min(...seen.slice(seen.indexOf(before)))).toBeGreaterThan(before / 2);
      expect(seen.at(-1)).toBe(100);
      expect(tab.frames.filter(({ way, text }) => way === 'down' && text.includes('"Done!"'))).toHaveLength(1);
      expect(await tab.marked()).toBe(true);
      await expectTruth(tab);
    });
  }

  test('who left in the middle finds "Done!" on return, also when a server died meanwhile', async () => {
    const reader = await visitor();
    const tab = await reader.open('/progress');
    await tab.click('Compute');
    await isUnderWay(tab);
    await tab.settled();
    await tab.page.goto('about:blank');
    await world.servers.app.kill();
    await world.servers.app.ready();
    await tab.page.goBack();
    await ends(tab);
    await expectTruth(tab);
  });
});

describe('EX the gallery', () => {
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
      await tab.sees(end, patience.timeout);
      await tab.page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
      await tab.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await tab.page.evaluate(() => (window as unknown as { moved: string[] }).moved)).toEqual([]);
    });
  }
});

describe('JP page of jobs', () => {
  test('the page of jobs follows the jobs of the session live, cancels them and starts them again', async () => {
    const reader = await visitor({ viewport: { width: 360, height: 640 } });
    const jobs = await reader.open('/_edgewise/jobs');
    await jobs.sees('No jobs yet.');
    const tab = await reader.open('/progress');
    await tab.click('Compute');
    await jobs.sees('running');
    await until('the list shows how far it is', async () => Number(await bar(jobs).getAttribute('value')) > 0);
    const name = jobs.page.getByRole('button', { name: 'computation · heavyComputation', exact: true });
    await name.press('Enter');
    await jobs.sees(/^Job \S+ · asked for /);
    expect(await name.getAttribute('aria-expanded')).toBe('true');
    // Nothing sticks out of a telephone.
    expect(await jobs.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await jobs.click('Cancel computation · heavyComputation');
    await jobs.sees('Cancelled in the list of jobs.');
    await bar(tab).waitFor({ state: 'hidden' });
    await jobs.click('Cancelled 1');
    await jobs.click('All 1');
    await until('it runs again', async () => {
      // At once it would pass for the other half of a double click.
      await jobs.click('Retry computation · heavyComputation');
      return jobs.page.getByText('running', { exact: true }).isVisible();
    });
    await jobs.click('Cancel computation · heavyComputation');
    await until(
      'both are cancelled',
      async () => (await jobs.page.getByText('cancelled', { exact: true }).count()) === 2,
    );
    await expectTruth(jobs);
  });
});

describe('the tutorial', () => {
  for (const server of ['app', 'compute'] as const) {
    test(`[NF4] after a SIGKILL of the ${server} in the middle of "Calculating..." the result appears without a touch`, async () => {
      const tab = await visit('/tutorial/cpu');
      await tab.mark();
      await tab.click('Start CPU Task');
      await tab.page.getByText('Result: Calculating...', { exact: true }).waitFor();
      await tab.settled();
      await world.servers[server].kill();
      await tab.page.getByText(/^Result: \d+$/).waitFor({ timeout: 90_000 });
      await world.servers[server].ready();
      expect(await tab.marked()).toBe(true);
      await tab.settled();
      await expectTruth(tab);
    });
  }
});
