export type { TaskUse } from '../vite/bundle.ts';
export { type Build, type BuildRequest, build } from './build.ts';
export { watch } from './watch.ts';
