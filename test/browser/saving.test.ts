// Saves of an author while the development server runs, in a real browser.

import type { BrowserContext } from 'playwright-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { seeded } from '../../src/testing/index.ts';
import { launchOptions } from '../chromium.ts';
import { Author } from './author.ts';
import { limit, type Tab, until, Visitor } from './stage.ts';

const author = new Author('test/browser/app/saving');
const first = author.read('app.ts');
let browser: Browser;
const contexts = new Set<BrowserContext>();
/** The number of the last version that was saved. */
let version = 0;

beforeAll(async () => {
  [browser] = await Promise.all([chromium.launch(launchOptions()), author.start()]);
  // Vite finds what the client imports at the first visit, and then loads the page once more.
  const page = await browser.newPage();
  await page.goto(author.url);
  await page.getByText('Version 0').waitFor();
  await page.waitForTimeout(5_000);
  await page.close();
}, 240_000);

afterEach(closeAll);

afterAll(async () => {
  await browser?.close();
  await author.stop();
});

async function closeAll(): Promise<void> {
  await Promise.all([...contexts].map((context) => context.close()));
  contexts.clear();
}

/** A new visitor's tab, and the address of each socket of its page. */
async function visit(): Promise<Tab & { readonly own: string[] }> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  context.setDefaultTimeout(limit);
  contexts.add(context);
  const visitor = new Visitor(context, author.url);
  const tab = await visitor.tab();
  const own: string[] = [];
  tab.page.on('websocket', (socket) => {
    if (socket.url().includes('/_edgewise/socket')) own.push(socket.url());
  });
  const since = author.terminal.length;
  onTestFailed(() =>
    console.error([...visitor.report(), '— terminal', ...author.terminal.slice(since).slice(-120)].join('\n')),
  );
  await tab.load('/');
  return Object.assign(tab, { own });
}

/** The application in its next version. */
function next(change: (text: string) => string = (text) => text): string {
  version++;
  return change(first.replace('Version 0', `Version ${version}`));
}

async function save(text = next()): Promise<void> {
  author.save('app.ts', text);
}

const saved = (tab: Tab) => tab.sees(`Version ${version}`);
const counts = (tab: Tab) => tab.page.getByText(/^count \d+, waited/).innerText();

test('[TO3] a save keeps the state, the text that is being typed with caret and focus, the open dialog, the scroll, the running job with its attempt, the waiting handler, the shared value and the socket', async () => {
  const tab = await visit();
  const other = await visit();
  const { page } = tab;
  const before = Number(/\d+/.exec(await page.getByText(/^total/).innerText())?.[0]);
  await tab.click('Count');
  await tab.click('Work long');
  await tab.sees('attempt 1 of running');
  await page.getByLabel('Name').fill('Ada');
  await tab.click('Open');
  await page.getByLabel('Reason').waitFor();
  await page.getByLabel('Reason').pressSequentially('half typ');
  await page.getByLabel('Reason').evaluate((field: HTMLInputElement) => field.setSelectionRange(2, 5));
  await page.evaluate(() => document.querySelector('main')?.ownerDocument.scrollingElement?.scrollTo(0, 300));
  const scroll = await page.evaluate(() => scrollY);
  await tab.mark();
  await save();
  await saved(tab);
  await other.click('Count');
  await saved(other);
  const field = () =>
    page.evaluate(() => {
      const { activeElement: active } = document;
      return active instanceof HTMLInputElement ? [active.value, active.selectionStart, active.selectionEnd] : [];
    });
  expect(await field()).toEqual(['half typ', 2, 5]);
  expect(await page.evaluate(() => scrollY)).toBe(scroll);
  expect(await page.getByLabel('Name').inputValue()).toBe('Ada');
  await tab.sees('attempt 1 of running');
  await page.keyboard.press('End');
  await page.keyboard.type('ed');
  expect((await field())[0]).toBe('half typed');
  await page.keyboard.press('Escape');
  await tab.sees(`total ${before + 2}`);
  await tab.sees('count 1, waited 0, done 1');
  await tab.sees('attempt 1 of done');
  expect(await tab.marked()).toBe(true);
  expect(tab.own).toHaveLength(1);
  expect(other.own).toHaveLength(1);
  expect(tab.troubles).toEqual([]);
});

