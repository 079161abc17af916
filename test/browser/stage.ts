// What the browser tests share. A file has one set of servers and one Chromium; a test has visitors, each with cookies and
// storage of its own. What went over their sockets and into their consoles is printed when the test fails.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, onTestFailed } from 'vitest';
import { type Build, build } from '../../src/build/index.ts';
import { requestOf, type Servers, type StartOptions, startServers } from '../../src/cli/servers.ts';
import { WranglerServer } from '../../src/wrangler/index.ts';
import { launchOptions, openWindow } from '../chromium.ts';
import { MiniflareServer } from './miniflare-server.ts';
import { compareWithServer } from './truth.ts';

/** The gallery with tasks that rest, for tests that watch one run. */
export const restful: StartOptions = { compute: 'test/browser/app/gallery/wrangler.compute.toml' };
/** The most that a condition may take to come true: far above what it takes, on any machine. */
export const limit = 60_000;
const root = path.resolve(import.meta.dirname, '../..');

export interface StageOptions extends StartOptions {
  /** True starts the media Worker of the gallery as well, and gives the browser a camera. Few tests need them. @default false */
  media?: boolean;
  /** True runs a `wrangler dev` for each server, as `npm start` does: for tests of what kills and restarts them. @default false */
  wrangler?: boolean;
}

export interface Stage {
  readonly servers: Servers;
  readonly browser: Browser;
  /** Lines that the servers wrote, oldest first. */
  readonly log: readonly string[];
  /** A new visitor: a browser with nothing in it. Gone after the test. */
  visitor(options?: BrowserContextOptions & { readonly at?: string }): Promise<Visitor>;
  /** A new visitor's first tab. */
  visit(path: string, options?: BrowserContextOptions & { readonly at?: string }): Promise<Tab>;
}

/** Call it once, at the top of a file. */
export function stage(options: StageOptions | (() => StageOptions | Promise<StageOptions>) = {}): Stage {
  let servers: Servers | undefined;
  let browser: Browser | undefined;
  const log: string[] = [];
  const visitors = new Set<Visitor>();
  const persist = path.join('.wrangler', `test-${randomUUID().slice(0, 8)}`);

  beforeAll(async () => {
    const given = typeof options === 'function' ? await options() : options;
    const record = (server: string, line: string) => {
      log.push(`[${server}] ${line}`);
      given.log?.(server, line);
    };
    const built = given.built ?? (await buildOf(given));
    [servers, browser] = await Promise.all([
      startServers({ persist, ...given, built, log: record }, given.wrangler ? WranglerServer : MiniflareServer),
      chromium.launch(launchOptions(given.media ? fakeCamera : [])),
    ]);
  });
  afterEach(async () => {
    const troubles = [...visitors].flatMap((visitor) => visitor.troubles);
    await Promise.all([...visitors].map((visitor) => visitor.context.close()));
    visitors.clear();
    if (troubles.length > 0) throw new Error(`The pages had troubles of their own:\n${troubles.join('\n')}`);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), servers?.stop()]);
    await rm(path.join(root, persist), { recursive: true, force: true, maxRetries: 5 });
  });

  function need<T>(thing: T | undefined): T {
    if (thing === undefined) throw new Error('The stage is set in beforeAll; ask for it in a test.');
    return thing;
  }

  const visitor = async ({ at, ...rest }: BrowserContextOptions & { readonly at?: string } = {}) => {
    const context = await openWindow(need(browser), rest);
    context.setDefaultTimeout(limit);
    const made = new Visitor(context, at ?? need(servers).url);
    visitors.add(made);
    const since = log.length;
    onTestFailed(() => {
      console.error([...made.report(), '— servers', ...log.slice(since).slice(-120)].join('\n'));
    });
    return made;
  };
  return {
    get servers() {
      return need(servers);
    },
    get browser() {
      return need(browser);
    },
    log,
    visitor,
    visit: async (path, rest) => (await visitor(rest)).open(path),
  };
}

/** A camera that shows a test picture, which every page may use. */
const fakeCamera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

