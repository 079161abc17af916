import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { type Json, type Kind, limits } from '../../src/protocol/index.ts';
import { childKey, idMask, type Origin, rootKey, type TreeNode } from '../../src/tree/index.ts';
import { Kit, wired } from './kit.ts';

const nothing = () => {};

describe('keys and numbers', () => {
  test('a place has the same key in every build, and another place has another', () => {
    const places = ['label0', 'label1', 'button0', '#1', '#10', '#invoice-7', '', '#🦊', 'a'.repeat(500)];
    const keys = [rootKey, childKey(rootKey, 'row0')].flatMap((parent) =>
      places.map((place) => childKey(parent, place)),
    );
    expect(new Set(keys).size).toBe(places.length * 2);
    expect(keys.every(Number.isSafeInteger)).toBe(true);
    // Kept rows are named by keys: another hash would lose what every page has kept.
    expect(childKey(rootKey, 'label0')).toBe(3612684688793840);
  });

  test('200,000 places below one another share no key', () => {
    const keys = new Set<number>();
    for (let parent = 0; parent < 400; parent++) {
      const key = childKey(rootKey, `#${parent}`);
      for (let child = 0; child < 500; child++) keys.add(childKey(key, `label${child}`));
    }
    expect(keys.size).toBe(200_000);
  });

  test('a page built again has the same numbers', () => {
    const build = () => {
      ui.label('A');
      ui.column(() => {
        ui.label('B');
        ui.button('C');
      });
      ui.each(
        [1, 2, 3],
        (item) => item,
        (item) => ui.label(item),
      );
    };
    const first = new Kit(build);
    expect(first.again().tree.literal()).toEqual(first.tree.literal());
  });

  test('one element more changes no number but its own', () => {
    let more = false;
    const build = () => {
      ui.label('A');
      if (more) ui.button('new');
      ui.label('B');
      ui.column(() => ui.label('C'));
    };
    const first = new Kit(build);
    const numbers = first.all('label').map((node) => node.id);
    more = true;
    expect(
      first
        .again()
        .all('label')
        .map((node) => node.id),
    ).toEqual(numbers);
  });

  test('places whose numbers collide get different numbers, and keep them when the page is built again', () => {
    const [one, two] = colliding();
    const build = () => {
      const items = ui.state([one], 'items');
      items$ = items;
      ui.each(
        items,
        (item) => item,
        (item) => ui.label(item),
      );
    };
    let items$ = { value: [one] };
    const first = new Kit(build);
    first.handle(() => {
      items$.value = [two, one];
    });
    first.sync();
    const [a, b] = first.all('fragment').slice(1) as [TreeNode, TreeNode];
    expect(a.key & idMask).toBe(b.key & idMask);
    expect(a.id).not.toBe(b.id);
    // This time `two` is made first; the number of `one` is not up for grabs.
    const again = first.again();
    expect(again.all('fragment').map((node) => node.id)).toEqual(first.all('fragment').map((node) => node.id));
  });

  test('a number that is kept for a place is given to nobody else while the place is empty', () => {
    const [one, two, next] = colliding();
    let shown: string[] = [one, two];
    const build = () =>
      ui.each(
        shown,
        (item) => item,
        (item) => ui.label(item),
      );
    const first = new Kit(build);
    const kept = first.all('fragment')[2]?.id;
    shown = [next, two];
    const again = first.again();
    expect(again.all('fragment').map((node) => node.id)).toContain(kept);
    expect(again.texts()).toEqual([next, two]);
  });

  test('a number that left with this patch is not used again within it', () => {
    const kit = new Kit(() => ui.label('leaving'));
    const { tree } = kit;
    const leaving = kit.one('label');
    // The fresh parent comes first in the patch, and takes along what is made in it after the other node was removed.
    const parent = tree.create({ node: tree.root, structural: false }, 'column', {});
    tree.remove(leaving, true);
    expect(tree.taken(leaving.id, leaving.key)).toBe(false);
    expect(tree.taken(leaving.id, 7)).toBe(true);
    let segment = 0;
    while (childKey(parent.key, `#${segment}`) % (idMask + 1) !== leaving.id) segment++;
    const child = tree.create({ node: parent, structural: true }, 'label', {}, { segment: `#${segment}` });
    expect(child.id).not.toBe(leaving.id);
    kit.sync();
    expect(tree.taken(leaving.id, 7)).toBe(false);
  });

  test('two elements in one place are an error that names the place', () => {
    expect(
      () =>
        new Kit(() => {
          const { tree } = new Kit(nothing);
          tree.create({ node: tree.root, structural: true }, 'label', { text: '' }, { segment: '#a' });
          tree.create({ node: tree.root, structural: true }, 'label', { text: '' }, { segment: '#a' });
        }),
    ).toThrow('Two elements share the key "#a"');
  });

  test('[BD1] a page takes as many elements as its cap and refuses the next one', () => {
    const kit = new Kit(nothing);
    const into = { node: kit.tree.root, structural: true };
    for (let made = 1; made < limits.nodes; made++) kit.tree.create(into, 'label', { text: '' });
    expect(kit.tree.size).toBe(limits.nodes);
    expect(() => kit.tree.create(into, 'label', { text: '' })).toThrow(RangeError);
  });

  test('[BD1] parts have a cap of their own, and give their places back', () => {
    const kit = new Kit(nothing);
    const { tree } = kit;
    const into = { node: tree.root, structural: true };
    const parts = Array.from({ length: limits.parts }, () => tree.create(into, 'fragment', {}));
    expect(() => tree.create(into, 'fragment', {})).toThrow('20000 parts');
    for (const part of parts.slice(1)) tree.create({ node: part, structural: true }, 'label', { text: '' });
    tree.remove(parts[0] as TreeNode, true);
    tree.create(into, 'fragment', {});
    expect(() => tree.create(into, 'fragment', {})).toThrow('20000 parts');
  });
});

