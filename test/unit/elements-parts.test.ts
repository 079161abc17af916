import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { signal } from '../../src/reactive/index.ts';
import { staying, type TreeNode } from '../../src/tree/index.ts';
import { Kit } from './kit.ts';

interface Item {
  readonly id: number;
  readonly text: string;
}

function list(start: readonly Item[]) {
  const items = signal(start);
  const built: number[] = [];
  const kit = new Kit(() => {
    ui.label('above');
    ui.each(
      items,
      (item) => item.id,
      (item) => {
        built.push(item.id);
        ui.label(item.text);
        ui.input('', { value: '' });
      },
    );
    ui.label('below');
  });
  const parts = () => (kit.tree.root.children[1] as TreeNode).children;
  return { items, kit, built, parts };
}

const item = (id: number, text = `item ${id}`): Item => ({ id, text });

describe('each', () => {
  test('[NF12] inserting, moving, removing and replacing by chance: the tree equals the list and kept items keep their nodes', () => {
    const lists = fc.array(
      fc
        .uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 12 })
        .chain((ids) =>
          fc
            .tuple(...ids.map((id) => fc.constantFrom('x', 'y').map((text) => item(id, text))))
            .map((all) => all as Item[]),
        ),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(lists, fc.array(fc.boolean(), { maxLength: 6 }), (all, takes) => {
        const { items, kit, parts } = list(all[0] as Item[]);
        all.forEach((next, round) => {
          const before = new Map(items.value.map((one, index) => [one.id, parts()[index] as TreeNode]));
          const inputs = new Map([...before].map(([id, part]) => [id, part.children[1]]));
          items.value = next;
          expect(parts().map((part) => part.children[0]?.props.text)).toEqual(next.map((one) => one.text));
          next.forEach((one, index) => {
            const known = before.get(one.id);
            if (!known) return;
            expect(parts()[index] === known).toBe(true);
            expect(parts()[index]?.children[1] === inputs.get(one.id)).toBe(true);
          });
          if (takes[round]) kit.sync();
        });
        kit.sync();
        expect(kit.texts().at(-1)).toBe('below');
      }),
      { numRuns: 500 },
    );
  });

  test.each<[what: string, item: object, change: (item: never) => void]>([
    ['a property', { n: 1 }, (item: { n: number }) => item.n++],
    ['a nested object', { deep: { n: 1 } }, (item: { deep: { n: number } }) => item.deep.n++],
    ['an array', ['a'], (item: string[]) => item.push('b')],
    ['a Map', new Map([['a', 1]]), (item: Map<string, number>) => item.set('a', 2)],
    ['a Set in an object', { tags: new Set(['a']) }, (item: { tags: Set<string> }) => item.tags.add('b')],
    ['a Date in an object', { at: new Date(0) }, (item: { at: Date }) => item.at.setTime(1)],
  ])(
    '[NF12] an item whose %s was changed in place is shown anew by a copy of its list, and no other',
    (_, changed, change) => {
      const others = [{ n: 0 }, new Map([['x', { n: 0 }]]), ['x']];
      const items = signal<readonly object[]>([others[0] as object, changed, ...others.slice(1)]);
      const built: object[] = [];
      const kit = new Kit(() =>
        ui.each(
          items,
          (_, index) => index,
          (one) => {
            built.push(one);
            ui.input('');
          },
        ),
      );
      const input = () => (kit.tree.root.children[0] as TreeNode).children[1]?.children[0];
      const before = input();
      built.length = 0;
      items.value = [...items.value];
      expect(built).toEqual([]);
      change(changed as never);
      items.value = [...items.value];
      expect(built).toEqual([changed]);
      expect(input() === before).toBe(true);
    },
  );

  test('[NF12] no more moves than are needed', () => {
    const cases: readonly [from: number[], to: number[], moves: number][] = [
      [[1, 2, 3, 4], [2, 3, 4, 1], 1],
      [[1, 2, 3, 4], [4, 1, 2, 3], 1],
      [[1, 2, 3, 4], [4, 3, 2, 1], 3],
      [[1, 2, 3, 4], [2, 1, 4, 3], 2],
      [[1, 2, 3, 4, 5], [1, 5, 3, 4], 1],
      [[1, 2, 3], [1, 9, 2, 8, 3], 0],
      [[1, 2, 3], [3], 0],
    ];
    for (const [from, to, moves] of cases) {
      const objects = new Map([...from, ...to].map((id) => [id, item(id)]));
      const { items, kit } = list(from.map((id) => objects.get(id) as Item));
      items.value = to.map((id) => objects.get(id) as Item);
      expect(kit.sync().filter((op) => Array.isArray(op) && op[0] === '>')).toHaveLength(moves);
    }
  });

  test('[NF12] any long list comes into any order, whether its moves or its whole order travel', () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: 60 }, (_, id) => id),
      { minLength: 40 },
    );
    fc.assert(
      fc.property(order, order, fc.boolean(), (from, to, few) => {
        const objects = new Map([...from, ...to].map((id) => [id, item(id)]));
        const all = (ids: readonly number[]) => ids.map((id) => objects.get(id) as Item);
        const { items, kit, parts } = list(all(from));
        items.value = all(few ? [...from.slice(7), ...from.slice(0, 3), ...to.filter((id) => !from.includes(id))] : to);
        kit.sync();
        expect(parts().map((part) => part.children[0]?.props.text)).toEqual(items.value.map(({ text }) => text));
      }),
      { numRuns: 200 },
    );
  });

  test('[WS2] a list of 6,000 that is reversed or filtered sends one op, and its order at most 8 bytes a row', () => {
    const all = Array.from({ length: 6_000 }, (_, id) => item(id));
    const { items, kit } = list(all);
    const sent = (next: readonly Item[]) => {
      items.value = next;
      return kit.sync().filter((op) => typeof op !== 'number');
    };
    const [reversed, ...more] = sent([...all].reverse());
    expect([reversed?.[0], more.length]).toEqual(['=', 0]);
    expect(JSON.stringify(reversed).length).toBeLessThan(8 * 6_000 + 32);
    const filtered = sent([...all].reverse().filter(({ id }) => id % 2 === 0));
    expect(filtered.map((op) => [op[0], op.length])).toEqual([['-', 3_001]]);
    expect(sent([...all].reverse()).every((op) => op[0] === '+')).toBe(true);
  });

  test('[NF12] what stays is a longest run of increasing places', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1, max: 30 }), { maxLength: 10 }), (places) => {
        const run = [...staying(places)].sort((a, b) => a - b).map((position) => places[position] as number);
        expect(run).toEqual([...run].sort((a, b) => a - b));
        expect(run).not.toContain(-1);
        expect(run.length).toBe(longest(places.filter((place) => place >= 0)));
      }),
    );
    expect(staying([])).toEqual(new Set());
    expect(staying([-1, -1])).toEqual(new Set());
  });

  test('[NF12] an item that is the same object is not built again; another object is, in place', () => {
    const [a, b] = [item(1), item(2)];
    const { items, kit, built, parts } = list([a, b]);
    const [, second] = parts();
    const [label, input] = second?.children as [TreeNode, TreeNode];
    kit.emit(input, 'value', 'typed');
    items.value = [b, a];
    expect(built).toEqual([1, 2]);
    kit.sync();
    items.value = [item(2, 'new'), a];
    expect(built).toEqual([1, 2, 2]);
    expect(kit.sync()).toEqual([[label.id, 'text', 'new']]);
    expect(parts()[0]?.children).toEqual([label, input]);
    expect(input.props.value).toBe('typed');
  });

  test('[NF12] an item that is built again does not gather classes, attributes or events of the runs before', () => {
    const items = signal([{ id: 1, hot: true }]);
    const kit = new Kit(() =>
      ui.each(
        items,
        (one) => one.id,
        ({ hot }) => {
          const label = ui
            .label('x')
            .classes('a')
            .props({ title: 't', ...(hot && { lang: 'de' }) });
          label.classes(() => 'b').on('click', () => {});
          if (hot) label.on('keydown.enter', () => {}).style('color: red');
        },
      ),
    );
    items.value = [{ id: 1, hot: false }];
    expect(kit.one('label').props).toEqual({ text: 'x', class: 'a b', attrs: { title: 't' }, on: { click: 1 } });
    expect(kit.one('label').listeners?.get('click')).toHaveLength(1);
    items.value = [{ id: 1, hot: false }];
    kit.sync();
    expect(kit.sync()).toEqual([]);
  });

  test('an item that is built with its place is built again when that changes, others are not', () => {
    const items = signal(['a', 'b', 'c']);
    let built = 0;
    const kit = new Kit(() => {
      ui.each(
        items,
        (item) => item,
        (item, index) => ui.label(`${index} ${item}`),
      );
      ui.each(
        items,
        (item) => item,
        (item) => {
          built++;
          ui.label(item);
        },
      );
    });
    items.value = ['b', 'd', 'a', 'c'];
    expect(kit.texts()).toEqual(['0 b', '1 d', '2 a', '3 c', 'b', 'd', 'a', 'c']);
    expect(built).toBe(4);
    kit.sync();
  });

  test('[NF12] two items with one key are an error that names it, and the list stays as it was', () => {
    const { items, kit } = list([item(1), item(2)]);
    items.value = [item(3), item(1), item(3)];
    expect(kit.reports.map(String)).toEqual([expect.stringContaining('Two items of ui.each have the key "3"')]);
    expect(kit.texts()).toEqual(['above', 'item 1', 'item 2', 'below']);
    items.value = [item(3)];
    expect(kit.texts()).toEqual(['above', 'item 3', 'below']);
    expect(() => list([item(1), item(1)])).toThrow('Two items of ui.each');
  });

  test('an array without a function for keys is refused with a sentence', () => {
    const withoutKeys = ui.each as unknown as (items: string[], build: (item: string) => unknown) => void;
    expect(() => new Kit(() => withoutKeys(['a', 'b'], (text) => ui.label(text)))).toThrow('takes two functions');
  });

  test('[NF12] a number and its text are one key', () => {
    const items = signal<(string | number)[]>([]);
    const kit = new Kit(() =>
      ui.each(
        items,
        (one) => one,
        (one) => ui.label(one),
      ),
    );
    items.value = [1, '1'];
    expect(String(kit.reports[0])).toContain('have the key "1"');
    expect(kit.texts()).toEqual([]);
  });

  test('[NF12] an item that fails is reported; the others are there, and it follows its next change', () => {
    const items = signal([item(1)]);
    const kit = new Kit(() =>
      ui.each(
        items,
        (one) => one.id,
        (one) => {
          ui.label(one.text);
          if (one.text === 'bad') throw new Error('bad item');
        },
      ),
    );
    items.value = [item(1), item(2, 'bad'), item(3)];
    expect(kit.reports.map(String)).toEqual(['Error: bad item']);
    expect(kit.texts()).toEqual(['item 1', 'bad', 'item 3']);
    items.value = [item(1), item(2, 'good'), item(3)];
    expect(kit.texts()).toEqual(['item 1', 'good', 'item 3']);
    kit.sync();
  });

  test('[NB5] what a user did to an item and what a handler removed in it outlive rebuilds, wherever the item moves', () => {
    const order = { now: [1, 2, 3] };
    const build = () =>
      ui.each(
        order.now,
        (id) => id,
        (id) => {
          const label = ui.label(`label ${id}`);
          ui.checkbox(`box ${id}`);
          ui.button('Hide', () => label.delete());
        },
      );
    const kit = new Kit(build);
    kit.emit(kit.all('checkbox')[1] as TreeNode, 'value', true);
    kit.emit(kit.all('button')[2] as TreeNode, 'click');
    kit.sync();
    order.now = [3, 2, 4];
    const again = kit.again();
    expect(again.texts()).toEqual(['label 2', 'label 4']);
    expect(again.all('checkbox').map((node) => [node.props.text, node.props.value])).toEqual([
      ['box 3', false],
      ['box 2', true],
      ['box 4', false],
    ]);
  });

  test('[NF12] a list may come from a function or be fixed, and its items see where they are', () => {
    const limit = signal(2);
    const kit = new Kit(() => {
      ui.each(
        () => ['a', 'b', 'c'].slice(0, limit.value),
        (one) => one,
        (one, index) => ui.label(`${index}${one}`),
      );
      ui.each(
        ['x'],
        (_, index) => index,
        (one) => ui.label(one),
      );
    });
    expect(kit.texts()).toEqual(['0a', '1b', 'x']);
    limit.value = 3;
    expect(kit.texts()).toEqual(['0a', '1b', '2c', 'x']);
  });
});

