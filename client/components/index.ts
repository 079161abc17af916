export { core } from './core.ts';
export { type Finder, type Found, Loader, lazy } from './lazy.ts';
export { NodeView, Page } from './node.tsx';
export type { Show, Shown, Table } from './shown.ts';