describe('changes', () => {
  function page() {
    const kit = new Kit(() => {
      ui.label('a');
      ui.input('b');
      ui.log({ max: 3 });
      ui.column(() => ui.label('c'));
    });
    const [label, input, log, column] = kit.tree.root.children as [TreeNode, TreeNode, TreeNode, TreeNode];
    return { kit, tree: kit.tree, label, input, log, column };
  }

  test('many sets of one prop are one op with the last value', () => {
    const { kit, tree, label } = page();
    for (const text of ['x', 'y', 'z']) tree.set(label, 'text', text, 'author');
    expect(kit.sync()).toEqual([[label.id, 'text', 'z']]);
  });

  test('a prop that is set to what it is costs nothing, and one that is deleted travels without a value', () => {
    const { kit, tree, label } = page();
    tree.set(label, 'text', 'a', 'author');
    tree.set(label, 'attrs', { title: 'x' }, 'passing');
    expect(kit.sync()).toEqual([[label.id, 'attrs', { title: 'x' }]]);
    tree.set(label, 'attrs', { title: 'x' }, 'passing');
    expect(tree.dirty).toBe(false);
    tree.set(label, 'attrs', undefined, 'passing');
    expect(kit.sync()).toEqual([[label.id, 'attrs']]);
  });

  test('what happens to a new node before it was sent needs no op of its own', () => {
    const { kit, tree, column } = page();
    const made = tree.create({ node: column, structural: false }, 'column', {});
    const inner = tree.create({ node: made, structural: false }, 'label', { text: '1' });
    tree.set(inner, 'text', '2', 'author');
    const gone = tree.create({ node: made, structural: false }, 'label', { text: '3' });
    tree.remove(gone, false);
    const list = tree.create({ node: made, structural: false }, 'log', { lines: [], max: 2, total: 0 });
    tree.append(list, ['a', 'b', 'c']);
    expect(kit.sync()).toEqual([
      [
        '+',
        column.id,
        1,
        [
          made.id,
          'column',
          {},
          [
            [inner.id, 'label', { text: '2' }],
            [list.id, 'log', { lines: ['b', 'c'], max: 2, total: 3 }],
          ],
        ],
      ],
    ]);
    tree.set(inner, 'text', '3', 'author');
    expect(kit.sync()).toEqual([[inner.id, 'text', '3']]);
  });

  test('lines that are appended one by one travel in one op, at most `max` of them', () => {
    const { kit, tree, log } = page();
    for (const line of ['1', '2', '3', '4', '5']) tree.append(log, [line]);
    expect(kit.sync()).toEqual([['a', log.id, ['3', '4', '5'], 5]]);
    tree.append(log, ['6']);
    expect(kit.sync()).toEqual([['a', log.id, ['6'], 6]]);
    tree.append(log, []);
    expect(tree.dirty).toBe(false);
  });

  test('lines appended to lines that were set in the same patch are part of the set', () => {
    const { kit, tree, log } = page();
    tree.append(log, ['1']);
    tree.set(log, 'lines', ['x'], 'passing');
    tree.append(log, ['2']);
    tree.set(log, 'max', 2, 'passing');
    tree.append(log, ['3', '4']);
    kit.sync();
    tree.append(log, ['5']);
    kit.sync();
    expect(kit.mirror.get(log.id)?.props).toMatchObject({ lines: ['4', '5'], total: 5 });
  });

  test('the event number stands once, before the first op that sets what the user writes too', () => {
    const { kit, tree, label, input } = page();
    kit.event = 7;
    tree.set(label, 'text', 'x', 'author');
    tree.set(input, 'placeholder', 'p', 'author');
    tree.set(input, 'value', 'v', 'author');
    tree.set(input, 'disabled', true, 'author');
    expect(kit.sync()).toEqual([
      [label.id, 'text', 'x'],
      [input.id, 'placeholder', 'p'],
      7,
      [input.id, 'value', 'v'],
      [input.id, 'disabled', true],
    ]);
  });

  test('a change to a node that is gone when the patch is taken is left out', () => {
    const { kit, tree, label, log, column } = page();
    tree.set(label, 'text', 'x', 'author');
    tree.append(log, ['1']);
    tree.call(label, 'focus', []);
    for (const node of [label, log]) tree.remove(node, false);
    tree.clear(column, false);
    expect(kit.sync().map((op) => (op as readonly unknown[])[0])).toEqual(['-', '-', '-']);
    tree.set(label, 'text', 'y', 'author');
    tree.append(log, ['2']);
    tree.call(label, 'focus', []);
    tree.move(label, 0);
    tree.remove(label, false);
    expect(tree.dirty).toBe(false);
  });

  test('a method of a node that is gone or parked is not called', () => {
    const { kit, tree, label, column } = page();
    tree.call(label, 'scroll', ['end', 2]);
    tree.park(column);
    tree.call(column, 'focus', []);
    tree.unpark(column);
    tree.remove(label, false);
    tree.call(label, 'focus', []);
    expect(kit.calls).toEqual([[label, 'scroll', 'end', 2]]);
  });

  test('too many changes give way to a snapshot, and afterwards every change travels again', () => {
    const { kit, tree, column } = page();
    const into = { node: column, structural: true };
    for (let round = 0; round < limits.nodes; round++)
      tree.remove(tree.create(into, 'label', { text: `${round}` }), true);
    expect(tree.overflowed).toBe(true);
    expect(tree.take(0)).toEqual([]);
    const late = tree.create(into, 'label', { text: 'late' });
    tree.set(late, 'text', 'later', 'author');
    kit.sync();
    expect(tree.overflowed).toBe(false);
    tree.set(late, 'text', 'latest', 'author');
    expect(kit.sync()).toEqual([[late.id, 'text', 'latest']]);
  });

  test('what was discarded is not sent, and new nodes among it count as known', () => {
    const { kit, tree, label } = page();
    tree.set(label, 'text', 'x', 'author');
    const made = tree.create({ node: tree.root, structural: false }, 'label', { text: '1' });
    tree.discard();
    expect(tree.dirty).toBe(false);
    kit.mirror.reset(wired(tree.literal()), 0);
    tree.set(made, 'text', '2', 'author');
    expect(kit.sync()).toEqual([[made.id, 'text', '2']]);
  });
});

