// What a page does in a real browser: single changes, lists, typing, handlers and their errors, hostile neighbours.

import { afterAll, describe, expect, test } from 'vitest';
import { encode, protocolVersion } from '../../src/protocol/index.ts';
import { Outside } from './outside.ts';
import { expectTruth, stage, type Tab, until } from './stage.ts';

/** What a client says first. */
const hello = encode(['h', protocolVersion, 'x', 0, 0, []]);

let outside: Outside;
const { log, visitor, visit } = stage(async () => {
  outside = await new Outside().start();
  return {
    app: 'test/browser/app/wrangler.toml',
    compute: 'test/browser/app/wrangler.compute.toml',
    vars: { OUTSIDE: outside.url },
  };
});
afterAll(() => outside[Symbol.asyncDispose]());

describe('focus', () => {
  test('what is removed or disabled gives the focus to what follows, and has it back when it is enabled again', async () => {
    const tab = await visit('/focus', { locale: 'de-CH', timezoneId: 'America/Toronto' });
    const { page } = tab;
    await tab.sees('Visitor: de-CH America/Toronto');
    const press = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    const focused = (name: string) =>
      until(`${name} has the focus`, () => page.evaluate((text) => document.activeElement?.textContent === text, name));
    await press('Delete 2');
    await focused('Delete 3');
    await page.keyboard.press('Enter');
    await focused('Save');
    await page.keyboard.press('Enter');
    await until('the field has the focus', () => page.evaluate(() => document.activeElement?.tagName === 'INPUT'));
    await outside.open('save');
    await focused('Save');
    await press('Select');
    await until('the text is selected', () => page.evaluate(() => String(getSelection()) === 'Ada'));
    await expectTruth(tab);
  });
});

describe('questions', () => {
  test('are modal, answered by buttons and keys, and outlive a reload in the middle', async () => {
    const tab = await visit('/questions');
    const { page } = tab;
    const question = page.getByRole('alertdialog');
    await tab.click('Delete');
    await question.getByText('Delete the order?').waitFor();
    // What cannot be undone is not one Enter away.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    await page.keyboard.press('Escape');
    await tab.sees('Deleted: false');
    await tab.click('Delete');
    await page.reload();
    await question.getByRole('button', { name: 'OK' }).click();
    await tab.sees('Deleted: true');
    await question.waitFor({ state: 'detached' });
    await tab.click('Rename');
    const field = question.getByRole('textbox');
    expect(await field.inputValue()).toBe('Untitled');
    await field.fill('Board');
    await page.keyboard.press('Enter');
    await tab.sees('Name: Board');
    await tab.click('Rename');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await tab.sees('Name: null');
    await tab.click('Choose');
    await tab.click('Large');
    await tab.sees('Size: large');
    await tab.click('Choose');
    // Its button can be seen for a while after the dialog was closed, too.
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await tab.sees('Size: undefined');
    await expectTruth(tab);
  });
});

