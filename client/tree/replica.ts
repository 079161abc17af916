import type { Timing } from '../../src/clock/index.ts';
import {
  type Aimed,
  aimOf,
  type EventFrame,
  type Json,
  Mirror,
  type MirrorHost,
  type MirrorNode,
  type NodeId,
  type NodeLiteral,
  nodeOf,
  type Op,
} from '../../src/protocol/index.ts';
import type { EditHost, Edits } from './edits.ts';

/** The view of one node. */
export interface Watcher {
  /** Called after a change of the node's props or children. */
  changed(): void;
  /**
   * Calls a method of the component after all earlier changes are shown, and returns what it returns.
   *
   * @param begins is called right before the method. False calls it off.
   */
  called(method: string, args: readonly Json[], begins?: () => boolean): unknown;
}

/** The receiver of events: the connection. */
export interface Sender {
  /** Sends an event. Returns its number; undefined when it was refused for now, `'too long'` when it can never be sent. */
  send(target: Aimed, event: string, value?: Json, latest?: boolean, base?: number): number | 'too long' | undefined;
  readonly acked: number;
  /** Events not yet acknowledged, oldest first. */
  readonly pending: readonly EventFrame[];
}

/** What components use of a tree. */
export interface ComponentTree {
  readonly clock: Timing;
  readonly root: MirrorNode;
  get(id: NodeId): MirrorNode | undefined;
  use(editing: typeof Edits): unknown;
  watch(node: MirrorNode, watcher: Watcher): void;
  unwatch(node: MirrorNode, watcher: Watcher): void;
  emit(node: MirrorNode, event: string, value?: Json): void;
  edit(node: MirrorNode, event: string, value: Json, pause?: number, held?: boolean): void;
  move(node: MirrorNode, event: string, value: Json): void;
  flush(): void;
  call(node: MirrorNode, method: string, args: readonly Json[]): unknown;
}

/**
 * The visible tree of the page: a mirror of the session's tree, the views of its nodes, and the person's unsent changes. It uses
 * neither DOM nor network.
 *
 * A prop that both sides write (the value of an input) converges by event numbers. The person's value is shown at once and
 * travels as event n. The replica refuses a value from the session while typed text is unsent, and when the value was made before
 * n was handled. The session's value after n replaces the visible one.
 */
export class Replica implements ComponentTree, MirrorHost, EditHost {
  readonly clock: Timing;
  readonly #mirror: Mirror;
  readonly #watchers = new Map<MirrorNode, Watcher>();
  readonly #dirty = new Set<MirrorNode>();
  /** Method calls for nodes that are not shown yet. */
  readonly #calls = new Map<MirrorNode, ((watcher: Watcher) => void)[]>();
  /** The numbers of commands that have not begun. */
  readonly #commands = new Set<number>();
  #sender: Sender | undefined;
  /** Send what happened before there was a sender. */
  #early: (() => void)[] = [];
  #edits: Edits | undefined;
  /** Events of an earlier document, and the last event whose effects the tree contains. */
  #earlier: readonly [pending: readonly EventFrame[], handled: number] = [[], 0];

  constructor(tree: NodeLiteral, clock: Timing) {
    this.clock = clock;
    this.#mirror = new Mirror(tree, this);
  }

  /** Lets a person change two-way values. A page without such an element does without. */
  use(Editing: typeof Edits): this {
    if (!this.#edits) {
      this.#edits = new Editing(this);
      this.#edits.restore(...this.#earlier);
    }
    return this;
  }

  get root(): MirrorNode {
    return this.#mirror.root;
  }

  get(id: NodeId): MirrorNode | undefined {
    return this.#mirror.get(id);
  }