describe('where a value comes from', () => {
  const cases: { readonly origin: Origin; readonly sent: boolean; readonly kept: boolean }[] = [
    { origin: 'author', sent: true, kept: true },
    { origin: 'derived', sent: true, kept: false },
    { origin: 'user', sent: false, kept: true },
    { origin: 'passing', sent: true, kept: false },
  ];
  test.each(cases)('$origin: sent $sent, kept $kept', ({ origin, sent, kept }) => {
    const kit = new Kit(() => ui.input(''));
    kit.tree.set(kit.one('input'), 'value', 'x', origin);
    expect(kit.tree.dirty).toBe(sent);
    expect(kit.again().one('input').props.value).toBe(kept ? 'x' : '');
  });

  test('a computed value ends what was kept for its prop', () => {
    const kit = new Kit(() => ui.input(''));
    const input = kit.one('input');
    kit.tree.set(input, 'value', 'typed', 'user');
    kit.tree.set(input, 'value', 'computed', 'derived');
    expect(kit.again().one('input').props.value).toBe('');
  });

  test('what a builder says gives way to what was kept, also to a deletion', () => {
    const kit = new Kit(() => {
      ui.label('a').classes('b');
      ui.label('c');
    });
    const [first, second] = kit.all('label') as [TreeNode, TreeNode];
    kit.tree.set(first, 'text', 'x', 'author');
    kit.tree.set(first, 'class', undefined, 'author');
    kit.tree.remove(second, false);
    const again = kit.again();
    expect(again.one('label').props).toEqual({ text: 'x' });
    expect(again.again().one('label').props).toEqual({ text: 'x' });
  });

  test('nothing that a builder sets is kept, and everything on what a handler built is', () => {
    const kit = new Kit(() => {
      const label = ui.label('a');
      label.text = 'b';
    });
    kit.commit();
    expect(kit.rows).toEqual({});
    kit.handle(() => {
      ui.column(() => {
        const label = ui.label('1');
        label.classes('red');
        label.text = () => '2';
      });
    });
    kit.commit();
    kit.handle(() => kit.tree.set(kit.all('label')[1] as TreeNode, 'text', '3', 'derived'));
    const again = kit.again();
    expect(wired(again.tree.literal())).toEqual(wired(kit.tree.literal()));
    expect(again.texts()).toEqual(['b', '3']);
  });

  test('that a handler of a node runs is never kept', () => {
    const kit = new Kit(nothing);
    kit.handle(() => {
      kit.tree.set(ui.button('x').node, 'busy', true, 'passing');
    });
    expect(kit.again().one('button').props).toEqual({ text: 'x' });
  });

  test('a value that cannot be kept changes nothing', () => {
    const kit = new Kit(() => {
      ui.label('a');
      ui.log({ max: 100 }).push('1');
    });
    const huge = 'ä'.repeat(limits.cellSize / 2 + 1);
    expect(() => kit.tree.set(kit.one('label'), 'text', huge, 'author')).toThrow(RangeError);
    expect(() => kit.tree.append(kit.one('log'), [huge])).toThrow(RangeError);
    expect(() => kit.handle(() => ui.label(huge))).toThrow(RangeError);
    expect(kit.tree.dirty).toBe(false);
    expect(kit.texts()).toEqual(['a']);
    expect(kit.one('log').props).toMatchObject({ lines: ['1'], total: 1 });
    kit.handle(() => {
      expect(() => {
        ui.label('small').text = huge;
      }).toThrow(RangeError);
    });
    kit.commit();
    kit.sync();
    expect(kit.again().texts()).toEqual(['a', 'small']);
  });
});

