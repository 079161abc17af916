import type { MaybeReactive } from '../../reactive/index.ts';
import { AxesChart, type AxesChartOptions } from '../axes-chart.ts';
import type { ChartData } from '../series.ts';

/** Options of `ui.barChart`. */
export interface BarChartOptions extends AxesChartOptions {
  /** True puts the bars of one label on top of each other. @default false */
  readonly stacked?: boolean;
}

/** A bar chart. */
export class BarChart extends AxesChart {
  constructor(data: MaybeReactive<ChartData>, options: BarChartOptions = {}) {
    super('barChart', data, options.stacked ? { stacked: true } : {}, options);
  }
}

/**
 * Shows numbers as bars over labels, such as months. It is drawn on the server as an SVG image with a text alternative (a figure).
 *
 * @example
 * ui.barChart({ Apples: [3, 5, 2], Pears: [1, 4, 4] }, { labels: ['Mon', 'Tue', 'Wed'], stacked: true });
 *
 * @param data numbers, numbers by the name of their series, or series; also a signal or a function. Null is a gap.
 * @throws {TypeError} for a value that is no number.
 */
export function barChart(data: MaybeReactive<ChartData>, options?: BarChartOptions): BarChart {
  return new BarChart(data, options);
}
