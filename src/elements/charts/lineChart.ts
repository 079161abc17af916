import type { MaybeReactive } from '../../reactive/index.ts';
import { AxesChart, type AxesChartOptions } from '../axes-chart.ts';
import type { ChartData } from '../series.ts';

/** Options of `ui.lineChart`. */
export interface LineChartOptions extends AxesChartOptions {
  /** True fills the area below each line. @default false */
  readonly area?: boolean;
}

/** A line chart. */
export class LineChart extends AxesChart {
  constructor(data: MaybeReactive<ChartData>, options: LineChartOptions = {}) {
    super('lineChart', data, options.area ? { area: true } : {}, options);
  }
}

/**
 * Shows numbers as lines over labels, such as days. It is drawn on the server as an SVG image with a text alternative (a figure).
 *
 * @example
 * ui.lineChart(() => ({ Visits: visits.value }), { labels: days, label: 'Visits by day' });
 *
 * @param data numbers, numbers by the name of their series, or series; also a signal or a function. Null is a gap.
 * @throws {TypeError} for a value that is no number.
 */
export function lineChart(data: MaybeReactive<ChartData>, options?: LineChartOptions): LineChart {
  return new LineChart(data, options);
}
