// What a browser may send of each control, what the session makes of it, and what the first HTML shows.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { isTwoWay, type Json, type Kind, kindNames, type NodeLiteral, traitsOf } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

const options = [
  { value: 'a', text: 'A' },
  { value: 2, text: 'Two' },
  { value: null, text: 'None' },
];
const strange: readonly (Json | undefined)[] = [
  undefined,
  {},
  [],
  true,
  'x',
  1e9,
  -1e9,
  null,
  { __proto__: null, length: 1 },
];

/** For each control: its props, values that a person can enter, and values that only somebody hostile sends. */
const table: readonly [kind: Kind, props: object, good: readonly Json[], bad: readonly (Json | undefined)[]][] = [
  ['input', { value: '', maxlength: 3 }, ['', 'abc'], ['abcd', 1, null, undefined, ['a'], {}]],
  ['textarea', { value: '', maxlength: 3 }, ['', 'a\nb'], ['abcd', 1, null, undefined]],
  ['input', { value: '', readonly: true }, [], ['', 'a']],
  ['number', { value: 1, min: 0, max: 10 }, [0, 10, 0.5, null], [-1, 11, '5', undefined, true, [1]]],
  ['number', { value: 1, readonly: true }, [], [1, null]],
  ['checkbox', { text: '', value: false }, [true, false], [1, 'true', null, undefined]],
  ['switch', { text: '', value: false }, [true, false], [1, 'true', null, undefined]],
  ['select', { options, value: 'a' }, ['a', 2, null], ['b', '2', undefined, ['a'], 'null']],
  ['select', { options: options.slice(0, 2), value: 'a' }, ['a'], [null]],
  ['select', { options: options.slice(0, 2), value: 'a', clearable: true }, ['a', null], ['b']],
  ['select', { options, value: [], multiple: true }, [[], ['a', 2]], ['a', null, ['a', 'a'], ['b'], [['a']]]],
  ['select', { options, value: 'a', additions: true }, ['a', 'new'], [3, ['new'], {}]],
  ['select', { options, value: 'a', readonly: true }, [], ['a']],
  ['radio', { options, value: 'a' }, ['a', 2, null], ['2', undefined, [], 'b']],
  ['toggle', { options: options.slice(0, 2), value: 'a' }, ['a', 2], [null, 'b']],
  ['toggle', { options: options.slice(0, 2), value: 'a', clearable: true }, [null], ['b']],
  ['slider', { value: 0, min: 0, max: 1, step: 0.1 }, [0, 0.3, 1], [1.1, -0.1, 0.15, '0', null, undefined]],
  ['knob', { value: 0, min: 0, max: 10, step: 5 }, [0, 5, 10], [1, 11, '5', null]],
  [
    'range',
    { value: [0, 9], min: 0, max: 9, step: 1 },
    [
      [0, 9],
      [3, 3],
    ],
    [[9, 0], [0], [0, 1, 2], [0, 10], 'a', null, [0, '9']],
  ],
  [
    'date',
    { value: '', min: '2026-01-01' },
    ['', '2026-11-29', '2028-02-29'],
    ['2025-12-31', '29.11.2026', '2026-13-01', '2026-00-01', '2026-02-40', '2026-02-29', '2026-04-31', 1, null],
  ],
  ['date', { value: '', max: '2026-12-31' }, ['2026-12-31', '0001-01-01'], ['2027-01-01', '10000-01-01']],
  [
    'date',
    { value: ['', ''], range: true },
    [
      ['', ''],
      ['2026-01-01', '2026-01-02'],
      ['2026-01-01', ''],
    ],
    ['', ['2026-01-02', '2026-01-01'], ['x', ''], [null, null], []],
  ],
  [
    'time',
    { value: '', max: '12:00' },
    ['', '08:30', '08:30:15', '12:00:00'],
    ['12:01', '12:00:01', '24:00', '8:30', 8, null],
  ],
  ['time', { value: '', min: '08:00:00' }, ['08:00', '08:00:00.5'], ['07:59', '07:59:59.999']],
  ['colorInput', { value: '' }, ['', '#1e90ff', '#FFFFFF'], ['red', '#fff', 'url(x)', '#1e90ff;', null]],
  ['colorPicker', { value: '#000000' }, ['#1e90ff'], ['', 'red', null, 1]],
  ['inputChips', { value: [], maxlength: 3 }, [[], ['a', 'b']], [['a', 'a'], ['abcd'], 'a', [1], null]],
  ['rating', { value: null, max: 5 }, [1, 5, null], [0, 6, 2.5, '3']],
  ['pagination', { value: 1, min: 1, max: 9 }, [1, 9], [0, 10, 1.5, '2', null]],
  [
    'joystick',
    { value: [0, 0], label: 'x' },
    [
      [0, 0],
      [-1, 0.5],
    ],
    [[2, 0], [0], ['1', 0], 'left', null, { x: 0 }, [0, 0, 0]],
  ],
  [
    'editor',
    { value: '', tools: [] },
    ['', '<p>a &amp; <b>b</b><br></p>'],
    ['<script>', '<p onclick="x">x</p>', 'a < b', 5, null],
  ],
  ['editor', { value: '', tools: [], readonly: true }, [], ['']],
  ['editor', { value: '', tools: [], maxlength: 8 }, ['<p>a</p>'], ['<p>ab</p>']],
];

