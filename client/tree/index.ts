export type { Sender, Watcher } from './store.ts';
export { ownEvent, Store, usable } from './store.ts';
