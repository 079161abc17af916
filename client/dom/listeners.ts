import type { EventSpec, MirrorNode } from '../../src/protocol/index.ts';
import { type ComponentTree, twoWayProps } from '../tree/index.ts';
import type { Modifiers } from './modifiers.ts';

type Handler = (event: Event) => void;

/**
 * The DOM listeners of one node, by Preact prop (`onclick`), from the names and specs of its `on` prop.
 * The object exists while the node is shown, so that a pause or `once` survives a new rendering.
 */
export class Listeners {
  readonly #replica: ComponentTree;
  readonly #node: MirrorNode;
  #modifiers: Modifiers | undefined;

  constructor(replica: ComponentTree, node: MirrorNode) {
    this.#replica = replica;
    this.#node = node;
  }

  /** Takes what events with modifiers or options need; see {@link isModified}. */
  use(Modifying: typeof Modifiers): void {
    this.#modifiers ??= new Modifying(this.#replica, this.#node);
  }

  props(): Record<string, Handler> {
    const handlers: Record<string, Handler> = {};
    // The component sends these. The session asks for no other event that it sends.
    const own = twoWayProps(this.#node.kind);
    for (const [name, spec] of Object.entries(this.#node.props.on ?? {}) as [string, EventSpec][]) {
      const [type = ''] = name.split('.');
      if (own.includes(type) || !/^\w+$/.test(type)) continue;
      const prop = `on${type}${name.includes('.capture') ? 'Capture' : ''}`;
      const others = handlers[prop];
      handlers[prop] = (event) => {
        others?.(event);
        if (isModified(name, spec)) this.#modifiers?.dispatch(name, spec, event);
        else this.#replica.emit(this.#node, name);
      };
    }
    return handlers;
  }

  /** Drops delayed events, because the node is no longer shown. */
  stop(): void {
    this.#modifiers?.stop();
  }
}

/** Returns true for an event that is more than sent: it has modifiers, arguments or a pause. */
export function isModified(name: string, spec: EventSpec): boolean {
  return spec !== 1 || name.includes('.');
}