describe('building again in place', () => {
  test('what is asked for again keeps its node; the rest goes, and so do props that are not set again', () => {
    const { tree, ...kit } = rebuilding(['label:a', 'button:b', 'label:c']);
    const [a, b, c] = kit.fragment.children as [TreeNode, TreeNode, TreeNode];
    tree.set(a, 'class', 'red', 'passing');
    kit.page.sync();
    kit.rebuild(['label:a', 'label:x', 'input:d']);
    expect(kit.fragment.children.slice(0, 2)).toEqual([a, c]);
    expect(b.alive).toBe(false);
    expect(a.props).toEqual({ text: 'a' });
    expect(kit.page.sync()).toEqual([
      ['>', c.id, kit.fragment.id, 1],
      [c.id, 'text', 'x'],
      ['+', kit.fragment.id, 2, expect.anything()],
      ['-', b.id],
      [a.id, 'class'],
    ]);
  });

  test('a builder may remove what it just made, also when it runs again', () => {
    for (const program of [
      ['label:a', 'delete', 'label:b', 'label:c'],
      ['label:a', 'label:b', 'clear', 'label:c'],
      ['clear', 'label:a', 'delete', 'delete'],
    ]) {
      const { page, rebuild } = rebuilding(program);
      const first = wired(page.tree.literal());
      page.sync();
      rebuild(program);
      page.sync();
      expect(wired(page.tree.literal())).toEqual(first);
    }
  });

  test('when a builder throws, what it made so far stands', () => {
    const { page, rebuild } = rebuilding(['label:a', 'label:b']);
    expect(() => rebuild(['label:x', 'throw', 'label:y'])).toThrow('on purpose');
    page.sync();
    expect(page.texts()).toEqual(['x']);
    rebuild(['label:1', 'label:2']);
    page.sync();
    expect(page.texts()).toEqual(['1', '2']);
  });
});

