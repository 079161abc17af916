import type { ComponentChildren } from 'preact';
import type { PropsOf } from '../../../src/protocol/index.ts';
import { colorOf, onTheme } from '../../dom/index.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Library = typeof import('../../libraries/plotly.ts');

const palette = ['primary', 'secondary', 'accent', 'info', 'success', 'warning', 'error'];

export class Plotly extends LibraryView<'plotly', Library> {
  protected override load(): Promise<Library> {
    takeStyles();
    return import('../../libraries/plotly.ts');
  }

  protected override mount({ default: library }: Library, box: HTMLDivElement): Mounted<'plotly'> {
    const { node, replica } = this.props;
    const draw = (how: 'newPlot' | 'react') => {
      const { data, layout, config } = figureOf(this.props.props, box);
      return library[how](box, data, layout, config);
    };
    void draw('newPlot').then((plot) =>
      plot.on('plotly_click', ({ points: [point] }) => {
        if (!point) return;
        const { curveNumber: trace, pointNumber: index = 0, x, y } = point;
        replica.emit(node, 'point', { trace, index, x: atAxis(x), y: atAxis(y) });
      }),
    );
    const size = new ResizeObserver(() => library.Plots.resize(box));
    size.observe(box);
    const theme = onTheme(() => void draw('react'));
    return {
      update: () => void draw('react'),
      end: () => {
        size.disconnect();
        theme();
        library.purge(box);
      },
    };
  }

  override render(): ComponentChildren {
    return this.view('edgewise-plotly', this.props.props.label);
  }
}

function figureOf(props: PropsOf<'plotly'>, box: HTMLElement) {
  const text = colorOf(box, 'base-content');
  const lines = { gridcolor: colorOf(box, 'base-300'), linecolor: text, zerolinecolor: colorOf(box, 'base-300') };
  const template = {
    layout: {
      colorway: palette.map((name) => colorOf(box, name)),
      paper_bgcolor: 'transparent',
      plot_bgcolor: 'transparent',
      font: { color: text, family: getComputedStyle(box).fontFamily },
      margin: { t: 40, r: 16, b: 48, l: 48 },
      xaxis: { ...lines, automargin: true },
      yaxis: { ...lines, automargin: true },
      modebar: { bgcolor: 'transparent', color: text },
    },
  };
  return {
    data: Array.from({ length: props.traces }, (_, at) => structuredClone(props[`t${at}`] ?? {})),
    layout: { template, autosize: true, ...structuredClone(props.layout) },
    // Its logo and its notes are texts of markup, which no page may set; and no button gives the data to others.
    config: { showSendToCloud: false, ...props.config, displaylogo: false, displayNotifier: false },
  };
}

function atAxis(value: unknown): number | string | null {
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

/**
 * Gives Plotly a style sheet for its rules, because it would add an element with a text of styles, which no page may. It finds the
 * sheet by the id of such an element.
 */
function takeStyles(): void {
  const id = 'plotly.js-style-global';
  if (document.getElementById(id)) return;
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const owner = Object.assign(document.createElement('meta'), { id });
  Object.defineProperty(owner, 'sheet', { value: sheet });
  document.head.append(owner);
}