async function buildOf({ media = false, ...options }: StageOptions): Promise<Build> {
  const built = await build(requestOf(options));
  const rare = media ? ['edgewise-scripts'] : ['edgewise-media', 'edgewise-scripts'];
  return { ...built, computes: built.computes.filter(({ name }) => !rare.includes(name)) };
}

/** Somebody with a browser: cookies, storage, tabs. */
export class Visitor {
  readonly context: BrowserContext;
  readonly tabs: Tab[] = [];
  readonly #at: string;

  constructor(context: BrowserContext, at: string) {
    this.context = context;
    this.#at = at;
  }

  /** The address of a path, as this visitor types it. */
  url(path: string): string {
    return new URL(path, this.#at).href;
  }

  /** An empty tab, for what must happen before the first load. */
  async tab(): Promise<Tab> {
    return this.adopt(await this.context.newPage());
  }

  /** Watches a tab that the browser opened by itself. */
  adopt(page: Page): Tab {
    const tab = new Tab(page, this, `tab ${this.tabs.length + 1}`);
    this.tabs.push(tab);
    return tab;
  }

  /** A new tab that has loaded the path and is connected. */
  async open(path: string): Promise<Tab> {
    const tab = await this.tab();
    await tab.load(path);
    return tab;
  }

  /** What no page may ever have, whatever is tested: uncaught errors and violations of the security policy. */
  get troubles(): string[] {
    return this.tabs.flatMap((tab) => tab.troubles);
  }

  report(): string[] {
    return this.tabs.flatMap((tab) => [`— ${tab.name}, ${tab.page.url()}`, ...tab.events.slice(-150)]);
  }
}

/** One frame of a socket, as the browser saw it. */
export interface SeenFrame {
  readonly way: 'up' | 'down';
  readonly text: string;
}

export class Tab {
  readonly page: Page;
  readonly visitor: Visitor;
  readonly name: string;
  /** Frames, console lines, loads: in the order they happened. */
  readonly events: string[] = [];
  readonly frames: SeenFrame[] = [];
  readonly console: string[] = [];
  readonly troubles: string[] = [];
  /** Number of sockets opened. */
  sockets = 0;

  constructor(page: Page, visitor: Visitor, name: string) {
    this.page = page;
    this.visitor = visitor;
    this.name = name;
    page.on('websocket', (socket) => {
      const number = ++this.sockets;
      const seen = (way: 'up' | 'down') => (data: { payload: string | Buffer }) => {
        const text = String(data.payload);
        this.frames.push({ way, text });
        this.events.push(`  ${number} ${way === 'up' ? '→' : '←'} ${text.slice(0, 300)}`);
      };
      socket.on('framesent', seen('up'));
      socket.on('framereceived', seen('down'));
      socket.on('close', () => this.events.push(`  ${number} closed`));
      this.events.push(`  ${number} opened ${socket.url()}`);
    });
    page.on('console', (message) => {
      const line = `${message.type()}: ${message.text()}`;
      this.console.push(line);
      this.events.push(`  console ${line}`);
      if (/Content Security Policy/i.test(line)) this.troubles.push(`${this.name} ${line}`);
    });
    page.on('pageerror', (error) => {
      // Errors of the browser itself have no stack.
      this.events.push(`  error ${error.stack || error}`);
      this.troubles.push(`${this.name} ${error.stack || error}`);
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.events.push(`  loaded ${frame.url()}`);
    });
  }

  /** Loads a path and waits until the page is connected. */
  async load(path: string): Promise<void> {
    const before = this.frames.length;
    await this.page.goto(this.visitor.url(path));
    await this.connected(before);
  }

  async reload(): Promise<void> {
    const before = this.frames.length;
    await this.page.reload();
    await this.connected(before);
  }

