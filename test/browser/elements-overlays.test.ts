// What only a browser shows of the elements that lie over the page: focus, keys, the pointer, what covers what.

import { describe, expect, test } from 'vitest';
import { stage } from './stage.ts';

const world = stage({ together: true });

describe('WS8 overlays', () => {
  test('a menu opens by its button, moves by keys, opens its submenu, and gives the focus back', async () => {
    const { page } = await world.visit('/elements/overlays');
    const file = page.getByRole('button', { name: 'File', exact: true });
    const focused = (name: string) => page.locator(':focus', { hasText: name }).waitFor();
    await file.click();
    await focused('New');
    await page.keyboard.press('ArrowUp');
    await focused('Close');
    await page.keyboard.press('ArrowUp');
    await focused('Export');
    await page.keyboard.press('Home');
    await page.keyboard.press('e');
    await page.keyboard.press('ArrowRight');
    await focused('As text');
    await page.keyboard.press('ArrowLeft');
    await focused('Export');
    await page.keyboard.press('ArrowRight');
    await focused('As text');
    await page.keyboard.press('Escape');
    await focused('Export');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'As picture' }).click();
    await page.getByText('You chose As picture').waitFor();
    expect(await page.locator(':popover-open').count()).toBe(0);
    // By the server, not by the click.
    await file.click();
    await page.getByRole('menuitem', { name: 'Close' }).click();
    await expect.poll(() => page.locator(':popover-open').count(), { timeout: 20_000 }).toBe(0);
    await file.press('ArrowDown');
    await focused('New');
    await page.keyboard.press('Escape');
    await focused('File');
    await file.click();
    await focused('New');
    await file.click();
    expect(await page.locator(':popover-open').count()).toBe(0);
  });

  test('a menu that was opened before its code was there takes the focus with it', async () => {
    const tab = await (await world.visitor()).tab();
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    await tab.page.route(/\/menu-\w+\.js/, (route) => opened.then(() => route.continue()));
    const loaded = tab.load('/elements/overlays');
    await tab.page.getByRole('button', { name: 'File', exact: true }).click();
    await tab.page.locator(':popover-open').waitFor();
    open();
    await loaded;
    await tab.page.locator(':focus', { hasText: 'New' }).waitFor();
  });

  test('a context menu opens at the pointer and inside of the window, and its item is clicked once', async () => {
    const { page } = await world.visit('/elements/overlays', { viewport: { width: 360, height: 640 } });
    const target = page.getByText('report.pdf', { exact: true });
    await target.scrollIntoViewIfNeeded();
    await target.click({ button: 'right' });
    const menu = page.getByRole('menu').filter({ hasText: 'Restore' });
    await menu.waitFor();
    const box = await menu.boundingBox();
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 360).toBe(true);
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('report.pdf (deleted)', { exact: true }).waitFor();
    expect(await page.locator(':popover-open').count()).toBe(0);
  });

  test('a tooltip comes by pointer and by focus, stays under the pointer, and goes by Escape', async () => {
    const { page } = await world.visit('/elements/overlays');
    const send = page.getByRole('button', { name: 'Send', exact: true });
    const tip = page.getByRole('tooltip', { name: 'Sends it to all members' });
    await send.hover();
    await tip.waitFor();
    await tip.hover();
    expect(await tip.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'hidden' });
    await page.mouse.move(1, 1);
    await send.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await tip.waitFor();
  });

  test('the box of a dialog leaves room beside it, as its style says', async () => {
    const { page } = await world.visit('/elements/overlays');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Read the terms' }).click();
    const box = page.getByRole('dialog', { name: 'Terms' }).locator('.modal-box');
    await box.waitFor();
    const width = await box.evaluate((element) => element.clientWidth);
    const rem = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
    expect(width / rem).toBeLessThanOrEqual(32);
  });

  test('a dialog that the session closes gives the focus back', async () => {
    // With motion, the dialog can take the focus while it fades.
    const { page } = await world.visit('/elements/overlays', { reducedMotion: 'no-preference' });
    await page.getByRole('button', { name: 'Read the terms' }).press('Enter');
    await page.getByRole('button', { name: 'Accept', exact: true }).press('Enter');
    await page.getByText('Accepted', { exact: true }).waitFor();
    await page.locator(':focus', { hasText: 'Read the terms' }).waitFor();
  });

  test('a message lies above an open dialog and can be dismissed there, and stays when the dialog closes', async () => {
    const { page } = await world.visit('/elements/overlays');
    await page.getByRole('button', { name: 'Read the terms' }).click();
    const dialog = page.getByRole('dialog', { name: 'Terms' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    const ask = page.getByRole('button', { name: 'Which are the terms?' });
    await ask.click();
    const message = page.locator('.edgewise-notification', { hasText: 'These:' });
    await message.waitFor();
    const uppermost = () =>
      message.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      });
    expect(await uppermost()).toBe(true);
    await message.getByRole('button', { name: 'Dismiss' }).click();
    await message.waitFor({ state: 'detached' });
    expect(await dialog.isVisible()).toBe(true);
    await ask.click();
    await message.waitFor();
    await page.getByRole('button', { name: 'Accept' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect([await message.isVisible(), await uppermost()]).toEqual([true, true]);
  });

  test('messages stand where they are asked to, and an action does its work once', async () => {
    const { page } = await world.visit('/elements/overlays', { viewport: { width: 1000, height: 700 } });
    await page.getByRole('button', { name: 'Warn' }).click();
    const top = page.locator('.edgewise-notification', { hasText: 'Low on paper' });
    const above = await top.boundingBox();
    expect(above?.y).toBeLessThan(100);
    expect(Math.abs((above?.x ?? 0) + (above?.width ?? 0) / 2 - 500)).toBeLessThan(20);
    await page.getByRole('button', { name: 'Got it' }).click();
    await top.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete a mail' }).click();
    await page.getByText('Mails: 2').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Mails: 3').waitFor();
  });
});

