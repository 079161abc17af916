import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DownFrame,
  decodeDown,
  decodeUp,
  encode,
  isKind,
  isSet,
  type Json,
  type Kind,
  type KindProps,
  kindNames,
  limits,
  type NodeLiteral,
  type Op,
  type Props,
  ProtocolError,
  ruleOf,
  traitsOf,
  type UpFrame,
} from '../../src/protocol/index.ts';

const hello = (events: unknown[] = [], build = 'b', epoch = 1, frame = 2) => ['h', 1, build, epoch, frame, events];
const deep = (levels: number): Json => (levels === 0 ? 1 : [deep(levels - 1)]);

describe('what a browser sends', () => {
  const good: readonly [what: string, frame: unknown][] = [
    ['an event without a value', [1, 17, 'click']],
    ['an event with null', [1, 17, 'click', null]],
    ['an event with text', [2, 3, 'value', 'Milk']],
    [
      'an event with every type of value',
      [3, 1, 'value', [true, false, null, 0, -1.5, '', {}, [], { a: { b: ['c'] } }]],
    ],
    ['an event of a node called like a prop of every object', [3, 1, 'constructor', { toString: 1, constructor: 2 }]],
    ['the greatest numbers', [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'x']],
    ['an acknowledgement', ['a', 0]],
    ['a hello', hello()],
    [
      'a hello with events',
      hello([
        [1, 2, 'click'],
        [2, 2, 'value', 'x'],
      ]),
    ],
    ['lone surrogates in text', [1, 2, 'value', '\ud800 \udfff']],
  ];
  test.each(good)('takes %s as it is', (_, frame) => {
    expect(decodeUp(JSON.stringify(frame))).toEqual(frame);
    expect(decodeUp(encode(frame as UpFrame))).toEqual(frame);
  });

  const bad: readonly [what: string, data: unknown, message: RegExp][] = [
    ['nothing', undefined, /A frame is text/],
    ['null', null, /A frame is text/],
    ['a number', 7, /A frame is text/],
    ['an array that is no text', [1, 2, 'click'], /A frame is text/],
    ['binary', new Uint8Array([91, 93]), /A frame is text; binary/],
    ['an empty buffer', new ArrayBuffer(0), /A frame is text; binary/],
    ['an empty text', '', /is JSON/],
    ['a truncated frame', '[1,2,"cli', /is JSON/],
    ['two frames', '[1,2,"click"][2,2,"click"]', /is JSON/],
    ['NaN', '[NaN,2,"click"]', /is JSON/],
    ['Infinity', '[1,Infinity,"click"]', /is JSON/],
    ['a ping, which the platform answers', 'ping', /is JSON/],
    ['a bare value', '"click"', /is a JSON array/],
    ['an object', '{"0":1,"1":2,"2":"click"}', /is a JSON array/],
    ['JSON null', 'null', /is a JSON array/],
    ['an empty array', '[]', /begins with/],
    ['an unknown letter', '["z"]', /begins with/],
    ['a letter of the other direction', '["s","p",1,1,1,[1,"root",{}]]', /begins with/],
    ['an array for a letter', '[["a"],1]', /begins with/],
    ['event 0', '[0,2,"click"]', /start at 1/],
    ['event -0', '[-0,2,"click"]', /start at 1/],
    ['a negative event', '[-1,2,"click"]', /number of an event/],
    ['half an event', '[1.5,2,"click"]', /number of an event/],
    ['an event beyond exact numbers', '[9007199254740992,2,"click"]', /number of an event/],
    ['an event at infinity', '[1e400,2,"click"]', /number of an event/],
    ['a negative node', '[1,-2,"click"]', /node of an event/],
    ['a node as text', '[1,"2","click"]', /node of an event/],
    ['no event name', '[1,2]', /An event is/],
    ['too much in an event', '[1,2,"value","x",0,"y"]', /An event is/],
    ['an empty event name', '[1,2,""]', /name of an event/],
    ['an event name that is none', '[1,2,{"toString":1}]', /name of an event/],
    ['a key that would reach a prototype', '[1,2,"value",{"__proto__":{"admin":true}}]', /"__proto__"/],
    ['the same, nested', '[1,2,"value",[{"a":{"__proto__":1}}]]', /"__proto__"/],
    ['an acknowledgement without a number', '["a"]', /acknowledgement/],
    ['an acknowledgement of text', '["a","1"]', /acknowledgement/],
    ['a negative acknowledgement', '["a",-1]', /acknowledgement/],
    ['too much in an acknowledgement', '["a",1,2]', /acknowledgement/],
    ['a short hello', '["h",1,"b",1,2]', /A hello is/],
    ['a long hello', '["h",1,"b",1,2,[],0]', /A hello is/],
    ['a hello without a version', '["h",null,"b",1,2,[]]', /version/],
    ['a hello with a build that is no text', '["h",1,7,1,2,[]]', /build/],
    ['a hello with a huge build', JSON.stringify(hello([], 'b'.repeat(129))), /build/],
    ['a hello from a negative epoch', '["h",1,"b",-1,2,[]]', /epoch/],
    ['a hello from frame half', '["h",1,"b",1,0.5,[]]', /The frame in a hello/],
    ['a hello whose events are none', '["h",1,"b",1,2,{"length":1}]', /events in a hello/],
    ['a hello with an event that is none', '["h",1,"b",1,2,[7]]', /An event is an array/],
    ['a hello within a hello', JSON.stringify(hello([hello()])), /An event is/],
    [
      'a hello with a broken event',
      JSON.stringify(
        hello([
          [1, 2, 'click'],
          [2, 2, ''],
        ]),
      ),
      /name of an event/,
    ],
  ];
  test.each(bad)('[BD4] refuses %s', (_, data, message) => {
    expect(() => decodeUp(data)).toThrow(ProtocolError);
    expect(() => decodeUp(data)).toThrow(message);
  });

  const padded = (length: number) => {
    const [before, after] = ['[1,2,"value","', '"]'];
    return before + 'x'.repeat(length - before.length - after.length) + after;
  };
  const caps: readonly [cap: string, at: () => unknown, above: () => unknown][] = [
    ['upFrame', () => padded(limits.upFrame), () => padded(limits.upFrame + 1)],
    ['valueDepth', () => [1, 2, 'value', deep(limits.valueDepth)], () => [1, 2, 'value', deep(limits.valueDepth + 1)]],
    [
      'valueEntries',
      () => [1, 2, 'value', new Array(limits.valueEntries).fill(0)],
      () => [1, 2, 'value', new Array(limits.valueEntries + 1).fill(0)],
    ],
    [
      'valueEntries of all levels together',
      () => [1, 2, 'value', [new Array(limits.valueEntries - 2).fill(0), {}]],
      () => [1, 2, 'value', [new Array(limits.valueEntries - 2).fill(0), { a: 1 }]],
    ],
    ['eventName', () => [1, 2, 'e'.repeat(limits.eventName)], () => [1, 2, 'e'.repeat(limits.eventName + 1)]],
    [
      'helloEvents',
      () => hello(Array.from({ length: limits.helloEvents }, (_, index) => [index + 1, 2, 'click'])),
      () => hello(Array.from({ length: limits.helloEvents + 1 }, (_, index) => [index + 1, 2, 'click'])),
    ],
    ['a build of 128 characters', () => hello([], 'b'.repeat(128)), () => hello([], 'b'.repeat(129))],
  ];
  test.each(caps)('%s: takes the limit and refuses one more', (_, at, above) => {
    const text = (frame: unknown) => (typeof frame === 'string' ? frame : JSON.stringify(frame));
    expect(() => decodeUp(text(at()))).not.toThrow();
    expect(() => decodeUp(text(above()))).toThrow(ProtocolError);
  });

  test('a frame as deep as it can be long is refused, not run out of stack', () => {
    for (const text of ['['.repeat(limits.upFrame), `[1,2,"value",${'['.repeat(100_000)}1${']'.repeat(100_000)}]`]) {
      expect(() => decodeUp(text)).toThrow(ProtocolError);
    }
  });

  test('[BD4] whatever arrives, there is a frame or a ProtocolError and nothing else', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    const hostile: fc.Arbitrary<unknown> = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        Number.NaN,
        -1,
        0,
        1e308,
        2 ** 53,
        '',
        '__proto__',
        'constructor',
        '\ud800',
        'a',
        'h',
        's',
        'x',
      ),
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'length', 'toJSON', '0'), fc.jsonValue()),
    );
    const frames: fc.Arbitrary<unknown> = fc.oneof(
      fc.constantFrom(...good.map(([, frame]) => frame)),
      fc.array(hostile, { maxLength: 7 }),
      fc.tuple(
        fc.constant('h'),
        fc.constant(1),
        fc.constant('b'),
        fc.nat(),
        fc.nat(),
        fc.array(fc.array(hostile, { maxLength: 5 })),
      ),
    );
    const mutated = fc
      .record({
        frame: frames,
        at: fc.nat(400),
        cut: fc.nat(20),
        put: text,
        how: fc.constantFrom('cut', 'put', 'double', 'as it is'),
      })
      .map(({ frame, at, cut, put, how }) => {
        const whole = JSON.stringify(frame);
        const place = at % (whole.length + 1);
        if (how === 'cut') return whole.slice(0, place) + whole.slice(place + cut);
        if (how === 'put') return whole.slice(0, place) + put + whole.slice(place);
        return how === 'double' ? whole + whole : whole;
      });
    const anything = fc.oneof({ weight: 6, arbitrary: mutated }, text, fc.string(), fc.anything(), fc.uint8Array());
    fc.assert(
      fc.property(anything, (data) => {
        let frame: UpFrame;
        try {
          frame = decodeUp(data);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          return;
        }
        // What was taken is what travels: nothing hides in it.
        expect(encode(decodeUp(encode(frame)))).toBe(encode(frame));
      }),
      { numRuns: 4_000 },
    );
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('what a session sends', () => {
  const frames: readonly DownFrame[] = [
    [1, [17, 'text', 'x']],
    [2, 5, [17, 'value', ''], ['+', 1, 0, [9, 'label', { text: '' }]], ['-', 9]],
    ['a', 12],
    ['w', 4, 7, 12],
    ['s', 'page', 4, 7, 12, [1, 'root', {}]],
    ['x', 'reload', 'The application was updated.'],
  ];
  test.each(frames)('%j travels unchanged', (...frame) => {
    expect(decodeDown(encode(frame as unknown as DownFrame))).toEqual(frame);
  });

  test.each([[new Uint8Array(2)], [''], ['{'], ['{}'], ['[]'], ['[null]'], ['["h",1]'], ['pong']])(
    '%j is no frame',
    (data) => {
      expect(() => decodeDown(data)).toThrow(ProtocolError);
    },
  );

  test('[WS2] the frames of the README are as short as it says', () => {
    const bytes = (frame: UpFrame | DownFrame) => encode(frame).length;
    expect(bytes([12, [755696, 'Xq3fk'], 'click'])).toBe(29);
    expect(bytes(['a', 12])).toBe(8);
    expect(bytes([31, [755696, 'text', 'Clicks: 8']])).toBe(32);
    const label: NodeLiteral = [9981, 'label', { text: 'Row 1000' }];
    expect(bytes([32, ['+', 416312, 1000, [1043, 'fragment', {}, [label]]]])).toBe(80);
    // The greatest node number there is, after a day of clicks.
    expect(bytes([99_999, [0xfffff, 'Xq'], 'click'])).toBeLessThanOrEqual(30);
  });

  test('only an op that begins with a number sets a prop', () => {
    const ops: readonly [Op, boolean][] = [
      [[1, 'text', 'x'], true],
      [[1, 'text'], true],
      [['+', 1, 0, [2, 'label', {}]], false],
      [['-', 2], false],
      [['>', 2, 1, 0], false],
      [['a', 2, ['x'], 1], false],
      [['!', 1, 2, 'focus'], false],
    ];
    for (const [op, set] of ops) expect(isSet(op)).toBe(set);
  });
});

