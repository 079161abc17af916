import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Json,
  literalOf,
  Mirror,
  type MirrorNode,
  type NodeLiteral,
  type Op,
  ProtocolError,
  same,
} from '../../src/protocol/index.ts';
import { Watching } from './kit.ts';

const literal: NodeLiteral = [
  1,
  'root',
  { title: 'T' },
  [
    [
      2,
      'row',
      {},
      [
        [3, 'label', { text: 'a' }],
        [4, 'label', { text: 'b' }],
      ],
    ],
    [5, 'column', {}, [[6, 'input', { value: 'x' }]]],
    [7, 'log', { lines: ['1', '2'], max: 3, total: 2 }],
  ],
];

function mirror(source: NodeLiteral = literal) {
  const host = new Watching();
  return { host, mirror: new Mirror(JSON.parse(JSON.stringify(source)) as NodeLiteral, host) };
}

describe('ops', () => {
  const cases: readonly [
    what: string,
    op: Op,
    after: (get: (id: number) => MirrorNode | undefined) => void,
    heard: string[],
  ][] = [
    ['sets a prop', [3, 'text', 'z'], (get) => expect(get(3)?.props).toEqual({ text: 'z' }), ['props 3 text']],
    [
      'sets a prop to null',
      [3, 'text', null],
      (get) => expect(get(3)?.props).toEqual({ text: null }),
      ['props 3 text'],
    ],
    ['deletes a prop', [3, 'text'], (get) => expect(get(3)?.props).toEqual({}), ['props 3 text']],
    [
      'puts a node with all below it',
      ['+', 2, 1, [8, 'row', {}, [[9, 'label', { text: 'n' }]]]],
      (get) => {
        expect(get(2)?.children.map((child) => child.id)).toEqual([3, 8, 4]);
        expect(get(9)?.parent).toBe(get(8));
      },
      ['children 2'],
    ],
    [
      'removes a node with all below it',
      ['-', 2],
      (get) => expect([2, 3, 4].map(get)).toEqual([undefined, undefined, undefined]),
      ['removed 2', 'removed 3', 'removed 4', 'children 1'],
    ],
    [
      'puts several nodes one after the other',
      ['+', 2, 1, [8, 'label', {}], [9, 'label', {}]],
      (get) => expect(get(2)?.children.map((child) => child.id)).toEqual([3, 8, 9, 4]),
      ['children 2'],
    ],
    [
      'removes several nodes, also of several parents',
      ['-', 3, 6],
      (get) => {
        expect(get(2)?.children.map((child) => child.id)).toEqual([4]);
        expect(get(5)?.children.map((child) => child.id)).toEqual([]);
      },
      ['removed 3', 'removed 6', 'children 2', 'children 5'],
    ],
    [
      'gives all children of a node an order',
      ['=', 2, 4, 3],
      (get) => expect(get(2)?.children.map((child) => child.id)).toEqual([4, 3]),
      ['children 2'],
    ],
    [
      'moves a node to the place counted after it was taken out',
      ['>', 3, 2, 1],
      (get) => expect(get(2)?.children.map((child) => child.id)).toEqual([4, 3]),
      ['children 2'],
    ],
    [
      'moves a node to another parent',
      ['>', 3, 5, 0],
      (get) => {
        expect(get(5)?.children.map((child) => child.id)).toEqual([3, 6]);
        expect(get(3)?.parent).toBe(get(5));
        expect(get(2)?.children.map((child) => child.id)).toEqual([4]);
      },
      ['children 5', 'children 2'],
    ],
    [
      'appends lines and keeps the newest',
      ['a', 7, ['3', '4'], 9],
      (get) => expect(get(7)?.props).toEqual({ lines: ['2', '3', '4'], max: 3, total: 9 }),
      ['props 7 lines'],
    ],
    ['gives a command', ['!', 4, 6, 'focus', 1, 'x'], () => {}, ['commanded 6 4 focus [1,"x"]']],
  ];
  test.each(cases)('%s', (_, op, after, heard) => {
    const { mirror: it, host } = mirror();
    it.apply(op);
    after((id) => it.get(id));
    expect(host.heard).toEqual(heard);
  });

  test('a change replaces the props and the lists it touches, so that whoever compares sees it', () => {
    const { mirror: it } = mirror();
    const [node, row] = [it.get(3), it.get(2)];
    const { props } = node as MirrorNode;
    const { children } = row as MirrorNode;
    it.apply([3, 'text', 'z']);
    it.apply(['-', 4]);
    expect(it.get(3)).toBe(node);
    expect(node?.props).not.toBe(props);
    expect(row?.children).not.toBe(children);
    expect(props).toEqual({ text: 'a' });
  });

  const wrong: readonly [what: string, op: Op][] = [
    ['a prop of a node that is not there', [99, 'text', 'x']],
    ['a node below one that is not there', ['+', 99, 0, [8, 'label', {}]]],
    ['a node that is there', ['+', 1, 0, [3, 'label', {}]]],
    ['a place that is not there', ['+', 2, 3, [8, 'label', {}]]],
    ['a negative place', ['+', 2, -1, [8, 'label', {}]]],
    ['removing what is not there', ['-', 99]],
    ['removing the root', ['-', 1]],
    ['moving the root', ['>', 1, 2, 0]],
    ['moving beyond the end', ['>', 3, 2, 2]],
    ['an order that lacks a child', ['=', 2, 4]],
    ['an order that names a child twice', ['=', 2, 4, 4]],
    ['an order with another node’s child', ['=', 2, 4, 6]],
    ['lines of nobody', ['a', 99, ['x'], 1]],
    ['a method of nobody', ['!', 1, 99, 'focus']],
    ['an op of another time', ['?', 1] as unknown as Op],
  ];
  test.each(wrong)('refuses %s, and a snapshot puts it right', (_, op) => {
    const { mirror: it } = mirror();
    expect(() => it.apply(op)).toThrow(ProtocolError);
    it.reset(literal, 0);
    expect(literalOf(it.root)).toEqual(literal);
  });

  test('the host may refuse a value, and is told the event that the value contains', () => {
    const { mirror: it, host } = mirror();
    const asked: unknown[] = [];
    host.accept = (prop, event) => {
      asked.push([prop, event]);
      return false;
    };
    it.apply([6, 'value', 'late'], 4);
    it.apply([6, 'value']);
    expect(it.get(6)?.props).toEqual({ value: 'x' });
    it.write(6, 'value', 'typed');
    it.write(99, 'value', 'typed');
    expect(it.get(6)?.props).toEqual({ value: 'typed' });
    it.reset(literal, 5);
    expect(it.get(6)?.props).toEqual({ value: 'typed' });
    expect(asked).toEqual([
      ['value', 4],
      ['value', undefined],
      ['value', 5],
    ]);
    expect(host.heard).toEqual([]);
  });

  test('kinds, props and texts named like what every object has are only names', () => {
    const kinds = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const children = kinds.map((kind, index): NodeLiteral => [index + 2, kind, { constructor: 'x', toString: 'y' }]);
    const { mirror: it } = mirror([1, 'root', {}, children]);
    expect(literalOf(it.root)).toEqual([1, 'root', {}, children]);
    it.apply([2, 'hasOwnProperty', 'z']);
    it.apply([2, 'constructor']);
    expect(it.get(2)?.props).toEqual({ toString: 'y', hasOwnProperty: 'z' });
    it.reset([1, 'root', {}, [...children].reverse()], 0);
    expect(literalOf(it.root)).toEqual([1, 'root', {}, [...children].reverse()]);
    expect(it.get(99)).toBeUndefined();
    expect(({} as { z?: unknown }).z).toBeUndefined();
  });
});