describe('CV changes', () => {
  test('[WS2] a change of one text touches that text in the DOM and nothing else', async () => {
    const tab = await visit('/counter');
    const label = await tab.nameOf('Count: 0');
    await tab.watch();
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.click('Set');
    await tab.sees('Set at 1');
    const other = await tab.nameOf('Set at 1');
    expect(await tab.changes()).toEqual([`text of ${label}`, `text of ${other}`]);
    await expectTruth(tab);
  });

  test('[NF12] items of a list move with their elements, and only what is new or gone is made or removed', async () => {
    const tab = await visit('/list');
    const { page } = tab;
    await page.getByLabel('Note c').fill('kept');
    await page.evaluate(() => {
      for (const label of document.querySelectorAll('.edgewise-label')) {
        Object.assign(label, { first: label.textContent });
      }
    });
    const same = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement & { first?: string }>('.edgewise-label')]
          .filter((label) => label.textContent?.startsWith('Item'))
          .map((label) => (label.first === label.textContent ? 'same' : 'new')),
      );
    const order = async () =>
      (await page.locator('.edgewise-label', { hasText: /^Item/ }).allInnerTexts()).map((text) => text.slice(5));
    await tab.watch();
    await tab.click('Rotate');
    await tab.sees('Order: b c d e a');
    expect(await order()).toEqual(['b', 'c', 'd', 'e', 'a']);
    expect(await same()).toEqual(Array(5).fill('same'));
    // One row is taken out and put in again: four others stay where they are.
    expect((await tab.changes()).filter((line) => /^[+-] div/.test(line))).toHaveLength(2);
    await tab.click('Reverse');
    await tab.sees('Order: a e d c b');
    expect(await order()).toEqual(['a', 'e', 'd', 'c', 'b']);
    expect(await same()).toEqual(Array(5).fill('same'));
    await tab.changes();
    await tab.click('Insert');
    await tab.sees('Order: a e new 1 d c b');
    expect(await order()).toEqual(['a', 'e', 'new 1', 'd', 'c', 'b']);
    expect((await tab.changes()).filter((line) => /^[+-] div/.test(line))).toEqual([expect.stringMatching(/^\+ div/)]);
    await tab.click('Remove');
    await tab.sees('Order: a new 1 d c b');
    expect(await order()).toEqual(['a', 'new 1', 'd', 'c', 'b']);
    expect((await tab.changes()).filter((line) => /^[+-] div/.test(line))).toEqual([expect.stringMatching(/^- div/)]);
    expect(await same()).toEqual(['same', 'new', 'same', 'same', 'same']);
    expect(await page.getByLabel('Note c').inputValue()).toBe('kept');
    await expectTruth(tab);
  });

  test('[NF12] an element that moves keeps the focus, the caret and what is being typed', async () => {
    const tab = await visit('/list');
    const field = tab.page.getByLabel('Note b');
    await field.pressSequentially('half a wor');
    await tab.page.keyboard.press('ArrowLeft');
    for (const order of ['e d c b a', 'd c b a e', 'c b a e d']) {
      await tab.page.evaluate(
        (name) => [...document.querySelectorAll('button')].find((button) => button.textContent === name)?.click(),
        order === 'e d c b a' ? 'Reverse' : 'Rotate',
      );
      await tab.sees(`Order: ${order}`);
    }
    await tab.page.keyboard.type('!');
    expect(await field.inputValue()).toBe('half a wo!r');
    expect(await field.evaluate((input) => document.activeElement === input)).toBe(true);
    await expectTruth(tab);
  });

  test('a page that nobody has touched sends nothing, whatever a browser makes of its values', async () => {
    const tab = await visit('/untouched');
    expect(await tab.page.getByLabel('Team').inputValue()).toBe('');
    await tab.click('Ask');
    await tab.sees('Heard 0');
    await tab.page.getByLabel('Team').selectOption('A');
    await tab.click('Ask');
    await tab.sees('Heard 1');
    await expectTruth(tab);
  });

  test('[WS8] every kind of element works with the mouse and the keyboard, and its state is the session’s', async () => {
    const tab = await visit('/elements');
    const { page } = tab;
    await page.getByText('Tick me').click();
    await page.getByLabel('Bound').press('Space');
    await tab.sees('Bound is true');
    await page.getByLabel('Choose').selectOption('Three');
    await tab.sees('Chosen: Three');
    await page.getByRole('tab', { name: 'Alarms' }).click();
    await page.getByText('No alarms').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('A film').fill('Metropolis');
    expect(await page.getByText('No mails').isVisible()).toBe(false);
    expect(await page.getByLabel('Read only').getAttribute('readonly')).not.toBeNull();
    expect(await page.getByRole('button', { name: 'Disabled' }).isDisabled()).toBe(true);
    expect(await page.getByText('Hidden', { exact: true }).isVisible()).toBe(false);
    expect(await page.getByRole('progressbar').first().getAttribute('value')).toBe('25');
    expect(await page.getByRole('log').innerText()).toBe('… 1 earlier line\ntwo\nthree\nfour');
    expect(await page.getByRole('link', { name: 'Elsewhere' }).getAttribute('rel')).toBe('noopener');
    await tab.click('Open the dialog');
    await page.getByRole('dialog', { name: 'A question' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await tab.click('Open the dialog');
    await tab.click('Close it');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await tab.click('Show what is set');
    await tab.sees('box true, tab Films, dialog false');
    await tab.click('Plain');
    await page.locator('.edgewise-notification', { hasText: 'Plain was clicked' }).getByRole('button').click();
    await tab.isGone('Plain was clicked');
    await expectTruth(tab);
  });

  test('[WS4] with JavaScript off a page of every kind is readable', async () => {
    const reader = await visitor({ javaScriptEnabled: false });
    const tab = await reader.tab();
    await tab.page.goto(reader.url('/elements'));
    const words = await tab.words();
    for (const line of ['A label', 'of two lines', 'In a card', '25%', 'four', 'No mails', 'Mails', 'Films']) {
      expect(words.join('\n')).toContain(line);
    }
    expect(words.join('\n')).not.toContain('In the dialog');
    expect(await tab.page.getByLabel('Choose').inputValue()).toBe('Two');
    expect(await tab.page.locator('noscript').innerText()).toContain('allow JavaScript');
  });

  test('a bar has the same length without a value, with one and with all of it', async () => {
    const { page } = await visit('/elements', { viewport: { width: 360, height: 640 } });
    const bars = page.getByRole('progressbar');
    const [some, none, all] = await Promise.all([0, 1, 2].map(async (index) => bars.nth(index).boundingBox()));
    expect(none).toMatchObject({ x: some?.x, width: some?.width });
    expect(all).toMatchObject({ x: some?.x, width: some?.width });
    // The words stay inside as well.
    const within = await page
      .locator('.edgewise-progress')
      .evaluateAll((boxes) => boxes.map((box) => box.scrollWidth <= box.clientWidth));
    expect(within).not.toContain(false);
  });

  test('a long text stays inside its button, badge or box of a choice, and makes no page wider than a phone', async () => {
    const { page } = await visit('/elements', { viewport: { width: 360, height: 640 } });
    const found = await page.evaluate(() => {
      const boxes = ['btn', 'badge'].map((name) => {
        const made = document.createElement('span');
        made.className = name;
        document.querySelector('.edgewise-root')?.append(made);
        return made;
      });
      const choices = [...document.querySelectorAll<HTMLElement>('.edgewise-check > span')];
      return [...boxes, ...choices.filter((one) => one.checkVisibility()).slice(0, 1)].map((box) => {
        return ['A sentence of many words that has more than one line', 'word'.repeat(30)].map((text) => {
          box.textContent = text;
          const around = box.getBoundingClientRect();
          const words = document.createRange();
          words.selectNodeContents(box);
          const { left, right, top, bottom } = words.getBoundingClientRect();
          const isInside = left >= around.left && right <= around.right && top >= around.top && bottom <= around.bottom;
          return isInside && document.documentElement.scrollWidth === innerWidth;
        });
      });
    });
    expect(found).toEqual(Array(3).fill([true, true]));
  });

  test('a message is read out, is no wider than its text needs, and is gone when dismissed, network or not', async () => {
    const tab = await visit('/elements', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    const { page } = tab;
    const corner = page.locator('#edgewise-toast');
    // A live region that came with its text would not be read.
    expect(await corner.getAttribute('aria-live')).toBe('polite');
    await tab.click('Plain');
    const message = page.locator('.edgewise-notification', { hasText: 'Plain was clicked' });
    await message.waitFor();
    expect((await message.boundingBox())?.width).toBeLessThan(300);
    // On the colour of the message the text of the page would not be readable in both themes.
    const colors = await message.evaluate((element) =>
      [element, ...element.children].map((one) => getComputedStyle(one).color),
    );
    expect(colors).toEqual(colors.map(() => colors[0]));
    await page.setViewportSize({ width: 360, height: 640 });
    await tab.click('Long');
    const long = page.locator('.edgewise-notification', { hasText: 'A long message' });
    await long.waitFor();
    for (const [viewport, most] of [
      [360, 360],
      [1280, 28 * 16],
    ] as const) {
      await page.setViewportSize({ width: viewport, height: 640 });
      const box = await long.boundingBox();
      expect(box?.width).toBeLessThanOrEqual(most);
      expect(box?.x).toBeGreaterThanOrEqual(0);
    }
    await tab.visitor.context.setOffline(true);
    await long.getByRole('button', { name: 'Dismiss' }).click();
    await long.waitFor({ state: 'detached' });
    await tab.visitor.context.setOffline(false);
    await tab.settled();
    expect(await long.count()).toBe(0);
  });
});

describe('CV typing', () => {
  test('[EO7] a value that the session sets while somebody types does not touch the text; the text wins', async () => {
    const tab = await visit('/typing');
    const field = tab.page.getByLabel('Field');
    await tab.click('Set it later');
    await field.click();
    await tab.page.keyboard.type('my own');
    await outside.open('set');
    await tab.sees('The session has set it');
    expect(await field.inputValue()).toBe('my own');
    await tab.page.keyboard.press('ArrowLeft');
    await tab.page.keyboard.type('X');
    expect(await field.inputValue()).toBe('my owXn');
    await tab.sees('Heard: my owXn');
    await expectTruth(tab);
    expect(await field.inputValue()).toBe('my owXn');
  });

  test('a value that the session sets while the field rests is shown, and the caret keeps its place', async () => {
    const tab = await visit('/typing');
    const field = tab.page.getByLabel('Loud');
    await field.click();
    await tab.page.keyboard.type('abc');
    await tab.page.keyboard.press('ArrowLeft');
    await until('the session has answered', async () => (await field.inputValue()) === 'ABC');
    await tab.page.keyboard.type('d');
    await until('the session has answered', async () => (await field.inputValue()) === 'ABDC');
    expect(await field.evaluate((input) => (input as HTMLInputElement).selectionStart)).toBe(3);
    await expectTruth(tab);
  });

  test('[EO3] Enter sends what was typed before it, and the handler may empty the field', async () => {
    const tab = await visit('/typing');
    const field = tab.page.getByLabel('Entered');
    for (const word of ['one', 'two', 'three']) {
      await field.pressSequentially(word);
      await tab.page.keyboard.press('Enter');
      await tab.sees(`Entered: ${word}`);
      await until('the field is empty', async () => (await field.inputValue()) === '');
    }
    await expectTruth(tab);
  });

  test('[EO7] a composition (IME) is left alone until it ends, whatever the session sets meanwhile', async () => {
    const tab = await visit('/typing');
    const field = tab.page.getByLabel('Field');
    const cdp = await tab.page.context().newCDPSession(tab.page);
    await tab.click('Set it later');
    await field.click();
    await cdp.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    await cdp.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    await outside.open('set');
    await tab.sees('The session has set it');
    expect(await field.inputValue()).toBe('にほ');
    expect(tab.frames.some(({ way, text }) => way === 'up' && text.includes('に'))).toBe(false);
    await cdp.send('Input.insertText', { text: '日本' });
    await tab.sees('Heard: 日本');
    expect(await field.inputValue()).toBe('日本');
    await expectTruth(tab);
  });
});

describe('BH handlers', () => {
  test('[NB1] a handler that waits holds nothing up; a second trigger does what its policy says', async () => {
    const tab = await visit('/policies');
    for (const policy of ['parallel', 'ignore', 'queue', 'restart']) {
      await tab.click(policy);
      await tab.sees(`${policy} 1 starts`);
      const busy = tab.page.locator('button[aria-busy=true]', { hasText: policy });
      await busy.waitFor();
      const line = () => busy.evaluate((button) => getComputedStyle(button, '::after').animationName);
      expect(await line()).toBe('none');
      await tab.page.emulateMedia({ reducedMotion: 'no-preference' });
      expect(await line()).toContain('edgewise-pending');
      await tab.page.emulateMedia({ reducedMotion: 'reduce' });
      await tab.click(policy);
    }
    await tab.click('Meanwhile');
    await tab.sees('Meanwhile: 1');
    const lines = () => tab.page.getByRole('log').innerText();
    expect((await lines()).split('\n')).toEqual([
      'parallel 1 starts',
      'parallel 2 starts',
      'ignore 1 starts',
      'queue 1 starts',
      'restart 1 starts',
      'restart 2 starts',
    ]);
    await outside.open('parallel-2');
    await tab.sees('parallel 2 ends');
    await outside.open('parallel-1');
    await outside.open('ignore-1');
    await outside.open('queue-1');
    await outside.open('queue-2');
    await outside.open('restart-1');
    await outside.open('restart-2');
    await tab.sees('restart 2 ends');
    await tab.sees('queue 2 ends');
    await until('no handler runs', async () => (await tab.page.locator('[aria-busy]').count()) === 0);
    const all = (await lines()).split('\n');
    expect(all.indexOf('queue 1 ends')).toBeLessThan(all.indexOf('queue 2 starts'));
    expect(all).not.toContain('ignore 2 starts');
    await expectTruth(tab);
  });

  test('what a handler makes lands beside the element whose handler it is, also after its awaits', async () => {
    const tab = await visit('/slots');
    await tab.click('Build left');
    await tab.click('Build right');
    await tab.sees('right: before');
    await outside.open('right');
    await tab.sees('right: nested');
    await outside.open('left');
    await tab.sees('left: nested');
    for (const side of ['left', 'right']) {
      const words = (await tab.page.locator(`[data-side=${side}]`).innerText()).split('\n').filter(Boolean);
      expect(words).toEqual([
        `The ${side} card`,
        `Build ${side}`,
        `${side}: before`,
        `${side}: after`,
        `${side}: nested`,
      ]);
    }
    await expectTruth(tab);
  });

  test('what is deleted goes, with all in it, and a late write to it goes nowhere', async () => {
    const tab = await visit('/slots');
    await tab.click('Delete');
    await tab.isGone('To be deleted');
    await tab.click('Clear');
    await tab.isGone('In the pot');
    await tab.click('Fill');
    await tab.sees('Filled');
    await tab.click('Late write');
    await tab.sees('Brief');
    await outside.open('late');
    await tab.sees('Still fine');
    expect(await tab.words()).not.toContain('Brief');
    expect(await tab.words()).not.toContain('nobody sees this');
    await tab.reload();
    expect(await tab.words()).not.toContain('To be deleted');
    expect(await tab.words()).toContain('Filled');
    await expectTruth(tab);
  });

  test('[NB5] an error in a handler shows a notice in its page, is logged with its place, and harms nothing else', async () => {
    const reader = await visitor();
    const tab = await reader.open('/errors');
    const bystander = await reader.open('/errors');
    const from = log.length;
    await tab.click('Throw');
    await tab.page.getByRole('alert').filter({ hasText: 'thrown at once' }).waitFor();
    await tab.click('Throw later');
    await outside.open('throw');
    await tab.page.getByRole('alert').filter({ hasText: 'thrown later' }).waitFor();
    await tab.click('Half');
    await tab.sees('Good: 10');
    await tab.click('Good');
    await tab.sees('Good: 11');
    await tab.click('Break');
    await tab.page.getByRole('alert').filter({ hasText: 'thrown while computing' }).waitFor();
    await tab.click('Good');
    await tab.sees('Good: 12');
    // An entry is one object, which the terminal shows on several lines, followed by the error.
    const entry =
      /fault: 'author',[^}]*session: '[\w-]+',[^}]*page: '\/errors?[^']*',[^}]*element: 'button "Throw"'[^}]*\} Error: thrown at once/;
    await until('the log tells', () => entry.test(log.slice(from).join('\n')));
    expect(await bystander.page.getByRole('alert').count()).toBe(0);
    for (const good of [1, 2, 3, 4]) {
      await bystander.click('Good');
      await bystander.sees(`Good: ${good}`);
    }
    await bystander.click('Good');
    await bystander.page.getByRole('alert').filter({ hasText: 'thrown by a timer' }).waitFor();
    await bystander.sees('Good: 6');
    await expectTruth(tab);
  });

  test('[MO6] a page function that throws gives a page that says so, with what it threw only while developing', async () => {
    const reader = await visitor();
    const tab = await reader.tab();
    const response = await tab.page.goto(reader.url('/fails'));
    expect(response?.status()).toBe(500);
    const told = await tab.page.innerText('body');
    expect(told).toContain('Error: this page cannot be built');
    // The line of the page function, not only that of whoever asked for the page.
    expect(told).toMatch(/ at .*index\.js:\d+/);
    expect(told).toContain('Caused by: RangeError: the reason');
    const [again] = await Promise.all([
      tab.page.waitForResponse(reader.url('/fails?x=1')),
      tab.page.goto(reader.url('/fails?x=1')).then(() => tab.page.getByRole('link', { name: 'Try again' }).click()),
    ]);
    expect(again.status()).toBe(500);
    expect(tab.page.url()).toBe(reader.url('/fails?x=1'));
    const logged = () => log.filter((line) => line.includes('Error: this page cannot be built'));
    await until('the log tells all three', () => logged().length >= 3);
    const missing = await tab.page.goto(reader.url('/no-such-page'));
    expect(missing?.status()).toBe(404);
    expect(await tab.page.innerText('body')).toContain('There is no page at this address.');
    expect(logged()).toHaveLength(3);
  });
});

