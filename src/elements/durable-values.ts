import type { State } from '../reactive/index.ts';
import { slot } from '../tree/index.ts';
import { pageHost } from './page-host.ts';

/**
 * Makes a durable signal of this page. Assign a new value, because the page does not notice an object that changes in place.
 *
 * @example
 * const items = ui.state<readonly string[]>([]);
 * ui.button('Add', () => {
 *   items.value = [...items.value, `Item ${items.value.length + 1}`];
 * });
 * ui.label(() => items.value.join(', '));
 *
 * @param initial the first value: plain data, that is objects, arrays, Map, Set, Date, bytes.
 * @param name identifies the value when the code around the call changes. @default the number of the call in its slot
 * @throws {TypeError} when the value is no plain data.
 */
export function state<T>(initial: T, name?: string): State<T> {
  return pageHost.require('ui.state').state(slot.require('ui.state'), initial, name);
}

/**
 * Returns milliseconds since the epoch. Unlike `Date.now()`, it is recorded: the replay of a handler after a restart reads the
 * same number, so the handler takes the same branches.
 *
 * @example
 * ui.button('Stamp', () => {
 *   stamp.value = new Date(ui.now()).toISOString();
 * });
 */
export function now(): number {
  return pageHost.require('ui.now').now();
}

/**
 * Returns a number from 0 up to, not including, 1. Unlike `Math.random()`, it is recorded: the replay of a handler after a
 * restart reads the same number.
 *
 * @example
 * ui.button('Roll', () => {
 *   die.value = 1 + Math.floor(ui.random() * 6);
 * });
 */
export function random(): number {
  return pageHost.require('ui.random').random();
}
