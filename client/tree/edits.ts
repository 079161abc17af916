import type { Timer, Timing } from '../../src/clock/index.ts';
import {
  type Aimed,
  aimOf,
  type EventFrame,
  isSecret,
  type Json,
  type MirrorNode,
  type NodeId,
  nodeOf,
  typedOn,
} from '../../src/protocol/index.ts';
import { twoWayProps } from './rules.ts';

/** The replica, as its edits use it. */
export interface EditHost {
  readonly clock: Timing;
  get(id: NodeId): MirrorNode | undefined;
  /** Shows a value of the person's, at the end of what changes the replica now. */
  write(id: NodeId, prop: string, value: Json): void;
  /** Sends a value of the person's. Returns its number, or why there is none; see `Sender.send`. */
  send(target: Aimed, event: string, value: Json, latest: true, base?: number): number | 'too long' | undefined;
}

/** Typed text that is not sent yet. */
interface Edit {
  /** The target when the person began to type. */
  readonly target: Aimed;
  readonly event: string;
  readonly value: Json;
  /** True during composition (IME), when the text must not be sent, not even before another event. */
  readonly held: boolean;
  /** The text before the person typed on; undefined for other values. */
  readonly from: string | undefined;
  /** True when it is too long to be sent. It waits for the next change, and holds back nothing else. */
  readonly tooLong?: boolean;
  /** True once it was sent, for those who took it before. */
  sent?: boolean;
}

/** Milliseconds without a key before typed text is sent. */
const typingPause = 300;
/** Milliseconds between two values of a control that moves, such as a slider. */
const movingPause = 50;
/** Milliseconds until a refused edit is retried. The connection refuses edits while too many events wait. */
const refusedPause = 1_000;

/** The changes of two-way values that a person has made and that are not sent yet. */
export class Edits {
  readonly #host: EditHost;
  /** By node and prop. */
  readonly #edits = new Map<string, Edit>();
  /** Nodes and props with a secret of the person's, by node and prop. */
  readonly #secrets = new Map<string, readonly [MirrorNode, string]>();
  /** Number of the last event that carried a prop, by node and prop. */
  readonly #sent = new Map<string, number>();
  #timer: Timer;
  #flushing = false;
  /** The time of the last flush that had something to send, by the clock. */
  #flushed = Number.NEGATIVE_INFINITY;

  constructor(host: EditHost) {
    this.#host = host;
  }

  /** Returns true for an event whose value becomes the prop of its name. */
  writes(node: MirrorNode, event: string): boolean {
    return twoWayProps(node.kind).includes(event);
  }

  /** Shows values of an earlier document again that the tree lacks: those of events after `handled`. */
  restore(events: readonly EventFrame[], handled: number): void {
    for (const [number, target, event, value] of events) {
      const id = nodeOf(target);
      const node = this.#host.get(id);
      if (!node || !this.writes(node, event) || value === undefined) continue;
      const key = place(id, event);
      this.#sent.set(key, number);
      // What is not sent yet was entered after them.
      if (number > handled && !this.#edits.has(key)) this.#host.write(id, event, value);
    }
  }

  /** Forgets which events were sent, because they belong to another page. */
  forget(): void {
    this.#sent.clear();
  }

  /** See `Replica.edit`. */
  edit(node: MirrorNode, event: string, value: Json, pause = typingPause, held = false): void {
    if (!this.writes(node, event) || this.#host.get(node.id) !== node) return;
    const key = place(node.id, event);
    const before = this.#edits.get(key);
    const shown = node.props[event];
    const from = before ? before.from : typeof shown === 'string' ? shown : undefined;
    this.#edits.set(key, { target: before?.target ?? [node.id, aimOf(node)], event, value, held, from });
    if (isSecret(node.kind, event, node.props)) this.#secrets.set(key, [node, event]);
    this.#host.write(node.id, event, value);
    if (!held) this.#later(pause);
  }

  /** See `Replica.move`. */
  move(node: MirrorNode, event: string, value: Json): void {
    const rest = this.#flushed + movingPause - this.#host.clock.now();
    this.edit(node, event, value, Math.max(0, rest));
    if (rest <= 0) this.flush();
  }

  /** Makes unsent text again of the secrets that the person has entered. */
  offerSecrets(): void {
    for (const [key, [node, event]] of this.#secrets) {
      const value = node.props[event];
      if (!value || this.#host.get(node.id) !== node) this.#secrets.delete(key);
      else if (!this.#edits.has(key)) {
        this.#edits.set(key, { target: [node.id, aimOf(node)], event, value, held: false, from: undefined });
      }
    }
    if (this.#secrets.size > 0) this.#later(typingPause);
  }

  /** Returns a function that sends the text that is typed by now. */
  capture(): () => void {
    const edits = new Map(this.#edits);
    return () => this.flush(edits);
  }

  /** Sends all typed text, except unfinished compositions. */
  flush(edits: ReadonlyMap<string, Edit> = this.#edits): void {
    if (this.#flushing || edits.size === 0) return;
    this.#flushing = true;
    this.#flushed = this.#host.clock.now();
    for (const [key, edit] of edits) {
      const { target, event, value, held, tooLong, sent } = edit;
      if (held || tooLong || sent) continue;
      const number = this.#host.send(target, event, value, true, baseOf(edit));
      // What was typed on since then is another edit.
      const present = this.#edits.get(key) === edit;
      if (number === 'too long') {
        if (present) this.#edits.set(key, { ...edit, tooLong: true });
        continue;
      }
      if (number === undefined) {
        this.#later(refusedPause);
        break;
      }
      this.#sent.set(key, number);
      edit.sent = true;
      if (present) this.#edits.delete(key);
    }
    this.#flushing = false;
  }

  /**
   * Returns whether a value of the session replaces what the person sees.
   *
   * @param event the last event whose effects the value contains.
   */
  accepts(node: MirrorNode, prop: string, value: Json | undefined, event: number): boolean {
    const key = place(node.id, prop);
    const present = (this.#sent.get(key) ?? 0) <= event;
    const edit = this.#edits.get(key);
    if (!edit) return present;
    const base = baseOf(edit);
    if (present && base !== undefined && !edit.held && typeof value === 'string') {
      // What the session has consumed of a text is not meant again; what was typed on is.
      const meant = typedOn(edit.value as string, base, value);
      this.#edits.set(key, { ...edit, value: meant, from: value });
      this.#host.write(node.id, prop, meant);
    }
    return false;
  }

  /** Drops the edits of a node that is gone. */
  drop({ id, kind }: MirrorNode): void {
    for (const prop of twoWayProps(kind)) {
      this.#edits.delete(place(id, prop));
      this.#sent.delete(place(id, prop));
    }
  }

  #later(ms: number): void {
    const { clock } = this.#host;
    if (this.#timer !== undefined) clock.clear(this.#timer);
    this.#timer = clock.after(ms, () => {
      this.#timer = undefined;
      this.flush();
    });
  }
}

/** Returns the number of characters that the person has typed nothing into since they were shown. */
function baseOf({ value, from }: Edit): number | undefined {
  return from && typeof value === 'string' && value.startsWith(from) ? from.length : undefined;
}

function place(id: NodeId, prop: string): string {
  return `${id} ${prop}`;
}
