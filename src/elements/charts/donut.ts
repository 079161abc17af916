import type { Json } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { entriesOf } from '../choices.ts';
import { Element, type ElementOptions, isReactive, own } from '../element.ts';
import { firstOf } from '../first.ts';
import { numbers, paletteColor } from '../series.ts';

/** Options of `ui.donut`. */
export interface DonutOptions extends ElementOptions {
  /** Says what the chart shows, for assistive technology. @default 'Chart' */
  readonly label?: string;
  /** A text in the middle, a signal of it, or a function that computes it. @default none */
  readonly text?: MaybeReactive<string | number>;
}

/** The parts of a whole, by their names or as pairs, which leave numeric names in their order. */
export type DonutParts = Readonly<Record<string, number>> | readonly (readonly [name: string, value: number])[];

/** A ring of the parts of a whole. */
export class Donut extends Element {
  constructor(parts: MaybeReactive<DonutParts>, options: DonutOptions = {}) {
    const { label = 'Chart', text } = options;
    super('donut', own<'donut'>({ parts: firstOf(parts, [], partsOf), label }), options);
    if (isReactive(parts)) this.parts = parts;
    if (text !== undefined) this.bind('text', text, String);
  }

  /** The parts as pairs. Assign parts, a signal or a function. */
  get parts(): readonly (readonly [name: string, value: number])[] {
    const parts = this.get<Json>('parts') as unknown as ReturnType<typeof partsOf>;
    return parts.map(({ name, value }) => [name, value]);
  }

  set parts(parts: MaybeReactive<DonutParts>) {
    this.bind('parts', parts, partsOf);
  }
}

function partsOf(parts: DonutParts) {
  const pairs = entriesOf<string, number>('ui.donut', parts);
  const values = numbers(
    'ui.donut',
    pairs.map(([, value]) => value),
  );
  return pairs.map(([name], index) => ({
    name: String(name),
    value: Math.max(0, values[index] ?? 0),
    color: paletteColor(index),
  }));
}

/**
 * Shows the parts of a whole as a ring with a legend. It is drawn on the server as an SVG image with a text alternative (a figure).
 *
 * @example
 * ui.donut({ Done: 12, Open: 5 }, { label: 'Tasks', text: 17 });
 *
 * @param parts the numbers by their names, or pairs; also a signal or a function. A negative number counts as 0.
 * @throws {TypeError} for a value that is no number.
 */
export function donut(parts: MaybeReactive<DonutParts>, options?: DonutOptions): Donut {
  return new Donut(parts, options);
}
