// The gallery as a whole: what its first page invites to, and what holds for each of its pages.

import { readFile } from 'node:fs/promises';
import axe, { type AxeResults } from 'axe-core';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { expectTruth, stage, type Tab, until } from './stage.ts';

const world = stage();
const { visitor, visit } = world;

const bar = (tab: Tab) => tab.page.getByRole('progressbar');
const percent = async (tab: Tab) => Number(await bar(tab).getAttribute('value'));

/**
 * Returns what axe finds wrong with a page: the rule, and where. What a library draws is not ours. The code beside the entries, which has
 * thousands of spans, is taken away; the entry about code has one, and so has the tutorial's first page.
 */
async function violations({ page }: Tab, colorsOnly: boolean): Promise<string[]> {
  const results = await page.evaluate(
    (rules) => {
      // Colours change slowly.
      for (const change of document.getAnimations()) if (change instanceof CSSTransition) change.finish();
      const run: (context: object, options: object) => Promise<unknown> = (globalThis as never as { axe: typeof axe })
        .axe.run;
      const beside = '.edgewise-grid > .edgewise-code, [role=tabpanel] .edgewise-code';
      if (location.pathname !== '/tutorial/blocking')
        for (const code of document.querySelectorAll(beside)) code.remove();
      return run({ exclude: ['.edgewise-library-box'] }, rules);
    },
    {
      resultTypes: ['violations'],
      ...(colorsOnly && { runOnly: ['color-contrast'] }),
    },
  );
  return (results as unknown as AxeResults).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${target.join(' ')} (${any[0]?.message ?? ''})`),
  );
}

/** Returns the texts of buttons that nothing tells from a text. Runs in the page. */
function buttonsLikeText(): string[] {
  const isClear = (color: string) => /transparent|[,/] 0\)/.test(color);
  return [
    ...document.querySelectorAll<HTMLElement>(
      '.btn:not(.btn-circle, .btn-square, .btn-link, :disabled, .edgewise-bar *, [role=tab])',
    ),
  ]
    .filter((button) => {
      const { borderTopColor, backgroundColor } = getComputedStyle(button);
      return isClear(borderTopColor) && isClear(backgroundColor);
    })
    .map((button) => button.outerHTML.slice(0, 160));
}

describe('EX the gallery', () => {
  test('its first page lets one try both promises', async () => {
    const tab = await visit('/');
    await tab.mark();
    await tab.sees('npm run kill');
    await tab.click('Compute');
    await until('it computes', async () => (await percent(tab)) > 0);
    await tab.click('Clicked 0 times');
    await tab.sees('Clicked 1 time');
    // Answered while it computes: the second did not have to wait for the first.
    const before = await percent(tab);
    expect(before).toBeLessThan(100);
    // The next attempt continues at the last checkpoint, of which each percent has two.
    await until('a checkpoint beyond it is stored', async () => (await percent(tab)) > before + 1);
    await tab.settled();
    for (const server of ['app', 'compute'] as const) await world.servers[server].kill();
    await tab.click('Clicked 1 time');
    await tab.sees('Clicked 2 times');
    await until('the bar goes on', async () => (await percent(tab)) > before);
    await tab.reload();
    await tab.sees('Clicked 2 times');
    expect(await percent(tab)).toBeGreaterThanOrEqual(before);
    await tab.click('Cancel');
    await tab.page.locator('button:disabled', { hasText: 'Cancel' }).waitFor();
    await expectTruth(tab);
  });

  test('the button on its first page kills all servers: the same page, count and bar are there, and the code after its await has run', async () => {
    const tab = await visit('/');
    await tab.mark();
    await tab.click('Compute');
    await until('it computes', async () => (await percent(tab)) > 0);
    await tab.click('Clicked 0 times');
    await tab.sees('Clicked 1 time');
    const before = await percent(tab);
    const { app, compute } = world.servers;
    const killed = [app.workerd, compute.workerd];
    await tab.click('Kill the server');
    await tab.sees(/^Kill 1: compute \(process \d+\).*, app \(process \d+\) died\./);
    await Promise.all([app.ready(), compute.ready()]);
    expect([app.workerd, compute.workerd].filter((pid) => killed.includes(pid))).toEqual([]);
    await tab.click('Clicked 1 time');
    await tab.sees('Clicked 2 times');
    await until('the bar goes on', async () => (await percent(tab)) > before);
    expect(await tab.marked()).toBe(true);
    await tab.click('Cancel');
    await tab.page.locator('button:disabled', { hasText: 'Cancel' }).waitFor();
    await expectTruth(tab);
  });

  test('its search is opened and walked through by keys, a file beside an example is chosen by its tab, and the project is downloaded', async () => {
    const tab = await visit('/');
    const { page } = tab;
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find' }).waitFor();
    await page.keyboard.type('zebra');
    await tab.sees(/^Nothing has “zebra” in its name/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('slider');
    await page.getByRole('link', { name: 'Slider, range and knob' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await until('the first link has the focus', async () => (await focused()) === 'Slider, range and knob');
    await page.keyboard.press('ArrowUp');
    await until('the field has the focus again', async () => (await focused()) === '');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('board');
    await page.getByRole('link', { name: 'Board' }).waitFor();
    await page.keyboard.press('Enter');
    await tab.sees('Nothing to do. Add the first thing.');
    await tab.click('Menu');
    const menu = page.getByRole('complementary', { name: 'Navigation' });
    expect(await menu.getByRole('link', { name: 'Board' }).getAttribute('aria-current')).toBe('page');
    await tab.click('Menu');
    await menu.waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: 'access.ts' }).click();
    await page.locator('pre', { hasText: 'mockCookie' }).waitFor();
    await tab.click('Open as a project');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download board.zip' }).click();
    expect((await download).suggestedFilename()).toBe('board.zip');
    const bytes = await readFile(await (await download).path());
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(
      ['.gitignore', 'README.md', 'access.ts', 'app.ts', 'package.json', 'page.ts', 'vite.config.ts'].map(
        (file) => `board/${file}`,
      ),
    );
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expectTruth(tab);
  });

  test('[WS8] each page has one heading above all others, a name for whatever can be used, fits a telephone, breaks no rule of the policy, and axe finds nothing wrong in light and dark', async () => {
    const linksOf = async (path: string) => {
      // Another visitor, because a browser loads a page twice that its tab has left just before.
      const { page } = await visit(path);
      return page.getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    };
    const paths = new Set(['/', ...(await linksOf('/')), ...(await linksOf('/elements'))]);
    const reader = await visitor({ viewport: { width: 360, height: 640 } });
    const tab = await reader.tab();
    // A text without a document of its own.
    paths.delete('/_edgewise/awake');
    expect(paths.size).toBeGreaterThan(18);
    for (const path of [...paths, '/elements/pages/planets/mars', '/docs/events', '/no-such-page']) {
      await tab.page.goto(reader.url(path));
      expect(await tab.page.getByRole('heading', { level: 1 }).count(), path).toBe(1);
      expect(
        tab.console.filter((line) => /Content.Security.Policy|TrustedHTML|violates/i.test(line)),
        path,
      ).toEqual([]);
      const outline = await tab.page.locator('body').ariaSnapshot();
      const nameless = outline.match(/^ *- (button|link|textbox|checkbox|combobox|progressbar|log|region)\b(?! ")/gm);
      expect(nameless, `${path}\n${outline}`).toBeNull();
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth), path).toBe(360);
      expect.soft(await tab.page.evaluate(buttonsLikeText), path).toEqual([]);
      await tab.page.evaluate(axe.source);
      for (const scheme of ['light', 'dark'] as const) {
        await tab.page.emulateMedia({ colorScheme: scheme });
        expect.soft(await violations(tab, scheme === 'dark'), `${path} ${scheme}`).toEqual([]);
      }
    }
  });

  test('elements that a library draws work, return after a kill, and break no rule of the policy, which lets no text become markup', async () => {
    const tab = await visit('/elements/libraries');
    const { page } = tab;
    const editor = page.getByRole('textbox', { name: 'Program' });
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# first');
    await page.keyboard.press('Enter');
    await tab.sees('Lines: 7, characters: 98');
    await tab.click('Greet');
    await page.getByRole('group', { name: 'A terminal that echoes' }).click();
    await page.keyboard.type('ls');
    await until('it echoes', async () => (await page.locator('.xterm-rows').textContent())?.includes('ls') === true);
    await tab.click('Show all');
    // The map reports its zoom when it has stopped to move, and the markers with it.
    await until('the map shows all', () => tab.frames.some(({ way, text }) => way === 'up' && text.includes('"zoom"')));
    await page.getByRole('button', { name: 'London' }).click();
    await tab.sees('You chose london.');
    const chart = page.getByRole('figure', { name: 'Visits by day' }).locator('canvas');
    const { width, height } = (await chart.boundingBox()) ?? { width: 0, height: 0 };
    await chart.click({ position: { x: width * 0.2, y: height * 0.85 } });
    await tab.sees('Mon: 820');
    await page.getByRole('figure', { name: 'Requests and errors' }).locator('canvas').waitFor();
    const plot = page.locator('.js-plotly-plot');
    await plot.hover();
    const picture = page.waitForEvent('download');
    await plot.locator('[data-title^=Download]').click();
    expect((await picture).suggestedFilename()).toBe('plot-image.png');
    await tab.settled();
    const before = tab.frames.length;
    await world.servers.app.kill();
    await tab.connected(before);
    await tab.reload();
    await tab.sees('Lines: 7, characters: 98');
    await tab.sees('Mon: 820');
    await until('the terminal has its lines', async () =>
      /Hello from the server.*ls/s.test((await page.locator('.xterm-rows').textContent()) ?? ''),
    );
    const refused = () => {
      try {
        document.body.innerHTML = '<b>markup</b>';
        return false;
      } catch {
        return true;
      }
    };
    expect(tab.console.filter((line) => /policy|Trusted/i.test(line))).toEqual([]);
    expect(await page.evaluate(refused)).toBe(true);
  });

  test('a component of the client module sends its events, answers calls and breaks no rule of the policy', async () => {
    const tab = await visit('/elements/client');
    await tab.click('Ask');
    await tab.sees(/^\d+ × \d+$/);
    const pad = tab.page.getByRole('group', { name: 'Signature' }).locator('canvas');
    await pad.scrollIntoViewIfNeeded();
    const { x, y } = (await pad.boundingBox()) ?? { x: 0, y: 0 };
    for (const from of [20, 60]) {
      await tab.page.mouse.move(x + from, y + 20);
      await tab.page.mouse.down();
      await tab.page.mouse.move(x + from + 20, y + 60);
      await tab.page.mouse.up();
    }
    await tab.sees('Strokes: 2');
    await tab.click('Take');
    await tab.page.getByRole('img', { name: 'Your signature' }).waitFor();
    expect(tab.console.filter((line) => /policy|Trusted/i.test(line))).toEqual([]);
  });

  test('[NF14] what a tab has stored is there after another address was typed, and a new tab begins anew', async () => {
    const reader = await visitor();
    const tab = await reader.open('/elements/data');
    await tab.click('This tab: one more');
    await tab.sees('Clicks: 1');
    await tab.settled();
    await tab.load('/elements');
    await tab.load('/elements/data');
    await tab.sees('Clicks: 1');
    await tab.click('This tab: one more');
    await tab.sees('Clicks: 2');
    const other = await reader.open('/elements/data');
    await other.click('This tab: one more');
    await other.sees('Clicks: 1');
    await expectTruth(tab);
    await expectTruth(other);
  });

  test('[WS8] a drawer that is closed stays so in a window that becomes wide; one that the window has closed comes back', async () => {
    const reader = await visitor({ viewport: { width: 1280, height: 800 } });
    const tab = await reader.open('/elements/shell');
    const menu = tab.page.getByRole('complementary', { name: 'Navigation' });
    const resize = async (width: number) => {
      await tab.page.setViewportSize({ width, height: 800 });
      await tab.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await tab.settled();
    };
    await resize(600);
    await resize(1280);
    expect(await menu.isVisible()).toBe(false);
    await tab.click('Menu');
    await menu.waitFor();
    await resize(600);
    await menu.waitFor({ state: 'hidden' });
    await resize(1280);
    await menu.waitFor();
    // Also when the window changes after a reload, or between two documents.
    await resize(600);
    await tab.reload();
    expect(await menu.isVisible()).toBe(false);
    await resize(1280);
    await menu.waitFor();
    await resize(600);
    await tab.page.goto('about:blank');
    await tab.page.setViewportSize({ width: 1280, height: 800 });
    await tab.page.goBack();
    await menu.waitFor();
    await tab.click('Menu');
    await menu.waitFor({ state: 'hidden' });
    await tab.settled();
    await tab.reload();
    expect(await menu.isVisible()).toBe(false);
  });
});
