// A browser tab with a page of the application, and what a person can do and see there.

import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { compareWithServer } from '../browser/truth.ts';

export class Tab {
  readonly page: Page;
  /** Texts of the notices that were shown, each time. */
  readonly notices: string[] = [];
  /** What no page may have: errors, and documents that load again by themselves. */
  readonly troubles: string[] = [];
  readonly #url: string;
  #connected = false;
  /** The number of loads that the person asked for. */
  #loads = 0;

  private constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  static async open(context: BrowserContext, url: string): Promise<Tab> {
    const tab = new Tab(await context.newPage(), url);
    const { page } = tab;
    page.on('pageerror', (error) => tab.troubles.push(`The page threw ${error.stack || error}.`));
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        // A welcome or a snapshot.
        if (/^\["[ws]"/.test(String(payload))) tab.#connected = true;
      }),
    );
    await page.exposeFunction('chaosNotice', (text: string) => tab.notices.push(text));
    await page.addInitScript(watchNotices);
    await tab.load();
    return tab;
  }

  /** Loads the page until it is connected, also when the server dies meanwhile. */
  async load(): Promise<void> {
    for (const limit = Date.now() + 180_000; Date.now() < limit; await sleep(250)) {
      this.#connected = false;
      try {
        // A load that failed leaves the browser's own page, which has no client.
        if (this.page.url().startsWith(this.#url)) await this.page.reload({ timeout: 20_000 });
        else await this.page.goto(this.#url, { timeout: 20_000 });
        if ((await this.page.locator('#edgewise').count()) === 0) continue;
        for (const patience = Date.now() + 20_000; !this.#connected && Date.now() < patience; ) await sleep(20);
        if (!this.#connected) continue;
        const mark = ++this.#loads;
        await this.page.evaluate((number) => Object.assign(window, { mark: number }), mark);
        return;
      } catch {} // The server is down.
    }
    throw new Error(`${this.#url} could not be loaded.`);
  }

  /** Clicks an element that can be clicked. Returns what it is of (`data-of`), or undefined when there is none. */
  async click(selector: string, index = 0): Promise<string | undefined> {
    return this.page.evaluate(
      ([selector, index]) => {
        const element = document.querySelectorAll<HTMLButtonElement>(selector)[index];
        if (!element || element.disabled || element.closest('[hidden], dialog:not([open])')) return undefined;
        const modal = [...document.querySelectorAll('dialog:modal')];
        if (modal.length > 0 && !modal.some((each) => each.contains(element))) return undefined;
        element.click();
        return element.dataset.of ?? '';
      },
      [selector, index] as const,
    );
  }

  /** Returns the text of the first element; '' when there is none. */
  async text(selector: string): Promise<string> {
    return (await this.texts(selector))[0] ?? '';
  }

  async texts(selector: string): Promise<string[]> {
    return this.page.evaluate(
      (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent ?? ''),
      selector,
    );
  }

  async count(selector: string): Promise<number> {
    return this.page.evaluate((selector) => document.querySelectorAll(selector).length, selector);
  }

  /** Returns how the document differs from what the server says, or what else no page may have. */
  async faults(): Promise<string[]> {
    const faults = [...this.troubles];
    const [mark, pending, id] = await this.page.evaluate(() => {
      let pending = 0;
      const id = sessionStorage.getItem('edgewise:page') ?? '';
      const events = sessionStorage.getItem(`edgewise:events:${id}`);
      if (events) pending = (JSON.parse(events) as [number, unknown[]])[1].length;
      return [(window as { mark?: unknown }).mark, pending, id] as const;
    });
    if (mark !== this.#loads) faults.push('The document was loaded again.');
    if (pending > 0) faults.push(`${pending} events are not acknowledged.`);
    else {
      const difference = await this.page.evaluate(compareWithServer, id);
      if (difference !== '') faults.push(`The document differs from the server's.\n${difference}`);
    }
    return faults;
  }
}

/** Runs in the browser: reports each notice. */
function watchNotices(): void {
  const report = (node: Node): void => {
    if (!(node instanceof Element)) return;
    const notices = [node, ...node.querySelectorAll('*')].filter(({ classList }) =>
      classList.contains('edgewise-notification'),
    );
    for (const { textContent } of notices) {
      (window as unknown as { chaosNotice(text: string): void }).chaosNotice(textContent ?? '');
    }
  };
  const observe = () =>
    new MutationObserver((records) => {
      for (const { addedNodes } of records) addedNodes.forEach(report);
    }).observe(document.documentElement, { childList: true, subtree: true });
  if (document.documentElement) observe();
  else document.addEventListener('DOMContentLoaded', observe);
}
