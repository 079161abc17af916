// The applications of the gallery that show the promises, as people use them: real servers, one of which dies in the middle.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { expectTruth, stage, type Tab, until } from './stage.ts';

const world = stage({ together: true });
const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const };

/** Nothing sticks out of a telephone. */
async function expectNarrow({ page }: Tab): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
}

test('a SIGKILL in the middle of an order and of the reading of a file: both end as if nothing had been, and stay private', async () => {
  const ada = await world.visitor();
  const eve = await world.visit('/csv', phone);
  const order = await ada.open('/order');
  const csv = await ada.open('/csv');
  await csv.click('Try 100,000 rows');
  await order.click('Place order');
  await order.click('Order');
  await order.sees('Charging the card…');
  await csv.sees(/^(Reading orders\.csv…|1–50 of 100000)$/);
  // The book has the call that will be cut off. A commit holds all that is done, so a click that is durable makes the book so.
  await order.sees(/^Calls to the provider: [23],/);
  await order.click('More: Enamel mug');
  await order.settled();
  await world.servers.app.kill();
  await world.servers.app.ready();
  await order.sees(/^Parcel sent: P-/);
  // The call that was cut off came twice, and the provider acted once. So did the one before, if its result was not durable yet.
  await order.sees(/^Calls to the provider: [45], effects: 3\.$/);
  await csv.sees('1–50 of 100000');
  await csv.page.getByRole('button', { name: 'customer' }).click();
  await csv.sees('customer0@example.com');
  await csv.page.getByRole('searchbox').or(csv.page.getByLabel('Search')).first().fill('customer42@');
  await until('the rows are filtered', async () => !(await csv.words()).includes('customer0@example.com'));
  const download = csv.page.waitForEvent('download');
  await csv.click('Download');
  const saved = await (await download).path();
  const lines = (await readFile(saved, 'utf8')).trimEnd().split('\r\n');
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.slice(1).every((line) => line.includes('customer42@'))).toBe(true);
  const address = (await download).url();
  expect((await ada.context.request.get(address)).status()).toBe(200);
  expect((await eve.visitor.context.request.get(address)).status()).toBe(404);
  await eve.sees('No file yet. Choose one of up to 10 MB, or try a made-up one.');
  await expectNarrow(eve);
  for (const tab of [order, csv]) await expectTruth(tab);
});

test('a thing is dragged by its handle and moved by the arrow keys, whose focus stays, and everybody sees the order', async () => {
  const ada = await world.visit('/board');
  const bob = await world.visit('/board', phone);
  const things = async (tab: Tab) => {
    const handles = tab.page.getByRole('button', { name: /^Move / });
    return (await handles.evaluateAll((all) => all.map((one) => one.ariaLabel?.slice(5)))).join();
  };
  await ada.page.getByLabel('Your name').fill('Ada');
  for (const text of ['three', 'two', 'one']) {
    await ada.page.getByLabel('What is to be done?').fill(text);
    await ada.page.keyboard.press('Enter');
    await bob.sees(text);
  }
  await until('the order is known', async () => (await things(ada)) === 'one,two,three');
  const handle = (name: string) => ada.page.getByRole('button', { name: `Move ${name}` });
  const from = await handle('one').boundingBox();
  const to = await handle('three').boundingBox();
  if (!from || !to) throw new Error('A handle is not visible.');
  await ada.page.mouse.move(from.x + 8, from.y + 8);
  await ada.page.mouse.down();
  await ada.page.mouse.move(from.x + 8, to.y - 10, { steps: 4 });
  await ada.page.mouse.move(from.x + 8, to.y + 16, { steps: 4 });
  await ada.page.mouse.up();
  for (const tab of [ada, bob]) await until('it was dragged', async () => (await things(tab)) === 'two,three,one');
  await handle('one').focus();
  await ada.page.keyboard.press('ArrowUp');
  await until('it was moved', async () => (await things(ada)) === 'two,one,three');
  await ada.page.keyboard.press('ArrowUp');
  await until('it was moved again', async () => (await things(bob)) === 'one,two,three');
  expect(await handle('one').evaluate((element) => element === document.activeElement)).toBe(true);
  await expectNarrow(bob);
  for (const tab of [ada, bob]) await expectTruth(tab);
});

test('a thing lands where it was dropped although another person adds one meanwhile, and one that goes leaves no gap', async () => {
  const ada = await world.visit('/board');
  const bob = await world.visit('/board', phone);
  const letters = async () => {
    const handles = ada.page.getByRole('button', { name: /^Move [A-Z]$/ });
    return (await handles.evaluateAll((all) => all.map((one) => one.ariaLabel?.slice(5)))).join('');
  };
  const add = async (tab: Tab, text: string) => {
    await tab.page.getByLabel('What is to be done?').fill(text);
    await tab.page.keyboard.press('Enter');
    await ada.sees(text);
  };
  const drag = async (name: string, below: string) => {
    const handle = (text: string) => ada.page.getByRole('button', { name: `Move ${text}`, exact: true });
    const from = await handle(name).boundingBox();
    const to = await handle(below).boundingBox();
    if (!from || !to) throw new Error('A handle is not visible.');
    await ada.page.mouse.move(from.x + 8, from.y + 8);
    await ada.page.mouse.down();
    await ada.page.mouse.move(from.x + 8, to.y + 16, { steps: 4 });
  };
  const shifted = ada.page.locator('.edgewise-sortable-item[style]');
  await ada.page.getByLabel('Your name').fill('Ada');
  await bob.page.getByLabel('Your name').fill('Bob');
  for (const letter of ['C', 'B', 'A']) await add(ada, letter);
  await until('the order is known', async () => (await letters()) === 'ABC');
  await drag('A', 'C');
  await add(bob, 'X');
  await ada.page.mouse.up();
  await until('it was dropped behind C', async () => (await letters()) === 'XBCA');
  await until('nothing is shifted', async () => (await shifted.count()) === 0);
  await drag('B', 'C');
  expect(await shifted.count()).toBe(2);
  await bob.click('Delete B');
  await until('it is gone', async () => (await letters()) === 'XCA');
  await until('nothing is shifted', async () => (await shifted.count()) === 0);
  await ada.page.mouse.up();
  await expectTruth(ada);
});

test('a message that comes while the tab is behind others counts in its title, until the visitor looks', async () => {
  const ada = await world.visit('/chat');
  const bob = await world.visit('/chat', phone);
  for (const [tab, name] of [
    [ada, 'Ada'],
    [bob, 'Bob'],
  ] as const) {
    await tab.page.getByLabel('Your name').fill(name);
    await tab.page.keyboard.press('Enter');
    await tab.sees(`${name} (you)`);
  }
  const looks = (state: 'hidden' | 'visible') =>
    ada.page.evaluate((now) => {
      Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  const message = bob.page.getByRole('textbox', { name: 'Message' });
  await message.fill('Hello');
  await bob.page.keyboard.press('Enter');
  await ada.sees('Hello');
  await looks('hidden');
  await ada.settled();
  await message.fill('Are you there?');
  await ada.sees('Bob is typing…');
  await bob.page.keyboard.press('Enter');
  await until('the title counts', async () => (await ada.page.title()) === '(1) Chat');
  await looks('visible');
  await ada.sees('New');
  await until('the title is plain', async () => (await ada.page.title()) === 'Chat');
  await expectNarrow(bob);
  await expectTruth(ada);
});
