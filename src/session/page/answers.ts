import type { Clock } from '../../clock/index.ts';
import { type JsonObject, ruleOf } from '../../protocol/index.ts';
import type { SettledResult } from '../../rpc/index.ts';
import { decode, encode } from '../../storage/index.ts';
import { channelOf, type Tree, type TreeNode } from '../../tree/index.ts';
import { Waits } from '../replay/waits.ts';

/** The parts of a page between which answers go. */
export interface AnswersHost {
  readonly clock: Clock;
  readonly tree: Tree;
  readonly handlers: {
    /** What the running code sees, when what it does is for nobody else. */
    readonly replay: unknown;
    answer(channel: string, answer: () => SettledResult): boolean;
  };
  readonly record: { touch(): void };
  readonly owner: {
    readonly events: {
      /** Takes an event that came before anybody waited for it. */
      take(channel: string): SettledResult | undefined;
    };
  };
}

/** Brings what a user, a handler or an event says to the handlers that wait for it, and shows what they wait for. */
export class Answers {
  readonly waits: Waits;
  #unsafe = false;
  readonly #page: AnswersHost;

  constructor(page: AnswersHost) {
    this.#page = page;
    this.waits = new Waits({
      clock: page.clock,
      takeEarly: (channel) => page.owner.events.take(channel),
      begun: (channel) => {
        if (!isEvent(channel)) this.#unsafe = true;
        page.record.touch();
      },
    });
  }

  /**
   * True while a wait is not durable that somebody may answer who looks at the page. What asks for the answer must not be shown before:
   * should the object die in between, the answer would find nobody who waits.
   */
  get unsafe(): boolean {
    return this.#unsafe;
  }

  /** The waits that have begun are durable, or are to be shown nevertheless. @returns true when there were any. */
  show(): boolean {
    const was = this.#unsafe;
    this.#unsafe = false;
    return was;
  }

  /** True when a handler waits for an event of the node. */
  awaits(node: TreeNode, event: string): boolean {
    return this.waits.size > 0 && this.waits.has(channelOf(node.key, event));
  }

  /**
   * Answers the handlers that wait for an event of the node.
   *
   * @throws {TypeError} for a value that cannot be kept.
   */
  answer(node: TreeNode, event: string, value: unknown): void {
    // A handler that is replayed has answered before; one that was superseded speaks to nobody.
    if (this.#page.handlers.replay) return;
    this.send(channelOf(node.key, event), encode(value, 'An answer'));
  }

  /** Hands an encoded value to the handlers that wait for it, to each its own copy. @returns false when none does. */
  send(channel: string, text: string): boolean {
    return this.#page.handlers.answer(channel, () => ({ ok: true, value: decode(text) }));
  }

  /** Has the browser send what handlers wait for that have not come to their waits again. */
  offer(): void {
    const { tree } = this.#page;
    for (const channel of this.waits.channels) {
      const { node, event } = this.#placeOf(channel);
      if (!node || isOwnEvent(node.kind, event)) continue;
      tree.set(node, 'on', { ...(tree.value(node, 'on') as JsonObject | undefined), [event]: 1 }, 'passing');
    }
  }

  /** Takes away what asks for an answer by that channel: nobody waits for it any more. */
  withdraw(channel: string): void {
    const { node } = this.#placeOf(channel);
    if (node?.kind === 'confirm' || node?.kind === 'prompt') this.#page.tree.remove(node, false);
  }

  /** What {@link channelOf} has named; no node for an event of `app.send`. */
  #placeOf(channel: string): { readonly node: TreeNode | undefined; readonly event: string } {
    const [key = '', event = ''] = channel.split('.');
    return { node: key === '' ? undefined : this.#page.tree.at(Number.parseInt(key, 36)), event };
  }
}

/** True for what only time or an event of `app.send` can end. */
function isEvent(channel: string): boolean {
  return channel === '' || channel.startsWith('.');
}

/** True for an event that the component sends of itself. */
function isOwnEvent(kind: string, event: string): boolean {
  const { writes = [], events = [] } = ruleOf(kind);
  return [...writes, ...events].includes(event);
}
