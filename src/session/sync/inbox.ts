import type { Clock } from '../../clock/index.ts';
import {
  type Aimed,
  type EventFrame,
  isSecret,
  isTwoWay,
  type Json,
  nodeOf,
  ruleOf,
  traitsOf,
  typedOn,
} from '../../protocol/index.ts';
import { describe, isAimedAt, type Listener, type Tree, type TreeNode } from '../../tree/index.ts';
import type { PageEntry } from '../host.ts';
import type { ClientConnection } from './client-connection.ts';

/** Milliseconds for which a request waits for an event that its tab made before. */
const patience = 1_000;

/** The parts of a page that its inbox uses. */
export interface InboxHost {
  readonly clock: Clock;
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
    /** True while handlers are on their way back to where they were before a restart. */
    readonly replays: boolean;
    /** Calls a listener of a node. `run` names the run that it starts. */
    hear(
      node: TreeNode,
      event: string,
      listener: Listener,
      value: Json | undefined,
      run: number,
      aim: string | undefined,
    ): void;
  };
  readonly answers: {
    /** Returns true when a handler waits for the event of a node. */
    awaits(node: TreeNode, event: string): boolean;
    /** Delivers the event of a node to the handlers that wait for it. */
    answer(node: TreeNode, event: string, value: unknown): void;
  };
  readonly commands: {
    /** Called when the browser has begun a command. */
    done(number: number): void;
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
  readonly log: {
    write(entry: PageEntry): void;
    /** Advises the author, in development only and once for each text. */
    advise(text: string): void;
  };
}

/** Applies the events of a page in order, each once, and refuses events that the page does not offer. */
export class Inbox {
  readonly #page: InboxHost;
  #event: number;
  readonly #awaited: { readonly event: number; readonly arrived: () => void }[] = [];
  /** The number of answers with which a handler has not yet gone on to its next wait. */
  #answered = 0;
  /** Ends the patience with handlers that are not back at their waits. */
  #late: unknown;
  #patient = true;
  /** What came before a handler was back at its wait, and all that came after it. */
  #held: (readonly [link: ClientConnection, event: EventFrame])[] = [];
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

