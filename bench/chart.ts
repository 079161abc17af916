// Draws a table as SVG: bars side by side, or lines over two logarithmic axes. The colours fit light and dark pages.

import { rounded, type Table } from './findings.ts';

const width = 720;
/** Height of the area with the bars or the lines. */
const area = 230;
const left = 64;
const right = 16;
const bottom = 40;
/** A contender has the same colour in each figure. */
const contenders: Readonly<Record<string, string>> = {
  Edgewise: '#2563eb',
  'bare echo': '#94a3b8',
  'by hand': '#7c8ba1',
  'bare write': '#64748b',
  'Agents SDK': '#d97706',
  NiceGUI: '#059669',
};
const colours = ['#2563eb', '#d97706', '#059669', '#db2777', '#7c3aed', '#0891b2', '#ca8a04', '#64748b'];
const style =
  'text{font:12px system-ui,sans-serif;fill:#334155}.t{font-weight:600;font-size:14px}' +
  '.a{stroke:#cbd5e1}@media(prefers-color-scheme:dark){text{fill:#e2e8f0}.a{stroke:#475569}}';

export function chart(table: Table): string {
  const names = legend(table);
  const top = 30 + names.rows * 18;
  const drawn = table.chart === 'lines' ? lines(table, top) : bars(table, top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + area + bottom}" role="img" aria-label="${text(table.title)}">`,
    `<style>${style}</style>`,
    `<text class="t" x="8" y="18">${text(table.title)}, ${text(table.unit)}</text>`,
    ...names.items,
    ...drawn,
    `<text x="${width - right}" y="${top + area + bottom - 4}" text-anchor="end">${text(table.by)}</text>`,
    '</svg>\n',
  ].join('\n');
}

function colourOf({ columns }: Table, column: number): string {
  return contenders[columns[column] ?? ''] ?? colours[column % colours.length] ?? '';
}

function legend(table: Table): { items: string[]; rows: number } {
  let x = 8;
  let row = 0;
  const items = table.columns.map((name, column) => {
    const wide = 28 + name.length * 6.6;
    if (x + wide > width && x > 8) {
      x = 8;
      row++;
    }
    const y = 28 + row * 18;
    const item =
      `<rect x="${at(x)}" y="${y}" width="10" height="10" fill="${colourOf(table, column)}"/>` +
      `<text x="${at(x + 14)}" y="${y + 9}">${text(name)}</text>`;
    x += wide;
    return item;
  });
  return { items, rows: row + 1 };
}

/** A group of bars for each row, on a scale of its own: the highest bar of each is as high as the figure. */
function bars(table: Table, top: number): string[] {
  const { rows, columns } = table;
  const group = (width - left - right) / rows.length;
  const bar = (group * 0.9) / columns.length;
  const floor = top + area;
  return rows.flatMap(({ name, values }, row) => {
    const most = Math.max(...values.map((value) => value ?? 0));
    const begin = left + group * row;
    return [
      ...values.map((value, column) => {
        if (value === null) return '';
        const size = most > 0 ? (value / most) * (area - 18) : 0;
        const x = begin + bar * column;
        return (
          `<rect x="${at(x)}" y="${at(floor - size)}" width="${at(bar * 0.88)}" height="${at(size)}" fill="${colourOf(table, column)}"/>` +
          `<text x="${at(x + bar * 0.44)}" y="${at(floor - size - 4)}" text-anchor="middle" style="font-size:10px">${rounded(value)}</text>`
        );
      }),
      `<line class="a" x1="${at(begin)}" x2="${at(begin + group * 0.9)}" y1="${floor}" y2="${floor}"/>`,
      `<text x="${at(begin + group * 0.45)}" y="${floor + 16}" text-anchor="middle">${text(name)}</text>`,
    ];
  });
}

function lines(table: Table, top: number): string[] {
  const { rows, columns } = table;
  const floor = top + area;
  const sizes = rows.map(({ name }) => Number(name.replaceAll(',', '')));
  const costs = rows.flatMap(({ values }) => values).filter((value) => value !== null && value > 0) as number[];
  const scale = (from: number, to: number, least: number, most: number) => (value: number) =>
    from + ((to - from) * (Math.log(value) - Math.log(least))) / (Math.log(most) - Math.log(least) || 1);
  const x = scale(left, width - right - 8, Math.min(...sizes), Math.max(...sizes));
  const y = scale(floor, top + 8, Math.min(...costs), Math.max(...costs));
  const ticks = [Math.min(...costs), Math.max(...costs)];
  return [
    `<path class="a" fill="none" d="M${left} ${top}V${floor}H${width - right}"/>`,
    ...sizes.map((size) => `<text x="${at(x(size))}" y="${floor + 16}" text-anchor="middle">${rounded(size)}</text>`),
    ...ticks.map((cost) => `<text x="${left - 6}" y="${at(y(cost) + 4)}" text-anchor="end">${rounded(cost)}</text>`),
    ...columns.map((_, column) => {
      const points = rows.flatMap(({ values }, row) => {
        const value = values[column] ?? null;
        return value === null || value <= 0 ? [] : [`${at(x(sizes[row] as number))},${at(y(value))}`];
      });
      return `<polyline fill="none" stroke-width="2" stroke="${colourOf(table, column)}" points="${points.join(' ')}"/>`;
    }),
  ];
}

function at(value: number): string {
  return value.toFixed(1);
}

function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