  /**
   * Sets the receiver of events and sends the earlier ones. `pending` are events of an earlier document that the session may
   * not have handled. Values of events after `handled` are shown again, because the tree lacks them. With `replaced`,
   * another tree has arrived since the first events. They are dropped, because they may name other nodes; typed text stays.
   */
  attach(sender: Sender, pending: readonly EventFrame[] = [], handled = 0, replaced = false): void {
    this.#sender = sender;
    this.#earlier = [pending, handled];
    this.#edits?.restore(pending, handled);
    for (const send of this.#early.splice(0)) if (!replaced) send();
    this.#notify();
  }

  /** A node has one watcher; a later one replaces it. */
  watch(node: MirrorNode, watcher: Watcher): void {
    this.#watchers.set(node, watcher);
    const calls = this.#calls.get(node);
    this.#calls.delete(node);
    for (const call of calls ?? []) call(watcher);
  }

  unwatch(node: MirrorNode, watcher: Watcher): void {
    if (this.#watchers.get(node) === watcher) this.#watchers.delete(node);
  }

  /**
   * Sends an event of a node, after everything typed so far. An event that writes a prop shows it at once.
   * A node that is disabled or hidden, itself or above, sends nothing.
   */
  emit(node: MirrorNode, event: string, value?: Json): void {
    if (this.get(node.id) !== node || !usable(node)) return;
    if (value !== undefined && this.#edits?.writes(node, event)) {
      this.edit(node, event, value);
      this.flush();
      return;
    }
    const target: Aimed = [node.id, aimOf(node)];
    // A session that has slept has no secrets: they come again before what may need them.
    this.#edits?.offerSecrets();
    const flush = this.#edits?.capture();
    const send = () => {
      flush?.();
      this.#sender?.send(target, event, value);
    };
    if (this.#sender) send();
    else this.#early.push(send);
  }

  /** Records typed text. It shows at once and is sent after `pause` milliseconds, or with the next {@link flush}. */
  edit(node: MirrorNode, event: string, value: Json, pause?: number, held?: boolean): void {
    this.#edits?.edit(node, event, value, pause, held);
    this.#notify();
  }

  /** Records a value of a control that moves. It shows at once, and is sent at once unless another one was just sent. */
  move(node: MirrorNode, event: string, value: Json): void {
    this.#edits?.move(node, event, value);
    this.#notify();
  }

  /** Sends all typed text, except unfinished compositions. */
  flush(): void {
    this.#edits?.flush();
  }

  send(...event: Parameters<EditHost['send']>): ReturnType<EditHost['send']> {
    return this.#sender?.send(...event);
  }

  /** Applies a patch: ops, and numbers of the last event whose effects the following ops contain. */
  patch(ops: readonly (Op | number)[]): void {
    let event: number | undefined;
    try {
      for (const op of ops) {
        if (typeof op === 'number') event = op;
        else this.#mirror.apply(op, event);
      }
    } finally {
      this.#notify();
    }
  }

  /** Applies a whole tree as a difference. For another page it clears the numbers of sent events. */
  reset(root: NodeLiteral, event: number, fresh: boolean): void {
    if (fresh) this.#edits?.forget();
    try {
      // The session may have lost secrets, and does not send them in any case.
      this.#edits?.offerSecrets();
      this.#mirror.reset(root, event);
    } finally {
      this.#notify();
    }
  }

  accepts(node: MirrorNode, prop: string, value: Json | undefined, event: number | undefined): boolean {
    return this.#edits?.accepts(node, prop, value, event ?? this.#sender?.acked ?? 0) ?? true;
  }

  propsChanged(node: MirrorNode): void {
    this.#dirty.add(node);
  }

  childrenChanged(node: MirrorNode): void {
    this.#dirty.add(node);
  }

  removed(node: MirrorNode): void {
    this.#dirty.delete(node);
    this.#calls.delete(node);
    this.#edits?.drop(node);
  }

  /**
   * Begins a command once, however often it comes. That it has begun is an event, so it is stored until the session knows it, also
   * for another document of the page.
   */
  commanded(node: MirrorNode, number: number, method: string, args: readonly Json[]): void {
    const begun = this.#sender?.pending.some(
      ([, target, event, value]) => nodeOf(target) === 1 && event === 'done' && value === number,
    );
    if (begun || this.#commands.has(number)) return;
    this.#commands.add(number);
    void this.call(node, method, args, () => {
      this.#commands.delete(number);
      return this.#sender?.send(1, 'done', number) !== undefined;
    });
  }

  /** Calls a method of a node's component once the node is shown, and returns what it returns; see {@link Watcher.called}. */
  call(node: MirrorNode, method: string, args: readonly Json[], begins?: () => boolean): unknown {
    const watcher = this.#watchers.get(node);
    if (watcher) return watcher.called(method, args, begins);
    return new Promise((resolve) => {
      const calls = this.#calls.get(node) ?? [];
      this.#calls.set(node, [...calls, (shown) => resolve(shown.called(method, args, begins))]);
    });
  }

  write(id: NodeId, prop: string, value: Json): void {
    this.#mirror.write(id, prop, value);
    const node = this.get(id);
    if (node) this.#dirty.add(node);
  }

  #notify(): void {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const node of dirty) this.#watchers.get(node)?.changed();
  }
}

/** Returns false when the node, or an ancestor, is disabled or hidden. */
export function usable(node: MirrorNode): boolean {
  for (let at: MirrorNode | undefined = node; at; at = at.parent) {
    if (at.props.disabled || at.props.hidden) return false;
  }
  return true;
}
