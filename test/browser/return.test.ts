// Coming back: reloads, second tabs, cut wires, killed servers. Whoever returns finds everything as it was.

import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { jobLimits } from '../../src/jobs/limits.ts';
import { Outside, Wire } from './outside.ts';
import { expectTruth, limit, stage, type Tab, until } from './stage.ts';

let outside: Outside;
const world = stage(async () => {
  outside = await new Outside().start();
  return {
    app: 'test/browser/app/wrangler.toml',
    compute: 'test/browser/app/wrangler.compute.toml',
    vars: { OUTSIDE: outside.url },
    wrangler: true,
  };
});
const { visitor, visit } = world;
afterAll(() => outside[Symbol.asyncDispose]());

/** Kills the process that holds every session, and lets it come back; the tab notices by itself. */
async function killApp(tab: Tab): Promise<void> {
  const before = tab.frames.length;
  await world.servers.app.kill();
  await tab.connected(before);
}

describe('HS the tab returns', () => {
  test('[NF3] a reload returns to the same page, with what was set, typed and not yet sent', async () => {
    const tab = await visit('/counter?q=7');
    await tab.click('Add');
    await tab.click('Add');
    await tab.click('Set');
    await tab.sees('Set at 2');
    const page = await tab.pageId();
    await tab.page.getByLabel('Name').fill('typed in the last moment');
    await tab.reload();
    await tab.sees('Count: 2');
    await tab.sees('Set at 2');
    await tab.sees('Query: 7');
    expect(await tab.pageId()).toBe(page);
    expect(await tab.page.getByLabel('Name').inputValue()).toBe('typed in the last moment');
    await tab.click('Read');
    await tab.sees('Name: typed in the last moment');
    await expectTruth(tab);
  });

  test.each([
    ['/counter', '', 'Name'],
    ['/elements', 'Open the dialog', 'Inside'],
    ['/questions', 'Rename', 'What is it called?'],
    ['/controls', '', 'Chips'],
  ])('[NF2] after a reload of %s, one types on where one was: %s %s', async (path, opens, label) => {
    const tab = await visit(path);
    const field = tab.page.getByRole('textbox', { name: label, exact: true });
    if (opens) await tab.click(opens);
    await field.click();
    await tab.page.keyboard.type('on');
    await tab.page.keyboard.press('ArrowLeft');
    await tab.settled();
    await tab.reload();
    await tab.settled();
    await tab.page.keyboard.type('X');
    expect(await field.inputValue()).toMatch(/oXn$/);
  });

  test('[NF3] a reload that finds no server, and a later one that does, return to the same page', async () => {
    const tab = await visit('/counter?q=7');
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.settled();
    const page = await tab.pageId();
    await world.servers.app.down();
    await expect(tab.page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED');
    await world.servers.app.restart();
    // It names the page for half a minute.
    await tab.visitor.context.clearCookies({ name: 'edgewise_page' });
    await until('the address answers again', () =>
      tab.page.reload().then(
        () => true,
        () => false,
      ),
    );
    await tab.sees('Count: 1');
    expect(await tab.pageId()).toBe(page);
    await tab.click('Add');
    await tab.sees('Count: 2');
    await expectTruth(tab);
  });

  test('[NF4] a reload in the middle of a handler and of a task finds both still running', async () => {
    const tab = await visit('/jobs');
    await tab.click('Endless');
    await tab.sees('endless has begun');
    await tab.reload();
    await tab.sees('Result: waiting');
    await tab.sees('endless has begun');
    await tab.page.locator('button[aria-busy=true]', { hasText: 'Endless' }).waitFor();
    await tab.click('Stop');
    await tab.sees('Result: cancelled');
    await expectTruth(tab);
    const slots = await tab.visitor.open('/slots');
    await slots.click('Build left');
    await slots.sees('left: before');
    await slots.reload();
    await outside.open('left');
    await slots.sees('left: nested');
    await expectTruth(slots);
  });

  test('[NF3] a new tab is a new page of the same session; two tabs know nothing of each other', async () => {
    const reader = await visitor();
    const one = await reader.open('/counter');
    await one.click('Add');
    await one.sees('Count: 1');
    const two = await reader.open('/counter');
    expect(await two.words()).toContain('Count: 0');
    expect(await two.pageId()).not.toBe(await one.pageId());
    await two.click('Add');
    await two.click('Add');
    await two.sees('Count: 2');
    await one.sees('Count: 1');
    expect([one.sockets, two.sockets]).toEqual([1, 1]);
    await expectTruth(one);
    await expectTruth(two);
  });

  test('[EO6] a duplicated tab, with a copy of the storage, becomes a page of its own', async () => {
    const reader = await visitor();
    const first = await reader.open('/counter');
    await first.click('Add');
    await first.sees('Count: 1');
    await first.settled();
    const copy = await first.page.evaluate(() => ({ ...sessionStorage }));
    const second = await reader.tab();
    await second.page.addInitScript((kept) => {
      for (const [key, value] of Object.entries(kept)) sessionStorage.setItem(key, value);
      // A browser restores a duplicate as if one had gone back to it.
      const [entry] = performance.getEntriesByType('navigation');
      if (entry) Object.defineProperty(entry, 'type', { value: 'back_forward' });
      performance.getEntriesByType = () => (entry ? [entry] : []);
    }, copy);
    await second.load('/counter');
    await second.sees('Count: 0');
    expect(await second.pageId()).not.toBe(await first.pageId());
    await second.click('Add');
    await second.click('Add');
    await second.sees('Count: 2');
    await first.click('Add');
    await first.sees('Count: 2');
    await expectTruth(first);
  });

  test('[EO6] a tab that is given the page of another open tab leaves it to that tab', async () => {
    const reader = await visitor();
    const first = await reader.open('/counter');
    await first.click('Add');
    await first.sees('Count: 1');
    await first.page.evaluate(
      (page) => {
        document.cookie = `edgewise_page=${page}; Path=/counter; Max-Age=30; SameSite=Lax`;
      },
      await first.pageId(),
    );
    const second = await reader.open('/counter');
    await second.sees('Count: 0');
    await second.click('Add');
    await second.sees('Count: 1');
    await second.click('Add');
    await second.sees('Count: 2');
    await first.sees('Count: 1');
    expect(await second.pageId()).not.toBe(await first.pageId());
    await expectTruth(first);
    await expectTruth(second);
  });

  test('[NF3] back and forward find the pages as they were left', async () => {
    const tab = await visit('/opened/1');
    await tab.mark();
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.page.getByRole('link', { name: 'Next' }).click();
    await tab.sees('Opened 2');
    await tab.sees('Count: 0');
    await tab.click('Add');
    await tab.click('Add');
    await tab.sees('Count: 2');
    await tab.page.goBack();
    await tab.sees('Opened 1');
    await tab.sees('Count: 1');
    await tab.click('Add');
    await tab.sees('Count: 2');
    await tab.page.goForward();
    await tab.sees('Opened 2');
    await tab.sees('Count: 2');
    await tab.click('Add');
    await tab.sees('Count: 3');
    // All of it in one document.
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  });

  test('back, forward and reload tell two pages apart whose addresses differ in their query only', async () => {
    const tab = await visit('/counter?q=a');
    await tab.sees('Query: a');
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.page.goto(new URL('/counter?q=b', tab.page.url()).href);
    await tab.sees('Query: b');
    await tab.sees('Count: 0');
    await tab.page.goBack();
    await tab.sees('Query: a');
    await tab.sees('Count: 1');
    await tab.page.reload();
    await tab.sees('Query: a');
    await tab.sees('Count: 1');
    await tab.page.goForward();
    await tab.sees('Query: b');
    await tab.sees('Count: 0');
    await expectTruth(tab);
  });

  test('[NF3] sub pages change in one document; the way back has focus, scroll and input, also after a reload and a kill', async () => {
    const tab = await visit('/shop');
    const { page } = tab;
    await tab.mark();
    await tab.click('Add');
    await tab.sees('Count: 1');
    await page.getByLabel('Search').fill('find me');
    const item = page.getByRole('link', { name: 'Item 7' });
    await item.scrollIntoViewIfNeeded();
    const scroll = await page.evaluate(() => scrollY);
    expect(scroll).toBeGreaterThan(100);
    await item.click();
    await tab.sees('At /shop/item/7');
    await until('the page is at its top', () => page.evaluate(() => scrollY === 0));
    expect(new URL(page.url()).pathname).toBe('/shop/item/7');
    await page.getByLabel('Note').fill('typed in the last moment');
    await page.goBack();
    await tab.sees('At /shop');
    await until('the page is where it was left', () =>
      page.evaluate((at) => scrollY === at && document.activeElement?.textContent === 'Item 7', scroll),
    );
    expect(await page.getByLabel('Search').inputValue()).toBe('find me');
    expect(await page.getByRole('link', { name: 'Start' }).getAttribute('aria-current')).toBe('page');
    expect(await tab.marked()).toBe(true);
    await tab.reload();
    await killApp(tab);
    await page.goForward();
    await tab.sees('At /shop/item/7');
    await tab.sees('Count: 1');
    expect(await page.getByLabel('Note').inputValue()).toBe('typed in the last moment');
    await tab.page.getByRole('link', { name: 'Old' }).click();
    await tab.sees('At /shop/item/1');
    await until('the address is that of the redirect', () => new URL(page.url()).pathname === '/shop/item/1');
    await expectTruth(tab);
  });

  test('a click before the client has taken over counts once, and the pointer shows that the page is not ready', async () => {
    const reader = await visitor();
    const tab = await reader.tab();
    const { page } = tab;
    const gates: (() => void)[] = [];
    // The components of the page are a chunk that comes late.
    await page.route(/\/select-\w+\.js/, async (route) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      await route.continue();
    });
    // By then the script has run, and the elements have no listeners.
    await page.goto(reader.url('/elements'), { waitUntil: 'domcontentloaded' });
    const button = page.getByRole('button', { name: 'Show what is set' });
    await until('the chunk is asked for', () => gates.length > 0);
    expect(await button.evaluate((one) => getComputedStyle(one).cursor)).toBe('progress');
    await button.click();
    for (const open of gates) open();
    await tab.sees('box false, tab Mails, dialog false');
    expect(await button.evaluate((one) => getComputedStyle(one).cursor)).not.toBe('progress');
  });

  test('a browser that refuses cookies says what helps, and does not load the page again and again', async () => {
    const reader = await visitor();
    const tab = await reader.tab();
    const { page } = tab;
    const session = await reader.context.newCDPSession(page);
    await session.send('Emulation.setDocumentCookieDisabled', { disabled: true });
    let loads = 0;
    await page.route(/\/client-\w+\.js/, async (route) => {
      loads++;
      await reader.context.clearCookies();
      await route.continue();
    });
    await page.goto(reader.url('/counter'));
    await page.getByRole('status').filter({ hasText: 'This page needs cookies.' }).waitFor();
    expect(loads).toBe(1);
  });

  test('a page whose function takes long is waited for, and is built once', async () => {
    const reader = await visitor();
    const tab = await reader.tab();
    const loading = tab.load('/slow-build');
    await outside.open('build');
    await loading;
    await tab.sees('Built');
    expect(outside.waiting('build')).toBe(0);
  });
});

