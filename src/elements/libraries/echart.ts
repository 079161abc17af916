import type { Json, JsonObject, Props } from '../../protocol/index.ts';
import { type MaybeReactive, read } from '../../reactive/index.ts';
import { callInBrowser } from '../call.ts';
import { Element, type ElementOptions, isReactive, own, type UiEvent } from '../element.ts';
import { firstOf } from '../first.ts';
import { plainData } from '../plain-data.ts';

/** An option object of ECharts: plain data, see https://echarts.apache.org/en/option.html. */
export type EchartOption = { readonly [name: string]: unknown };

/** A part of a chart that a person has clicked. */
export interface EchartPoint {
  /** Number of its series, from 0. */
  readonly series: number;
  /** Number of its value in the series, from 0. */
  readonly index: number;
  /** Its name: the category, or the name of the value. */
  readonly name: string;
}

/** Options of `ui.echart`. */
export interface EchartOptions extends ElementOptions {
  /** What the chart shows, for those who cannot see it. @default 'Chart' */
  readonly label?: string;
  /** Handler of a click on a bar, a line's point, a slice. @default none */
  readonly onPointClick?: (event: UiEvent<Echart> & EchartPoint) => unknown;
}

const advice = "ui.echart takes plain data. ECharts has text templates for labels, such as '{b}: {c}'.";

/** Values in one prop. A change sends the pieces that differ. */
const piece = 64;

/** A chart of ECharts. */
export class Echart extends Element {
  constructor(option: MaybeReactive<EchartOption>, options: EchartOptions = {}) {
    const { label = 'Chart', onPointClick } = options;
    super('echart', { ...own<'echart'>({ option: {}, label }), ...firstOf(option, {}, partsOf) }, options, label);
    if (isReactive(option)) this.options = option;
    if (onPointClick) {
      this.listen(
        'point',
        (event) => onPointClick({ ...event, ...(event.value as unknown as EchartPoint), sender: this }),
        'parallel',
        onPointClick,
      );
    }
  }

  /** The option object. Assign another one, a signal or a function. Only the parts that differ travel to the browser. */
  get options(): EchartOption {
    return wholeOf((name) => this.get<Json>(name));
  }

  set options(option: MaybeReactive<EchartOption>) {
    const { node, tree } = this;
    if (isReactive(option)) {
      const origin = tree.constructing ? 'derived' : 'author';
      this.track(
        'option',
        () => partsOf(read(option)),
        (parts) => this.#set(parts, origin),
      );
      return;
    }
    tree.unbind(node, 'option');
    this.#set(partsOf(option), 'author');
  }

  /** Has the chart do an action of ECharts, such as `{ type: 'highlight', seriesIndex: 0 }`. */
  dispatch(action: JsonObject): void {
    this.call('dispatch', action);
  }

  /**
   * Returns the chart as a picture: an address that begins with `data:image/png`.
   *
   * @throws {TimeoutError} when no browser answers within 30 seconds.
   */
  image(): Promise<string> {
    return callInBrowser<string>('image', [], {}, this.node);
  }

  #set(parts: Props, origin: 'derived' | 'author'): void {
    for (const [name, value] of Object.entries(parts)) this.tree.set(this.node, name, value, origin);
  }
}

/** Returns the props of an option object: the data of its series in pieces, and the rest, with numbers of values for the data. */
function partsOf(option: EchartOption): Props {
  const pieces: Record<string, Json> = {};
  const plain = plainData(option, 'option', advice) as JsonObject;
  const { series } = plain;
  const all = (Array.isArray(series) ? series : series ? [series] : []) as JsonObject[];
  const rest = all.map((one, index) => {
    const { data } = one;
    if (!Array.isArray(data)) return one;
    for (let at = 0; at < data.length; at += piece) pieces[`d${index}.${at / piece}`] = data.slice(at, at + piece);
    return { ...one, data: data.length };
  });
  return { ...pieces, option: { ...plain, ...(all.length > 0 && { series: rest }) } as Json };
}

/** Returns the option object of which these are the props. */
function wholeOf(get: (name: string) => Json | undefined): EchartOption {
  const option = get('option') as JsonObject;
  const { series } = option;
  if (!Array.isArray(series)) return option;
  const whole = (series as JsonObject[]).map((one, index) => {
    if (typeof one.data !== 'number') return one;
    const pieces = Array.from({ length: Math.ceil(one.data / piece) }, (_, at) => get(`d${index}.${at}`) as Json[]);
    return { ...one, data: pieces.flat().slice(0, one.data) };
  });
  return { ...option, series: whole };
}

/**
 * Shows a chart of Apache ECharts: lines, bars, pies, scatters, candlesticks, gauges, heat maps, radars, treemaps, sankeys and
 * graphs. The application installs the package: `npm install echarts`. `ui.lineChart`, `ui.barChart` and `ui.donut` need no
 * package and no script.
 *
 * @example
 * ui.echart(
 *   () => ({ xAxis: { type: 'category', data: days }, yAxis: {}, series: [{ type: 'bar', data: visits.value }] }),
 *   { label: 'Visits by day', onPointClick: ({ name }) => ui.notify(name) },
 * );
 *
 * @throws {TypeError} for an option that is no plain data, such as a function.
 */
export function echart(option: MaybeReactive<EchartOption>, options?: EchartOptions): Echart {
  return new Echart(option, options);
}
