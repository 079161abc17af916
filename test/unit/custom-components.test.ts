import { expect, test, vi } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { Json } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

interface Events {
  readonly chosen: number;
  readonly opened: undefined;
  readonly closed: undefined;
}

/** A page with a component that notes what its handlers hear. */
async function page(heard: unknown[]) {
  return open({
    '/': () => {
      const count = ui.state(5);
      const stars = ui.component<{ count: number }, Events, { reset(to: number): string }>(
        'stars',
        () => ({ count: count.value }),
        {
          label: 'Stars',
          on: { chosen: ({ value }) => heard.push(value), opened: () => heard.push('opened') },
          checks: { chosen: (value) => (Number.isInteger(value) ? undefined : 'a choice is a whole number') },
          build: () => ui.label('5 stars'),
        },
      );
      ui.button('More', () => count.value++);
      ui.button('Reset', async () => ui.notify(`Reset: ${await stars.callMethod('reset', 3)}`));
    },
  });
}

test('the handlers of a component hear its events with values that fit their checks', async () => {
  const heard: unknown[] = [];
  await using user = await page(heard);
  user.find({ kind: 'component' }).emit('said', { event: 'chosen', value: 4 }).emit('said', { event: 'opened' });
  await user.settle();
  expect(heard).toEqual([4, 'opened']);
});

test.each<[string, Json]>([
  ['a value that its check refuses', { event: 'chosen', value: 4.5 }],
  ['no value', { event: 'chosen' }],
  ['a value where there is no check', { event: 'opened', value: 'x' }],
  ['an event without a handler', { event: 'closed' }],
  ['the name of a method of all objects', { event: 'toString' }],
  ['no event', null],
  ['a text', 'chosen'],
])('[MO4] no handler of a component hears %s', async (_, value) => {
  using warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const heard: unknown[] = [];
  await using user = await page(heard);
  try {
    user.find({ kind: 'component' }).emit('said', value);
  } catch {
    // The kit says what the kind itself refuses.
  }
  await user.settle();
  expect(heard).toEqual([]);
  for (const [line] of warned.mock.calls)
    expect(line).toMatch(/^ui\.component\('stars'\) has refused the event \w+: .*\.$/);
});

test('a component has its present props after a kill, and what the server builds inside is in the first paint', async () => {
  await using user = await page([]);
  user.find('More').click();
  await user.settle();
  user.server.kill();
  await user.settle();
  const { props, children } = user.find({ kind: 'component' }).node;
  expect(props).toMatchObject({ name: 'stars', given: { count: 6 }, events: ['chosen', 'opened'] });
  expect(children.map((child) => child.props.text)).toEqual(['5 stars']);
  const html = renderTree([
    1,
    'root',
    {},
    [[2, 'component', { name: 'stars', label: 'Stars', given: {}, events: [] }, [[3, 'label', { text: '5 stars' }]]]],
  ]);
  expect(html).toMatch(/role="group" aria-label="Stars".*5 stars/);
});

test('a handler waits for the result of a method of a component, also when the server is killed meanwhile', async () => {
  await using user = await page([]);
  user.find('Reset').click();
  await user.settle();
  user.server.kill();
  await user.settle();
  const call = user.find({ kind: 'call' });
  expect(call.props).toMatchObject({ name: 'reset', args: [3], node: user.find({ kind: 'component' }).node.id });
  call.emit('answer', { value: 'done' });
  await user.shouldSee('Reset: done');
});