describe('the session takes from a control only what the control offers', () => {
  test.each(table)('%s %j takes %j and refuses %j', (kind, props, good, bad) => {
    const check = traitsOf(kind).checks?.value;
    for (const value of good) expect(check?.(value, props as never), JSON.stringify(value)).toBeUndefined();
    for (const value of bad) expect(check?.(value, props as never), JSON.stringify(value)).toMatch(/^\S.* /);
  });

  test('[MO4] no control that writes a value is without a row here, and none fails on a strange value', () => {
    const tested = new Set(table.map(([kind]) => kind));
    expect(kindNames().filter((kind) => isTwoWay(kind, 'value') && !tested.has(kind))).toEqual([
      'visitor',
      'visibility',
      'expansion',
      'splitter',
      'stepper',
      'carousel',
      'tabs',
      'tree',
      'codemirror',
      'prompt',
    ]);
    for (const [kind, props] of table) {
      for (const value of strange) expect(() => traitsOf(kind).checks?.value?.(value, props as never)).not.toThrow();
    }
  });
});

const html = (kind: string, props: object) =>
  renderTree([1, 'root', {}, [[2, kind, props as Record<string, never>] as NodeLiteral]]);

describe('the first HTML of a control', () => {
  test.each([
    ['textarea', { label: 'Text', value: 'one\ntwo' }, /<textarea[^>]*>one\ntwo<\/textarea>/],
    [
      'number',
      { label: 'Price', value: 1.5, decimals: 2, prefix: '€' },
      /€.*<input[^>]* type="number"[^>]* value="1.50"/,
    ],
    ['switch', { text: 'On', value: true }, /<input[^>]* role="switch"[^>]* checked/],
    ['radio', { options, value: 2 }, /value="2" checked/],
    ['toggle', { options, value: 2, label: 'Days' }, /role="radiogroup".*value="2" checked/],
    [
      'slider',
      { value: 3, min: 0, max: 9, step: 1, label: 'Volume' },
      /<label for="e2"[^>]*>Volume.*type="range"[^>]* value="3"/,
    ],
    ['range', { value: [2, 3], min: 0, max: 9, step: 1 }, /value="2".*value="3"/],
    ['date', { value: '2026-11-29', label: 'Day' }, /type="date"[^>]* value="2026-11-29"/],
    [
      'date',
      { value: ['2026-11-29', ''], range: true, label: 'Days' },
      /aria-label="Days: from".*aria-label="Days: to"/,
    ],
    ['time', { value: '08:30', label: 'Alarm' }, /type="time"[^>]* value="08:30"/],
    ['colorInput', { value: '#1e90ff', label: 'Colour' }, /value="#1e90ff".*type="color"[^>]* value="#1e90ff"/],
    ['inputChips', { value: ['one'], label: 'Tags' }, /one.*aria-label="Remove one"/],
    ['select', { options, value: [2], multiple: true, label: 'Some' }, /aria-label="Remove Two".*role="combobox"/],
    ['select', { options, value: 'a', clearable: true, label: 'One' }, /role="combobox"[^>]* value="A"/],
    ['rating', { value: 2, max: 5 }, /aria-label="2 stars"[^>]*|value="2"[^>]* checked/],
    ['pagination', { value: 2, min: 1, max: 3 }, /<nav.*aria-current="page"/],
    ['dropdownButton', { text: 'More' }, /<button[^>]* popovertarget="e2-l".*popover="auto" id="e2-l"/],
    [
      'input',
      { value: '', error: 'Too short', label: 'Name' },
      /aria-invalid="true" aria-describedby="e2-m".*id="e2-m"[^>]*>Too short/,
    ],
    ['input', { value: '', suggestions: ['Ada'] }, /list="e2-s".*<datalist id="e2-s"><option value="Ada">/],
    ['input', { value: '', autofocus: true }, /autofocus/],
  ])('%s %j has its value, its name and its role', (kind, props, expected) => {
    expect(html(kind, props)).toMatch(expected);
  });

  test('classes of the author stand after those of a field, on the element that has its width', () => {
    expect(html('input', { value: '', label: 'Name', class: 'w-full' })).toContain('class="edgewise-field w-full"');
  });
});

