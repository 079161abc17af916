import { journal } from '../../tasks/index.ts';
import { slot } from '../../tree/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.linePlot`. */
export interface LinePlotOptions extends ElementOptions {
  /** What the chart shows, for those who cannot see it. @default 'Line plot' */
  readonly label?: string;
  /** Number of points to retain, at most 10,000. @default 500 */
  readonly limit?: number;
  /** True for an x axis of times, in seconds since 1970. @default false */
  readonly time?: boolean;
}

/** A chart of lines that grow at the end. */
export class LinePlot extends Element {
  readonly #names: readonly string[];

  constructor(names: readonly string[], options: LinePlotOptions = {}) {
    const { label = 'Line plot', limit = 500, time } = options;
    if (!Number.isInteger(limit) || limit < 2 || limit > 10_000) {
      throw new RangeError(`The option limit of ui.linePlot is a whole number from 2 to 10,000, not ${limit}.`);
    }
    if (names.length === 0) throw new TypeError("ui.linePlot takes the names of its lines, such as ['CPU', 'Memory'].");
    super(
      'linePlot',
      own<'linePlot'>({ names, label, ...(time && { time }), lines: [], max: limit, total: 0 }),
      options,
      label,
    );
    this.#names = names;
  }

  /**
   * Appends a point to each line. Only the new point travels to the browser. Points that a handler or a timer appends are
   * stored; the oldest ones are dropped.
   *
   * @param ys one number for each line; null is a gap.
   * @throws {TypeError} for another number of values, or values that are no numbers.
   */
  push(x: number, ...ys: readonly (number | null)[]): this {
    const fits = ys.length === this.#names.length && ys.every((y) => y === null || Number.isFinite(y));
    if (!fits || !Number.isFinite(x)) {
      throw new TypeError(
        `A point of this plot has a number x and ${this.#names.length} ${this.#names.length === 1 ? 'number' : 'numbers'} or null, not ${JSON.stringify([x, ...ys])}.`,
      );
    }
    const repeated = slot.get()?.structural === true && journal.get() === undefined;
    this.tree.append(this.node, [JSON.stringify([x, ...ys])], repeated);
    return this;
  }
}

/**
 * Shows live series, such as measurements: lines to which points are appended. The application installs the package that draws
 * it: `npm install uplot`. The chart is an image with a text alternative (a figure).
 *
 * @example
 * const plot = ui.linePlot(['CPU', 'Memory'], { limit: 300, time: true });
 * ui.timer('1s', () => plot.push(Date.now() / 1_000, cpu(), memory()));
 *
 * @param names of the lines.
 * @throws {TypeError} without a name.
 * @throws {RangeError} when `limit` is not a whole number from 2 to 10,000.
 */
export function linePlot(names: readonly string[], options?: LinePlotOptions): LinePlot {
  return new LinePlot(names, options);
}
