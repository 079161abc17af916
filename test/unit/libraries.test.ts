import { describe, expect, test } from 'vitest';
import { type LinePlot, ui } from '../../src/elements/index.ts';
import { type Kind, traitsOf } from '../../src/protocol/index.ts';
import { signal } from '../../src/reactive/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';
import { Kit } from './kit.ts';

const long = (length: number) => 'x'.repeat(length);

describe('a chart of ECharts', () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  const option = (data: readonly number[]) => ({
    xAxis: {},
    series: [
      { type: 'bar', data },
      { type: 'line', data: [1, 2] },
    ],
  });

  test('sends the 64 values around a changed one, and not the others', () => {
    const data = signal<readonly number[]>(numbers);
    const kit = new Kit(() => ui.echart(() => option(data.value)));
    kit.sync();
    kit.handle(() => {
      data.value = numbers.with(70, -1);
    });
    const [chart] = kit.all('echart');
    expect(kit.sync()).toEqual([[chart?.id, 'd0.1', numbers.with(70, -1).slice(64, 128)]]);
  });

  test('has what a handler has set after a kill', async () => {
    await using user = await open({
      '/': () => {
        const chart = ui.echart({ series: [{ type: 'pie', data: [{ name: 'a', value: 1 }] }] });
        ui.button('Other', () => {
          chart.options = { title: { text: 'New' }, series: { type: 'pie', data: [{ name: 'b', value: 2 }] } };
        });
      },
    });
    await user.find('Other').click();
    await user.settle();
    user.server.kill();
    await user.settle();
    expect(user.find({ kind: 'echart' }).node.props).toMatchObject({
      option: { title: { text: 'New' }, series: [{ type: 'pie', data: 1 }] },
      'd0.0': [{ name: 'b', value: 2 }],
    });
  });

  test.each([
    [{ tooltip: { formatter: () => '' } }, 'option.tooltip.formatter is a function'],
    [{ series: [{ data: [1, new Map()] }] }, 'option.series[0].data[1] is an instance of a class'],
    [{ a: 1n }, 'option.a is a bigint'],
  ])('refuses an option that is no plain data and names its place: %#', (given, message) => {
    expect(() => new Kit(() => ui.echart(given))).toThrow(message);
  });

  test('gives its handler the series, the number and the name of what was clicked', async () => {
    const heard: unknown[] = [];
    await using user = await open({
      '/': () =>
        ui.echart(option([1]), { onPointClick: ({ series, index, name }) => heard.push([series, index, name]) }),
    });
    user.find({ kind: 'echart' }).emit('point', { series: 0, index: 3, name: 'Thu' });
    await user.settle();
    expect(heard).toEqual([[0, 3, 'Thu']]);
  });
});

test('a line plot sends an appended point alone, drops the oldest ones, and has its points after a kill', async () => {
  await using user = await open({
    '/': () => {
      const plot = ui.linePlot(['one', 'two'], { limit: 3 });
      ui.button('Add', () => plot.push(plot.node.props.total as number, 1, null));
    },
  });
  for (let count = 0; count < 5; count++) await user.find('Add').click();
  user.server.kill();
  await user.settle();
  expect(user.find({ kind: 'linePlot' }).node.props).toMatchObject({
    lines: ['[2,1,null]', '[3,1,null]', '[4,1,null]'],
    total: 5,
  });
  let plot: LinePlot | undefined;
  const kit = new Kit(() => {
    plot = ui.linePlot(['one']);
  });
  kit.sync();
  kit.handle(() => plot?.push(1, 2));
  expect(kit.sync()).toEqual([['a', plot?.node.id, ['[1,2]'], 1]]);
});

test.each([
  [() => ui.linePlot([]), 'takes the names of its lines'],
  [() => ui.linePlot(['a'], { limit: 1 }), 'whole number from 2 to 10,000, not 1'],
  [() => ui.linePlot(['a']).push(1, 2, 3), 'has a number x and 1 number or null, not [1,2,3]'],
  [() => ui.linePlot(['a', 'b']).push(Number.NaN, 1, 2), 'has a number x and 2 numbers or null'],
  [() => ui.xterm({ max: 0 }), 'whole number from 1 to 10,000, not 0'],
])('what a library cannot draw is refused with a sentence: %s', (build, message) => {
  expect(() => new Kit(build)).toThrow(message);
});

test('a terminal has what was written after a kill, and its handlers hear what is typed in order', async () => {
  await using user = await open({
    '/': () => {
      const terminal = ui.xterm({ onData: ({ value }) => terminal.write(`<${value}>`) });
    },
  });
  const terminal = user.find({ kind: 'xterm' });
  for (const key of ['a', 'b', '\r']) terminal.emit('data', key);
  await user.settle();
  user.server.kill();
  await user.settle();
  expect(user.find({ kind: 'xterm' }).node.props.lines).toEqual(['<a>', '<b>', '<\r>']);
});

test('[NF1] an editor has its text after a kill, and a map where it was moved to', async () => {
  await using user = await open({
    '/': () => {
      const code = ui.state('one');
      ui.codemirror(code, { language: 'python' });
      const map = ui.leaflet({ center: [1, 2], zoom: 3 });
      ui.label(() => `Code: ${code.value}`);
      ui.button('Where', () => ui.notify(JSON.stringify([map.center, map.zoom])));
    },
  });
  user.find({ kind: 'codemirror' }).emit('value', 'two');
  user.find({ kind: 'leaflet' }).emit('center', [50.5, -180.25]).emit('zoom', 7);
  await user.settle();
  user.server.kill();
  await user.shouldSee('Code: two');
  await user.find('Where').click();
  await user.shouldSee('[[50.5,-180.25],7]');
});