describe('options', () => {
  test.each([
    ['texts', ['b', 'a'], ['b b', 'a a']],
    ['numbers', [10, 2], ['10 10', '2 2']],
    [
      'pairs',
      [
        [10, 'ten'],
        [2, 'two'],
      ],
      ['10 ten', '2 two'],
    ],
    [
      'a Map',
      new Map([
        [10, 'ten'],
        [2, 'two'],
      ]),
      ['10 ten', '2 two'],
    ],
    ['an object', { b: 'B', a: 'A' }, ['b B', 'a A']],
  ] as const)('of %s keep their order', async (_, choices, expected) => {
    using user = await open({
      '/': () => {
        ui.select(choices as never, { label: 'One' });
        ui.radio(choices as never);
        ui.toggle(choices as never);
      },
    });
    for (const kind of ['select', 'radio', 'toggle'] as const) {
      const { options } = user.find({ kind }).props as unknown as { options: { value: Json; text: string }[] };
      expect(options.map(({ value, text }) => `${value} ${text}`)).toEqual(expected);
    }
  });

  const panels = (all: readonly (readonly [string, number])[]) => all.map(([name]) => [name, () => {}] as const);
  test.each<[name: string, build: (all: readonly (readonly [string, number])[], object: boolean) => unknown]>([
    ['select', (all, object) => ui.select((object ? Object.fromEntries(all) : all) as never)],
    ['radio', (all, object) => ui.radio((object ? Object.fromEntries(all) : all) as never)],
    ['toggle', (all, object) => ui.toggle((object ? Object.fromEntries(all) : all) as never)],
    ['tabs', (all, object) => ui.tabs(object ? Object.fromEntries(panels(all)) : panels(all))],
    ['stepper', (all, object) => ui.stepper(object ? Object.fromEntries(panels(all)) : panels(all))],
    ['donut', (all, object) => ui.donut(object ? Object.fromEntries(all) : all)],
    [
      'lineChart',
      (all, object) =>
        ui.lineChart(
          (object
            ? Object.fromEntries(all.map(([name, of]) => [name, [of]]))
            : all.map(([name, of]) => [name, [of]])) as never,
        ),
    ],
    [
      'barChart',
      (all, object) =>
        ui.barChart(
          (object
            ? Object.fromEntries(all.map(([name, of]) => [name, [of]]))
            : all.map(([name, of]) => [name, [of]])) as never,
        ),
    ],
  ])(
    'an object with numeric keys, which JavaScript sorts, is reported to the author of ui.%s; pairs stay in their order',
    async (name, build) => {
      const years = [
        ['2024', 1],
        ['2020', 2],
      ] as const;
      for (const object of [true, false]) {
        using user = await open({ '/': () => void build(years, object) });
        const told = user.server.log.filter(({ message }) =>
          message.startsWith(`ui.${name} got an object with numeric keys`),
        );
        expect(told).toHaveLength(object ? 1 : 0);
        const props = JSON.stringify(user.browser.root.children[0]?.props);
        expect(props.indexOf('2024') < props.indexOf('2020')).toBe(!object);
      }
    },
  );

  test.each([
    [[1, 1], /Two options of ui.select have the value 1/],
    [[1, '1'], /Two options of ui.select have the value "1"/],
    [[{}], /An option of ui.select is a text, a number/],
    [[Number.NaN], /An option of ui.select is a text, a number/],
  ])('%j are refused with a sentence', async (choices, message) => {
    await expect(open({ '/': () => ui.select(choices as never) })).rejects.toThrow(message);
  });

  test('follow a signal, and numbers arrive as numbers', async () => {
    const heard: unknown[] = [];
    using user = await open({
      '/': () => {
        const most = ui.state(2);
        ui.select(() => Array.from({ length: most.value }, (_, at) => at + 1), {
          label: 'Count',
          onChange: (value) => heard.push(value),
        });
        ui.button('More', () => most.value++);
      },
    });
    user.find('Count').choose('2');
    user.find('More').click();
    await user.settle();
    user.find('Count').choose('3');
    await user.settle();
    expect(heard).toEqual([2, 3]);
  });
});

