import type { EventSpec, Json, MirrorNode } from '../../src/protocol/index.ts';
import { ownEvent, type Replica } from '../tree/index.ts';

type Handler = (event: Event) => void;

const held: Record<string, 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'> = {
  ctrl: 'ctrlKey',
  shift: 'shiftKey',
  alt: 'altKey',
  meta: 'metaKey',
};
const keys: Record<string, string> = {
  esc: 'escape',
  space: ' ',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
  del: 'delete',
};
const buttons = ['left', 'middle', 'right'];

/**
 * The DOM listeners of one node, by Preact prop (`onclick`), from the names and specs of its `on` prop.
 * The object exists while the node is shown, so that a pause or `once` survives a new rendering.
 */
export class Listeners {
  readonly #replica: Replica;
  readonly #node: MirrorNode;
  readonly #done = new Set<string>();
  readonly #timers = new Map<
    string,
    { timer: ReturnType<typeof setTimeout>; last: Json | undefined; again: boolean }
  >();

  constructor(replica: Replica, node: MirrorNode) {
    this.#replica = replica;
    this.#node = node;
  }

  props(): Record<string, Handler> {
    const handlers: Record<string, Handler> = {};
    for (const [name, spec] of Object.entries((this.#node.props.on ?? {}) as Record<string, EventSpec>)) {
      const [type = '', ...modifiers] = name.split('.');
      if (ownEvent(this.#node, type) || !/^\w+$/.test(type)) continue;
      const prop = `on${type}${modifiers.includes('capture') ? 'Capture' : ''}`;
      const others = handlers[prop];
      handlers[prop] = (event) => {
        others?.(event);
        this.#dispatch(name, modifiers, spec, event);
      };
    }
    return handlers;
  }

  /** Drops delayed events, because the node is no longer shown. */
  stop(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #dispatch(name: string, modifiers: string[], spec: EventSpec, event: Event): void {
    if (this.#done.has(name) || !modifiers.every((modifier) => fits(modifier, event))) return;
    if (modifiers.includes('once')) this.#done.add(name);
    if (modifiers.includes('prevent')) event.preventDefault();
    if (modifiers.includes('stop')) event.stopPropagation();
    const options = spec === 1 ? {} : spec;
    const value = options.args && pick(event, options.args);
    if (options.throttle || options.debounce) this.#pause(name, value, options.throttle, options.debounce);
    else this.#replica.emit(this.#node, name, value);
  }

  /** Sends or delays an event. Throttle sends the first event at once, and the last one of each pause; debounce sends the last. */
  #pause(name: string, value: Json | undefined, throttle: number | undefined, debounce: number | undefined): void {
    const waiting = this.#timers.get(name);
    if (waiting && !debounce) {
      waiting.last = value;
      waiting.again = true;
      return;
    }
    if (waiting) clearTimeout(waiting.timer);
    else if (throttle) this.#replica.emit(this.#node, name, value);
    const fire = (): void => {
      const now = this.#timers.get(name);
      this.#timers.delete(name);
      if (!now?.again) return;
      this.#replica.emit(this.#node, name, now.last);
      if (throttle && !debounce)
        this.#timers.set(name, { timer: setTimeout(fire, throttle), last: undefined, again: false });
    };
    this.#timers.set(name, {
      timer: setTimeout(fire, debounce ?? throttle),
      last: value,
      again: waiting !== undefined || !throttle,
    });
  }
}

function fits(modifier: string, event: Event): boolean {
  const flag = held[modifier];
  if (flag) return (event as KeyboardEvent)[flag];
  if (modifier === 'self') return event.target === event.currentTarget;
  if (['stop', 'prevent', 'once', 'capture', 'passive'].includes(modifier)) return true;
  if (event.type.startsWith('key')) {
    const { key, isComposing } = event as KeyboardEvent;
    // An Enter that ends a composition (IME) does not count. Autofill fires key events without a key.
    return !isComposing && key?.toLowerCase() === (keys[modifier] ?? modifier);
  }
  const button = buttons.indexOf(modifier);
  return button < 0 || (event as MouseEvent).button === button;
}

function pick(event: Event, names: readonly string[]): Json {
  const picked: Record<string, Json> = {};
  for (const name of names) {
    const from = (name === 'value' || name === 'checked') && event.currentTarget ? event.currentTarget : event;
    const value = (from as unknown as Record<string, unknown>)[name];
    if (
      typeof value === 'string' ||
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value))
    ) {
      picked[name] = value;
    }
  }
  return picked;
}
