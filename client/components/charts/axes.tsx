import type { ComponentChildren } from 'preact';
import type { Series } from '../../../src/protocol/index.ts';
import { type OwnAttributes, themeColor } from '../../dom/index.ts';
import { round, type Scale } from './scale.ts';

/** The plane of a chart in units of its drawing. It grows with the page, and so does its text. */
export const plane = { left: 72, top: 12, right: 588, bottom: 232, width: 600, height: 264 };

/** Maximum of labels below a chart, because more would overlap. */
const mostLabels = 12;

interface AxesProps {
  readonly series: readonly Series[];
  readonly labels: readonly string[];
  readonly label: string;
  readonly unit?: string;
}

/** Returns the height of a value. */
export function heightOf(value: number, { min, max }: Scale): number {
  return plane.bottom - ((value - min) / (max - min)) * (plane.bottom - plane.top);
}

/** Draws the lines, the numbers and the labels around a drawing, and the legend below it. */
export function axes(
  own: OwnAttributes,
  { series, labels, label, unit = '' }: AxesProps,
  scale: Scale,
  xOf: (index: number) => number,
  drawing: ComponentChildren,
): ComponentChildren {
  const count = Math.max(0, ...series.map(({ values }) => values.length));
  const every = Math.ceil(count / mostLabels);
  return (
    <figure {...own.whole('edgewise-chart')}>
      <svg role="img" aria-label={summary(label, series, labels, unit)} viewBox={`0 0 ${plane.width} ${plane.height}`}>
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line
              class="edgewise-chart-line"
              x1={plane.left}
              x2={plane.right}
              y1={round(heightOf(tick, scale))}
              y2={round(heightOf(tick, scale))}
            />
            <text
              x={plane.left - 8}
              y={round(heightOf(tick, scale) + 4)}
              text-anchor="end"
            >{`${tickText(tick)}${unit}`}</text>
          </g>
        ))}
        {Array.from({ length: count }, (_, index) =>
          index % every === 0 ? (
            <text key={`label${index}`} x={round(xOf(index))} y={plane.bottom + 20} text-anchor="middle">
              {shortened(labels[index] ?? `${index + 1}`, (every * (plane.right - plane.left)) / count)}
            </text>
          ) : null,
        )}
        {drawing}
      </svg>
      {legend(series.filter(({ name }) => name !== ''))}
    </figure>
  );
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 3 });

/** Returns a number of the axis as a text for which there is room: 2500000 as 2.5M. */
export function tickText(tick: number): string {
  return Math.abs(tick) < 10_000 ? `${tick}` : compact.format(tick);
}

/** Width of a letter in units of the drawing. */
const letter = 7;

/** Returns a label for which there is room. The text alternative has the whole one. */
function shortened(text: string, room: number): string {
  const most = Math.max(3, Math.floor(room / letter));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Draws the names of what has a colour. */
export function legend(entries: readonly { readonly name: string; readonly color: string }[]): ComponentChildren {
  if (entries.length === 0) return null;
  return (
    <figcaption class="edgewise-chart-legend">
      {entries.map(({ name, color }) => (
        <span key={name}>
          <span class="edgewise-chart-mark" style={`background:${paint(color)}`} />
          {name}
        </span>
      ))}
    </figcaption>
  );
}

/** Returns a colour of the theme as CSS. */
export function paint(color: string): string {
  return `var(--color-${themeColor(color).replace(/[^\w-]/g, '')})`;
}

/** Maximum of values that the text alternative names. */
const mostSpoken = 24;

function summary(label: string, series: readonly Series[], labels: readonly string[], unit: string): string {
  const lines = series.map(({ name, values }) => {
    const spoken = values.slice(-mostSpoken).map((value, index) => {
      const at = Math.max(0, values.length - mostSpoken) + index;
      return `${labels[at] ?? at + 1} ${value === null ? 'none' : `${value}${unit}`}`;
    });
    return `${name ? `${name}: ` : ''}${spoken.join(', ')}`;
  });
  return [label, ...lines].join('. ');
}
