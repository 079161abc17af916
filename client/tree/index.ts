export type { Edits } from './edits.ts';
export type { ComponentTree, Sender, Watcher } from './replica.ts';
export { Replica, usable } from './replica.ts';
export { isAttached, learn, twoWayProps } from './rules.ts';
