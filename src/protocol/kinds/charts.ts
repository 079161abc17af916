import type { Traits } from './kind.ts';
import type { Look } from './look.ts';

/** A named row of numbers; null is a gap. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Name of a colour of the theme. */
  readonly color: string;
}

/** A chart with axes. `labels` stand below the values. */
interface Axes {
  readonly series: readonly Series[];
  readonly labels: readonly string[];
  readonly label: string;
  readonly unit?: string;
}

/** Charts that are drawn without a script. */
export interface ChartKinds {
  lineChart: Axes & { readonly area?: boolean };
  barChart: Axes & { readonly stacked?: boolean };
  donut: {
    readonly parts: readonly { readonly name: string; readonly value: number; readonly color: string }[];
    readonly label: string;
    readonly text?: string;
  };
  sparkline: { readonly values: readonly (number | null)[]; readonly label: string } & Pick<Look, 'color'>;
}

export const chartTraits: Traits<ChartKinds> = {
  lineChart: { texts: ({ series }) => series.map(({ name }) => name) },
  barChart: { texts: ({ series }) => series.map(({ name }) => name) },
  donut: { texts: ({ parts, text }) => [text, ...parts.map(({ name }) => name)] },
  sparkline: {},
};
