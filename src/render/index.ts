export { renderTree } from './render.tsx';
