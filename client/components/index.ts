export { core, lazy } from './components.gen.ts';
export { Renderer } from './node-view.tsx';
export { ComponentLoader, type ComponentRegistry, type Lookup, load } from './registry.ts';
export type { ComponentModule, ComponentTable, ElementComponent, ElementProps, LazyComponents } from './types.ts';
