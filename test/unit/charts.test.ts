import { describe, expect, test } from 'vitest';
import { pathOf, scaleOf } from '../../client/components/charts/scale.ts';
import { ui } from '../../src/elements/index.ts';
import type { Kind } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

function html(kind: Kind, props: object): string {
  return renderTree([1, 'root', {}, [[2, kind, props as Record<string, never>]]]);
}

const axes = {
  series: [
    { name: 'Apples', values: [3, -1, null], color: 'primary' },
    { name: 'Pears', values: [1, 2, 3], color: 'error' },
  ],
  labels: ['Mon', 'Tue', 'Wed'],
  label: 'Sales',
  unit: ' kg',
};

test.each([
  [
    [0, 10],
    [0, 2.5, 5, 7.5, 10],
  ],
  [
    [3, 97],
    [0, 25, 50, 75, 100],
  ],
  [
    [-4, 4],
    [-4, -2, 0, 2, 4],
  ],
  [
    [0.1, 0.3],
    [0, 0.1, 0.2, 0.3],
  ],
  [[], [0, 0.25, 0.5, 0.75, 1]],
  [
    [null, 0],
    [0, 0.25, 0.5, 0.75, 1],
  ],
  [[1e12], [0, 2.5e11, 5e11, 7.5e11, 1e12]],
])('the scale of %j has round numbers and zero', (values, ticks) => {
  expect(scaleOf(values).ticks).toEqual(ticks);
});

test('a gap in the numbers is a gap in the line', () => {
  expect(pathOf([[0, 1], [1, 2], null, [3, 4.04]])).toBe('M0 1L1 2M3 4');
});

describe('before any script', () => {
  test.each(['lineChart', 'barChart'] as const)(
    'a %s is an image whose name says its numbers, with a legend',
    (kind) => {
      const shown = html(kind, axes);
      expect(shown).toContain(
        'aria-label="Sales. Apples: Mon 3 kg, Tue -1 kg, Wed none. Pears: Mon 1 kg, Tue 2 kg, Wed 3 kg"',
      );
      expect(shown).toMatch(/<figcaption.*Apples.*Pears/);
      expect(shown).toContain('>Wed</text>');
      expect(shown).not.toContain('NaN');
    },
  );

  test('bars of one label stand on top of each other when they are stacked', () => {
    const heights = (props: object) =>
      [...html('barChart', { ...axes, ...props }).matchAll(/<rect [^>]*y="([\d.]+)"[^>]*height="([\d.]+)"/g)].map(
        ([, y, height]) => [Number(y), Number(height)],
      );
    const [apples, , pears] = heights({ stacked: true });
    expect((pears?.[0] ?? 0) + (pears?.[1] ?? 0)).toBeCloseTo(apples?.[0] ?? Number.NaN, 0);
  });

  test.each([
    ['donut', { parts: [{ name: 'Done', value: 0, color: 'primary' }], label: 'Tasks' }],
    ['lineChart', { ...axes, series: [] }],
    ['barChart', { ...axes, series: [{ name: '', values: [], color: 'primary' }] }],
    ['lineChart', { ...axes, series: [{ name: '', values: [5], color: 'primary' }] }],
    ['sparkline', { values: [], label: 'Trend' }],
    ['sparkline', { values: [2, 2], label: 'Trend' }],
  ] as const)('a %s of nothing much is drawn all the same', (kind, props) => {
    expect(html(kind, props)).toContain('role="img"');
    expect(html(kind, props)).not.toMatch(/NaN|Infinity/);
  });

  test('names and colours are text, not code', () => {
    const evil = '"><script>alert(1)</script>';
    const shown = html('lineChart', {
      ...axes,
      label: evil,
      series: [{ name: evil, values: [1], color: 'x);background:url(//x' }],
    });
    expect(shown).not.toContain('<script>alert');
    expect(shown).not.toContain('url(');
  });
});

test.each([
  [[1, 2], [['', [1, 2]]]],
  [
    { a: [1], b: [null, Number.NaN] },
    [
      ['a', [1]],
      ['b', [null, null]],
    ],
  ],
  [[{ name: 'x', values: [3] }], [['x', [3]]]],
  [
    [
      ['2024', [1]],
      ['2020', [2]],
    ],
    [
      ['2024', [1]],
      ['2020', [2]],
    ],
  ],
])('a chart takes %j', async (data, series) => {
  using user = await open({ '/': () => ui.lineChart(data as never) });
  const shown = user.find({ kind: 'lineChart' }).props.series as { name: string; values: unknown }[];
  expect(shown.map(({ name, values }) => [name, values])).toEqual(series);
});

test('a chart follows its signal, also after a kill', async () => {
  const page = () => {
    const count = ui.state(1);
    ui.barChart(() => [count.value, 2]);
    ui.donut(() => ({ Done: count.value }), { text: () => `${count.value}` });
    ui.sparkline(() => [0, count.value]);
    ui.button('More', () => count.value++);
  };
  using user = await open({ '/': page });
  user.find('More').click();
  await user.settle();
  user.server.kill();
  await user.reload();
  expect(user.find({ kind: 'barChart' }).props.series).toEqual([{ name: '', values: [2, 2], color: 'primary' }]);
  expect(user.find({ kind: 'donut' }).props).toMatchObject({ text: '2', parts: [{ name: 'Done', value: 2 }] });
  expect(user.find({ kind: 'sparkline' }).props.values).toEqual([0, 2]);
});

test('a chart refuses what is no number, with a sentence', async () => {
  await expect(open({ '/': () => ui.lineChart(['3'] as never) })).rejects.toThrow(/ui\.lineChart draws numbers.*"3"/);
});

test.each([
  [
    [3_200_000, 0],
    ['0', '1M', '2M', '3M', '4M'],
  ],
  [
    [180_000, 20],
    ['0', '50K', '100K', '150K', '200K'],
  ],
  [
    [9_000, 1],
    ['0', '2500', '5000', '7500', '10K'],
  ],
  [
    [-12_500, 0],
    ['-15K', '-10K', '-5000', '0'],
  ],
])('the numbers %j have ticks for which there is room: %j', (values, ticks) => {
  const shown = html('barChart', { ...axes, unit: '', series: [{ name: '', values, color: 'primary' }] });
  expect([...shown.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text)).toEqual(ticks);
});

test('labels that are too long for their place end with a dot, and the text alternative has them whole', () => {
  const labels = Array.from({ length: 9 }, (_, index) => `customer${index}@example.com`);
  const shown = html('barChart', {
    ...axes,
    labels,
    series: [{ name: '', values: labels.map(() => 1), color: 'primary' }],
  });
  const texts = [...shown.matchAll(/text-anchor="middle">([^<]*)</g)].map(([, text]) => text);
  expect(texts).toHaveLength(9);
  for (const text of texts) expect(text).toMatch(/^customer.{0,1}…$|^custom\w*…$/);
  expect(shown).toContain('customer8@example.com 1');
});