test.each<[Kind, string, object, readonly unknown[], readonly unknown[]]>([
  [
    'echart',
    'point',
    {},
    [
      { series: 0, index: 1, name: 'a' },
      { series: 0, index: 0 },
    ],
    [null, {}, { series: -1, index: 0 }, { series: 0, index: 0.5 }, { series: 0, index: 0, name: long(1_001) }],
  ],
  ['codemirror', 'value', { value: '' }, ['', 'text'], [null, 1, long(200_001)]],
  ['codemirror', 'value', { value: '', readonly: true }, [], ['text']],
  ['xterm', 'data', {}, ['a', '\r'], [null, 1, long(20_001)]],
  ['xterm', 'data', { readonly: true }, [], ['a']],
  [
    'xterm',
    'resize',
    {},
    [{ cols: 80, rows: 24 }],
    [null, {}, { cols: 0, rows: 1 }, { cols: 1e9, rows: 1 }, { cols: 1.5, rows: 1 }],
  ],
  [
    'leaflet',
    'center',
    {},
    [
      [0, 0],
      [90, -540],
    ],
    [null, [91, 0], [0], [0, '1'], ['0', 0]],
  ],
  ['leaflet', 'zoom', {}, [0, 4.5], [null, '1', 1e9]],
  ['leaflet', 'press', {}, [[0, 0]], [null, [0, 0, 0]]],
  ['leaflet', 'shape', { shapes: [{ id: 'a' }] }, ['a'], ['b', 1, null, undefined]],
])('[MO4] %s checks %s of %j', (kind, event, props, good, bad) => {
  const check = traitsOf(kind).checks?.[event];
  for (const value of good) expect(check?.(value as never, props as never), JSON.stringify(value)).toBeUndefined();
  for (const value of bad) expect(check?.(value as never, props as never), JSON.stringify(value)).toMatch(/^\S.* /);
});

test('the first paint names each element that a library draws, with room for it', () => {
  const html = renderTree([
    1,
    'root',
    {},
    [
      [2, 'echart', { option: {}, label: 'Visits' }],
      [
        3,
        'leaflet',
        {
          label: 'Offices',
          center: [0, 0],
          zoom: 1,
          shapes: [],
          tiles: { url: 'https://tiles.example/{z}/{x}/{y}.png', attribution: 'Example', maxZoom: 19 },
        },
      ],
    ],
  ]);
  expect(html).toMatch(/role="figure" aria-label="Visits"/);
  expect(html).toMatch(/role="region" aria-label="Offices"/);
  expect(html).toContain('>Example</p>');
});

describe('a figure of Plotly', () => {
  const figure = (y: readonly number[]) => ({
    data: [
      { type: 'bar', y },
      { type: 'scatter', y: [1, 2] },
    ],
    layout: { title: { text: 'Orders' } },
  });

  test('sends the trace that has changed, and not the others', () => {
    const y = signal<readonly number[]>([1, 2, 3]);
    const kit = new Kit(() => ui.plotly(() => figure(y.value)));
    kit.sync();
    kit.handle(() => {
      y.value = [1, 2, 4];
    });
    const [chart] = kit.all('plotly');
    expect(kit.sync()).toEqual([[chart?.id, 't0', { type: 'bar', y: [1, 2, 4] }]]);
  });

  test('has what a handler has set after a kill', async () => {
    await using user = await open({
      '/': () => {
        const plot = ui.plotly(figure([1]));
        ui.button('Other', () => {
          plot.figure = { data: [{ type: 'pie', values: [1, 2], when: new Date(0), none: Number.NaN }] };
        });
        ui.button('Count', () => ui.notify(`${plot.figure.data.length} trace`));
      },
    });
    await user.find('Other').click();
    await user.settle();
    user.server.kill();
    await user.settle();
    const trace = { type: 'pie', values: [1, 2], when: '1970-01-01T00:00:00.000Z', none: null };
    expect(user.find({ kind: 'plotly' }).node.props).toMatchObject({ traces: 1, t0: trace, layout: {} });
    await user.find('Count').click();
    await user.shouldSee('1 trace');
  });

  test.each([
    [{ data: [{ y: () => [] }] }, 'figure.data[0].y is a function'],
    [{ data: [], layout: { title: new Map() } }, 'figure.layout.title is an instance of a class'],
  ])('refuses what is no plain data and names its place: %#', (given, message) => {
    expect(() => new Kit(() => ui.plotly(given))).toThrow(message);
  });

  test('gives its handler the trace, the number and the values of the point that was clicked', async () => {
    const heard: unknown[] = [];
    await using user = await open({
      '/': () => {
        ui.plotly(figure([5]), { onPointClick: ({ trace, index, x, y }) => heard.push([trace, index, x, y]) });
      },
    });
    user.find({ kind: 'plotly' }).emit('point', { trace: 1, index: 0, x: '2026-11-29', y: 5 });
    await user.settle();
    expect(heard).toEqual([[1, 0, '2026-11-29', 5]]);
  });

  test.each([
    5,
    null,
    [],
    { trace: -1, index: 0, x: 1, y: 1 },
    { trace: 0, index: 0.5, x: 1, y: 1 },
    { trace: 0, index: 0, x: {}, y: 1 },
    { trace: 0, index: 0, x: 1 },
    { trace: 0, index: 0, x: 1, y: long(1_001) },
  ])('takes no point from a browser that is none: %j', (value) => {
    expect(traitsOf('plotly').checks?.point?.(value as never, {})).toMatch(/^a point /);
  });

  test('has a text alternative in the first paint', () => {
    const html = renderTree([1, 'root', {}, [[2, 'plotly', { layout: {}, config: {}, traces: 0, label: 'Orders' }]]]);
    expect(html).toMatch(/role="figure" aria-label="Orders"/);
  });
});
