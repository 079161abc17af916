export { default } from 'plotly.js-basic-dist-min';
export const missing: string | undefined = undefined;
