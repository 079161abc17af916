import type { Json, JsonObject, Props } from '../../protocol/index.ts';
import { type MaybeReactive, read } from '../../reactive/index.ts';
import { Element, type ElementOptions, isReactive, own, type UiEvent } from '../element.ts';
import { firstOf } from '../first.ts';
import { plainData } from '../plain-data.ts';

/** A figure of Plotly: plain data, as `figure.to_dict()` of Python gives it. See https://plotly.com/javascript/reference. */
export interface PlotlyFigure {
  /** The traces. */
  readonly data: readonly { readonly [name: string]: unknown }[];
  /** Titles, axes and the like. @default those of the theme */
  readonly layout?: { readonly [name: string]: unknown };
  /** Buttons and behaviour. @default those of Plotly, without its logo */
  readonly config?: { readonly [name: string]: unknown };
}

/** A point of a figure that a person has clicked. */
export interface PlotlyPoint {
  /** Number of its trace, from 0. */
  readonly trace: number;
  /** Number of the point in the trace, from 0. */
  readonly index: number;
  /** Its value at the x axis, in the unit of the value: a number, a category or a date; null where there is no such axis. */
  readonly x: number | string | null;
  /** Its value at the y axis, in the unit of the value: a number, a category or a date; null where there is no such axis. */
  readonly y: number | string | null;
}

/** Options of `ui.plotly`. */
export interface PlotlyOptions extends ElementOptions {
  /** What the figure shows, for those who cannot see it. @default 'Figure' */
  readonly label?: string;
  /** Handler of a click on a point. @default none */
  readonly onPointClick?: (event: UiEvent<Plotly> & PlotlyPoint) => unknown;
}

const advice = 'ui.plotly takes plain data.';

/** A figure of Plotly. */
export class Plotly extends Element {
  /** @internal */
  constructor(figure: MaybeReactive<PlotlyFigure>, options: PlotlyOptions = {}) {
    const { label = 'Figure', onPointClick } = options;
    const empty = own<'plotly'>({ layout: {}, config: {}, traces: 0, label });
    super('plotly', { ...empty, ...firstOf(figure, {}, propsOf) }, options, label);
    if (isReactive(figure)) this.figure = figure;
    if (onPointClick) {
      this.listen(
        'point',
        (event) => onPointClick({ ...event, ...(event.value as unknown as PlotlyPoint), sender: this }),
        'parallel',
        onPointClick,
      );
    }
  }

  /** The figure. Assign another one, a signal or a function. Traces that are equal do not travel to the browser again. */
  get figure(): PlotlyFigure {
    const data = Array.from({ length: this.get<number>('traces') }, (_, at) => this.get<JsonObject>(`t${at}`));
    return { data, layout: this.get<JsonObject>('layout'), config: this.get<JsonObject>('config') };
  }

  set figure(figure: MaybeReactive<PlotlyFigure>) {
    const { node, tree } = this;
    const set = (origin: 'derived' | 'author') => (props: Props) => {
      for (const [name, value] of Object.entries(props)) tree.set(node, name, value as Json, origin);
    };
    if (isReactive(figure)) {
      this.track('figure', () => propsOf(read(figure)), set(tree.constructing ? 'derived' : 'author'));
      return;
    }
    tree.unbind(node, 'figure');
    set('author')(propsOf(figure));
  }
}

/** Returns the props of a figure, with each trace as one. */
function propsOf({ data, layout = {}, config = {} }: PlotlyFigure): Props {
  const traces = data.map((trace, at) => [`t${at}`, plainData(trace, `figure.data[${at}]`, advice)]);
  return {
    ...Object.fromEntries(traces),
    layout: plainData(layout, 'figure.layout', advice),
    config: plainData(config, 'figure.config', advice),
    traces: data.length,
  };
}

/**
 * Shows a figure of Plotly, such as one that `figure.to_dict()` of Python has made. The application installs a package:
 * `npm install plotly.js-basic-dist-min` for lines, points, bars and pies (400 KB), `plotly.js-strict-dist-min` for all traces
 * (1.6 MB); a page loads it when it shows a figure. `ui.lineChart`, `ui.barChart` and `ui.donut` need no package and no script.
 *
 * @example
 * ui.plotly(() => ({ data: [{ type: 'bar', x: days, y: visits.value }], layout: { title: { text: 'Visits' } } }), {
 *   label: 'Visits by day',
 *   onPointClick: ({ x, y }) => ui.notify(`${x}: ${y}`),
 * });
 *
 * @throws {TypeError} for a figure that is no plain data.
 */
export function plotly(figure: MaybeReactive<PlotlyFigure>, options?: PlotlyOptions): Plotly {
  return new Plotly(figure, options);
}
