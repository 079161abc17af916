import type { Clock, Timer } from '../../src/clock/index.ts';
import {
  type Aimed,
  aimOf,
  isTwoWay,
  type Json,
  Mirror,
  type MirrorHost,
  type MirrorNode,
  type NodeId,
  type NodeLiteral,
  nodeOf,
  type Op,
  ruleOf,
} from '../../src/protocol/index.ts';

/** The view of one node. */
export interface Watcher {
  /** Called after a change of the node's props or children. */
  changed(): void;
  /** Calls a method of the component after all earlier changes are shown. */
  called(method: string, args: readonly Json[]): void;
}

/** The receiver of events: the connection. */
export interface Sender {
  /** Sends an event. Returns its number, or undefined when it was refused. */
  send(target: Aimed, event: string, value?: Json, latest?: boolean): number | undefined;
  readonly acked: number;
}

/** Typed text that is not sent yet. */
interface Edit {
  /** The target when the person began to type. */
  readonly target: Aimed;
  readonly event: string;
  readonly value: Json;
  /** True during composition (IME), when the text must not be sent, not even before another event. */
  readonly held: boolean;
}

/** Milliseconds without a key before typed text is sent. */
const typingPause = 300;
/** Milliseconds until a refused edit is retried. The connection refuses edits while too many events wait. */
const refusedPause = 1_000;

/**
 * The visible tree of the page: a mirror of the session's tree, the views of its nodes, and the person's unsent changes. It uses
 * neither DOM nor network.
 *
 * A prop that both sides write (the value of an input) converges by event numbers. The person's value is shown at once and
 * travels as event n. The replica refuses a value from the session while typed text is unsent, and when the value was made before
 * n was handled. The session's value after n replaces the visible one.
 */
export class Replica implements MirrorHost {
  readonly #clock: Clock;
  readonly #mirror: Mirror;
  readonly #watchers = new Map<MirrorNode, Watcher>();
  readonly #dirty = new Set<MirrorNode>();
  /** Method calls for nodes that are not shown yet. */
  readonly #calls = new Map<MirrorNode, [method: string, args: readonly Json[]][]>();
  #sender: Sender | undefined;
  /** Events from before there was a sender. */
  #early: [target: Aimed, event: string, value?: Json][] = [];
  /** Unsent edits by node and prop. */
  readonly #edits = new Map<string, Edit>();
  /** Number of the last event that carried a prop, by node and prop. */
  readonly #sent = new Map<string, number>();
  #timer: Timer;
  #flushing = false;

  constructor(tree: NodeLiteral, clock: Clock) {
    this.#clock = clock;
    this.#mirror = new Mirror(tree, this);
  }

  get root(): MirrorNode {
    return this.#mirror.root;
  }

  get(id: NodeId): MirrorNode | undefined {
    return this.#mirror.get(id);
  }

  /** Returns the tree as a literal, to compare it with the session's. */
  literal(): NodeLiteral {
    return this.#mirror.literal();
  }

  /**
   * Sets the receiver of events and sends the earlier ones. `pending` are events of an earlier document that the session may
   * not have handled. Values of events after `handled` are shown again, because the tree lacks them. With `replaced`,
   * another tree has arrived since the first events. They are dropped, because they may name other nodes; typed text stays.
   */
  attach(
    sender: Sender,
    pending: readonly (readonly [number, Aimed, string, Json?])[] = [],
    handled = 0,
    replaced = false,
  ): void {
    this.#sender = sender;
    for (const [target, event, value] of this.#early.splice(0)) {
      if (!replaced) sender.send(target, event, value);
    }
    for (const [number, target, event, value] of pending) {
      const id = nodeOf(target);
      const node = this.get(id);
      if (!node || !writes(node, event) || value === undefined) continue;
      this.#sent.set(place(id, event), number);
      if (number > handled) this.#write(id, event, value);
    }
    this.#notify();
  }

  /** A node has one watcher; a later one replaces it. */
  watch(node: MirrorNode, watcher: Watcher): void {
    this.#watchers.set(node, watcher);
    const calls = this.#calls.get(node);
    this.#calls.delete(node);
    for (const [method, args] of calls ?? []) watcher.called(method, args);
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
    if (writes(node, event) && value !== undefined) {
      this.edit(node, event, value);
      this.flush();
      return;
    }
    const target: Aimed = [node.id, aimOf(node)];
    this.flush();
    if (this.#sender) this.#sender.send(target, event, value);
    else this.#early.push([target, event, value]);
  }

  /** Records typed text. It shows at once and is sent after `pause`, or with the next {@link flush}. */
  edit(node: MirrorNode, event: string, value: Json, pause = typingPause, held = false): void {
    if (!writes(node, event) || this.get(node.id) !== node) return;
    const key = place(node.id, event);
    const target = this.#edits.get(key)?.target ?? [node.id, aimOf(node)];
    this.#edits.set(key, { target, event, value, held });
    this.#write(node.id, event, value);
    this.#notify();
    if (!held) this.#later(pause);
  }

  /** Sends all typed text, except unfinished compositions. */
  flush(): void {
    if (this.#flushing || this.#edits.size === 0) return;
    this.#flushing = true;
    for (const [key, { target, event, value, held }] of this.#edits) {
      if (held) continue;
      const number = this.#sender?.send(target, event, value, true);
      if (number === undefined) {
        this.#later(refusedPause);
        break;
      }
      this.#edits.delete(key);
      this.#sent.set(key, number);
    }
    this.#flushing = false;
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
    if (fresh) this.#sent.clear();
    try {
      this.#mirror.reset(root, event);
    } finally {
      this.#notify();
    }
  }

  accepts(node: MirrorNode, prop: string, _value: Json | undefined, event: number | undefined): boolean {
    const key = place(node.id, prop);
    if (this.#edits.has(key)) return false;
    const sent = this.#sent.get(key);
    return sent === undefined || sent <= (event ?? this.#sender?.acked ?? 0);
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
    for (const prop of ruleOf(node.kind).writes ?? []) {
      const key = place(node.id, prop);
      this.#edits.delete(key);
      this.#sent.delete(key);
    }
  }

  called(node: MirrorNode, method: string, args: readonly Json[]): void {
    const watcher = this.#watchers.get(node);
    if (watcher) {
      watcher.called(method, args);
      return;
    }
    const calls = this.#calls.get(node) ?? [];
    calls.push([method, args]);
    this.#calls.set(node, calls);
  }

  #write(id: NodeId, prop: string, value: Json): void {
    this.#mirror.write(id, prop, value);
    const node = this.get(id);
    if (node) this.#dirty.add(node);
  }

  #notify(): void {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const node of dirty) this.#watchers.get(node)?.changed();
  }

  #later(ms: number): void {
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      this.flush();
    });
  }
}

/** Returns false when the node, or an ancestor, is disabled or hidden. */
export function usable(node: MirrorNode): boolean {
  for (let at: MirrorNode | undefined = node; at; at = at.parent) {
    if (at.props.disabled || at.props.hidden) return false;
  }
  return true;
}

/** Returns true for an event that the component itself sends. An author's listener for it needs no DOM event. */
export function ownEvent(node: MirrorNode, event: string): boolean {
  return writes(node, event) || ruleOf(node.kind).events?.includes(event) === true;
}

/** Returns true for an event whose value becomes the prop of its name. */
function writes(node: MirrorNode, event: string): boolean {
  return isTwoWay(node.kind, event);
}

function place(id: NodeId, prop: string): string {
  return `${id} ${prop}`;
}
