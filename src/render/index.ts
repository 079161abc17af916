export { partsOf, renderTree } from './render.tsx';
