import 'uplot/dist/uPlot.min.css';

export { default as UPlot } from 'uplot';
export const missing: string | undefined = undefined;
