import { describe, expect, test } from 'vitest';
import { safeAttributes } from '../../client/dom/index.ts';
import { Edits } from '../../client/tree/edits.ts';
import { Replica } from '../../client/tree/index.ts';
import { safeUrl } from '../../src/protocol/safe-url.ts';
import { Bench, tree } from './client-wire.ts';

const value = (bench: Bench): unknown => bench.store.get(4)?.props.value;
const input = (bench: Bench) => bench.store.get(4) as NonNullable<ReturnType<typeof bench.store.get>>;
const button = (bench: Bench) => bench.store.get(3) as NonNullable<ReturnType<typeof bench.store.get>>;

/** What an event of a node is for: the node, and what was seen there. */
const at = (node: number) => [node, expect.any(String)];

describe('two-way props', () => {
  test('what is typed is shown at once and sent after a pause', () => {
    const bench = new Bench().live();
    bench.store.edit(input(bench), 'value', 'a');
    bench.clock.pass(200);
    bench.store.edit(input(bench), 'value', 'ab');
    bench.clock.pass(299);
    expect(value(bench)).toBe('ab');
    expect(bench.socket.take()).toEqual([]);
    bench.clock.pass(1);
    expect(bench.socket.take()).toEqual([[1, at(4), 'value', 'ab']]);
  });

  test('[EO3] any other event is sent after what was typed before it', () => {
    const bench = new Bench().live();
    bench.store.edit(input(bench), 'value', 'a');
    bench.store.emit(button(bench), 'click');
    expect(bench.socket.take()).toEqual([
      [1, at(4), 'value', 'a'],
      [2, at(3), 'click'],
    ]);
  });

  test('[EO7] a value from the session is refused while typing is unsent, and until it contains the event that carried the typing', () => {
    const bench = new Bench().live();
    bench.store.edit(input(bench), 'value', 'mine');
    bench.socket.say([1, 0, [4, 'value', 'early']]);
    expect(value(bench)).toBe('mine');
    bench.store.flush();
    bench.socket.say([2, 0, [4, 'value', 'stale']]);
    bench.socket.say([3, [4, 'value', 'unmarked']]);
    expect(value(bench)).toBe('mine');
    bench.socket.say([4, 1, [4, 'value', 'newer']]);
    expect(value(bench)).toBe('newer');
  });

  test('a value without a mark is taken once everything sent is acknowledged', () => {
    const bench = new Bench().live();
    bench.store.emit(input(bench), 'value', 'mine');
    bench.socket.say(['a', 1]);
    bench.socket.say([1, [4, 'value', 'theirs']]);
    expect(value(bench)).toBe('theirs');
  });

  test('a snapshot follows the same rule, and another page does not', () => {
    const bench = new Bench().live();
    bench.store.emit(input(bench), 'value', 'mine');
    bench.socket.say(['s', 'p', 8, 1, 0, [1, 'root', {}, [[4, 'input', { value: 'old' }]]]]);
    expect(value(bench)).toBe('mine');
    bench.socket.say(['s', 'q', 9, 1, 0, [1, 'root', {}, [[4, 'input', { value: 'other' }]]]]);
    expect(value(bench)).toBe('other');
  });

  test('[EO7] composed text is held until it is finished', () => {
    const bench = new Bench().live();
    bench.store.edit(input(bench), 'value', 'に', 300, true);
    bench.clock.pass(5_000);
    bench.store.flush();
    bench.socket.say([1, 9, [4, 'value', 'x']]);
    expect(value(bench)).toBe('に');
    expect(bench.socket.take()).toEqual([]);
    bench.store.edit(input(bench), 'value', '日');
    bench.store.flush();
    expect(bench.socket.take()).toEqual([[1, at(4), 'value', '日']]);
  });

  test('typing that the link refused is tried again', () => {
    const bench = new Bench();
    for (let i = 0; i < 1_000; i++) bench.click();
    bench.store.edit(input(bench), 'value', 'kept');
    bench.clock.pass(1_000);
    bench.live(1_000);
    bench.socket.say(['a', 1_000]);
    bench.socket.take();
    bench.clock.pass(1_000);
    expect(bench.socket.take()).toContainEqual([1_001, at(4), 'value', 'kept']);
  });

  test('[NF2] what an earlier document sent and the session has not acknowledged is shown again', () => {
    const first = new Bench().live();
    first.store.emit(input(first), 'value', 'typed');
    const second = new Bench({}, first.storage);
    expect(value(second)).toBe('typed');
    second.live(1).socket.say([1, 0, [4, 'value', 'stale']]);
    expect(value(second)).toBe('typed');
  });
});

describe('events of nodes', () => {
  test('a node that is gone, disabled or hidden, itself or above, sends nothing', () => {
    const bench = new Bench().live();
    const node = button(bench);
    bench.socket.say([1, [3, 'disabled', true]]);
    bench.store.emit(node, 'click');
    bench.socket.say([2, [3, 'disabled'], [1, 'hidden', true]]);
    bench.store.emit(node, 'click');
    bench.socket.say([3, [1, 'hidden'], ['-', 3]]);
    bench.store.emit(node, 'click');
    expect(bench.link.pending).toEqual([]);
  });

  test('[WS2] a patch tells each changed node once, and only those', () => {
    const bench = new Bench().live();
    const told: number[] = [];
    for (const id of [1, 2, 3, 4]) {
      const node = bench.store.get(id);
      if (node) bench.store.watch(node, { changed: () => told.push(id), called: () => {} });
    }
    bench.socket.say([1, [2, 'text', 'a'], [2, 'class', 'b'], [3, 'text', 'c']]);
    expect(told).toEqual([2, 3]);
    bench.socket.say([2, ['+', 1, 0, [9, 'label', { text: 'new' }]], ['-', 2]]);
    expect(told).toEqual([2, 3, 1]);
  });

  test('a method called before its node is shown waits for it', () => {
    const bench = new Bench().live();
    const calls: string[] = [];
    bench.socket.say([1, ['+', 1, 0, [9, 'input', { value: '' }]], ['!', 1, 9, 'focus']]);
    const node = bench.store.get(9);
    if (node)
      bench.store.watch(node, {
        changed: () => {},
        called: (method, _args, begins) => begins?.() && calls.push(method),
      });
    expect(calls).toEqual(['focus']);
  });
});

