import { itemsOf, type KeyOf, keyOfItem, List } from '../collection/index.ts';
import type { State } from '../reactive/index.ts';
import { slot, takeVariable } from '../tree/index.ts';
import { pageHost } from './page-host.ts';

/**
 * Makes a durable signal of this page. Assign a value to change it: the page does not notice a change in place before its object,
 * or a copy, is assigned.
 *
 * @example
 * const items = ui.state<readonly string[]>([]);
 * ui.button('Add', () => {
 *   items.value = [...items.value, `Item ${items.value.length + 1}`];
 * });
 * ui.label(() => items.value.join(', '));
 *
 * @param initial the first value: plain data, that is objects, arrays, Map, Set, Date, bytes.
 * @param name identifies the value when the code around the call changes. @default the variable that it is assigned to where
 *   `edgewise/vite` builds the module, otherwise the number of the call in its slot
 * @throws {TypeError} when the value is no plain data.
 */
export function state<T>(initial: T, name?: string): State<T> {
  return pageHost.require('ui.state').state(slot.require('ui.state'), initial, name, takeVariable());
}

/**
 * Makes a durable list of this page. Each item is stored and sent by itself, so a change costs the same in a list of ten items and
 * of ten thousand.
 *
 * @example
 * const todos = ui.list([{ id: 1, text: 'Milk', done: false }], 'id');
 * ui.button('Add', () => todos.add({ id: todos.size + 1, text: 'Bread', done: false }));
 * ui.each(todos, (todo) => ui.checkbox(todo.text, { value: todo.done, onChange: (done) => todos.update(todo.id, { done }) }));
 *
 * @param initial the first items, before any change.
 * @param key identifies an item: the name of a field, or a function. @default a new key for each item, which `add` returns
 * @param name identifies the list when the code around the call changes. @default as for `ui.state`
 * @throws {Error} when two items have the same key.
 * @throws {TypeError} when an item is no plain data.
 */
export function list<T>(initial: readonly T[], key?: KeyOf<T>, name?: string): List<T> {
  const host = pageHost.require('ui.list');
  const items = () =>
    itemsOf(
      initial.map((item, index) => [key === undefined ? `${index}` : keyOfItem(item, key, 'ui.list'), item] as const),
      'ui.list',
    );
  return new List(host.list(slot.require('ui.list'), items, name, takeVariable()), key);
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
