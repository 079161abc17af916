import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { axes, heightOf, paint, plane } from './axes.tsx';
import { round, scaleOf } from './scale.ts';

export function BarChart({ own, props }: ElementProps<'barChart'>): ComponentChildren {
  const { series, labels, unit = '', stacked } = props;
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  // Bars above and below zero are stacked apart.
  const sum = (index: number, below: boolean, before = series.length) =>
    series.slice(0, before).reduce((all, { values }) => {
      const value = values[index] ?? 0;
      return value < 0 === below ? all + value : all;
    }, 0);
  const ends = stacked
    ? Array.from({ length: count }, (_, index) => [sum(index, false), sum(index, true)]).flat()
    : series.flatMap(({ values }) => values);
  const scale = scaleOf(ends);
  const slot = (plane.right - plane.left) / count;
  const width = (slot * 0.7) / (stacked ? 1 : Math.max(1, series.length));
  const xOf = (index: number) => plane.left + (index + 0.5) * slot;
  const drawing = series.map(({ name, values, color }, nth) => (
    <g key={name} style={`color:${paint(color)}`}>
      {values.map((value, index) => {
        if (value === null) return null;
        const from = stacked ? sum(index, value < 0, nth) : 0;
        const [a, b] = [heightOf(from, scale), heightOf(from + value, scale)];
        const x = plane.left + index * slot + slot * 0.15 + (stacked ? 0 : nth * width);
        return (
          <rect
            key={index}
            x={round(x)}
            y={round(Math.min(a, b))}
            width={round(width)}
            height={round(Math.abs(a - b))}
            fill="currentColor"
          >
            <title>{`${name ? `${name}, ` : ''}${labels[index] ?? index + 1}: ${value}${unit}`}</title>
          </rect>
        );
      })}
    </g>
  ));
  return axes(own, props, scale, xOf, drawing);
}