describe('kinds', () => {
  test('only the table has kinds, whatever every object has', () => {
    for (const kind of kindNames()) expect(isKind(kind)).toBe(true);
    for (const kind of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', 'script', 'Label']) {
      expect(isKind(kind)).toBe(false);
    }
  });

  /** Why the session refuses a value; undefined when it takes it. */
  const refusal = <K extends Kind>(kind: K, event: string, value: Json | undefined, props: KindProps[K]) => {
    const check = traitsOf(kind).checks?.[event];
    if (!check) throw new Error(`Nothing checks ${event} of a ${kind}.`);
    return check(value, props as Props);
  };
  const options = [{ value: 'a', text: 'A' }];
  const notification = { text: '', type: 'info', timeout: 0 } as const;
  const checks: readonly [what: string, why: string | undefined, fits: boolean][] = [
    ['text for an input', refusal('input', 'value', 'x', { value: '' }), true],
    ['a number for an input', refusal('input', 'value', 1, { value: '' }), false],
    ['nothing for an input', refusal('input', 'value', undefined, { value: '' }), false],
    ['text as long as the input takes', refusal('input', 'value', 'xxx', { value: '', maxlength: 3 }), true],
    ['longer text', refusal('input', 'value', 'xxxx', { value: '', maxlength: 3 }), false],
    ['text for a read-only input', refusal('input', 'value', 'x', { value: '', readonly: true }), false],
    ['true for a checkbox', refusal('checkbox', 'value', true, { text: '', value: false }), true],
    ['text for a checkbox', refusal('checkbox', 'value', 'true', { text: '', value: false }), false],
    ['an option for a select', refusal('select', 'value', 'a', { options, value: 'a' }), true],
    ['another value for a select', refusal('select', 'value', 'b', { options, value: 'a' }), false],
    ['an array for a select', refusal('select', 'value', ['a'], { options, value: 'a' }), false],
    ['a tab for tabs', refusal('tabs', 'value', 'a', { tabs: options, value: 'a' }), true],
    ['another tab', refusal('tabs', 'value', 'constructor', { tabs: options, value: 'a' }), false],
    ['closing a dialog', refusal('dialog', 'open', false, { open: true }), true],
    ['opening a dialog', refusal('dialog', 'open', true, { open: false }), false],
    ['a notification that is done', refusal('notification', 'done', undefined, notification), true],
    ['a notification that is done with something', refusal('notification', 'done', 1, notification), false],
  ];
  test.each(checks)('[MO4] %s', (_, why, fits) => {
    if (fits) expect(why).toBeUndefined();
    else expect(why).toMatch(/./);
  });

  test('each event that a component sends of itself has a check, and nothing else has one', () => {
    for (const kind of kindNames()) {
      const rule = ruleOf(kind);
      const sent = [...(rule.writes ?? []), ...(rule.events ?? [])];
      expect([kind, Object.keys(traitsOf(kind).checks ?? {})]).toEqual([kind, sent]);
    }
  });
});