describe('show', () => {
  test('one part while the condition holds, another while it does not; a change that changes nothing builds nothing', () => {
    const count = signal(0);
    let built = 0;
    const kit = new Kit(() => {
      ui.show(
        () => count.value > 1,
        () => {
          built++;
          ui.label('many');
        },
        () => ui.label('few'),
      );
      ui.label('after');
    });
    expect(kit.texts()).toEqual(['few', 'after']);
    for (const value of [1, 2, 3]) count.value = value;
    kit.sync();
    expect(kit.texts()).toEqual(['many', 'after']);
    expect(built).toBe(1);
    count.value = 0;
    kit.sync();
    expect(kit.texts()).toEqual(['few', 'after']);
  });

  test('what is not shown does not exist: its effects end and what was kept for it is forgotten', () => {
    const open = signal(true);
    const text = signal('a');
    let reads = 0;
    const kit = new Kit(() =>
      ui.show(open, () => {
        ui.input('');
        ui.label(() => {
          reads++;
          return text.value;
        });
      }),
    );
    kit.emit(kit.one('input'), 'value', 'typed');
    open.value = false;
    const before = reads;
    text.value = 'b';
    expect(reads).toBe(before);
    open.value = true;
    expect(kit.one('input').props.value).toBe('');
    kit.commit();
    expect(kit.rows).toEqual({});
  });

  test('a part that fails is reported, and shown when its condition holds again', () => {
    const open = signal(false);
    let fails = true;
    const kit = new Kit(() =>
      ui.show(open, () => {
        ui.label('shown');
        if (fails) throw new Error('cannot');
      }),
    );
    open.value = true;
    expect(kit.reports).toHaveLength(1);
    kit.sync();
    fails = false;
    open.value = false;
    open.value = true;
    expect(kit.texts()).toEqual(['shown']);
    kit.sync();
  });
});

