import type { ComponentChildren } from 'preact';
import type { PropsOf } from '../../../src/protocol/index.ts';
import { colorOf, onTheme } from '../../dom/index.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Library = typeof import('../../libraries/uplot.ts');

const palette = ['primary', 'secondary', 'success', 'warning', 'error', 'info', 'accent'];

export class LinePlot extends LibraryView<'linePlot', Library> {
  protected override load(): Promise<Library> {
    return import('../../libraries/uplot.ts');
  }

  protected override mount({ UPlot }: Library, box: HTMLDivElement): Mounted<'linePlot'> {
    const start = () => {
      const { names, time } = this.props.props;
      const ink = getComputedStyle(box).color;
      const line = { stroke: ink, grid: { stroke: colorOf(box, 'base-300'), width: 1 }, ticks: { show: false } };
      const series = names.map((label, index) => ({
        label,
        stroke: colorOf(box, palette[index % palette.length] as string),
        width: 2,
        points: { show: false },
      }));
      const options = {
        ...sizeOf(box),
        scales: { x: { time: time === true } },
        axes: [line, line],
        series: [{ label: time ? 'Time' : 'x' }, ...series],
      };
      return new UPlot(options, pointsOf(this.props.props), box);
    };
    let plot = start();
    const size = new ResizeObserver(() => plot.setSize(sizeOf(box)));
    size.observe(box);
    const theme = onTheme(() => {
      plot.destroy();
      plot = start();
    });
    return {
      update: (props) => plot.setData(pointsOf(props)),
      end: () => {
        size.disconnect();
        theme();
        plot.destroy();
      },
    };
  }

  override render(): ComponentChildren {
    return this.view('edgewise-line-plot', this.props.props.label);
  }
}

/** The legend stands below the drawing. */
function sizeOf(box: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: box.clientWidth, height: Math.max(60, box.clientHeight - 34) };
}

/** Returns the columns of the points: x, then one for each line. */
function pointsOf({ lines, names }: PropsOf<'linePlot'>): [number[], ...(number | null)[][]] {
  const rows = lines.map((line) => JSON.parse(line) as number[]);
  return [rows.map(([x = 0]) => x), ...names.map((_, index) => rows.map((row) => row[index + 1] ?? null))];
}
