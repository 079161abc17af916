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
    /** The view of the running code when its writes are private. */
    readonly replay: unknown;
    answer(channel: string, answer: () => SettledResult): boolean;
  };
  readonly record: { touch(): void };
  readonly owner: {
    durable(): Promise<void>;
    readonly events: {
      /** Takes an event that came before any handler awaited it. */
      take(channel: string): SettledResult | undefined;
    };
  };
}

/** Delivers answers of users, handlers and events to the waiting handlers, and shows their questions. */
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
        page.record.touch();
        if (isEvent(channel)) return;
        this.#unsafe = true;
        // At once, because a person waits for the question, and it waits for its commit.
        void page.owner.durable();
      },
    });
  }

  /**
   * True while a wait that a viewer may answer is not durable. Its question must not be shown
   * before, because after a crash the answer would find no wait.
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
   * @throws {TypeError} for a value that cannot be stored.
   */
  answer(node: TreeNode, event: string, value: unknown): void {
    // Because a replayed handler has already answered, and a superseded one must have no effect.
    if (this.#page.handlers.replay) return;
    this.send(channelOf(node.key, event), encode(value, 'An answer'));
  }

  /** Hands an encoded value to the handlers that wait for it, to each its own copy. @returns false when none does. */
  send(channel: string, text: string): boolean {
    return this.#page.handlers.answer(channel, () => ({ ok: true, value: decode(text) }));
  }

  /** Has the browser send the events of waits that replayed handlers have not reached yet. */
  offer(): void {
    if (this.waits.size === 0) return;
    const { tree } = this.#page;
    for (const channel of this.waits.channels) {
      const { node, event } = this.#placeOf(channel);
      if (!node || isOwnEvent(node.kind, event)) continue;
      tree.set(node, 'on', { ...(tree.value(node, 'on') as JsonObject | undefined), [event]: 1 }, 'passing');
    }
  }

  /** Withdraws the question of a channel that no handler awaits any more. */
  withdraw(channel: string): void {
    const { node } = this.#placeOf(channel);
    if (node?.kind === 'confirm' || node?.kind === 'prompt') this.#page.tree.remove(node, false);
  }

  /** Parses the result of {@link channelOf}; no node for an event of `app.send`. */
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
