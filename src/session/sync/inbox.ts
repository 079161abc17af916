import { type Aimed, type EventFrame, isTwoWay, type Json, nodeOf, ruleOf, traitsOf } from '../../protocol/index.ts';
import { describe, isAimedAt, type Listener, type Tree, type TreeNode } from '../../tree/index.ts';
import type { PageEntry } from '../host.ts';
import type { ClientConnection } from './client-connection.ts';

/** The parts of a page that its inbox uses. */
export interface InboxHost {
  readonly tree: Tree;
  readonly delivery: {
    /** True while the browser has not acknowledged the last patch that contained new nodes. */
    readonly unseen: boolean;
  };
  readonly runner: { turn<R>(fn: () => R): R };
  readonly record: {
    /** Called when the next commit must store a change. */
    touch(): void;
  };
  readonly handlers: {
    /** Calls a listener of a node. `run` names the run that it starts. */
    hear(node: TreeNode, event: string, listener: Listener, value: Json | undefined, run: number): void;
  };
  readonly answers: {
    /** Returns true when a handler waits for the event of a node. */
    awaits(node: TreeNode, event: string): boolean;
    /** Delivers the event of a node to the handlers that wait for it. */
    answer(node: TreeNode, event: string, value: unknown): void;
  };
  readonly notices: {
    /** Called when the user dismissed a notification. */
    dismissed(node: TreeNode): void;
    /** Called when the user accepted the offer of a notification. `run` names the run that this starts. */
    accepted(node: TreeNode, run: number): void;
    /** Called when the user used an element that is gone or was replaced. */
    missed(): void;
    /** Called when the user used an element that has lost its handler. */
    inert(node: TreeNode): void;
  };
  readonly log: { write(entry: PageEntry): void };
}

/** Applies the events of a page in order, each once, and refuses events that the page does not offer. */
export class Inbox {
  readonly #page: InboxHost;
  #event: number;
  /** The number of handlers that the last event has started. */
  #heard = 0;

  /** @param event the number of the last event that an earlier activation applied. */
  constructor(page: InboxHost, event: number) {
    this.#page = page;
    this.#event = event;
  }

  /** The number of the last event that was applied. */
  get event(): number {
    return this.#event;
  }

  /**
   * Names a run by its event. A repeated event gives the same name, so its handlers build elements
   * with the keys that the browser has.
   */
  #nextRun(): number {
    return this.#event * 1_000 + this.#heard++;
  }

  /**
   * Applies one event.
   * @returns false when it ended the connection.
   */
  accept(link: ClientConnection, [number, target, name, value]: EventFrame): boolean {
    if (number <= this.#event) return true;
    if (number !== this.#event + 1) {
      link.end('refused', `Event ${number} came after event ${this.#event}; events must arrive in order.`);
      return false;
    }
    this.#event = number;
    this.#heard = 0;
    this.#page.record.touch();
    this.#page.runner.turn(() => this.#dispatch(target, name, value));
    return true;
  }

  #dispatch(target: Aimed, name: string, value: Json | undefined): void {
    const { tree, handlers, answers, notices, delivery, log } = this.#page;
    const id = nodeOf(target);
    const node = tree.get(id);
    if (!node) {
      log.write({
        level: 'info',
        fault: 'network',
        message: `Dropped ${name} for element ${id}: the element no longer exists.`,
      });
      if (typeof target !== 'number' && !passing.test(name)) notices.missed();
      return;
    }
    const write = isTwoWay(node.kind, name);
    const own = write || ruleOf(node.kind).events?.includes(name) === true;
    const listeners = node.listeners?.get(name);
    const awaited = answers.awaits(node, name);
    const inert = !listeners && !awaited && node.dynamic && offers(node, name);
    const refuse = (why: string) => {
      // Because the browser shows the value that it sent, send it the page's value.
      if (write) tree.refresh(node, name);
      log.write({
        level: 'warning',
        fault: 'network',
        message: `Refused ${name} of ${describe(node)}: ${why}.`,
      });
    };
    if (typeof target !== 'number' && !isAimedAt(tree, node, target[1])) {
      refuse('the user saw something else there');
      if (!passing.test(name)) notices.missed();
      return;
    }
    if (!listeners && !own && !awaited) {
      if (inert) notices.inert(node);
      else refuse('nobody listens to it');
      return;
    }
    if (!node.shown) return refuse('it is hidden');
    if (!node.enabled) return refuse('it is disabled');
    if (own) {
      const check = traitsOf(node.kind).checks?.[name];
      const wrong = check ? check(value, node.props) : 'nothing says which values it takes';
      if (wrong !== undefined) return refuse(wrong);
    }
    if (write) {
      try {
        tree.set(node, name, value as Json, 'user');
      } catch (error) {
        return refuse((error as Error).message);
      }
      // Because the value may be for a removed node whose number the new node has, send the value
      // again.
      if (delivery.unseen) tree.refresh(node, name);
    }
    if (node.kind === 'notification' && name === 'done') {
      notices.dismissed(node);
      return;
    }
    if (node.kind === 'notification' && name === 'action') {
      notices.accepted(node, this.#nextRun());
      return;
    }
    for (const listener of [...(listeners ?? [])]) handlers.hear(node, name, listener, value, this.#nextRun());
    // Because the prop already has the written value.
    if (awaited) answers.answer(node, name, write ? undefined : value);
    if (inert) notices.inert(node);
  }
}

/** Events that a user does not trigger on purpose, so the loss of one is not reported. */
const passing = /^(done|open|mouse|pointer|touch|drag|wheel|scroll|focus|blur)/;

/** Returns true when the page asked the browser to send this event of the node. */
function offers(node: TreeNode, event: string): boolean {
  const on = node.props.on;
  return typeof on === 'object' && on !== null && Object.hasOwn(on, event);
}
