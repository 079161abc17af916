// The tutorial, as its reader meets it: real servers, a real browser, and a web server on this machine to fetch from.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Outside, poem } from './outside.ts';
import { expectTruth, stage, type Tab, until } from './stage.ts';

const { log, visitor, visit } = stage();
let outside: Outside;

beforeAll(async () => {
  outside = await new Outside().start();
});
afterAll(() => outside[Symbol.asyncDispose]());

const pages = {
  '/': ['Edgewise', 'Blocking', 'I/O', 'Fetch', 'CPU', 'Progress'],
  '/tutorial/blocking': [
    'Click the button to start a slow task.',
    'Start Blocking Task',
    "I should update immediately after clicking, but I won't.",
  ],
  '/tutorial/io': [
    'Click the button to start an async task.',
    'Start Async Task',
    'I should update immediately after clicking, and I will!',
  ],
  '/tutorial/fetch': ['Enter a URL to fetch its content:', 'URL', 'Fetch Content', 'Result will appear here.'],
  '/tutorial/cpu': ['Click the button to start a heavy calculation.', 'Start CPU Task', 'Result: Pending...'],
  '/tutorial/progress': ['Start Report', 'Cancel', 'Report: Pending...'],
};

describe('CL first paint', () => {
  test('[WS4] every page says its words in this order, also without JavaScript, and its links lead on', async () => {
    const reader = await visitor({ javaScriptEnabled: false });
    const tab = await reader.tab();
    for (const [path, words] of Object.entries(pages)) {
      await tab.page.goto(reader.url(path));
      const shown = await tab.words();
      expect(shown.filter((line) => words.includes(line))).toEqual(words);
      expect(await tab.page.locator('button:visible, a:visible').count()).toBeGreaterThan(0);
    }
    await tab.page.goto(reader.url('/tutorial/fetch'));
    expect(await tab.page.getByLabel('URL').inputValue()).toBe('https://example.com');
    await tab.page.goto(reader.url('/'));
    await tab.page.getByRole('link', { name: 'CPU' }).click();
    await tab.page.waitForURL('**/tutorial/cpu');
    await tab.page.getByRole('link', { name: 'All pages' }).click();
    await tab.page.waitForURL(reader.url('/'));
  });

  test('[WS4] the client takes the HTML over without a change to any node and without a second layout', async () => {
    const reader = await visitor();
    for (const [path, words] of Object.entries(pages)) {
      const tab = await reader.tab();
      await tab.page.addInitScript(() => {
        const seen: string[] = [];
        Object.assign(window, { seen });
        new MutationObserver((records) => {
          for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
            const node = target instanceof Element ? target : target.parentElement;
            if (!node?.closest('#edgewise') || document.readyState === 'loading') continue;
            seen.push(`${type} ${attributeName ?? ''} ${node.outerHTML} +${addedNodes.length} -${removedNodes.length}`);
          }
        }).observe(document, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) seen.push(`layout shift of ${(entry as { value?: number }).value}`);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await tab.load(path);
      // Two frames drawn after the page is live: what would have moved has moved.
      await tab.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await tab.page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
      expect((await tab.words()).filter((line) => words.includes(line))).toEqual(words);
      await expectTruth(tab);
    }
  });
});

describe('TK the four pages and progress', () => {
  test('[NB1] a heavy calculation holds up neither its page nor another tab, and its result arrives', async () => {
    const reader = await visitor();
    const cpu = await reader.open('/tutorial/cpu');
    const other = await reader.open('/tutorial/fetch');
    await other.page.getByLabel('URL').fill(`${outside.url}/poem`);
    await cpu.click('Start CPU Task');
    await cpu.sees('Result: Calculating...');
    await other.click('Fetch Content');
    await other.sees(/^Content from http/);
    // The other tab has its answer, and this one has not: the second could not have waited for the first.
    expect(await cpu.words()).toContain('Result: Calculating...');
    await cpu.sees(/^Result: \d{9,}$/);
    await expectTruth(cpu);
  });

  test('[NB2] what computes in a handler really blocks: another tab of the session waits until it is done', async () => {
    const reader = await visitor();
    const blocking = await reader.open('/tutorial/blocking');
    const other = await reader.open('/tutorial/fetch');
    await other.page.getByLabel('URL').fill(`${outside.url}/poem`);
    const from = log.length;
    await blocking.click('Start Blocking Task');
    await until('the slow task has begun', () =>
      log.slice(from).some((line) => line.includes('Starting slow task...')),
    );
    await other.click('Fetch Content');
    await other.sees(/^Content from http/);
    const order = log
      .slice(from)
      .map((line) => /Starting slow task|Slow task finished|Fetching/.exec(line)?.[0])
      .filter(Boolean);
    expect(order).toEqual(['Starting slow task', 'Slow task finished', 'Fetching']);
    await blocking.page.goto(reader.url('/'));
    await blocking.sees('Computing in a handler: the page freezes. How not to do it.');
  });

  test('[NB1] waiting is free: a second click is handled while the first one still waits', async () => {
    const tab = await visit('/tutorial/io');
    const from = log.length;
    const lines = () =>
      log.slice(from).flatMap((line) => /Starting async task|Async task finished/.exec(line)?.[0] ?? []);
    await tab.click('Start Async Task');
    await until('the first task has begun', () => lines().length === 1);
    await tab.page.locator('button[aria-busy=true]').waitFor();
    await tab.click('Start Async Task');
    await until('both tasks are finished', () => lines().length === 4);
    expect(lines()).toEqual([
      'Starting async task',
      'Starting async task',
      'Async task finished',
      'Async task finished',
    ]);
    await tab.page.locator('button:not([aria-busy])', { hasText: 'Start Async Task' }).waitFor();
    await expectTruth(tab);
  });

  test('[JE7] a report shows how far it is and its lines in order, and a cancel ends it', async () => {
    const tab = await visit('/tutorial/progress');
    await tab.page.evaluate(() => {
      const values: number[] = [];
      Object.assign(window, { values });
      new MutationObserver(() => {
        const bar = document.querySelector('progress');
        if (bar?.hasAttribute('value')) values.push(bar.value);
      }).observe(document.body, { subtree: true, attributes: true, childList: true });
    });
    await tab.click('Start Report');
    await tab.sees('Report: Writing...');
    await tab.sees(/Section 2: \d+ primes/);
    await tab.click('Cancel');
    await tab.sees('Report: Cancelled');
    const values = await tab.page.evaluate(() => (window as unknown as { values: number[] }).values);
    expect(values.length).toBeGreaterThan(1);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    const sections = (await tab.words()).filter((line) => line.startsWith('Section'));
    expect(sections.map((line) => line.split(':')[0])).toEqual(sections.map((_, index) => `Section ${index + 1}`));
    expect(sections.length).toBeLessThan(8);
    await tab.page.locator('button:not([aria-busy])', { hasText: 'Start Report' }).waitFor();
    await expectTruth(tab);
  });

  test('a report that is left alone ends at 100 %, and its lines add up to its result', async () => {
    const tab = await visit('/tutorial/progress');
    await tab.click('Start Report');
    await tab.sees(/^Report: [1-9]\d* primes$/);
    const words = (await tab.words()).join('\n');
    const found = [...words.matchAll(/^Section \d+: (\d+) primes/gm)].map((match) => Number(match[1]));
    expect(found).toHaveLength(8);
    expect(found.reduce((sum, primes) => sum + primes)).toBe(Number(/^Report: (\d+)/m.exec(words)?.[1]));
    expect(await tab.page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value)).toBe(100);
    await expectTruth(tab);
  });
});