describe('snapshots', () => {
  test('the same tree again touches nothing', () => {
    const { mirror: it, host } = mirror();
    it.reset(JSON.parse(JSON.stringify(literal)) as NodeLiteral, 0);
    expect(host.heard).toEqual([]);
  });

  test('only what differs is touched', () => {
    const { mirror: it, host } = mirror();
    const next = JSON.parse(
      JSON.stringify(literal).replace('"a"', '"z"').replace('{"title":"T"}', '{"lang":"en"}'),
    ) as NodeLiteral;
    it.reset(next, 0);
    expect(literalOf(it.root)).toEqual(next);
    expect(host.heard).toEqual(['props 1 title', 'props 1 lang', 'props 3 text']);
  });

  test('a node that moves to another parent keeps its identity, also when its old parent goes', () => {
    const { mirror: it, host } = mirror();
    const [label, input] = [it.get(3), it.get(6)];
    const next: NodeLiteral = [
      1,
      'root',
      { title: 'T' },
      [
        [
          10,
          'card',
          {},
          [
            [6, 'input', { value: 'x' }],
            [3, 'label', { text: 'a' }],
          ],
        ],
      ],
    ];
    it.reset(next, 0);
    expect(literalOf(it.root)).toEqual(next);
    expect(it.get(3)).toBe(label);
    expect(it.get(6)).toBe(input);
    expect(label?.parent).toBe(it.get(10));
    expect(host.heard).toEqual(['removed 2', 'removed 4', 'removed 5', 'removed 7', 'children 1']);
  });

  test('a number that is now of another kind is another node', () => {
    const { mirror: it, host } = mirror();
    const before = it.get(3);
    const next: NodeLiteral = [1, 'root', { title: 'T' }, [[2, 'row', {}, [[3, 'button', { text: 'a' }]]]]];
    it.reset(next, 0);
    expect(literalOf(it.root)).toEqual(next);
    expect(it.get(3)).not.toBe(before);
    expect(host.heard.filter((line) => line === 'removed 3')).toHaveLength(1);
  });

  test('the root keeps number and kind', () => {
    const { mirror: it } = mirror();
    expect(() => it.reset([2, 'root', {}], 0)).toThrow(ProtocolError);
    expect(() => it.reset([1, 'row', {}], 0)).toThrow(ProtocolError);
  });

  const tree: fc.Arbitrary<NodeLiteral> = fc
    .array(
      fc.record({
        id: fc.integer({ min: 2, max: 14 }),
        parent: fc.nat(20),
        kind: fc.constantFrom('row', 'label'),
        text: fc.constantFrom('a', 'b', null),
      }),
      { maxLength: 12 },
    )
    .map((specs) => {
      type Open = [number, string, Record<string, Json>, Open[]];
      const nodes: Open[] = [[1, 'root', {}, []]];
      for (const { id, parent, kind, text } of specs) {
        if (nodes.some((node) => node[0] === id)) continue;
        const node: Open = [id, kind, text === null ? {} : { text }, []];
        (nodes[parent % nodes.length] as Open)[3].push(node);
        nodes.push(node);
      }
      const trim = ([id, kind, props, children]: Open): NodeLiteral =>
        children.length === 0 ? [id, kind, props] : [id, kind, props, children.map(trim)];
      return trim(nodes[0] as Open);
    });

  test('[WS1] any tree becomes any other, and what both have stays the same object', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const { mirror: it, host } = mirror(from);
        const kinds = new Map(flat(it.root).map((node) => [node.id, node]));
        it.reset(to, 0);
        expect(literalOf(it.root)).toEqual(to);
        for (const node of flat(it.root)) {
          const before = kinds.get(node.id);
          if (before?.kind === node.kind) expect(node).toBe(before);
          expect(it.get(node.id)).toBe(node);
          for (const child of node.children) expect(child.parent).toBe(node);
        }
        const stays = new Map(flat(it.root).map((node) => [node.id, node.kind]));
        const gone = [...kinds.values()]
          .filter((node) => stays.get(node.id) !== node.kind)
          .map((node) => `removed ${node.id}`);
        expect(host.heard.filter((line) => line.startsWith('removed')).sort()).toEqual(gone.sort());
        host.heard.length = 0;
        it.reset(to, 0);
        expect(host.heard).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('[WS1] patches in order equal one snapshot of the last tree', () => {
    const step = fc.record({
      what: fc.constantFrom('+', '-', '>', '=', 'set', 'delete', 'a'),
      node: fc.nat(30),
      to: fc.nat(30),
      index: fc.nat(10),
      text: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { mirror: patched } = mirror();
        const { mirror: shot } = mirror();
        let next = 100;
        for (const { what, node: at, to, index, text } of steps) {
          const nodes = flat(patched.root);
          const node = nodes[at % nodes.length] as MirrorNode;
          const target = nodes[to % nodes.length] as MirrorNode;
          if (what === '+')
            patched.apply(['+', node.id, index % (node.children.length + 1), [next++, 'row', { text }]]);
          else if (what === 'set') patched.apply([node.id, 'text', text]);
          else if (what === 'delete') patched.apply([node.id, 'text']);
          else if (what === 'a') patched.apply(['a', node.id, [text], index]);
          else if (what === '=') patched.apply(['=', node.id, ...node.children.map(({ id }) => id).reverse()]);
          else if (node.parent && what === '-') patched.apply(['-', node.id]);
          else if (node.parent && what === '>' && !flat(node).includes(target)) {
            const others = target.children.filter((child) => child !== node).length;
            patched.apply(['>', node.id, target.id, index % (others + 1)]);
          }
        }
        shot.reset(literalOf(patched.root), 0);
        expect(literalOf(shot.root)).toEqual(literalOf(patched.root));
        for (const node of flat(patched.root)) expect(patched.get(node.id)).toBe(node);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('two JSON values are the same when they would travel as the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
      const copy = JSON.parse(JSON.stringify(a)) as unknown;
      expect(same(copy, JSON.parse(JSON.stringify(copy)))).toBe(true);
      if (same(a, b)) expect(a).toEqual(b);
    }),
  );
  for (const [a, b] of [
    [[], {}],
    [{ a: 1 }, { b: 1 }],
    [[1], [1, 2]],
    [null, {}],
    [{ toString: 1 }, { valueOf: 1 }],
    ['1', 1],
  ]) {
    expect(same(a, b)).toBe(false);
  }
});

function flat(node: MirrorNode): MirrorNode[] {
  return [node, ...node.children.flatMap(flat)];
}
