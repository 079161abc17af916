import { type Aimed, type EventFrame, isTwoWay, type Json, nodeOf, ruleOf, traitsOf } from '../../protocol/index.ts';
import { describe, isAimedAt, type Listener, type Tree, type TreeNode } from '../../tree/index.ts';
import type { PageEntry } from '../host.ts';
import type { ClientConnection } from './client-connection.ts';

/** The parts of a page that its inbox knows. */
export interface InboxHost {
  readonly tree: Tree;
  readonly delivery: {
    /** True while the browser has not acknowledged the last patch that brought new nodes. */
    readonly unseen: boolean;
  };
  readonly runner: { turn<R>(fn: () => R): R };
  readonly record: {
    /** Something is to be kept with the next commit. */
    touch(): void;
  };
  readonly handlers: {
    /** A listener of a node is to hear of an event. `run` names what it starts. */
    hear(node: TreeNode, event: string, listener: Listener, value: Json | undefined, run: number): void;
  };
  readonly answers: {
    /** True when a handler waits for the event of a node. */
    awaits(node: TreeNode, event: string): boolean;
    /** Hands the event of a node to the handlers that wait for it. */
    answer(node: TreeNode, event: string, value: unknown): void;
  };
  readonly notices: {
    /** The user dismissed a notification. */
    dismissed(node: TreeNode): void;
    /** The user wants what a notification offers. `run` names the run that this starts. */
    accepted(node: TreeNode, run: number): void;
    /** The user used what is gone, or is another thing now. */
    missed(): void;
    /** The user used what has lost its handler. */
    inert(node: TreeNode): void;
  };
  readonly log: { write(entry: PageEntry): void };
}

/** Takes the events of a page in order and each once, and gives them to who listens; what nobody offered is refused. */
export class Inbox {
  readonly #page: InboxHost;
  #event: number;
  /** Handlers that the last event has started. */
  #heard = 0;

  /** @param event number of the last event that was applied before. */
  constructor(page: InboxHost, event: number) {
    this.#page = page;
    this.#event = event;
  }

  /** Number of the last event that was applied. */
  get event(): number {
    return this.#event;
  }

  /** Names a handler's run by its event: when that is sent again, what its handlers build has the places, and so the numbers, that the browser knows. */
  #nextRun(): number {
    return this.#event * 1_000 + this.#heard++;
  }

  /** @returns false when the link was ended. */
  accept(link: ClientConnection, [number, target, name, value]: EventFrame): boolean {
    if (number <= this.#event) return true;
    if (number !== this.#event + 1) {
      link.end('refused', `Event ${number} came after event ${this.#event}.`);
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
        message: `Dropped ${name} for element ${id}: it is gone.`,
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
      // The browser shows what it sent; put it right.
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
      // Made for a node that was taken away since, and came again under its number: the browser has the new one without the value.
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
    // What was written is in the prop.
    if (awaited) answers.answer(node, name, write ? undefined : value);
    if (inert) notices.inert(node);
  }
}

/** Events that nobody makes on purpose, or whose loss nobody has to be told of. */
const passing = /^(done|open|mouse|pointer|touch|drag|wheel|scroll|focus|blur)/;

/** True when the browser was told to send the event of the node. */
function offers(node: TreeNode, event: string): boolean {
  const on = node.props.on;
  return typeof on === 'object' && on !== null && Object.hasOwn(on, event);
}
