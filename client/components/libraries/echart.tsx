import type { ComponentChildren } from 'preact';
import type { Json, JsonObject, PropsOf } from '../../../src/protocol/index.ts';
import { colorOf, isDark, onTheme } from '../../dom/index.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Library = typeof import('../../libraries/echarts.ts');

const palette = ['primary', 'secondary', 'accent', 'info', 'success', 'warning', 'error'];

export class Echart extends LibraryView<'echart', Library> {
  protected override load(): Promise<Library> {
    return import('../../libraries/echarts.ts');
  }

  protected override mount({ init }: Library, box: HTMLDivElement): Mounted<'echart'> {
    const { node, replica } = this.props;
    const start = () => {
      const chart = init(box, isDark(box) ? 'dark' : undefined);
      chart.setOption(withTheme(optionOf(this.props.props), box));
      chart.on('click', ({ seriesIndex = 0, dataIndex = 0, name = '' }) =>
        replica.emit(node, 'point', { series: seriesIndex, index: dataIndex, name: String(name).slice(0, 1_000) }),
      );
      return chart;
    };
    let chart = start();
    const size = new ResizeObserver(() => chart.resize());
    size.observe(box);
    const theme = onTheme(() => {
      chart.dispose();
      chart = start();
    });
    return {
      update: (props) => chart.setOption(withTheme(optionOf(props), box), { notMerge: true }),
      end: () => {
        size.disconnect();
        theme();
        chart.dispose();
      },
      methods: {
        dispatch: (action: JsonObject) => chart.dispatchAction(action as never),
        image: () => chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colorOf(box, 'base-100') }),
      },
    };
  }

  override render(): ComponentChildren {
    return this.view('edgewise-echart', this.props.props.label);
  }
}

/** Returns the option object with the data of its series. */
function optionOf(props: PropsOf<'echart'>): JsonObject {
  const { series } = props.option;
  if (!Array.isArray(series)) return props.option;
  const whole = (series as JsonObject[]).map((one, index) => {
    if (typeof one.data !== 'number') return one;
    const data: Json[] = [];
    for (let at = 0; data.length < one.data; at++) {
      const more = props[`d${index}.${at}`] ?? [];
      if (more.length === 0) break;
      data.push(...more);
    }
    return { ...one, data: data.slice(0, one.data) };
  });
  return { ...props.option, series: whole };
}

/** Adds the theme's colours and font. Tooltips are drawn, because those of ECharts are texts of HTML otherwise. */
function withTheme(option: JsonObject, box: HTMLElement): Record<string, unknown> {
  const drawn = (tooltip: Json | undefined): Json | undefined =>
    Array.isArray(tooltip)
      ? tooltip.map((one) => drawn(one) as Json)
      : tooltip && { ...(tooltip as JsonObject), renderMode: 'richText' };
  return {
    color: palette.map((name) => colorOf(box, name)),
    backgroundColor: 'transparent',
    textStyle: { fontFamily: getComputedStyle(box).fontFamily },
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    ...option,
    ...(option.tooltip !== undefined && { tooltip: drawn(option.tooltip) }),
  };
}