const failures: readonly (readonly [string, (text: string) => string, RegExp, string])[] = [
  ['a syntax error', (text) => text.replace("'count');", "'count';"), /app\.ts:\d+:\d+/, 'Transform failed'],
  [
    'an exception at the top of a module',
    (text) => text.replace('const app =', 'undefined.call();\nconst app ='),
    /app\.ts:7:11/,
    'TypeError',
  ],
  [
    'an exception in a page function',
    (text) => text.replace("ui.label('Version", "null.length;\n  ui.label('Version"),
    /app\.ts:14:8/,
    'TypeError',
  ],
  ['a module without an application', () => 'export {};\n', /app\.ts/, 'exports no application'],
];

describe.each(failures)('[TO3] a save with %s', (_, change, place, what) => {
  test('shows the place over the page that stays, says it once in the terminal, and the next save heals it with the clicks of between', async () => {
    const tab = await visit();
    const { page } = tab;
    await tab.click('Count');
    await tab.sees('count 1, waited 0, done 0');
    await tab.mark();
    const since = author.terminal.length;
    await save(next(change));
    const overlay = page.locator('edgewise-mistake');
    await overlay.getByText(what).first().waitFor();
    expect(await page.evaluate(textOfAll)).toMatch(place);
    expect(await counts(tab)).toBe('count 1, waited 0, done 0');
    await page.keyboard.press('Escape');
    await tab.click('Count');
    await tab.click('Count');
    await page.waitForTimeout(1_000);
    await save();
    await saved(tab);
    await tab.sees('count 3, waited 0, done 0');
    expect(await overlay.count()).toBe(0);
    expect(await tab.marked()).toBe(true);
    expect(tab.own).toHaveLength(1);
    expect(tab.troubles).toEqual([]);
    expect(author.terminal.slice(since).filter((line) => line.includes(what))).toHaveLength(1);
  });
});

/** The text of the document, with that of Vite's panel. */
function textOfAll(): string {
  const overlay = document.querySelector('edgewise-mistake');
  return `${document.body.innerText} ${overlay?.shadowRoot?.textContent ?? ''}`;
}

test.each([failures[0], failures[2]] as typeof failures)(
  '[TO3] a save with %s shows its place to who comes now, whose page is there after the next save',
  async (_, change, place, what) => {
    await save(next(change));
    await until('the server has seen the save', () => author.terminal.some((line) => line.includes(what)));
    const tab = await new Visitor(await browser.newContext(), author.url).tab();
    contexts.add(tab.visitor.context);
    await tab.page.goto(author.url);
    await until('the place is shown', async () => place.test(await tab.page.evaluate(textOfAll)));
    await save();
    await saved(tab);
  },
);

test('[TO3] states keep their values by the names of their variables when lines are inserted, moved, removed and renamed under a running page', async () => {
  const tab = await visit();
  const withStates = (...names: string[]) =>
    next((text) =>
      text.replace("  ui.label('Version", (line) => {
        const states = names.map(
          (name) =>
            `  const ${name} = ui.state(0);\n  ui.button('Add ${name}', () => ${name}.value++);\n  ui.label(() => '${name} ' + ${name}.value);\n`,
        );
        return states.join('') + line;
      }),
    );
  const shows = async (...names: string[]) => {
    await save(withStates(...names.map((name) => name.split(' ')[0] as string)));
    await saved(tab);
    for (const name of names) await tab.sees(name);
  };
  await tab.mark();
  await shows('red 0', 'blue 0');
  for (const name of ['red', 'blue', 'blue']) await tab.click(`Add ${name}`);
  await tab.sees('blue 2');
  await shows('green 0', 'red 1', 'blue 2');
  await tab.click('Add green');
  await shows('blue 2', 'green 1', 'red 1');
  await shows('red 1', 'blue 2');
  await shows('red 1', 'violet 0');
  expect(await tab.marked()).toBe(true);
  expect(tab.own).toHaveLength(1);
});

