import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { axes, heightOf, paint, plane } from './axes.tsx';
import { pathOf, round, scaleOf } from './scale.ts';

export function LineChart({ own, props }: ElementProps<'lineChart'>): ComponentChildren {
  const { series, labels, unit = '', area } = props;
  const scale = scaleOf(series.flatMap(({ values }) => values));
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const step = count > 1 ? (plane.right - plane.left - 24) / (count - 1) : 0;
  const xOf = (index: number) => plane.left + 12 + index * step;
  const zero = round(heightOf(Math.max(0, scale.min), scale));
  const drawing = series.map(({ name, values, color }) => {
    const points = values.map((value, index) =>
      value === null ? null : ([xOf(index), heightOf(value, scale)] as const),
    );
    const line = pathOf(points);
    const last = round(xOf(values.length - 1));
    return (
      <g key={name} style={`color:${paint(color)}`}>
        {area && line && !values.includes(null) && (
          <path class="edgewise-chart-area" d={`${line}L${last} ${zero}L${round(xOf(0))} ${zero}Z`} />
        )}
        <path class="edgewise-chart-path" d={line} />
        {count <= 60 &&
          points.map(
            (point, index) =>
              point && (
                <circle key={index} cx={round(point[0])} cy={round(point[1])} r="3" fill="currentColor">
                  <title>{`${name ? `${name}, ` : ''}${labels[index] ?? index + 1}: ${values[index]}${unit}`}</title>
                </circle>
              ),
          )}
      </g>
    );
  });
  return axes(own, props, scale, xOf, drawing);
}
