import { isSet, ProtocolError } from './codec.ts';
import type { NodeId, NodeLiteral, Op, Props } from './frames.ts';
import type { Json } from './json.ts';

/** An element as the browser shows it. Only its mirror writes it. */
export interface MirrorNode {
  /** Number of the node in its page. */
  readonly id: NodeId;
  /** Kind of the element: `button`. */
  readonly kind: string;
  /** The props of the element. */
  readonly props: Props;
  /** The children in order. */
  readonly children: readonly MirrorNode[];
  /** The parent; undefined for the root. */
  readonly parent: MirrorNode | undefined;
}

/** The owner of a {@link Mirror}. Its methods are called after a change and must not change the mirror. */
export interface MirrorHost {
  /** Called after a change of the node's props. `prop` is undefined when several may have changed. */
  propsChanged(node: MirrorNode, prop: string | undefined): void;
  /** Called after a change of the node's list of children. */
  childrenChanged(node: MirrorNode): void;
  /** Called once for each removed node, with its descendants. */
  removed(node: MirrorNode): void;
  /** Called for a command, each time that it comes. */
  commanded(node: MirrorNode, number: number, method: string, args: readonly Json[]): void;
  /**
   * Called before a patch or snapshot sets a prop. Returns false to retain the present value, because the user is typing into it.
   * `event` is the last event whose effects the value contains; undefined when the patch did not name it.
   */
  accepts(node: MirrorNode, prop: string, value: Json | undefined, event: number | undefined): boolean;
}

interface Mutable {
  readonly id: NodeId;
  readonly kind: string;
  props: Props;
  children: Mutable[];
  parent: Mutable | undefined;
}

/**
 * The receiver's copy of a page's tree. It defines the meaning of each op.
 * The browser and the test kit each own one, with a host that draws or records.
 */
export class Mirror {
  #nodes = new Map<NodeId, Mutable>();
  #host: MirrorHost;
  #root: Mutable;

  constructor(root: NodeLiteral, host: MirrorHost) {
    this.#host = host;
    this.#root = this.#adopt(root, undefined);
  }

  get root(): MirrorNode {
    return this.#root;
  }

  get(id: NodeId): MirrorNode | undefined {
    return this.#nodes.get(id);
  }

