// What only a browser shows of the controls: what it makes of values by itself, what is done before the script is there, keys, the
// caret, the focus.

import { expect, test } from 'vitest';
import { expectTruth, stage, type Tab, until } from './stage.ts';

const { visit, visitor } = stage({
  app: 'test/browser/app/wrangler.toml',
  compute: 'test/browser/app/wrangler.compute.toml',
  // No test kills one of the two alone.
  together: true,
});

async function said(tab: Tab): Promise<Record<string, unknown>> {
  return JSON.parse((await tab.page.locator('#said').textContent()) ?? '{}') as Record<string, unknown>;
}

async function says(tab: Tab, name: string, value: unknown): Promise<void> {
  await expect.poll(async () => (await said(tab))[name], { message: name }).toEqual(value);
}

test('a page that nobody has touched sends nothing of any control, whatever the browser makes of its values', async () => {
  const tab = await visit('/controls-untouched');
  await tab.click('Ask');
  await tab.sees('Heard: nothing');
  const written = tab.frames.filter(({ way, text }) => way === 'up' && text.includes('"value"'));
  expect(written.map(({ text }) => text)).toEqual([]);
  await tab.reload();
  await tab.settled();
  expect(tab.frames.filter(({ way, text }) => way === 'up' && text.includes('"value"'))).toEqual([]);
});

test('[NF2] what is entered before the script is there is taken over', async () => {
  const reader = await visitor();
  const tab = await reader.tab();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await tab.page.route(/\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  await tab.page.goto(reader.url('/controls'), { waitUntil: 'commit' });
  const { page } = tab;
  await page.getByLabel('Input', { exact: true }).fill('early');
  await page.getByLabel('Textarea').fill('one\ntwo');
  await page.getByLabel('Number').fill('12.5');
  await page.getByLabel('Checkbox').check();
  await page.getByLabel('Switch').check();
  await page.getByLabel('Select').selectOption('Two');
  await page.getByRole('radiogroup', { name: 'Radio' }).getByLabel('b').check();
  await page.getByRole('radiogroup', { name: 'Toggle' }).getByLabel('b').check();
  await page.getByLabel('Slider').fill('70');
  await page.getByLabel('Range to').fill('60');
  await page.getByLabel('Date').fill('2026-11-29');
  await page.getByLabel('Time').fill('08:30');
  await page.getByLabel('4 stars').check();
  // The browser itself opens the list.
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Pick' }).waitFor();
  await page.keyboard.press('Escape');
  release();
  await tab.connected();
  for (const [name, value] of Object.entries({
    input: 'early',
    textarea: 'one\ntwo',
    number: 12.5,
    checkbox: true,
    switch: true,
    select: 2,
    radio: 'b',
    toggle: 'b',
    slider: 70,
    range: [20, 60],
    date: '2026-11-29',
    time: '08:30',
    stars: 4,
  })) {
    await says(tab, name, value);
  }
  await expectTruth(tab);
});

test('[WS8] every control works by the keyboard', async () => {
  const tab = await visit('/controls');
  const { page } = tab;
  const { keyboard } = page;
  await page.getByLabel('Number').focus();
  await keyboard.type('5');
  await keyboard.press('Tab');
  await says(tab, 'number', 10);
  expect(await page.getByLabel('Number').inputValue()).toBe('10.00');
  await page.getByLabel('Number').fill('12.345');
  await keyboard.press('Tab');
  await says(tab, 'number', 12.3);

  const fruits = page.getByRole('combobox', { name: 'Fruits' });
  await fruits.focus();
  await keyboard.type('an');
  await keyboard.press('Enter');
  await says(tab, 'fruits', ['Banana']);
  await keyboard.type('Fig');
  await keyboard.press('Enter');
  await says(tab, 'fruits', ['Banana', 'Fig']);
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect.poll(async () => ((await said(tab)).fruits as string[]).length).not.toBe(2);
  await keyboard.press('Escape');
  await keyboard.press('Backspace');
  expect(await fruits.getAttribute('aria-expanded')).toBe('false');

  const country = page.getByRole('combobox', { name: 'Country' });
  await country.focus();
  await keyboard.type('bel');
  expect(await page.getByRole('listbox', { name: 'Country' }).getByRole('option').allTextContents()).toEqual([
    'Belgium',
  ]);
  await keyboard.press('Enter');
  await says(tab, 'country', 'Belgium');
  expect(await country.inputValue()).toBe('Belgium');
  await keyboard.type('xyz');
  await keyboard.press('Escape');
  expect(await country.inputValue()).toBe('Belgium');
  await page.getByRole('button', { name: 'Clear Country' }).press('Enter');
  await says(tab, 'country', null);
  expect(await country.inputValue()).toBe('');

  await page.getByRole('radiogroup', { name: 'Toggle' }).getByLabel('a').press('Space');
  await says(tab, 'toggle', 'a');
  await keyboard.press('ArrowRight');
  await says(tab, 'toggle', 'b');
  await keyboard.press('Space');
  await says(tab, 'toggle', null);
  await page.getByLabel('3 stars').click();
  await says(tab, 'stars', 3);
  await page.getByLabel('3 stars').click();
  await says(tab, 'stars', null);

  await page.getByLabel('Slider').press('ArrowRight');
  await says(tab, 'slider', 51);
  await page.getByLabel('Range from').press('End');
  await says(tab, 'range', [80, 80]);

  await page.getByLabel('Chips').pressSequentially('one,two');
  await keyboard.press('Enter');
  await says(tab, 'chips', ['one', 'two']);
  await keyboard.press('Backspace');
  await says(tab, 'chips', ['one']);

  await page.getByLabel('Colour', { exact: true }).fill('#abc');
  await says(tab, 'colour', '#aabbcc');
  await page.getByLabel('Colour', { exact: true }).fill('nonsense'.slice(0, 7));
  await keyboard.press('Tab');
  expect(await page.getByLabel('Colour', { exact: true }).inputValue()).toBe('#aabbcc');

  await page.getByRole('button', { name: 'Page 2' }).press('Enter');
  await says(tab, 'page', 2);
  await page.getByLabel('Input', { exact: true }).fill('text');
  await page.getByRole('button', { name: 'Clear Input' }).press('Enter');
  await says(tab, 'input', '');
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('input');
  await expectTruth(tab);
});

test('[EO7] a text that the server formats stays in order, and the Enter of a composition sends nothing', async () => {
  const tab = await visit('/controls-typing');
  const { page } = tab;
  const amount = page.getByLabel('Amount');
  await amount.pressSequentially('1234567', { delay: 130 });
  await until('the text is formatted', async () => (await amount.inputValue()) === '1,234,567');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('89');
  await until('the text is formatted', async () => (await amount.inputValue()) === '123,458,967');
  expect(await amount.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(9);

  const message = page.getByLabel('Message');
  await message.fill('日本');
  // Safari: the composition has ended when its Enter comes.
  await message.evaluate((input) => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true }));
  });
  await tab.settled();
  await tab.sees('Sent: []');
  await message.press('Enter');
  await tab.sees('Sent: ["日本"]');
  expect(await message.inputValue()).toBe('');
});

