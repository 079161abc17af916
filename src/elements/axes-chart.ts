import type { Json, Props } from '../protocol/index.ts';
import type { MaybeReactive } from '../reactive/index.ts';
import { Element, type ElementOptions, isReactive } from './element.ts';
import { firstOf } from './first.ts';
import { type ChartData, type Series, seriesOf } from './series.ts';

/** Options of every chart with axes. */
export interface AxesChartOptions extends ElementOptions {
  /** Texts below the values, in their order. A signal or a function keeps them up to date. @default their numbers from 1 on */
  readonly labels?: MaybeReactive<readonly (string | number)[]>;
  /** Says what the chart shows, for assistive technology. @default 'Chart' */
  readonly label?: string;
  /** Stands behind each number of the axis, such as `' °C'`. @default none */
  readonly unit?: string;
}

/** A chart of series over labels. */
export class AxesChart extends Element {
  /**
   * @param props what only this kind has.
   * @internal
   */
  constructor(kind: 'barChart' | 'lineChart', data: MaybeReactive<ChartData>, props: Props, options: AxesChartOptions) {
    const { labels = [], label = 'Chart', unit } = options;
    const series = firstOf(data, [], (all) => seriesOf(`ui.${kind}`, all));
    const texts = firstOf(labels, []).map(String);
    super(kind, { series: series as unknown as Json, labels: texts, label, ...(unit && { unit }), ...props }, options);
    if (isReactive(data)) this.data = data;
    if (isReactive(labels)) this.bind('labels', labels, (all) => all.map(String));
  }

  /** The series. Assign numbers, a signal or a function. */
  get data(): readonly Series[] {
    return this.get<Json>('series') as unknown as readonly Series[];
  }

  set data(data: MaybeReactive<ChartData>) {
    this.bind('series', data, (now) => seriesOf(`ui.${this.node.kind}`, now));
  }
}
