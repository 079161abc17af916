import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { Json } from '../../src/protocol/index.ts';
import { open } from '../../src/testing/index.ts';

const page = () => {
  const seen = ui.state<string[]>([]);
  const note = (what: string) => void (seen.value = [...seen.value, what]);
  ui.joystick({ onStart: () => note('start'), onMove: ({ x, y }) => note(`${x},${y}`), onEnd: () => note('end') });
  ui.label(() => `seen: ${seen.value.join(' ')}`);
};

test('a joystick reports its start, each position and its end, across a kill in between', async () => {
  using user = await open({ '/': page });
  const move = async (value: Json) => {
    user.find({ kind: 'joystick' }).emit('value', value);
    await user.settle();
  };
  await move([0.5, 0]);
  await move([0.5, 0.5]);
  user.server.kill();
  await user.settle();
  await move([-1, 0]);
  await move([0, 0]);
  await user.shouldSee('seen: start 0.5,0 0.5,0.5 -1,0 0,0 end');
});

test('a joystick refuses a position outside of its circle', async () => {
  using user = await open({ '/': page });
  user.find({ kind: 'joystick' }).emit('value', [2, 0]);
  await user.settle();
  expect(user.find({ kind: 'label' }).text).toBe('seen: ');
});