test('what a person enters in each control survives a kill and a reload, and a bound state has it', async () => {
  const page = () => {
    const [text, number, day] = [ui.state(''), ui.state<number | null>(null), ui.state('')];
    ui.textarea('Text', { value: text });
    ui.number('Number', { value: number, max: 100 });
    ui.switch('Switch');
    ui.radio(['a', 'b'], { label: 'Radio' });
    ui.toggle(
      [
        [1, 'One'],
        [2, 'Two'],
      ],
      { label: 'Toggle' },
    );
    ui.select(['a', 'b', 'c'], { label: 'Several', multiple: true });
    ui.slider({ label: 'Slider' });
    ui.range({ label: 'Range' });
    ui.date('Day', { value: day });
    ui.time('Time');
    ui.colorInput('Colour');
    ui.inputChips('Chips');
    ui.rating({ label: 'Stars' });
    ui.label(() => `${text.value} ${number.value} ${day.value}`);
  };
  using user = await open({ '/': page });
  user.find('Text').fill('one\ntwo');
  const entered: [string, Json][] = [
    ['Number', 5],
    ['Switch', true],
    ['Radio', 'b'],
    ['Toggle', 2],
    ['Several', ['c', 'a']],
    ['Slider', 30],
    ['Range', [20, 30]],
    ['Day', '2026-11-29'],
    ['Time', '08:30'],
    ['Colour', '#1e90ff'],
    ['Chips', ['x', 'y']],
    ['Stars', 4],
  ];
  for (const [name, value] of entered) user.browser.emit(user.find(name).node, 'value', value);
  await user.settle();
  for (const again of [() => user.server.kill(), () => user.reload()]) {
    await again();
    await user.advance('1s');
    await user.settle();
    expect(user.find('Text').value).toBe('one\ntwo');
    for (const [name, value] of entered) expect(user.find(name).value, name).toEqual(value);
    expect(user.sees('one\ntwo 5 2026-11-29')).toBe(true);
  }
});

test.each([
  [() => ui.number('N', { format: '%s' }), /The format of ui.number is/],
  [() => ui.slider({ min: 1, max: 1 }), /ui.slider has min 1 and max 1/],
  [() => ui.knob(0, { step: 0 }), /ui.knob has the step 0/],
  [() => ui.rating({ max: 99 }), /it shows 1 to 20 stars/],
])('wrong bounds are refused with a sentence', async (build, message) => {
  await expect(open({ '/': build })).rejects.toThrow(message);
});
