import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { paint } from './axes.tsx';
import { pathOf } from './scale.ts';

export function Sparkline({ own, props }: ElementProps<'sparkline'>): ComponentChildren {
  const { values, label, color = 'primary' } = props;
  const there = values.filter((value) => value !== null);
  const min = there.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const range = there.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) - min || 1;
  const step = 92 / Math.max(1, values.length - 1);
  const points = values.map((value, index) =>
    value === null ? null : ([4 + index * step, 20 - ((value - min) / range) * 16] as const),
  );
  const spoken = there.length > 0 ? `${label}: from ${there[0]} to ${there.at(-1)}` : label;
  return (
    <span {...own.whole('edgewise-sparkline')} style={`color:${paint(color)};${props.style ?? ''}`}>
      <svg role="img" aria-label={spoken} viewBox="0 0 100 24">
        <path class="edgewise-chart-path" d={pathOf(points)} />
      </svg>
    </span>
  );
}
