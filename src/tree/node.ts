import type { Json, Kind, NodeId, Props } from '../protocol/index.ts';
import type { Key } from './key.ts';
import type { Tree } from './tree.ts';

/**
 * What a second trigger of a handler does while it still runs: `parallel` starts it again, `ignore` drops the trigger,
 * `queue` starts it after the run, `restart` cancels the run and starts again.
 */
export type WhileRunning = 'parallel' | 'ignore' | 'queue' | 'restart';

/** A function that hears an event of a node. */
export interface Listener {
  readonly hear: (value: Json | undefined, event: string) => unknown;
  readonly whileRunning: WhileRunning;
  /** The author's own function, which `hear` calls. */
  readonly author: (...args: never) => unknown;
}

/** What a prop of a node follows. */
export interface Binding {
  /** What the prop is to be now. */
  readonly value: () => unknown;
  readonly end: () => void;
}

const none: readonly TreeNode[] = [];

/**
 * A node of a page's tree on the server. Lean: a page of a thousand nodes is ordinary.
 * Only {@link Tree} changes it; `listeners`, `owned`, `bindings` and `ordinals` are made when first needed.
 */
export class TreeNode {
  readonly tree: Tree;
  readonly id: NodeId;
  readonly key: Key;
  readonly kind: Kind;
  readonly props: Props;
  /** True for what a handler built: no builder makes it again, so it is kept as data. */
  readonly dynamic: boolean;
  parent: TreeNode | undefined;
  /** Makes again what the builder of this part makes, for {@link Tree.dryRun}. */
  rebuild: (() => void) | undefined;
  children: readonly TreeNode[] = none;
  /** True until the patch that carries the node was taken: its changes need no op of their own. */
  unsent = true;
  /** False once it was removed, or when a handler had removed it before a rebuild: writes to it go nowhere. */
  alive: boolean;
  listeners: Map<string, Listener[]> | undefined;
  /** What ends with the node: effects, timers. The node owns them. */
  owned: (() => void)[] | undefined;
  /** Props that follow signals. The node owns what follows. */
  bindings: Map<string, Binding> | undefined;
  /** How many children of each sort were made so far, for the segments of the next ones. */
  ordinals: Map<string, number> | undefined;

  constructor(tree: Tree, id: NodeId, key: Key, kind: Kind, props: Props, built: boolean, alive: boolean) {
    this.tree = tree;
    this.id = id;
    this.key = key;
    this.kind = kind;
    this.props = props;
    this.dynamic = built;
    this.alive = alive;
  }

  /** Ties something to the node's life; runs at once when the node is gone already. */
  own(dispose: () => void): void {
    if (!this.alive || this.tree.activeDryRun) {
      dispose();
      return;
    }
    this.owned ??= [];
    this.owned.push(dispose);
  }

  /** Has a prop follow something, instead of what it followed before. */
  bind(prop: string, binding: Binding): void {
    this.unbind(prop);
    if (!this.alive) {
      binding.end();
      return;
    }
    this.bindings ??= new Map();
    this.bindings.set(prop, binding);
  }

  unbind(prop: string): void {
    this.bindings?.get(prop)?.end();
    this.bindings?.delete(prop);
  }

  /** Ends all that the node owns. */
  release(): void {
    for (const { end } of this.bindings?.values() ?? []) end();
    this.bindings = undefined;
    for (const dispose of this.owned ?? []) dispose();
    this.owned = undefined;
  }

  /** Counts one more of a sort and says which it is, from 0. */
  ordinal(sort: string): number {
    this.ordinals ??= new Map();
    const ordinals = this.tree.activeDryRun?.at(this).ordinals ?? this.ordinals;
    const next = ordinals.get(sort) ?? 0;
    ordinals.set(sort, next + 1);
    return next;
  }

  /** True when neither the node nor anything around it is disabled: what a user could use. */
  get enabled(): boolean {
    for (let node: TreeNode | undefined = this; node; node = node.parent) if (node.props.disabled) return false;
    return true;
  }

  /** True when neither the node nor anything around it is hidden: what a user could see. */
  get shown(): boolean {
    for (let node: TreeNode | undefined = this; node; node = node.parent) if (node.props.hidden) return false;
    return true;
  }
}
