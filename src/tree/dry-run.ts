import type { Key } from './key.ts';
import type { Listener } from './listener.ts';
import type { TreeNode } from './node.ts';

/** A node as it would be. */
export interface DryRunNode {
  readonly node: TreeNode;
  readonly listeners: Map<string, Listener[]>;
  readonly ordinals: Map<string, number>;
}

/** A dry run of a builder, for its functions only; the tree does not change. */
export class DryRun {
  readonly #nodes = new Map<Key, DryRunNode>();

  get(key: Key): DryRunNode | undefined {
    return this.#nodes.get(key);
  }

  at(node: TreeNode): DryRunNode {
    let known = this.#nodes.get(node.key);
    if (!known) this.#nodes.set(node.key, (known = { node, listeners: new Map(), ordinals: new Map() }));
    return known;
  }

  listen(node: TreeNode, event: string, listener: Listener): void {
    const { listeners } = this.at(node);
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  }
}
