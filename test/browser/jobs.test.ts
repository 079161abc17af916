// Jobs across processes: app and two compute Workers, each a process of its own, and each of them killed in the middle.

import { afterAll, describe, expect, test } from 'vitest';
import { Outside } from './outside.ts';
import { expectTruth, stage, type Tab } from './stage.ts';

const lanes = ['service', 'queue', 'media'] as const;

let outside: Outside;
const world = stage(async () => {
  outside = await new Outside().start();
  return {
    app: 'test/browser/app/jobs/wrangler.toml',
    compute: ['test/browser/app/jobs/wrangler.compute.toml', 'test/browser/app/jobs/wrangler.media.toml'],
    vars: { OUTSIDE: outside.url },
  };
});
const { visit, visitor } = world;
afterAll(() => outside[Symbol.asyncDispose]());

/** The lines of a lane that the page shows. */
async function lines(tab: Tab, lane: string): Promise<string[]> {
  return (await tab.words()).filter((line) => new RegExp(`^${lane} \\d+$`).test(line));
}

function all(lane: string, steps: number): string[] {
  return Array.from({ length: steps }, (_, step) => `${lane} ${step}`);
}

/** The handler has come to its end, once. */
async function ended(lane: string): Promise<void> {
  await expect.poll(() => outside.waiting(lane), { timeout: 60_000 }).toBe(1);
  await outside.open(lane);
}

describe('QU across processes', () => {
  test('in each lane, on each compute Worker, progress and lines arrive one by one and the result once', async () => {
    const tab = await visit('/jobs?steps=20');
    for (const lane of lanes) await tab.click(`Start ${lane}`);
    for (const lane of lanes) {
      await tab.sees(`${lane} 3`);
      await tab.sees(`${lane}: ${lane} of 20`);
      expect(await lines(tab, lane)).toEqual(all(lane, 20));
      await ended(lane);
    }
    expect(
      await tab.page.locator('progress').evaluateAll((bars) => bars.map((bar) => (bar as HTMLProgressElement).value)),
    ).toEqual([100, 100, 100]);
    await expectTruth(tab);
  });

  test('[JE7] a cancel reaches the task in both lanes', async () => {
    const tab = await visit('/jobs?steps=600');
    for (const lane of ['service', 'queue'] as const) {
      await tab.click(`Start ${lane}`);
      await tab.sees(`${lane} 3`);
      await tab.click(`Stop ${lane}`);
      await tab.sees(`${lane}: Task "slow" was cancelled: it was asked to.`);
      await ended(lane);
    }
    await expectTruth(tab);
  });

  test('[LW3] compute is killed in the middle: another attempt, one outcome, every line once', async () => {
    const tab = await visit('/jobs?steps=30');
    for (const lane of ['service', 'queue'] as const) await tab.click(`Start ${lane}`);
    for (const lane of ['service', 'queue'] as const) await tab.sees(`${lane} 5`);
    await world.servers.compute.kill();
    for (const lane of ['service', 'queue'] as const) {
      await expect.poll(() => tab.words(), { timeout: 60_000 }).toContain(`${lane}: ${lane} of 30`);
      expect(await lines(tab, lane)).toEqual(all(lane, 30));
      await ended(lane);
    }
    await expectTruth(tab);
  });

  test('[JE11] the app is killed in the middle, and nobody is there: the jobs end, their handlers too, and a visitor finds all of it', async () => {
    const reader = await visitor();
    const tab = await reader.open('/jobs?steps=30');
    for (const lane of ['service', 'queue'] as const) await tab.click(`Start ${lane}`);
    for (const lane of ['service', 'queue'] as const) await tab.sees(`${lane} 5`);
    await tab.settled();
    await tab.page.goto('about:blank');
    await world.servers.app.kill();
    for (const lane of ['service', 'queue'] as const) await ended(lane);
    await tab.page.goBack();
    for (const lane of ['service', 'queue'] as const) {
      await tab.sees(`${lane}: ${lane} of 30`);
      expect(await lines(tab, lane)).toEqual(all(lane, 30));
    }
    await expectTruth(tab);
  });
});
