import { ContextKey } from '../context/index.ts';
import type { TreeNode } from './node.ts';

/** Where new elements go. */
export interface Slot {
  readonly node: TreeNode;
  /** True while a builder runs (a page function, an item of `each`, a branch of `show`): what it makes can be made again. */
  readonly structural: boolean;
}

/** The slot of the code that runs. */
export const slot = new ContextKey<Slot>('page');