  /** Resolves when an event was applied, or has not come within a second: it travels by another way than a request. */
  async reached(event: number): Promise<void> {
    if (event <= this.#event) return;
    const { clock } = this.#page;
    await new Promise<void>((resolve) => {
      const late = clock.after(patience, resolve);
      this.#awaited.push({
        event,
        arrived: () => {
          clock.clear(late);
          resolve();
        },
      });
    });
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
  accept(link: ClientConnection, event: EventFrame): boolean {
    const [number, target, name, value, base] = event;
    const last = this.#event + this.#held.length;
    if (number <= last) return true;
    if (number !== last + 1) {
      link.end('refused', `Event ${number} came after event ${last}; events must arrive in order.`);
      return false;
    }
    if (this.#held.length > 0 || (this.#isOnTheWay() && this.#isEarly(target, name))) {
      this.#late ??= this.#page.clock.after(patience, () => {
        this.#patient = false;
        this.release();
      });
      this.#held.push([link, event]);
      return true;
    }
    this.#event = number;
    this.#heard = 0;
    this.#page.record.touch();
    this.#page.runner.turn(() => this.#dispatch(target, name, value, base));
    if (this.#awaited.length > 0) this.#arrived();
    return true;
  }

  #isOnTheWay(): boolean {
    return this.#answered > 0 || (this.#patient && this.#page.handlers.replays);
  }

  /** True for an event that nobody hears, as long as a handler that is to hear it is not back at its wait. */
  #isEarly(target: Aimed, name: string): boolean {
    const { tree, answers } = this.#page;
    const node = tree.get(nodeOf(target));
    if (!node || node.listeners?.has(name) || answers.awaits(node, name)) return false;
    return !isTwoWay(node.kind, name) && !ruleOf(node.kind).events?.includes(name);
  }

  /** Applies what was held, once every handler is back, or too late. */
  release(): void {
    if (this.#isOnTheWay()) return;
    const held = this.#held;
    this.#held = [];
    for (const [link, event] of held) if (!this.accept(link, event)) return;
  }

  /** Forgets what was held, because the browser sends it again. */
  forget(): void {
    this.#held = [];
  }

  #arrived(): void {
    for (const waiting of this.#awaited.splice(0)) {
      if (waiting.event <= this.#event) waiting.arrived();
      else this.#awaited.push(waiting);
    }
  }

  #dispatch(target: Aimed, name: string, sent: Json | undefined, base: number | undefined): void {
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
    const rule = ruleOf(node.kind);
    const write = rule.writes?.includes(name) === true;
    const own = write || rule.events?.includes(name) === true;
    // What begins with a tilde comes from the session itself.
    const listeners = name.startsWith('~') ? undefined : node.listeners?.get(name);
    const awaited = answers.awaits(node, name);
    const inert = !listeners && !awaited && node.dynamic && offers(node, name);
    if (typeof target !== 'number' && !isAimedAt(tree, node, target[1])) {
      this.#refuse(node, name, 'the user saw something else there');
      if (!node.keyed) {
        log.advise(
          `A ${name} of ${describe(node)} was refused, because a text there has changed since its user saw it. ` +
            "If it is the same thing to its user, give it a key, as in ui.button('Add', add, { key: 'add' }), " +
            'or let the text follow a signal, as in ui.label(() => text.value).',
        );
      }
      if (!passing.test(name)) notices.missed();
      return;
    }
    if (!listeners && !own && !awaited) {
      if (inert) notices.inert(node);
      else this.#refuse(node, name, 'nobody listens to it');
      return;
    }
    if (!node.shown) return this.#refuse(node, name, 'it is hidden');
    if (!node.enabled) return this.#refuse(node, name, 'it is disabled');
    const value = write ? meantBy(sent, base, node.props[name]) : sent;
    if (own) {
      const check = traitsOf(node.kind).checks?.[name];
      const wrong = check ? check(value, node.props) : 'nothing says which values it takes';
      if (wrong !== undefined) return this.#refuse(node, name, wrong);
    }
    const secret = write && isSecret(node.kind, name, node.props);
    // The browser sends a secret again, because a session that has slept has lost it.
    if (secret && tree.value(node, name) === value) return;
    if (write) {
      try {
        tree.set(node, name, value as Json, 'user');
      } catch (error) {
        return this.#refuse(node, name, (error as Error).message);
      }
      // Because the value may be for a removed node whose number the new node has, or because a handler has emptied the field
      // while the user typed on, send the value again. Not for a new secret: no prop has it, so that its field would be emptied.
      if ((delivery.unseen && !secret) || value !== sent) tree.refresh(node, name);
    }
    if (node.kind === 'root' && name === 'done') {
      this.#page.commands.done(value as number);
      return;
    }
    if (node.kind === 'notification' && name === 'done') {
      notices.dismissed(node);
      return;
    }
    if (node.kind === 'notification' && name === 'action') {
      notices.accepted(node, this.#nextRun());
      return;
    }
    const aim = typeof target === 'number' ? undefined : target[1];
    for (const listener of [...(listeners ?? [])]) {
      // Because the row of a run has the value of its event.
      handlers.hear(node, name, listener, secret ? undefined : value, this.#nextRun(), aim);
    }
    // Because the prop already has the written value.
    if (awaited) {
      answers.answer(node, name, write ? undefined : value);
      this.#answered++;
      this.#page.clock.after(0, () => {
        this.#answered--;
        this.release();
      });
    }
    if (inert) notices.inert(node);
  }

  #refuse(node: TreeNode, name: string, why: string): void {
    const { tree, log } = this.#page;
    // Because the browser shows the value that it sent, send it the page's value.
    if (isTwoWay(node.kind, name)) tree.refresh(node, name);
    log.write({
      level: 'warning',
      fault: 'network',
      message: `Refused ${name} of ${describe(node)}: ${why}.`,
    });
  }
}

/** Returns the text that the user means, where a handler has changed the text that the user typed on. */
function meantBy(sent: Json | undefined, base: number | undefined, now: Json | undefined): Json | undefined {
  return base !== undefined && typeof sent === 'string' && typeof now === 'string' ? typedOn(sent, base, now) : sent;
}

/** Events that a user does not trigger on purpose, so the loss of one is not reported. */
const passing = /^(done|open|mouse|pointer|touch|drag|wheel|scroll|focus|blur)/;

/** Returns true when the page asked the browser to send this event of the node. */
function offers(node: TreeNode, event: string): boolean {
  const on = node.props.on;
  return typeof on === 'object' && on !== null && Object.hasOwn(on, event);
}
