import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { legend, paint } from './axes.tsx';
import { round } from './scale.ts';

export function Donut({ own, props }: ElementProps<'donut'>): ComponentChildren {
  const { parts, label, text } = props;
  const whole = parts.reduce((all, { value }) => all + value, 0);
  let before = 0;
  const spoken = parts.map(({ name, value }) => `${name} ${value}`).join(', ');
  return (
    <figure {...own.whole('edgewise-donut')}>
      <svg role="img" aria-label={`${label}. ${spoken}`} viewBox="0 0 120 120">
        <circle cx="60" cy="60" r="46" class="edgewise-donut-ring" />
        {parts.map(({ name, value, color }) => {
          if (value === 0) return null;
          const share = (value / whole) * 100;
          const offset = before;
          before += share;
          return (
            <circle
              key={name}
              cx="60"
              cy="60"
              r="46"
              pathLength={100}
              class="edgewise-donut-part"
              stroke-dasharray={`${round(share)} 100`}
              stroke-dashoffset={-round(offset)}
              style={`color:${paint(color)}`}
            >
              <title>{`${name}: ${value}`}</title>
            </circle>
          );
        })}
        {text && (
          <text x="60" y="66" text-anchor="middle" class="edgewise-donut-text">
            {text}
          </text>
        )}
      </svg>
      {legend(parts)}
    </figure>
  );
}
