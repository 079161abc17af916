import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { themeVariables } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

test('bars and drawers stand around the content, whatever the order of their calls', () => {
  const html = renderTree([
    1,
    'root',
    {},
    [
      [2, 'footer', {}, [[3, 'label', { text: 'below' }]]],
      [4, 'label', { text: 'content' }],
      [5, 'drawer', { side: 'left', open: null, label: 'Navigation' }],
      [6, 'header', {}, [[7, 'label', { text: 'above' }]]],
    ],
  ]);
  expect(html).toMatch(/<aside [^>]*>.*<header [^>]*>.*above.*<main [^>]*>.*content.*<\/main><footer [^>]*>.*below/);
});

test('a drawer that is toggled is closed when it was open, and survives a kill', async () => {
  using user = await open({
    '/': () => {
      const menu = ui.leftDrawer(() => ui.label('Orders'));
      ui.button('Menu', () => menu.toggle());
    },
  });
  expect(user.sees('Orders')).toBe(true);
  user.find('Menu').click();
  await user.shouldNotSee('Orders');
  user.server.kill();
  await user.settle();
  expect(user.sees('Orders')).toBe(false);
  user.find('Menu').click();
  await user.shouldSee('Orders');
});

test.each(['yes', 1, {}])('a drawer refuses %j from a browser', async (value) => {
  using user = await open({ '/': () => ui.leftDrawer(() => ui.label('Orders'), { value: true }) });
  user.find({ kind: 'drawer' }).emit('open', value);
  await user.settle();
  expect(user.find({ kind: 'drawer' }).props.open).toBe(true);
});

test.each(['yes', 1, null, {}])('a drawer refuses %j as what a browser says of its window', async (value) => {
  using user = await open({ '/': () => ui.leftDrawer(() => ui.label('Orders')) });
  user.find({ kind: 'drawer' }).emit('narrowed', value);
  await user.settle();
  expect(user.find({ kind: 'drawer' }).props.narrowed).toBeUndefined();
});

test('the dark theme that a visitor chose is in the page after a kill', async () => {
  using user = await open({
    '/': () => {
      const choice = ui.state<boolean | null>(null);
      const dark = ui.darkMode(choice);
      ui.column(() => ui.button('Dark', () => dark.toggle()));
      ui.label(() => `dark: ${choice.value}`);
    },
  });
  user.find('Dark').click();
  await user.shouldSee('dark: true');
  user.server.kill();
  await user.settle();
  expect(user.sees('dark: true')).toBe(true);
});

test('the first toggle leaves the theme of a dark system, also after a kill', async () => {
  using user = await open({
    '/': () => {
      const choice = ui.state<boolean | null>(null);
      const dark = ui.darkMode(choice);
      ui.button('Theme', () => dark.toggle());
      ui.label(() => `dark: ${choice.value}`);
    },
  });
  user.find({ kind: 'darkMode' }).emit('system', true);
  await user.settle();
  user.server.kill();
  user.find('Theme').click();
  await user.shouldSee('dark: false');
  user.find('Theme').click();
  await user.shouldSee('dark: true');
});

test.each(['yes', 1, null])('a theme refuses %j as what a browser says of its system', async (value) => {
  using user = await open({ '/': () => ui.darkMode() });
  user.find({ kind: 'darkMode' }).emit('system', value);
  await user.settle();
  expect(user.find({ kind: 'darkMode' }).props.system).toBeUndefined();
});

test('a colour of the theme brings the colour of the texts on it', () => {
  expect(themeVariables({ primary: '#5898d4' })).toEqual([
    ['--color-primary', '#5898d4'],
    ['--color-primary-content', 'oklch(from #5898d4 clamp(0, (0.68 - l) * 1000, 1) 0 0)'],
  ]);
});

test.each(['red;background:url(//x)', 'url(//x)', 'var(--x)', '#12', ''])('ui.colors refuses %j', async (primary) => {
  await expect(open({ '/': () => ui.colors({ primary }) })).rejects.toThrow(/Use a CSS colour/);
  expect(themeVariables({ primary })).toEqual([]);
});

test('a skip link is the first link of the document, and leads to the content', () => {
  const html = renderTree([
    1,
    'root',
    {},
    [
      [2, 'header', {}, [[3, 'link', { text: 'Orders', href: '/orders' }]]],
      [4, 'skipLink', { text: 'Skip', target: 'edgewise-main' }],
    ],
  ]);
  expect(html).toMatch(
    /^<div class="edgewise-shell"><a [^>]*href="#edgewise-main">Skip<\/a><header.*<main id="edgewise-main"/,
  );
});

test('a page scroller is in the first paint, out of sight, with a button that has a name', async () => {
  using user = await open({ '/': () => ui.pageScroller() });
  expect(user.find({ kind: 'button', text: 'Scroll to the top' }).all).toHaveLength(1);
  const html = renderTree([1, 'root', {}, [[2, 'pageScroller', { position: 'top-left', x: 1, y: 2, offset: 500 }]]]);
  expect(html).toContain(
    'data-position="top-left" data-id="2" class="edgewise-sticky edgewise-scroller" style="--x:1px;--y:2px;"',
  );
});
