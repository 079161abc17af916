import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

/** The HTML of one element. */
const html = (kind: string, props: Record<string, never | string | boolean | number | null>) =>
  renderTree([1, 'root', {}, [[2, kind, props]]]);

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Jean Luc de Picard', 'JP'],
])('an avatar of %j without a picture shows %j, and is named for assistive technology', (name, initials) => {
  expect(html('avatar', { name })).toContain(`<span aria-hidden="true">${initials}</span>`);
  expect(html('avatar', { name })).toContain(`aria-label="${name}"`);
});

test.each(['javascript:alert(1)', 'data:text/html,x'])('an avatar shows no picture at %j', (src) => {
  expect(html('avatar', { name: 'Ada', src })).not.toContain('<img');
});

test('a chip that a user removes is gone after a kill, and its handler ran once', async () => {
  const removed: string[] = [];
  using user = await open({
    '/': () => {
      const tags = ui.state(['red', 'green']);
      ui.each(
        tags,
        (tag) => tag,
        (tag) =>
          ui.chip(tag, {
            onRemove: () => {
              removed.push(tag);
              tags.value = tags.value.filter((other) => other !== tag);
            },
          }),
      );
    },
  });
  user.find({ kind: 'chip', text: 'red' }).emit('remove');
  await user.settle();
  user.server.kill();
  await user.settle();
  expect(removed).toEqual(['red']);
  expect(user.find({ kind: 'chip' }).all.map(({ props }) => props.text)).toEqual(['green']);
});

test.each([
  [false, undefined],
  [true, 'x'],
])('a chip (removable: %j) refuses remove with %j', async (removable, value) => {
  let count = 0;
  using user = await open({ '/': () => void ui.chip('tag', removable ? { onRemove: () => count++ } : {}) });
  user.find({ kind: 'chip' }).emit('remove', value as never);
  await user.settle();
  expect(user.sees('tag')).toBe(true);
  expect(count).toBe(0);
});

test('a chip with two actions is two buttons side by side', () => {
  const buttons = html('chip', { text: 'tag', clickable: true, removable: true }).match(/<button/g);
  expect(buttons).toHaveLength(2);
  expect(html('chip', { text: 'tag', removable: true })).toContain('aria-label="Remove tag"');
});

test('a ring of progress says its value, and nothing while it is unknown', () => {
  expect(html('circularProgress', { value: 0.426 })).toMatch(/role="progressbar"[^>]*aria-valuenow="43"/);
  expect(html('circularProgress', { value: null })).not.toContain('aria-valuenow');
});

test('a message of a conversation follows its text, and stands at the side of who wrote it', async () => {
  using user = await open({
    '/': () => {
      const text = ui.state('Hel');
      ui.chatMessage(text, { name: 'Ada', stamp: '10:32', sent: true });
      ui.button('More', () => (text.value = 'Hello'));
    },
  });
  user.find('More').click();
  await user.shouldSee('Hello');
  expect(user.sees('10:32')).toBe(true);
  expect(html('chatMessage', { text: 'a', sent: true })).toContain('chat-end');
});

test('a timeline is a list of its entries', () => {
  const page = renderTree([
    1,
    'root',
    {},
    [[2, 'timeline', {}, [[3, 'timelineEntry', { title: 'Ordered', subtitle: '12 May' }]]]],
  ]);
  expect(page).toMatch(/<ol [^>]*><li [^>]*>.*12 May.*Ordered.*<\/li><\/ol>/);
});