describe('TB jobs', () => {
  test('[NB1] clicks are handled while a task runs without end, and a cancel reaches it', async () => {
    const tab = await visit('/jobs');
    const from = log.length;
    await tab.click('Endless');
    await tab.sees('endless has begun');
    for (const clicks of [1, 2, 3]) {
      await tab.click('Click');
      await tab.sees(`Clicks: ${clicks}`);
    }
    await tab.sees('50%');
    await tab.sees('Result: waiting');
    await tab.click('Stop');
    await tab.sees('Result: cancelled');
    await until('the task was told', () => log.slice(from).some((line) => line.includes('endless was told to stop')));
    await tab.click('Sum');
    await tab.click('Click');
    await tab.sees('Clicks: 4');
    await tab.sees('Result: 450000000');
    await expectTruth(tab);
  });

  test('[JE6] a service that is not bound says what to add', async () => {
    const tab = await visit('/jobs');
    await tab.click('Not bound');
    await tab.sees(/Result: ServiceError: There is no service binding named NOT_BOUND.*/s);
  });
});

describe('SB hostile input', () => {
  /** Opens a socket of the tab's own session, by hand, and sends what is given. Answers what came back, and the close code. */
  async function speak(
    tab: Tab,
    page: string,
    messages: (string | number[])[],
  ): Promise<{ code: number; heard: string[] }> {
    return tab.page.evaluate(
      ([id, all]) =>
        new Promise<{ code: number; heard: string[] }>((done) => {
          const query = new URLSearchParams({ page: id, path: '/counter' });
          const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/_edgewise/socket?${query}`);
          const heard: string[] = [];
          socket.onmessage = ({ data }) => heard.push(String(data));
          socket.onopen = () => {
            for (const message of all) socket.send(typeof message === 'string' ? message : new Uint8Array(message));
          };
          socket.onclose = ({ code }) => done({ code, heard });
        }),
      [page, messages] as const,
    );
  }

  test('[BD4] malformed, unknown, oversized and forged frames are refused, and every other tab goes on', async () => {
    const reader = await visitor();
    const tab = await reader.open('/counter');
    const hostile = await reader.open('/elements');
    const bad: (string | number[])[][] = [
      ['{"not":"an array"}'],
      ['['],
      [''],
      [[1, 2, 3, 255]],
      ['[1,2,"click"]'],
      [hello, '[2,1,"click"]'],
      [hello, '[0,1,"click"]'],
      [hello, '[1,-1,"click"]'],
      [hello, '[1,1,7]'],
      [hello, '["a",1000000]'],
      [hello, '["z"]'],
      [hello, '[1,1,"click",{"__proto__":1}]'],
      [hello, `[1,1,"click",${'['.repeat(40)}${']'.repeat(40)}]`],
      [hello, `[1,1,"click","${'x'.repeat(300_000)}"]`],
      [hello, '[1e400,1,"click"]'],
    ];
    let page = 0;
    for (const messages of bad) {
      const { code, heard } = await speak(hostile, `forged${String(++page).padStart(26, '0')}`, messages);
      expect({ messages, code, last: heard.at(-1)?.slice(0, 12) }).toEqual({
        messages,
        code: 4003,
        last: '["x","refuse',
      });
    }
    await tab.click('Add');
    await tab.sees('Count: 1');
    expect(tab.sockets).toBe(1);
    expect(hostile.sockets).toBe(1 + bad.length);
    await expectTruth(tab);
  });

  test('[MO4] an event for what is absent, disabled, hidden or unheard has no effect, and says so in the log', async () => {
    const reader = await visitor();
    const tab = await reader.open('/elements');
    const from = log.length;
    const ids = await tab.page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll('#edgewise [data-id]')].map((element) => [
          element.textContent?.slice(0, 20) || element.getAttribute('aria-label') || element.localName,
          Number(element.getAttribute('data-id')),
        ]),
      ),
    );
    const forged = 'f'.repeat(32);
    const query = new URLSearchParams({ page: forged, path: '/elements' });
    const heard = await tab.page.evaluate(
      ([address, hello, frames]) =>
        new Promise<string[]>((done) => {
          const socket = new WebSocket(location.origin.replace('http', 'ws') + address);
          const all: string[] = [];
          socket.onmessage = ({ data }) => {
            all.push(String(data));
            if (data === `["a",${frames.length}]`) {
              socket.close();
              done(all);
            }
          };
          socket.onopen = () => {
            socket.send(hello);
            for (const frame of frames) socket.send(frame);
          };
        }),
      [
        `/_edgewise/socket?${query}`,
        hello,
        [
          `[1,999999,"click"]`,
          `[2,${ids.Disabled},"click"]`,
          `[3,${ids.Hidden},"click"]`,
          `[4,${ids['In a card']},"click"]`,
          `[5,${ids.Plain},"__proto__"]`,
          `[6,${ids.Plain},"constructor"]`,
        ],
      ] as const,
    );
    expect(heard.filter((frame) => frame.includes('notification'))).toEqual([]);
    for (const reason of ['no longer exists', 'it is disabled', 'it is hidden', /button "Plain": nobody listens/]) {
      await until(`the log says ${reason}`, () => log.slice(from).some((line) => line.match(reason)));
    }
    await tab.click('Plain');
    await tab.sees('Plain was clicked');
  });

  test('who signs out by a link is signed out, although the page ends before the answer is there', async () => {
    const tab = await visit('/account');
    const { page } = tab;
    const loaded: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest()) loaded.push(new URL(request.url()).pathname);
    });
    await page.getByRole('link', { name: 'Sign out' }).click();
    // The session has ended before its route asks at the gate.
    await outside.open('sign-out');
    await page.getByText('Signed out').waitFor();
    expect(loaded).toEqual(['/sign-out']);
    expect(await page.evaluate(() => document.cookie)).toContain('signed=out');
  });

  test('[MO1] a stranger’s browser gets nothing from a page id that it learned', async () => {
    const owner = await visit('/counter');
    await owner.click('Add');
    await owner.sees('Count: 1');
    const stranger = await visit('/counter');
    const { heard } = await stranger.page.evaluate(
      ([id, hello]) =>
        new Promise<{ heard: string[] }>((done) => {
          const query = new URLSearchParams({ page: id, path: '/counter' });
          const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/_edgewise/socket?${query}`);
          const heard: string[] = [];
          socket.onmessage = ({ data }) => {
            heard.push(String(data));
            socket.close();
            done({ heard });
          };
          socket.onopen = () => socket.send(hello);
        }),
      [await owner.pageId(), hello] as const,
    );
    expect(heard[0]).toContain('Count: 0');
    expect(owner.sockets).toBe(1);
    await owner.click('Add');
    await owner.sees('Count: 2');
  });
});
