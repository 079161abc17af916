export { isAimedAt, isFixed, isStillAimedAt } from './aimed.ts';
export { describe } from './describe.ts';
export { DryRun, type DryRunNode } from './dry-run.ts';
export { channelOf, checksum, childKey, idMask, type Key, rootKey } from './key.ts';
export { type Listener, tickEvent, type WhileRunning } from './listener.ts';
export { TreeNode } from './node.ts';
export { type Slot, slot } from './slot.ts';
export { type Origin, type Place, type SavedNode, Tree, type TreeHost } from './tree.ts';
