export { partsOf, renderTree } from './render.ts';
