export type { Sender, Watcher } from './replica.ts';
export { ownEvent, Replica, usable } from './replica.ts';