describe('attributes and addresses', () => {
  test('[WS9] addresses that run code are refused, however they are written', () => {
    for (const bad of [
      'javascript:alert(1)',
      'JaVa\nScRiPt:alert(1)',
      ' \u0001javascript:x',
      'vbscript:x',
      'data:text/html,x',
      'file:///etc',
    ]) {
      expect(safeUrl(bad), bad).toBeUndefined();
      expect(safeUrl(bad, true), bad).toBeUndefined();
    }
    for (const good of ['/a?b:c', 'a', '#x', '//host/x', 'https://x', 'mailto:a@b', 'tel:1', 'blob:x', ''])
      expect(safeUrl(good)).toBe(good);
    expect(safeUrl('data:image/png;base64,x')).toBeUndefined();
    expect(safeUrl('data:image/png;base64,x', true)).toBe('data:image/png;base64,x');
  });

  test('[WS9] attributes that are code or belong to the component are left out', () => {
    expect(
      safeAttributes({
        onclick: 'x',
        ONLOAD: 'x',
        srcdoc: 'x',
        style: 'x',
        class: 'x',
        key: 'x',
        ref: 'x',
        dangerouslySetInnerHTML: 'x',
        'a b': 'x',
        href: 'javascript:x',
        formaction: 'javascript:x',
        src: 'data:text/html,x',
      }),
    ).toEqual({});
    expect(
      safeAttributes({ title: 'x', 'aria-label': 'y', tabIndex: 0, innerHTML: '<b>', src: '/a.png', autofocus: true }),
    ).toEqual({
      title: 'x',
      'aria-label': 'y',
      tabindex: 0,
      innerhtml: '<b>',
      src: '/a.png',
      autofocus: true,
    });
  });
});

test('events made before the link is there are sent with it, unless another tree has come since', () => {
  for (const anew of [false, true]) {
    const { link, clock } = new Bench();
    const store = new Replica(tree, clock).use(Edits);
    const node = store.get(3);
    const field = store.get(4);
    if (!node || !field) throw new Error('The tree has a button and an input.');
    store.emit(node, 'click');
    store.edit(field, 'value', 'early');
    store.attach(link, [], 0, anew);
    store.flush();
    expect(link.pending.map((event) => event[2])).toEqual(anew ? ['value'] : ['click', 'value']);
  }
});

test('[EO3] what was typed before a click is sent before it, also when there was no link yet', () => {
  const { link, clock } = new Bench();
  const store = new Replica(tree, clock).use(Edits);
  const node = store.get(3);
  const field = store.get(4);
  if (!node || !field) throw new Error('The tree has a button and an input.');
  store.edit(field, 'value', 'one');
  store.emit(node, 'click');
  store.emit(node, 'click');
  store.edit(field, 'value', 'two');
  // The pause ends without a link.
  clock.pass(400);
  store.emit(node, 'click');
  store.edit(field, 'value', 'three', 300, true);
  store.attach(link);
  expect(link.pending.map(([, , event, value]) => value ?? event)).toEqual(['one', 'click', 'click', 'two', 'click']);
  store.edit(field, 'value', 'three!');
  store.flush();
  expect(link.pending.map(([, , event, value]) => value ?? event)).toEqual([
    'one',
    'click',
    'click',
    'two',
    'click',
    'three!',
  ]);
  expect(store.get(4)?.props.value).toBe('three!');
});

test('[EO7] a link that comes late takes nothing back of what was entered since, and neither does the session', () => {
  for (const clicked of [false, true]) {
    const { link, clock } = new Bench();
    const store = new Replica(tree, clock).use(Edits);
    const node = store.get(3);
    const field = store.get(4);
    if (!node || !field) throw new Error('The tree has a button and an input.');
    const shown = () => store.get(4)?.props.value;
    link.send([4, ''], 'value', 'of an earlier document', true);
    link.send([3, ''], 'click');
    store.edit(field, 'value', 'one');
    if (clicked) store.emit(node, 'click');
    store.edit(field, 'value', 'two');
    store.attach(link, link.pending, 0);
    expect(shown()).toBe('two');
    store.flush();
    store.patch([1, [4, 'value', 'of an earlier document']]);
    expect(shown()).toBe('two');
    expect(link.pending.at(-1)?.[3]).toBe('two');
  }
});

test('[EO7] what a late click has sent is not replaced by what the session made of an earlier document', () => {
  const { link, clock } = new Bench();
  const store = new Replica(tree, clock).use(Edits);
  const node = store.get(3);
  const field = store.get(4);
  if (!node || !field) throw new Error('The tree has a button and an input.');
  link.send([4, ''], 'value', 'of an earlier document', true);
  link.send([3, ''], 'click');
  store.edit(field, 'value', 'one');
  store.emit(node, 'click');
  store.attach(link, [...link.pending], 0);
  store.patch([1, [4, 'value', 'of an earlier document']]);
  expect(store.get(4)?.props.value).toBe('one');
});
