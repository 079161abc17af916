import type { EventSpec, Json, MirrorNode } from '../../src/protocol/index.ts';
import type { ComponentTree } from '../tree/index.ts';
import { isComposing } from './events.ts';

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

/** What events with modifiers or options do: which of them count, what they stop, and when they are sent. */
export class Modifiers {
  readonly #replica: ComponentTree;
  readonly #node: MirrorNode;
  readonly #done = new Set<string>();
  readonly #timers = new Map<
    string,
    { timer: ReturnType<typeof setTimeout>; last: Json | undefined; again: boolean }
  >();

  constructor(replica: ComponentTree, node: MirrorNode) {
    this.#replica = replica;
    this.#node = node;
  }

  /** Drops delayed events, because the node is no longer shown. */
  stop(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  dispatch(name: string, spec: EventSpec, event: Event): void {
    const [, ...modifiers] = name.split('.');
    if (this.#done.has(name) || !modifiers.every((modifier) => fits(modifier, event))) return;
    if (modifiers.includes('once')) this.#done.add(name);
    if (modifiers.includes('prevent')) event.preventDefault();
    if (modifiers.includes('stop')) event.stopPropagation();
    const options = spec === 1 ? {} : spec;
    const value = options.args && pick(event, options.args);
    if (options.throttle || options.debounce) this.#pause(name, value, options);
    else this.#replica.emit(this.#node, name, value);
  }

  /**
   * Sends or delays an event. Throttle sends the first event at once, and the last one of each pause; debounce sends the last one
   * when it is quiet. `leading` and `trailing` change that.
   */
  #pause(name: string, value: Json | undefined, options: Exclude<EventSpec, 1>): void {
    const { throttle, debounce, leading = Boolean(throttle), trailing = true } = options;
    const waiting = this.#timers.get(name);
    const wait = (again: boolean) =>
      this.#timers.set(name, { timer: setTimeout(fire, debounce ?? throttle), last: value, again });
    const fire = (): void => {
      const now = this.#timers.get(name);
      this.#timers.delete(name);
      if (!now?.again || !trailing) return;
      this.#replica.emit(this.#node, name, now.last);
      if (!debounce) wait(false);
    };
    if (!waiting) {
      if (leading) this.#replica.emit(this.#node, name, value);
      wait(!leading);
    } else if (debounce) {
      clearTimeout(waiting.timer);
      wait(true);
    } else {
      waiting.last = value;
      waiting.again = true;
    }
  }
}

function fits(modifier: string, event: Event): boolean {
  const flag = held[modifier];
  if (flag) return (event as KeyboardEvent)[flag];
  if (modifier === 'self') return event.target === event.currentTarget;
  if (['stop', 'prevent', 'once', 'capture', 'passive'].includes(modifier)) return true;
  if (event.type.startsWith('key')) {
    const { key } = event as KeyboardEvent;
    // An Enter that ends a composition (IME) does not count. Autofill fires key events without a key.
    return !isComposing(event as KeyboardEvent) && key?.toLowerCase() === (keys[modifier] ?? modifier);
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