  /**
   * Applies one op. `event` is the last event whose effects the op contains, when the patch named it.
   *
   * @throws {ProtocolError} when the op does not fit the tree. The tree then differs from the server's; request a snapshot.
   */
  apply(op: Op, event?: number): void {
    if (isSet(op)) {
      const node = this.#need(op[0]);
      this.#set(node, op[1], op[2], event);
      return;
    }
    switch (op[0]) {
      case '+': {
        const [, id, index, ...nodes] = op;
        const parent = this.#need(id);
        place(
          parent,
          index,
          nodes.map((node) => this.#adopt(node, parent)),
        );
        this.#host.childrenChanged(parent);
        return;
      }
      case '-': {
        const [, ...ids] = op;
        const nodes = new Set(ids.map((id) => this.#need(id)));
        const parents = new Set([...nodes].map((node) => node.parent));
        if (parents.has(undefined)) throw misfit(this.#root.id);
        for (const node of nodes) this.#drop(node);
        for (const parent of parents as Set<Mutable>) {
          parent.children = parent.children.filter((child) => !nodes.has(child));
          this.#host.childrenChanged(parent);
        }
        return;
      }
      case '>': {
        const node = this.#need(op[1]);
        const to = this.#need(op[2]);
        const from = node.parent;
        if (!from) throw misfit(this.#root.id);
        from.children = from.children.toSpliced(from.children.indexOf(node), 1);
        node.parent = to;
        place(to, op[3], [node]);
        this.#host.childrenChanged(to);
        if (from !== to) this.#host.childrenChanged(from);
        return;
      }
      case '=': {
        const [, id, ...ids] = op;
        const parent = this.#need(id);
        const children = ids.map((child) => this.#need(child));
        if (new Set(ids).size !== parent.children.length || children.some((child) => child.parent !== parent)) {
          throw misfit(id);
        }
        parent.children = children;
        this.#host.childrenChanged(parent);
        return;
      }
      case 'a': {
        const node = this.#need(op[1]);
        const max = node.props.max;
        const lines = [...((node.props.lines as Json[] | undefined) ?? []), ...op[2]];
        node.props = {
          ...node.props,
          lines: typeof max === 'number' ? lines.slice(-max) : lines,
          total: op[3],
        };
        this.#host.propsChanged(node, 'lines');
        return;
      }
      case '!': {
        const [, number, id, method, ...args] = op;
        this.#host.commanded(this.#need(id), number, method, args);
        return;
      }
      default: {
        const never: never = op;
        throw misfit(never);
      }
    }
  }

  /** Turns the tree into the given one and changes only differences. A node with the same id and kind stays the same object. */
  reset(root: NodeLiteral, event: number): void {
    if (root[0] !== this.#root.id || root[1] !== this.#root.kind) {
      throw misfit(this.#root.id);
    }
    // A node that the new tree contains elsewhere stays the same object, even when its old parent is removed.
    const wanted = new Map<NodeId, string>();
    collect(root, wanted);
    for (const node of [...this.#nodes.values()]) {
      if (wanted.get(node.id) === node.kind) continue;
      this.#nodes.delete(node.id);
      this.#host.removed(node);
    }
    this.#morph(this.#root, root, event);
  }

  #morph(node: Mutable, literal: NodeLiteral, event: number): void {
    const next = literal[2] as Props;
    for (const prop of Object.keys(node.props)) {
      if (!Object.hasOwn(next, prop)) this.#set(node, prop, undefined, event);
    }
    for (const [prop, value] of Object.entries(next)) {
      if (JSON.stringify(node.props[prop]) !== JSON.stringify(value)) this.#set(node, prop, value, event);
    }
    const wanted = literal[3] ?? [];
    const before = node.children;
    const after = wanted.map((child) => this.#adopt(child, node, event));
    const changed = before.length !== after.length || before.some((child, index) => child !== after[index]);
    if (!changed) return;
    node.children = after;
    this.#host.childrenChanged(node);
  }

  /**
   * Returns the node of a literal. With `event`, that is the present node with new props, or a new node, whose descendants may be
   * present nodes. Without, all are new.
   */
  #adopt(source: NodeLiteral, parent: Mutable | undefined, event?: number): Mutable {
    const [id, kind, props, children = []] = source;
    const old = this.#nodes.get(id);
    if (old) {
      if (event === undefined) throw misfit(id);
      old.parent = parent;
      this.#morph(old, source, event);
      return old;
    }
    const node: Mutable = { id, kind, props: { ...props } as Props, children: [], parent };
    this.#nodes.set(id, node);
    node.children = children.map((child) => this.#adopt(child, node, event));
    return node;
  }

  #set(node: Mutable, prop: string, value: Json | undefined, event: number | undefined): void {
    if (!this.#host.accepts(node, prop, value, event)) return;
    const props = { ...node.props };
    if (value === undefined) delete props[prop];
    else props[prop] = value;
    node.props = props;
    this.#host.propsChanged(node, prop);
  }

  /** Sets a prop for the user, because typed text shows before the server has it. */
  write(id: NodeId, prop: string, value: Json): void {
    const node = this.#nodes.get(id);
    if (node) node.props = { ...node.props, [prop]: value };
  }

  #drop(node: Mutable): void {
    this.#nodes.delete(node.id);
    this.#host.removed(node);
    for (const child of node.children) this.#drop(child);
  }

  #need(id: NodeId): Mutable {
    const node = this.#nodes.get(id);
    if (!node) throw misfit(id);
    return node;
  }
}

/** Returns a tree as a literal, as in a snapshot. */
export function literalOf({ id, kind, props, children }: MirrorNode): NodeLiteral {
  return children.length === 0 ? [id, kind, props] : [id, kind, props, children.map(literalOf)];
}

/** One message for all, because the browser reads none: it asks for the whole tree. */
function misfit(what: NodeId | Op): ProtocolError {
  return new ProtocolError(`${what} does not fit the tree.`);
}

function place(parent: Mutable, index: number, nodes: readonly Mutable[]): void {
  if (index < 0 || index > parent.children.length) throw misfit(parent.id);
  parent.children = parent.children.toSpliced(index, 0, ...nodes);
}

function collect(source: NodeLiteral, into: Map<NodeId, string>): void {
  into.set(source[0], source[1]);
  for (const child of source[3] ?? []) collect(child, into);
}
