import type { Json, Kind, NodeId, Props } from '../protocol/index.ts';
import type { Key } from './key.ts';
import type { Listener } from './listener.ts';
import type { PropSignal } from './prop-signal.ts';

const none: readonly TreeNode[] = [];

/** Lines of a log: the newest ones, and how many there were. */
export interface Lines {
  readonly lines: readonly string[];
  readonly total: number;
}

/**
 * A node of a page's tree on the server. Lean: a page of a thousand nodes is ordinary. Only its
 * tree changes it; `listeners`, `owned`, `bindings`, `followed` and `ordinals` are made when first needed.
 */
export class TreeNode {
  readonly id: NodeId;
  readonly key: Key;
  readonly kind: Kind;
  readonly props: Props;
  /** True for a node that a handler built. It is stored as data, because no builder makes it again. */
  readonly dynamic: boolean;
  parent: TreeNode | undefined;
  /** True when something other than its place tells it from its siblings: a key, that of an item of a list, or the run that made it. */
  keyed = false;
  /** True when its label tells it from its siblings. */
  labelled = false;
  /** True within what is built again while the page lives: an item of `each`, a branch of `show`, a `region`. */
  inPart = false;
  /** Makes again what the builder of this part makes, for a dry run. */
  rebuild: (() => void) | undefined;
  /** Makes the part again in place, because its functions have objects that the states have no more. */
  renew: (() => void) | undefined;
  /** The user's value where it is a secret. It is in no prop, so it is neither stored nor sent. */
  secret: Json | undefined;
  /** Empties what the secret is bound to. */
  forget: (() => void) | undefined;
  children: readonly TreeNode[] = none;
  /** Children that the browser does not show now, with all that is in them: sub pages that were left. */
  parked: readonly TreeNode[] = none;
  /** True until the patch that carries the node was taken: its changes need no op of their own. */
  unsent = true;
  /** True for what the framework itself shows, which has a share of its own under each cap of a page. */
  reserved = false;
  /** False once it was removed, or when a handler had removed it before a rebuild: writes to it go nowhere. */
  alive: boolean;
  listeners: Map<string, Listener[]> | undefined;
  /** The effects and timers that end with the node. */
  owned: (() => void)[] | undefined;
  /** The functions that end the bindings of props. */
  bindings: Map<string, () => void> | undefined;
  /** The props that something follows. */
  followed: Map<string, PropSignal> | undefined;
  /** The lines of a log without those of its builder, which appends them again; undefined while the log has none of these. */
  authored: Lines | undefined;
  /** The number of lines at the beginning of a log that its builder has appended in this build. */
  introduced = 0;
  /** The props that a recorded change sets. */
  noted: string[] | undefined;
  /** The number of children of each kind so far, for the segments of the next ones. */
  ordinals: Map<string, number> | undefined;

  constructor(id: NodeId, key: Key, kind: Kind, props: Props, built: boolean, alive: boolean) {
    this.id = id;
    this.key = key;
    this.kind = kind;
    this.props = props;
    this.dynamic = built;
    this.alive = alive;
  }

  /** True when its children are within a part. */
  get holdsPart(): boolean {
    return this.inPart || this.kind === 'fragment';
  }

  /** Takes its place under a node. */
  enter(parent: TreeNode): void {
    this.parent = parent;
    this.inPart = parent.holdsPart;
  }

  /** A prop has changed. */
  changed(prop: string): void {
    this.followed?.get(prop)?.changed();
  }

  /** The lines of a log that a rebuild does not make again. */
  get storedLines(): Lines {
    if (this.authored) return this.authored;
    const { lines = [], total = 0 } = this.props as { lines?: readonly string[]; total?: number };
    return { lines, total };
  }

  /** True when neither the node nor anything around it is disabled: what a user could use. */
  get enabled(): boolean {
    for (let node: TreeNode | undefined = this; node; node = node.parent) if (node.props.disabled) return false;
    return true;
  }

  /** True when the node, or something around it, is parked. */
  get isParked(): boolean {
    for (let node: TreeNode = this; node.parent; node = node.parent) if (node.parent.parked.includes(node)) return true;
    return false;
  }

  /** True when neither the node nor anything around it is hidden: what a user could see. */
  get shown(): boolean {
    for (let node: TreeNode | undefined = this; node; node = node.parent) if (node.props.hidden) return false;
    return true;
  }
}
