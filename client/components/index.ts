export { loadChunk } from './chunk.ts';
export { core } from './core.gen.ts';
export {
  type ComponentContext,
  type ComponentDefinition,
  type ComponentMount,
  defineComponent,
  type MountedComponent,
} from './definitions.ts';
export { type ClientFunctions, expose } from './exposed.ts';
export { Renderer } from './node-view.tsx';
export { ComponentLoader, type ComponentRegistry, type Missing, type Part } from './registry.ts';
export type { ComponentModule, ComponentTable, ElementComponent, ElementProps, LazyComponents } from './types.ts';