describe('WS8 layout', () => {
  test('a box and a switch in a bar have the colour of its text', async () => {
    const { page } = await world.visit('/elements/overlays');
    const [bar, box, half, off] = await page.evaluate(() => {
      const make = (tag: 'header' | 'input' | 'span', className: string) =>
        Object.assign(document.createElement(tag), { className, type: 'checkbox' });
      const header = make('header', 'edgewise-bar bg-primary text-primary-content');
      const elements = [header, make('input', 'checkbox'), make('span', ''), make('input', 'toggle')];
      elements[2]?.style.setProperty('color', 'color-mix(in oklab, currentcolor 50%, #0000)');
      header.append(...elements.slice(1));
      document.body.append(header);
      return elements.map((element) => getComputedStyle(element).color);
    });
    expect(box).toBe(bar);
    expect(off).toBe(half);
  });

  test('a scroll area is scrolled by the server, tells its position, and its splitter moves by keys and pointer', async () => {
    const { page } = await world.visit('/elements/layout', { viewport: { width: 1000, height: 900 } });
    await page.getByRole('button', { name: 'To the end' }).click();
    await page.getByText('100 % read').waitFor();
    const line = page.getByRole('separator', { name: 'Size of the parts' });
    await line.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('The inbox takes 45 %').waitFor();
    await page.keyboard.press('End');
    await page.getByText('The inbox takes 80 %').waitFor();
    const around = await line.locator('..').boundingBox();
    const box = await line.boundingBox();
    if (!around || !box) throw new Error('The splitter is not shown.');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(around.x + around.width * 0.3, box.y + 5, { steps: 8 });
    await page.mouse.up();
    await page.getByText('The inbox takes 30 %').waitFor();
    expect(Math.abs((((await line.boundingBox())?.x ?? 0) - around.x) / around.width - 0.3)).toBeLessThan(0.03);
  });

  test('a carousel follows its buttons and the finger, and an expansion opens one of its group', async () => {
    const { page } = await world.visit('/elements/layout', { viewport: { width: 360, height: 640 } });
    const current = (name: string) => page.locator(`button[aria-label="${name}"][aria-current="true"]`).waitFor();
    await page.getByRole('button', { name: 'Next slide' }).click();
    await current('Slide 2');
    await page.getByText('The forest', { exact: true }).waitFor();
    const track = page.locator('.edgewise-slides');
    const index = () => track.evaluate((slides) => Math.round(slides.scrollLeft / slides.clientWidth));
    await expect.poll(index, { timeout: 20_000 }).toBe(1);
    await track.evaluate((slides) => slides.scrollTo({ left: slides.clientWidth * 2, behavior: 'instant' }));
    await current('Slide 3');
    await page.reload();
    await current('Slide 3');
    await expect.poll(index, { timeout: 20_000 }).toBe(2);
    const open = () => page.locator('details[open] > summary').allInnerTexts();
    await page.locator('summary', { hasText: 'Delivery' }).click();
    await page.locator('summary', { hasText: 'Returns' }).click();
    await expect.poll(open, { timeout: 20_000 }).toEqual(['Returns']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
