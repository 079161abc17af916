import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Modifiers } from '../../client/dom/modifiers.ts';
import type { Replica } from '../../client/tree/index.ts';
import { ui } from '../../src/elements/index.ts';
import type { EventSpec, MirrorNode } from '../../src/protocol/index.ts';
import { open } from '../../src/testing/index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The times and numbers of the events that are sent, when ten happen 20 ms apart, and one more after a second. */
function sent(spec: EventSpec): string[] {
  const heard: string[] = [];
  const begin = Date.now();
  const emit = (_: MirrorNode, __: string, value: { detail: number }) =>
    heard.push(`${value.detail} at ${Date.now() - begin}`);
  const modifiers = new Modifiers({ emit } as unknown as Replica, {} as MirrorNode);
  const happens = (detail: number) =>
    modifiers.dispatch('scroll', spec, { type: 'scroll', detail } as unknown as Event);
  for (let number = 0; number < 10; number++) {
    happens(number);
    vi.advanceTimersByTime(20);
  }
  vi.advanceTimersByTime(800);
  happens(10);
  vi.advanceTimersByTime(1_000);
  return heard;
}

const args = ['detail'];

test.each([
  ['throttle', { throttle: 100 }, ['0 at 0', '4 at 100', '9 at 200', '10 at 1000']],
  ['throttle without the first', { throttle: 100, leading: false }, ['4 at 100', '9 at 200', '10 at 1100']],
  ['throttle without the last', { throttle: 100, trailing: false }, ['0 at 0', '5 at 100', '10 at 1000']],
  ['debounce', { debounce: 100 }, ['9 at 280', '10 at 1100']],
  ['debounce with the first', { debounce: 100, leading: true }, ['0 at 0', '9 at 280', '10 at 1000']],
  ['debounce with the first alone', { debounce: 100, leading: true, trailing: false }, ['0 at 0', '10 at 1000']],
])('%s sends what it says', (_, spec, times) => {
  expect(sent({ args, ...spec })).toEqual(times);
});

test.each([
  [{ leading: true }, /need throttle or debounce/],
  [{ trailing: false, throttle: 0 }, /need throttle or debounce/],
  [{ throttle: 100, leading: false, trailing: false }, /would send nothing/],
  [{ debounce: 100, trailing: false }, /would send nothing/],
])('[BD6] on refuses the options %o', async (options, message) => {
  vi.useRealTimers();
  let said = '';
  using _user = await open(() => {
    try {
      ui.card().on('scroll', () => {}, options);
    } catch (error) {
      said = String(error);
    }
  });
  expect(said).toMatch(message);
});

test.each([
  ['keydown.Enter', /write \.on\('keydown\.enter'\)/],
  ['keydown.ctrl.ArrowUp', /write \.on\('keydown\.ctrl\.arrowup'\)/],
  ['onclick', /write \.on\('click'\)/],
])('[BD6] on refuses the event %s, which would never come', async (event, message) => {
  vi.useRealTimers();
  await expect(open(() => ui.input('Name').on(event, () => {}))).rejects.toThrow(message);
});