test('[WS8] a form shows what is wrong to everybody, and survives a reload with it', async () => {
  const tab = await visit('/controls-form');
  const { page } = tab;
  const first = page.getByLabel('First');
  await first.fill('a');
  await page.getByLabel('Password', { exact: true }).fill('hunter2');
  await first.press('Enter');
  await tab.sees('Too short');
  await tab.sees('Missing');
  expect(await first.getAttribute('aria-invalid')).toBe('true');
  const id = await first.getAttribute('aria-describedby');
  expect(await page.locator(`[id="${id}"]`).textContent()).toBe('Too short');
  await until('the first wrong field has the focus', () => first.evaluate((input) => document.activeElement === input));
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await page.getByLabel('Password', { exact: true }).getAttribute('type')).toBe('text');
  await tab.settled();
  await tab.reload();
  await tab.sees('Too short');
  expect(await first.inputValue()).toBe('a');
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  expect(await page.content()).not.toContain('hunter2');
  await first.fill('abc');
  await page.getByLabel('Second').fill('x');
  await tab.click('Send');
  await tab.sees('Sent');
  await tab.click('Reset');
  await until('the form is empty', async () => (await first.inputValue()) === '');
  await expectTruth(tab);
});

test('[NF3] a new tab does not show the form that another tab has just left', async () => {
  const reader = await visitor();
  const tab = await reader.open('/controls-form');
  await tab.page.getByLabel('First').fill('mine');
  await tab.settled();
  await tab.load('/counter');
  const other = await reader.open('/controls-form');
  expect(await other.page.getByLabel('First').inputValue()).toBe('');
  await until('the tab has a page of its own', async () => (await other.pageId()) !== '');
  await other.page.getByLabel('First').fill('another');
  await other.settled();
  const before = tab.frames.length;
  await tab.page.goBack();
  await tab.connected(before);
  await until('the first tab has its form', async () => (await tab.page.getByLabel('First').inputValue()) === 'mine');
});

test('a field with autofocus has the focus when its page opens, and when its dialog does', async () => {
  const tab = await visit('/autofocus');
  const focused = (label: string) =>
    until(`${label} has the focus`, () =>
      tab.page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement),
    );
  await focused('Wanted');
  await tab.click('Open');
  await focused('In the dialog');
  await tab.page.keyboard.press('Escape');
  await tab.load('/counter');
  await tab.page.getByRole('link', { name: 'Autofocus' }).click();
  await focused('Wanted');
});
