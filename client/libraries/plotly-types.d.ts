/** What is used of Plotly. */
declare module 'plotly.js-basic-dist-min' {
  interface Click {
    readonly points: readonly {
      readonly curveNumber: number;
      readonly pointNumber?: number;
      readonly x?: unknown;
      readonly y?: unknown;
    }[];
  }
  interface Plot extends HTMLElement {
    on(event: 'plotly_click', hear: (click: Click) => void): void;
  }
  type Draw = (box: HTMLElement, data: readonly object[], layout: object, config: object) => Promise<Plot>;
  const Plotly: {
    readonly newPlot: Draw;
    readonly react: Draw;
    readonly purge: (box: HTMLElement) => void;
    readonly Plots: { readonly resize: (box: HTMLElement) => void };
  };
  export default Plotly;
}