describe('region', () => {
  test('is built again whenever what it read changes, and what comes again stays in place', () => {
    const [name, more] = [signal('a'), signal(false)];
    const kit = new Kit(() => {
      ui.region(() => {
        ui.label(name.value);
        if (more.value) ui.label('more');
        ui.input('');
      });
      ui.label('after');
    });
    const [label] = kit.all('label') as [TreeNode];
    const input = kit.one('input');
    name.value = 'b';
    expect(kit.sync()).toEqual([[label.id, 'text', 'b']]);
    more.value = true;
    kit.sync();
    expect(kit.texts()).toEqual(['b', 'more', 'after']);
    expect(kit.one('input')).toBe(input);
    more.value = false;
    kit.sync();
    expect(kit.texts()).toEqual(['b', 'after']);
  });

  test('parts in parts: inner lists keep their nodes when the outer part is built again', () => {
    const [title, items, open] = [signal('t'), signal([1, 2]), signal(true)];
    const kit = new Kit(() =>
      ui.region(() => {
        ui.label(title.value);
        ui.each(
          items,
          (id) => id,
          (id) => ui.label(`item ${id}`),
        );
        ui.show(open, () => ui.region(() => ui.label(`inner ${title.value}`)));
      }),
    );
    const nodes = kit.all('label');
    title.value = 'u';
    kit.sync();
    expect(kit.all('label')).toEqual(nodes);
    expect(kit.texts()).toEqual(['u', 'item 1', 'item 2', 'inner u']);
    items.value = [2, 3, 1];
    open.value = false;
    kit.sync();
    title.value = 'v';
    items.value = [1];
    kit.sync();
    expect(kit.texts()).toEqual(['v', 'item 1']);
  });

  test('a region that fails is reported once for each change, and follows on', () => {
    const name = signal('a');
    const kit = new Kit(() =>
      ui.region(() => {
        ui.label(name.value);
        if (name.value === 'bad') throw new Error('bad region');
        ui.label('end');
      }),
    );
    name.value = 'bad';
    expect(kit.reports).toHaveLength(1);
    kit.sync();
    name.value = 'c';
    kit.sync();
    expect(kit.texts()).toEqual(['c', 'end']);
  });

  test('[NB6] what handlers set on elements of a region stays when it is built again', () => {
    const name = signal('a');
    const build = () =>
      ui.region(() => {
        ui.label(name.value);
        ui.label('other');
      });
    const kit = new Kit(build);
    kit.handle(() => {
      kit.tree.set(kit.all('label')[1] as TreeNode, 'text', 'set by a handler', 'author');
    });
    name.value = 'b';
    kit.sync();
    expect(kit.texts()).toEqual(['b', 'set by a handler']);
    expect(kit.again().texts()).toEqual(['b', 'set by a handler']);
  });

  test('parts of parts of chance: patches equal the tree', () => {
    const change = fc.record({
      which: fc.constantFrom('title', 'open', 'items'),
      items: fc.uniqueArray(fc.nat(5), { maxLength: 5 }),
      take: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 15 }), (changes) => {
        const [title, open, items] = [signal(0), signal(true), signal<number[]>([1, 2])];
        const kit = new Kit(() => {
          ui.region(() => {
            if (title.value % 3 === 1) ui.button(title.value.toString());
            ui.each(
              items,
              (id) => id,
              (id) => {
                ui.show(
                  open,
                  () => ui.label(() => `${id} ${title.value}`),
                  () => ui.row(),
                );
                if (title.value % 2) ui.log({ max: 2 }).push('x', 'y', 'z');
              },
            );
            ui.show(open, () =>
              ui.region(() => ui.column(() => ui.label(items.value.length)).classes(`c${title.value}`)),
            );
          });
        });
        for (const { which, items: next, take } of changes) {
          if (which === 'title') title.value++;
          else if (which === 'open') open.value = !open.value;
          else items.value = next;
          if (take) kit.sync();
        }
        kit.sync();
        expect(kit.reports).toEqual([]);
        const texts = items.value.map((id) => `${id} ${title.value}`);
        expect(kit.texts()).toEqual(open.value ? [...texts, String(items.value.length)] : []);
      }),
      { numRuns: 500 },
    );
  });
});

function longest(places: readonly number[]): number {
  const best: number[] = [];
  places.forEach((place, index) => {
    best[index] =
      1 + Math.max(0, ...places.slice(0, index).map((other, at) => (other < place ? (best[at] as number) : 0)));
  });
  return Math.max(0, ...best);
}