describe('programs of chance', () => {
  const step = fc.record({
    what: fc.constantFrom(
      'create',
      'create',
      'set',
      'set',
      'remove',
      'clear',
      'move',
      'append',
      'call',
      'rebuild',
      'take',
      'snapshot',
    ),
    node: fc.nat(40),
    index: fc.nat(6),
    kind: fc.constantFrom<Kind>('label', 'column', 'input', 'log'),
    prop: fc.constantFrom('text', 'class', 'value', 'hidden', 'lines', 'max'),
    value: fc.constantFrom<Json | undefined>('a', 'b', true, undefined),
    origin: fc.constantFrom<Origin>('author', 'derived', 'user', 'passing'),
    lines: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 4 }),
    program: fc.array(
      fc.constantFrom('label:a', 'label:b', 'column:', 'button:c', 'log:x', 'in', 'out', 'delete', 'clear'),
      { maxLength: 8 },
    ),
  });
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  function play(kit: Kit, { what, node: at, index, kind, prop, value, origin, lines, program }: Step): void {
    const { tree } = kit;
    const nodes = every(tree.root);
    const node = nodes[at % nodes.length] as TreeNode;
    switch (what) {
      case 'create':
        if (node.kind === 'root' || node.kind === 'column' || node.kind === 'fragment') {
          const props = kind === 'log' ? { lines: [], max: 3, total: 0 } : kind === 'column' ? {} : { text: 'new' };
          tree.create({ node, structural: false }, kind, props);
        }
        return;
      case 'set':
        if (prop === 'lines' || prop === 'max') {
          if (node.kind === 'log') tree.set(node, prop, prop === 'max' ? 1 + index : lines.slice(0, 1), 'passing');
        } else if (origin === 'user') kit.emit(node, prop, value, prop);
        else tree.set(node, prop, value, origin);
        return;
      case 'remove':
        return tree.remove(node, false);
      case 'clear':
        return tree.clear(node, false);
      case 'move': {
        const count = node.parent?.children.length ?? 1;
        return tree.move(node, index % count);
      }
      case 'append':
        if (node.kind === 'log') tree.append(node, lines);
        return;
      case 'call':
        return tree.call(node, 'focus', [index]);
      case 'rebuild':
        if (node.kind === 'fragment') kit.handle(() => tree.rebuild(node, () => build(kit, node, program)));
        return;
      case 'take':
        kit.sync();
        return;
      case 'snapshot':
        tree.discard();
        kit.mirror.reset(wired(tree.literal()), kit.event);
        return;
    }
  }

  const start = () =>
    new Kit(() => {
      ui.label('first');
      ui.each(
        [1, 2, 3],
        (item) => item,
        (item) => ui.label(item),
      );
      ui.region(() => ui.column(() => ui.label('inner')));
      ui.log({ max: 3 });
    });

  test('[WS1] patches in order equal a snapshot, whenever they are taken', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const kit = start();
        for (const one of steps) play(kit, one);
        kit.sync();
        expect(kit.sync()).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  test('[NF1] what handlers did is there again after a rebuild, with the same numbers', () => {
    const durable = fc.array(
      step.filter(
        ({ what, origin, prop }) =>
          !['move', 'rebuild'].includes(what) &&
          origin !== 'passing' &&
          origin !== 'derived' &&
          prop !== 'lines' &&
          prop !== 'max',
      ),
      { maxLength: 40, size: 'max' },
    );
    fc.assert(
      fc.property(durable, durable, (before, after) => {
        const first = start();
        for (const one of before) play(first, one);
        const second = first.again();
        expect(wired(second.tree.literal())).toEqual(wired(first.tree.literal()));
        for (const one of after) play(second, one);
        second.sync();
        expect(wired(second.again().tree.literal())).toEqual(wired(second.tree.literal()));
      }),
      { numRuns: 500 },
    );
  });
});

