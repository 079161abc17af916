import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, isReactive, own } from '../element.ts';
import { firstOf } from '../first.ts';
import type { LookOptions } from '../look.ts';
import { numbers, type Values } from '../series.ts';

/** Options of `ui.sparkline`. */
export interface SparklineOptions extends ElementOptions, Pick<LookOptions, 'color'> {
  /** Says what the line shows, for assistive technology. @default 'Trend' */
  readonly label?: string;
}

/** A line as high as a text. */
export class Sparkline extends Element {
  constructor(values: MaybeReactive<Values>, options: SparklineOptions = {}) {
    const { label = 'Trend' } = options;
    const first = firstOf(values, [], (all) => numbers('ui.sparkline', all));
    super('sparkline', own<'sparkline'>({ values: first, label }), options);
    if (isReactive(values)) this.values = values;
  }

  /** The numbers. Assign numbers, a signal or a function. */
  get values(): Values {
    return this.get<(number | null)[]>('values');
  }

  set values(values: MaybeReactive<Values>) {
    this.bind('values', values, (now) => numbers('ui.sparkline', now));
  }
}

/**
 * Shows a trend as a line as high as a text, such as in a table's cell. It is drawn on the server as an SVG image.
 *
 * @example
 * ui.sparkline([3, 4, 4, 7, 6, 9], { label: 'Sales of six weeks' });
 *
 * @param values the numbers; also a signal or a function. Null is a gap.
 * @throws {TypeError} for a value that is no number.
 */
export function sparkline(values: MaybeReactive<Values>, options?: SparklineOptions): Sparkline {
  return new Sparkline(values, options);
}