  /** Resolves when, after the first `before` frames, the session has welcomed the page. */
  async connected(before = 0): Promise<void> {
    await until('the page is connected', () =>
      this.frames.slice(before).some(({ way, text }) => way === 'down' && /^\["[ws]"/.test(text)),
    );
  }

  /** Brings the tab to the front, as a person who uses it would; a tab behind others draws once a second at most. */
  async front(): Promise<void> {
    if (this.visitor.tabs.length > 1) await this.page.bringToFront();
  }

  /** Resolves when this exact text is shown. */
  async sees(text: string | RegExp, timeout = limit): Promise<void> {
    await this.front();
    // A hidden element may have the text, too.
    await this.page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor({ timeout });
  }

  async isGone(text: string | RegExp): Promise<void> {
    await this.front();
    await this.page.getByText(text, { exact: true }).first().waitFor({ state: 'hidden' });
  }

  /** Clicks the button of this name, without waiting for what it does. */
  async click(name: string): Promise<void> {
    await this.front();
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Resolves when the session has made everything done so far durable. */
  async settled(): Promise<void> {
    await until('every event is acknowledged', async () => {
      const waiting = await this.page.evaluate(() =>
        Object.keys(sessionStorage)
          .filter((key) => key === `edgewise:events:${sessionStorage.getItem('edgewise:page')}`)
          .flatMap((key) => (JSON.parse(sessionStorage.getItem(key) ?? '[0,[]]') as [number, unknown[]])[1]),
      );
      return waiting.length === 0;
    });
  }

  /** The text of everything shown, line by line. */
  async words(): Promise<string[]> {
    const text = await this.page.locator('#edgewise').innerText();
    return text.split('\n').filter((line) => line.trim() !== '');
  }

  /** From now on every change below `#edgewise` is noted, for {@link changes}. */
  async watch(): Promise<void> {
    await this.page.evaluate(() => {
      const noted: string[] = [];
      (window as Marked).edgewiseTestChanges = noted;
      const name = (node: Node | null): string => {
        const element = node instanceof Element ? node : node?.parentElement;
        const named = element?.closest('[data-id]');
        return named ? `${named.localName} ${named.getAttribute('data-id')}` : `${element?.localName}`;
      };
      new MutationObserver((records) => {
        for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
          if (type === 'childList') {
            for (const node of addedNodes) noted.push(`+ ${name(node)}`);
            for (const node of removedNodes) noted.push(`- ${node instanceof Element ? name(node) : 'text'}`);
          } else
            noted.push(type === 'characterData' ? `text of ${name(target)}` : `${attributeName} of ${name(target)}`);
        }
      }).observe(document.getElementById('edgewise') as HTMLElement, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
  }

  /** What has changed since {@link watch}, in order. */
  async changes(): Promise<string[]> {
    return this.page.evaluate(() => (window as Marked).edgewiseTestChanges?.splice(0) ?? []);
  }

  /** The element that shows this text, as {@link changes} calls it. */
  async nameOf(text: string | RegExp): Promise<string> {
    return this.page
      .getByText(text, { exact: true })
      .first()
      .evaluate((element) => `${element.localName} ${element.getAttribute('data-id')}`);
  }

  /** Puts something on `window` that only lives as long as this document. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => {
      (window as Marked).edgewiseTestMark = true;
    });
  }

  /** Whether the document is still the one that was marked. */
  async marked(): Promise<boolean> {
    return this.page.evaluate(() => (window as Marked).edgewiseTestMark === true);
  }

  /** The number of the page that the tab shows. */
  async pageId(): Promise<string> {
    return this.page.evaluate(() => sessionStorage.getItem('edgewise:page') ?? '');
  }
}

interface Marked {
  edgewiseTestMark?: boolean;
  edgewiseTestChanges?: string[];
}

/** Waits until the condition holds, and answers what it answered. */
export async function until<T>(what: string, holds: () => T | Promise<T>, within = limit): Promise<NonNullable<T>> {
  const end = Date.now() + within;
  for (let wait = 10; ; wait = Math.min(100, wait * 1.5)) {
    const answer = await holds();
    if (answer) return answer as NonNullable<T>;
    if (Date.now() > end) throw new Error(`Waited ${within / 1000} s in vain until ${what}.`);
    await pause(wait);
  }
}

/**
 * What you see is what is: asks the session for the first paint of the very page that the tab shows, and compares it with the
 * DOM, element by element. A text field counts by what is in it.
 */
export async function expectTruth(tab: Tab): Promise<void> {
  await tab.settled();
  let difference = '';
  try {
    await until('the DOM is what the session says', async () => {
      difference = await tab.page.evaluate(compareWithServer, await tab.pageId());
      return difference === '';
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${difference}`);
  }
}