function every(node: TreeNode): TreeNode[] {
  return [node, ...node.children.flatMap(every)];
}

/** Runs a small language: `kind:text` makes an element, `in` and `out` go into the last one and back. */
function build(kit: Kit, node: TreeNode, program: readonly string[]): void {
  const stack = [node];
  let last: TreeNode | undefined;
  for (const word of program) {
    const into = stack.at(-1) as TreeNode;
    const [kind, text] = word.split(':') as [Kind, string | undefined];
    if (word === 'in') {
      if (last?.kind === 'column' && last.alive) stack.push(last);
    } else if (word === 'out') {
      if (stack.length > 1) stack.pop();
    } else if (word === 'delete') {
      if (last && !stack.includes(last)) kit.tree.remove(last, false);
    } else if (word === 'clear') {
      kit.tree.clear(into, false);
    } else if (word === 'throw') {
      throw new Error('on purpose');
    } else if (kind === 'log') {
      last = kit.tree.create({ node: into, structural: true }, 'log', { lines: [], max: 3, total: 0 });
      kit.tree.append(last, [text ?? '', 'more']);
    } else {
      last = kit.tree.create({ node: into, structural: true }, kind, kind === 'column' ? {} : { text: text ?? '' });
    }
  }
}

function rebuilding(program: readonly string[]) {
  const page = new Kit(nothing);
  const { tree } = page;
  const fragment = tree.construct(() => tree.create({ node: tree.root, structural: true }, 'fragment', {}));
  tree.construct(() => build(page, fragment, program));
  page.sync();
  return {
    page,
    tree,
    fragment,
    rebuild: (next: readonly string[]) => tree.rebuild(fragment, () => build(page, fragment, next)),
  };
}

/** Three keys of items whose places below the only `each` of a page have one number, and the two that follow it, at most. */
function colliding(): [one: string, two: string, next: string] {
  const list = childKey(rootKey, 'fragment0');
  const seen = new Map<number, string>();
  for (let index = 0; ; index++) {
    const item = `${index}`;
    const id = childKey(list, `#${item}`) % (idMask + 1);
    const other = seen.get(id);
    if (other !== undefined) {
      for (let next = 0; ; next++) {
        if (childKey(list, `#${next}`) % (idMask + 1) === id + 1) return [other, item, `${next}`];
      }
    }
    seen.set(id, item);
  }
}
