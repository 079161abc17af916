import type { Props } from '../protocol/index.ts';
import type { Key } from './key.ts';
import type { Listener } from './listener.ts';
import type { TreeNode } from './node.ts';

/** A node as it would be. */
export interface DryRunNode {
  readonly node: TreeNode;
  readonly listeners: Map<string, Listener[]>;
  readonly ordinals: Map<string, number>;
  /** What to do when it was removed and gets its last values. */
  readonly recalls: (() => void)[];
  /** The item of a list that the node is built for. */
  item?: unknown;
}

/** Elements that were removed, for code that has them still. */
export interface RemovedNodes {
  has(key: Key): boolean;
  /** Returns the props that the code knows. */
  props(key: Key): Props;
}

/** A dry run of a builder, for its functions only; the tree does not change. */
export class DryRun {
  readonly removed: RemovedNodes | undefined;
  readonly #nodes = new Map<Key, DryRunNode>();

  constructor(removed?: RemovedNodes) {
    this.removed = removed;
  }

  get nodes(): TreeNode[] {
    return [...this.#nodes.values()].map(({ node }) => node);
  }

  get(key: Key): DryRunNode | undefined {
    return this.#nodes.get(key);
  }

  at(node: TreeNode): DryRunNode {
    let known = this.#nodes.get(node.key);
    if (!known) this.#nodes.set(node.key, (known = { node, listeners: new Map(), ordinals: new Map(), recalls: [] }));
    return known;
  }

  /** Gives the removed nodes their last values. */
  recall(removed: RemovedNodes): void {
    for (const { node, recalls } of this.#nodes.values()) {
      if (!node.alive && removed.has(node.key)) Object.assign(node.props, removed.props(node.key));
      for (const recall of recalls) recall();
    }
  }

  listen(node: TreeNode, event: string, listener: Listener): void {
    const { listeners } = this.at(node);
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  }
}