describe('TK fetching', () => {
  async function fetching(tab: Tab, address: string): Promise<void> {
    await tab.page.getByLabel('URL').fill(address);
    await tab.click('Fetch Content');
  }
  const result = (tab: Tab) => tab.page.locator('.whitespace-pre-wrap').last();

  test('what was fetched is shown: the first 500 characters, with their line breaks', async () => {
    const tab = await visit('/tutorial/fetch');
    await fetching(tab, `${outside.url}/poem`);
    await tab.sees(/^Content from http/);
    expect(await result(tab).evaluate((element) => element.textContent)).toBe(
      `Content from ${outside.url}/poem:\n${poem.slice(0, 500)}`,
    );
    const lines = (await result(tab).innerText()).split('\n');
    expect(lines.slice(0, 3)).toEqual([`Content from ${outside.url}/poem:`, ...poem.split('\n').slice(0, 2)]);
    await fetching(tab, `${outside.url}/big`);
    await tab.sees(/\/big:/);
    expect((await result(tab).evaluate((element) => element.textContent))?.split('\n')[1]).toHaveLength(500);
    await expectTruth(tab);
  });

  test('[NB1] while an address answers slowly, other clicks are handled; each answer arrives when it comes', async () => {
    const tab = await visit('/tutorial/fetch');
    await fetching(tab, `${outside.url}/slow`);
    await until('the slow request has arrived', () => outside.waiting('slow') === 1);
    await fetching(tab, `${outside.url}/poem`);
    await tab.sees(/\/poem:/);
    expect(outside.waiting('slow')).toBe(1);
    await outside.open('slow');
    await tab.sees(/\/slow:/);
    await expectTruth(tab);
  });

  test('what cannot be fetched says so with the reason, and the next one works', async () => {
    const tab = await visit('/tutorial/fetch');
    const closed = new URL(outside.url);
    closed.port = '9';
    const reasons: Record<string, string | RegExp> = {
      'http://no-such-host.invalid/': 'The host was not found, or does not answer.',
      [closed.href]: 'Network connection lost.',
      [`${outside.url}/cut`]: 'Network connection lost.',
      [`${outside.url}/fails`]: '500 Internal Server Error',
      'not an address': 'Invalid URL: not an address',
      '': 'Invalid URL:',
    };
    for (const [address, reason] of Object.entries(reasons)) {
      await fetching(tab, address);
      await until(`the page tells why ${address} failed`, async () =>
        (await result(tab).innerText()).startsWith(`Could not fetch ${address}: ${reason}`),
      );
    }
    await fetching(tab, `${outside.url}/poem`);
    await tab.sees(/\/poem:/);
    expect(await tab.page.locator('.edgewise-notification').count()).toBe(0);
    await expectTruth(tab);
  });
});
