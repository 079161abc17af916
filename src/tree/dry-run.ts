import type { Key } from './key.ts';
import type { Listener, TreeNode } from './node.ts';

/** A node as it would be. */
export interface DryRunNode {
  readonly node: TreeNode;
  readonly listeners: Map<string, Listener[]>;
  readonly ordinals: Map<string, number>;
}

/** What a builder would make: it is run for its functions, and nothing of the tree changes. */
export class DryRun {
  readonly #nodes = new Map<Key, DryRunNode>();

  get(key: Key): DryRunNode | undefined {
    return this.#nodes.get(key);
  }

  at(node: TreeNode): DryRunNode {
    let imagined = this.#nodes.get(node.key);
    if (!imagined) this.#nodes.set(node.key, (imagined = { node, listeners: new Map(), ordinals: new Map() }));
    return imagined;
  }

  hear(node: TreeNode, event: string, listener: Listener): void {
    const { listeners } = this.at(node);
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  }
}
