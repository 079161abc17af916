// What a user set of an element beats what the page says of it, until the page says something else.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { Json, MirrorNode } from '../../src/protocol/index.ts';
import { signal } from '../../src/reactive/index.ts';
import { type Builders, TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { button } from './jobs-kit.ts';

async function stage(pages: Builders) {
  const clock = new VirtualClock();
  const server = new TestServer({ clock, pages });
  const opening = TestBrowser.open(server, clock, '/');
  await clock.advance(10);
  const browser = await opening;
  await clock.advance(10);
  const click = async (name: string) => {
    browser.emit(button(browser, name), 'click');
    await clock.advance(100);
  };
  const set = async (kind: string, at: number, value: Json) => {
    browser.emit(all(browser.root, kind)[at] as MirrorNode, 'value', value);
    await clock.advance(100);
  };
  const shown = (kind: string) => all(browser.root, kind).map((node) => node.props.value);
  return { clock, server, browser, click, set, shown };
}

function all(node: MirrorNode, kind: string): MirrorNode[] {
  return [...(node.kind === kind ? [node] : []), ...node.children.flatMap((child) => all(child, kind))];
}

interface Row {
  readonly id: number;
  readonly value: never;
}

/** Each kind that a user writes: its value at first, what the user makes of it, and what a handler says of all rows then. */
const kinds: readonly [
  kind: string,
  first: Json,
  touched: Json,
  after: Json,
  make: (value: never, onChange: (value: Json) => void) => unknown,
][] = [
  ['checkbox', false, true, true, (value, onChange) => ui.checkbox('Done', { value, onChange })],
  ['input', 'one', 'two', '', (value, onChange) => ui.input('Note', { value, onChange })],
  ['select', 'a', 'b', 'c', (value, onChange) => ui.select(['a', 'b', 'c'], { value, onChange })],
];

/** A list whose rows show what their item says. `follows` has the item hear of what the user did. */
function list([, first, , after, make]: (typeof kinds)[number], follows: boolean): Builders {
  return {
    '/': () => {
      const rows = ui.state([1, 2].map((id) => ({ id, value: first }) as unknown as Row));
      const write = (id: number, value: Json) => {
        rows.value = rows.value.map((row) => (row.id === id ? { ...row, value: value as never } : row));
      };
      ui.each(
        rows,
        (row) => row.id,
        (row) => make(row.value, (value) => follows && write(row.id, value)),
      );
      ui.button('All', () => {
        rows.value = rows.value.map((row) => ({ ...row, value: after as never }));
      });
      ui.button('Rebuild', () => {
        rows.value = rows.value.map((row) => ({ ...row }));
      });
    },
  };
}

describe.each(kinds)('a %s of a list', (...kind) => {
  const [name, first, touched, after] = kind;

  test.each([true, false])('shows its item after the user touched it (the item hears of it: %s)', async (follows) => {
    const { set, click, shown } = await stage(list(kind, follows));
    await set(name, 0, touched);
    await set(name, 0, first);
    await click('All');
    expect(shown(name)).toEqual([after, after]);
  });

  test('keeps what the user set while its item says the same as before', async () => {
    const { set, click, shown } = await stage(list(kind, false));
    await set(name, 0, touched);
    await click('Rebuild');
    expect(shown(name)).toEqual([touched, first]);
  });

  test.each(['kill', 'deploy'] as const)('does both after a %s', async (how) => {
    const { clock, server, set, click, shown } = await stage(list(kind, false));
    await set(name, 0, touched);
    await clock.advance(2_000);
    server[how]();
    await clock.advance(10_000);
    expect(shown(name)).toEqual([touched, first]);
    await click('Rebuild');
    expect(shown(name)).toEqual([touched, first]);
    await click('All');
    expect(shown(name)).toEqual([after, after]);
  });
});

test('a box that follows a function keeps what the user set until what the function says is another value', async () => {
  const { set, click, shown } = await stage({
    '/': () => {
      const rows = ui.state({ done: false, others: 0 });
      ui.checkbox('Done', { value: () => rows.value.done });
      ui.button('Other', () => {
        rows.value = { ...rows.value, others: rows.value.others + 1 };
      });
      ui.button('Turn', () => {
        rows.value = { ...rows.value, done: !rows.value.done };
      });
    },
  });
  await set('checkbox', 0, true);
  await click('Other');
  expect(shown('checkbox')).toEqual([true]);
  await click('Turn');
  await click('Turn');
  expect(shown('checkbox')).toEqual([false]);
});

test('data that changed while the server was away beats what the user had set before', async () => {
  let note = 'old';
  const { clock, server, set, shown } = await stage({ '/': () => ui.input('Note', { value: note }) });
  await set('input', 0, 'typed');
  await clock.advance(2_000);
  note = 'new';
  server.kill();
  await clock.advance(10_000);
  expect(shown('input')).toEqual(['new']);
});

test('a deploy that words the first value in another way takes nothing from who had typed', async () => {
  const page = (value: string) => ({ '/': () => ui.input('Note', { value }) });
  const { clock, server, set, shown } = await stage(page('example'));
  await set('input', 0, 'typed');
  await clock.advance(2_000);
  server.deploy(page('an example'));
  await clock.advance(10_000);
  expect(shown('input')).toEqual(['typed']);
  server.kill();
  await clock.advance(10_000);
  expect(shown('input')).toEqual(['typed']);
});

test('a signal that is not durable has what the user typed after a restart', async () => {
  let held = signal('');
  const { clock, server, set, shown } = await stage({
    '/': () => {
      held = signal('');
      ui.input('Note', { value: held });
    },
  });
  await set('input', 0, 'one');
  await set('input', 0, 'two');
  await clock.advance(2_000);
  server.kill();
  await clock.advance(10_000);
  expect([held.value, ...shown('input')]).toEqual(['two', 'two']);
});

test('what beats a touched value is kept, and nothing stays to be written', async () => {
  const { clock, server, set, click, shown } = await stage(list(kinds[0] as (typeof kinds)[number], true));
  await set('checkbox', 0, true);
  await set('checkbox', 0, false);
  await click('All');
  await clock.advance(2_000);
  expect(server.whyAwake()).toEqual([]);
  server.kill();
  await clock.advance(10_000);
  expect(shown('checkbox')).toEqual([true, true]);
  const page = server.store.pages()[0]?.page ?? '';
  expect(server.store.cells(page).filter(({ key }) => /\.[pv]\./.test(key))).toEqual([]);
});
