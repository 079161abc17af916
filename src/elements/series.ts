import type { Color, Series as SeriesProps } from '../protocol/index.ts';
import { entriesOf } from './choices.ts';

/** Numbers of a chart; null is a gap. */
export type Values = readonly (number | null)[];

/** A named row of numbers with its own colour. */
export interface Series {
  /** Its name in the legend; '' shows none. */
  readonly name: string;
  /** Its numbers, from left to right. */
  readonly values: Values;
  /** Name of a colour of the theme, such as `primary`. @default the next one of a palette */
  readonly color?: Color;
}

/**
 * What a chart shows: numbers, numbers by the name of their series, series, or pairs of a name and numbers. JavaScript sorts the
 * numeric keys of an object, so use pairs or series for years.
 */
export type ChartData =
  | Values
  | Readonly<Record<string, Values>>
  | readonly Series[]
  | readonly (readonly [name: string, values: Values])[];

/** The colours of series without one, in this order. */
const palette: readonly Color[] = ['primary', 'secondary', 'accent', 'info', 'success', 'warning', 'error', 'neutral'];

/** Returns the colour at an index of the palette. */
export function paletteColor(index: number): Color {
  return palette[index % palette.length] as Color;
}

/**
 * Returns the series of a chart as they travel.
 *
 * @param what the name of the function for errors, such as `ui.lineChart`.
 * @throws {TypeError} for a value that is no number.
 */
export function seriesOf(what: string, data: ChartData): SeriesProps[] {
  return entries(what, data).map(({ name, values, color }, index) => ({
    name,
    values: numbers(what, values),
    color: color ?? paletteColor(index),
  }));
}

/** Returns the numbers, with null in place of what cannot be drawn. */
export function numbers(what: string, values: Values): Values {
  return values.map((value) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'number') {
      throw new TypeError(`${what} draws numbers, but a value is ${JSON.stringify(value)}. Convert it by Number(…).`);
    }
    return Number.isFinite(value) ? value : null;
  });
}

function entries(what: string, data: ChartData): readonly Series[] {
  type Named = Readonly<Record<string, Values>> | readonly (readonly [name: string, values: Values])[];
  if (!Array.isArray(data) || Array.isArray(data[0])) {
    return entriesOf<string, Values>(what, data as Named).map(([name, values]) => ({ name: String(name), values }));
  }
  if (typeof data[0] === 'object' && data[0] !== null) return data as readonly Series[];
  return [{ name: '', values: data as Values }];
}