describe('HS the wire', () => {
  test('[EO5] without a network the page says so quietly; what was clicked meanwhile is applied once, in order', async () => {
    await using wire = await new Wire(world.servers.app.port).start();
    const tab = await visit('/counter', { at: wire.url });
    await tab.mark();
    await tab.click('Add');
    await tab.sees('Count: 1');
    wire.cut();
    await tab.page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor();
    await tab.click('Add');
    await tab.click('Set');
    await tab.click('Add');
    await tab.page.getByLabel('Name').fill('offline');
    await tab.click('Add');
    expect(await tab.words()).toContain('Count: 1');
    await tab.page.getByRole('status').filter({ hasText: 'Your last actions are stored and will be sent.' }).waitFor();
    expect(await tab.page.locator('dialog, [aria-modal]').count()).toBe(0);
    wire.mend();
    await tab.sees('Count: 4');
    await tab.sees('Set at 2');
    await tab.isGone(/Reconnecting/);
    expect(await tab.page.getByLabel('Name').inputValue()).toBe('offline');
    await tab.click('Read');
    await tab.sees('Name: offline');
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  });

  test('[EO1] a click whose answer was lost is applied once, after a cut and after a reload', async () => {
    await using wire = await new Wire(world.servers.app.port).start();
    const tab = await visit('/counter', { at: wire.url });
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.settled();
    wire.deafen();
    await tab.click('Add');
    await tab.click('Add');
    await until('the clicks were sent', () => tab.frames.some(({ way, text }) => way === 'up' && /^\[3,/.test(text)));
    expect(await tab.words()).toContain('Count: 1');
    wire.cut();
    wire.mend();
    await tab.sees('Count: 3');
    await tab.settled();
    wire.deafen();
    await tab.click('Add');
    await until('the click was sent', () => tab.frames.some(({ way, text }) => way === 'up' && /^\[4,/.test(text)));
    wire.cut();
    wire.mend();
    await tab.reload();
    await tab.sees('Count: 4');
    await expectTruth(tab);
    expect(await tab.words()).toContain('Count: 4');
  });

  test('[NF3] the first link of a document waits for a network that is away, and the page stays as it is', async () => {
    await using wire = await new Wire(world.servers.app.port).start();
    const tab = await visit('/shop', { at: wire.url });
    await tab.mark();
    await until('what follows links is there', () =>
      tab.page.evaluate(() =>
        performance.getEntriesByType('resource').some(({ name }) => name.includes('/lifecycle-')),
      ),
    );
    wire.cut();
    const failed = tab.page.waitForEvent('requestfailed', (request) => request.url().includes('/navigator-'));
    await tab.page.getByLabel('Search').fill('typed without a network');
    await tab.page.getByRole('link', { name: 'Item 7' }).click();
    await failed;
    expect(await tab.marked()).toBe(true);
    wire.mend();
    await tab.sees('At /shop/item/7');
    await tab.page.goBack();
    await tab.sees('At /shop');
    expect(await tab.page.getByLabel('Search').inputValue()).toBe('typed without a network');
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  });

  test('[EO5] clicks made offline survive a reload that comes before the network', async () => {
    await using wire = await new Wire(world.servers.app.port).start();
    const tab = await visit('/counter', { at: wire.url });
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.settled();
    wire.cut();
    await tab.click('Add');
    await tab.click('Add');
    wire.mend();
    await tab.reload();
    await tab.sees('Count: 3');
    await expectTruth(tab);
  });

  test('a browser that goes offline and online again, as a laptop does, goes on by itself', async () => {
    const tab = await visit('/counter');
    await tab.mark();
    await tab.visitor.context.setOffline(true);
    await tab.click('Add');
    await tab.click('Add');
    await tab.page.getByRole('status').filter({ hasText: 'You are offline. Your last actions are stored' }).waitFor();
    await tab.visitor.context.setOffline(false);
    await tab.sees('Count: 2');
    await tab.isGone(/You are offline/);
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  });
});

describe('HS the server dies', () => {
  test('[NF1] after a kill the page is rebuilt with its state, in the same document', async () => {
    const reader = await visitor();
    const tab = await reader.open('/counter');
    await tab.mark();
    await tab.click('Add');
    await tab.click('Set');
    await tab.sees('Set at 1');
    await tab.settled();
    await killApp(tab);
    await tab.sees('Count: 1');
    for (const count of [2, 3]) {
      await tab.click('Add');
      await tab.sees(`Count: ${count}`);
    }
    // A kill right after a click: it is either kept or sent again, never lost, never twice.
    await tab.click('Add');
    await killApp(tab);
    await tab.sees('Count: 4');
    await tab.click('Set');
    await tab.sees('Set at 4');
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  });

  test('[NF2] focus, caret, selection, scroll and unsent typing survive the snapshot that follows', async () => {
    const tab = await visit('/typing');
    const { page } = tab;
    const field = page.getByLabel('Far below');
    await field.scrollIntoViewIfNeeded();
    await field.click();
    await page.keyboard.type('before');
    await tab.settled();
    await tab.mark();
    const scroll = await page.evaluate(() => scrollY);
    expect(scroll).toBeGreaterThan(100);
    const known = tab.frames.length;
    await world.servers.app.kill();
    await page.keyboard.type(' during');
    for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+ArrowLeft');
    await tab.connected(known);
    await tab.settled();
    const state = await field.evaluate((input) => {
      const { value, selectionStart, selectionEnd } = input as HTMLInputElement;
      return { value, selectionStart, selectionEnd, focused: document.activeElement === input };
    });
    expect(state).toEqual({ value: 'before during', selectionStart: 9, selectionEnd: 13, focused: true });
    expect(await page.evaluate(() => scrollY)).toBe(scroll);
    expect(await tab.marked()).toBe(true);
    await page.keyboard.type('X');
    await expectTruth(tab);
    expect(await field.inputValue()).toBe('before duX');
  });

  test('[NF2] an open dialog, the chosen tab, a ticked box and a chosen option survive a kill', async () => {
    const tab = await visit('/elements');
    const { page } = tab;
    await page.getByRole('tab', { name: 'Alarms' }).click();
    await page.getByText('Tick me').click();
    await page.getByLabel('Choose').selectOption('One');
    await tab.sees('Chosen: One');
    await tab.click('Open the dialog');
    await page.getByRole('dialog').waitFor();
    await page.getByLabel('Inside').fill('half');
    await tab.settled();
    await tab.watch();
    await killApp(tab);
    await tab.settled();
    // What is the same is not touched: no element is added or removed, and no attribute changes.
    expect(await tab.changes()).toEqual([]);
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    expect(await page.getByLabel('Inside').evaluate((input) => document.activeElement === input)).toBe(true);
    await page.keyboard.type(' and half');
    expect(await page.getByLabel('Inside').inputValue()).toBe('half and half');
    await tab.click('Close it');
    await tab.click('Show what is set');
    await tab.sees('box true, tab Alarms, dialog false');
    await expectTruth(tab);
  });

  test('[NF1] a list keeps its order and its elements through a kill', async () => {
    const tab = await visit('/list');
    await tab.click('Rotate');
    await tab.click('Insert');
    await tab.sees('Order: b c new 1 d e a');
    await tab.page.getByLabel('Note new 1').fill('remember');
    await tab.settled();
    await tab.watch();
    await killApp(tab);
    await tab.settled();
    expect((await tab.changes()).filter((line) => /^[+-]/.test(line))).toEqual([]);
    await tab.click('Reverse');
    await tab.sees('Order: a e d new 1 c b');
    expect(await tab.page.getByLabel('Note new 1').inputValue()).toBe('remember');
    await expectTruth(tab);
  });

  test('[WS3] while the server is down the page stays, says so, and keeps what is clicked', async () => {
    const tab = await visit('/counter');
    await tab.mark();
    await tab.click('Add');
    await tab.settled();
    await world.servers.app.down();
    await tab.page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor();
    await tab.click('Add');
    await tab.click('Add');
    await world.servers.app.restart();
    await tab.sees('Count: 3');
    await tab.isGone(/Reconnecting/);
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  });
});

describe('TK the compute Worker dies', () => {
  test('[JE6] a compute Worker that is killed in the middle of a task is never silence: another attempt follows, or an error', async () => {
    const tab = await visit('/jobs');
    const from = world.log.length;
    const attempts = () => world.log.slice(from).filter((line) => line.includes('endless begins')).length;
    await tab.click('Endless');
    await tab.sees('endless has begun');
    await until('the first attempt is in the log', () => attempts() === 1);
    await world.servers.compute.kill();
    // A job waits for its service for so long. On a slow machine the service may be back later; then there is an error.
    const patience = jobLimits.away + limit;
    const told = /Result: \w+Error: .*compute Worker/s;
    const outcome = await until(
      'the task has begun again, or has failed',
      async () => {
        // A Worker that has just come back may be lost once more.
        if (attempts() >= 2) return 'again';
        return told.test((await tab.words()).join('\n')) && 'failed';
      },
      patience,
    );
    await tab.click('Click');
    await tab.sees('Clicks: 1');
    if (outcome === 'again') {
      await tab.sees('50%');
      await tab.click('Stop');
      await tab.sees('Result: cancelled');
    }
    await expectTruth(tab);
  });

  test('[JE6] a compute Worker that is away: the log says at once how to start it, the page goes on, and so does the task when it is back', async () => {
    const tab = await visit('/jobs');
    await tab.click('Endless');
    await tab.sees('endless has begun');
    const from = world.log.length;
    const logged = (what: RegExp) => what.test(world.log.slice(from).join('\n'));
    await world.servers.compute.down();
    await until('the log says how to start it', () => logged(/compute Worker[^]*edgewise dev/));
    await tab.click('Click');
    await tab.sees('Clicks: 1');
    await world.servers.compute.restart();
    await until('the app has found it', () => logged(/env\.COMPUTE.*\[connected\]/));
    const jobs = await tab.visitor.open('/_edgewise/jobs');
    await until('the task has begun again', () => logged(/\[compute\] endless begins/));
    await jobs.sees('running');
    await tab.click('Sum');
    await tab.sees('Result: 450000000');
    await tab.click('Stop');
    await jobs.sees('cancelled');
    await expectTruth(tab);
  });
});

describe('files', () => {
  const name = 'numbers.bin';
  const bytes = Buffer.from(Uint8Array.from({ length: 3_500_000 }, (_, at) => (at * 7 + (at >> 8)) & 255));
  const sum = bytes.reduce((total, byte) => (total * 31 + byte) % 65_521, 0);

  /** Holds the upload of every part from number `first` on. Returns what lets them go. */
  async function hold({ page }: Tab, first: number) {
    let parts = 0;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/_edgewise/upload/*', async (route) => {
      if (++parts >= first) await released;
      await route.continue().catch(() => {});
    });
    return { release, held: () => until('a part is held', () => parts >= first) };
  }

  test('[EO8] an upload continues after a kill in its middle, is heard of once, and comes back as it was', async () => {
    const tab = await visit('/files');
    const { page } = tab;
    const { release, held } = await hold(tab, 3);
    await page.getByLabel('Files').setInputFiles([
      { name, mimeType: 'application/octet-stream', buffer: bytes },
      { name: 'large.bin', mimeType: '', buffer: Buffer.alloc(8_000_001) },
    ]);
    await held();
    await tab.sees('large.bin is too large: it has 8 MB, and at most 8 MB are possible.');
    expect(await page.getByRole('progressbar', { name: `Upload of ${name}` }).getAttribute('value')).not.toBe('0');
    await killApp(tab);
    release();
    await tab.sees(`${name}: ${bytes.length} bytes, sum ${sum}`);
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    const [download] = await Promise.all([page.waitForEvent('download'), tab.click('Save')]);
    expect(download.suggestedFilename()).toBe(name);
    expect(Buffer.compare(await readFile(await download.path()), bytes)).toBe(0);
    expect((await tab.words()).filter((line) => line.startsWith(`${name}:`))).toHaveLength(1);
    // Nobody else gets it.
    const other = await visitor();
    expect((await other.context.request.get(download.url())).status()).toBe(404);
    await expectTruth(tab);
  });

  test('a dropped picture shows; an upload is cancelled; a reload says what it has cut off', async () => {
    const tab = await visit('/files');
    const { page } = tab;
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(12, 8);
      canvas.getContext('2d')?.fillRect(0, 0, 6, 8);
      const files = new DataTransfer();
      files.items.add(new File([await canvas.convertToBlob()], 'dropped.png', { type: 'image/png' }));
      const zone = document.querySelector('.edgewise-drop');
      for (const type of ['dragover', 'drop'])
        zone?.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    await tab.sees(/^dropped\.png: \d+ bytes/);
    const width = () =>
      page.getByAltText('The last file').evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width).toBe(12);
    const { release, held } = await hold(tab, 2);
    const file = (called: string) => ({ name: called, mimeType: '', buffer: bytes });
    await page.getByLabel('Files').setInputFiles([file('one.bin')]);
    await held();
    await tab.click('Cancel one.bin');
    await tab.isGone('one.bin');
    await page.getByLabel('Files').setInputFiles([file('two.bin')]);
    await tab.sees('two.bin');
    await until('the second one has a ticket', () =>
      tab.frames.some(({ way, text }) => way === 'down' && text.includes('two.bin') && text.includes('"ticket"')),
    );
    await tab.reload();
    await tab.sees('two.bin was not uploaded, because the page was loaded again. Choose it again.');
    release();
    await tab.settled();
    expect((await tab.words()).filter((line) => /^(one|two)\.bin:/.test(line))).toEqual([]);
    await expectTruth(tab);
  });
});
