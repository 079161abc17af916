export type { Sender, Watcher } from './replica.ts';
export { ownEvent, Store, usable } from './replica.ts';