test.each([30, 300])('[TO3] a save that empties the file for %i ms first is one save', async (ms) => {
  const tab = await visit();
  await tab.click('Count');
  const since = author.terminal.length;
  await author.saveSlowly('app.ts', next(), ms);
  await saved(tab);
  await tab.sees('count 1, waited 0, done 0');
  expect(tab.own).toHaveLength(1);
  expect(author.terminal.slice(since).join('\n')).not.toMatch(/Restarting|exports no application/);
});

test('[TO3] a page that gets a save while it loads the style sheet of another one follows the saves after both', async () => {
  const tab = await visit();
  const { page } = tab;
  await save();
  await until('the sheet of the first save is the only one', () =>
    page
      .locator('link[data-edgewise-styles]')
      .evaluateAll((links) => links.length === 1 && (links[0] as HTMLLinkElement).href.includes('?t=')),
  );
  const added = await page.evaluateHandle(() => {
    const hrefs: string[] = [];
    new MutationObserver((records) => {
      for (const { addedNodes } of records)
        for (const node of addedNodes) if (node instanceof HTMLLinkElement) hrefs.push(node.href);
    }).observe(document, { childList: true, subtree: true });
    return hrefs;
  });
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: loaded, resolve: load } = Promise.withResolvers<void>();
  await page.route(/styles\.css\?t=/, async (route) => {
    ask();
    await loaded;
    await route.continue();
  });
  // Tailwind reads all sources, so this one has a sheet, though no page.
  author.save('tasks.ts', `${author.read('tasks.ts')}\n`);
  await asked;
  await save(next((text) => text.replace("  ui.label('Version", "  ui.label('Another line');\n$&")));
  await until('the Worker has the save', async () =>
    (await (await fetch(author.url)).text()).includes(`Version ${version}`),
  );
  await tab.click('Count');
  await saved(tab);
  load();
  await save();
  await saved(tab);
  // Another sheet than Vite's would end the loading of Vite's, for which all of Vite's messages wait.
  expect((await added.jsonValue()).filter((href) => !href.includes('?t='))).toEqual([]);
});

test('[TO3] 300 clicks, 12 jobs and 40 saves end exactly', async () => {
  const chance = seeded(1);
  const tab = await visit();
  const { page } = tab;
  const total = Number(/\d+/.exec(await page.getByText(/^total/).innerText())?.[0]);
  const steps = [
    ...Array(200).fill('Count'),
    ...Array(100).fill('Wait'),
    ...Array(12).fill('Work'),
    ...Array(40).fill(''),
  ] as string[];
  while (steps.length > 0) {
    const [step = ''] = steps.splice(Math.floor(chance() * steps.length), 1);
    if (step !== '') {
      await page.evaluate((name) => {
        [...document.querySelectorAll('button')].find((button) => button.textContent === name)?.click();
      }, step);
    } else if (chance() < 0.15) {
      const [, broken] = failures[Math.floor(chance() * failures.length)] as (typeof failures)[number];
      await save(next(broken));
    } else if (chance() < 0.2) await author.saveSlowly('app.ts', next(), chance() * 40);
    else await save();
    if (chance() < 0.4) await page.waitForTimeout(chance() ** 3 * 500);
  }
  await save();
  await saved(tab);
  await tab.sees('count 200, waited 100, done 12');
  await tab.sees(`total ${total + 200}`);
  expect(tab.own).toHaveLength(1);
  expect(tab.troubles).toEqual([]);
});
