import type { Json } from '../../protocol/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.on`. */
export interface PageEventOptions<T extends Json> extends ElementOptions {
  /**
   * Returns true for a value that the handler takes. Other events have no effect. A visitor can send any value.
   * @default takes every value
   */
  readonly accepts?: (value: Json) => value is T;
}

/** A listener to the events of the author's own scripts. `enabled = false` stops it. */
export class PageEvent<T extends Json = Json> extends Element {
  /** @internal */
  constructor(name: string, handler: (value: T) => unknown, options: PageEventOptions<T> = {}) {
    if (!/^[\w:.-]{1,64}$/.test(name)) {
      throw new TypeError(
        `ui.on was given the name ${JSON.stringify(name)}. Use up to 64 letters, digits and - _ . : in it.`,
      );
    }
    const { accepts } = options;
    super('pageEvent', own<'pageEvent'>({ name }), options, name);
    const hear = (value: Json) => (!accepts || accepts(value) ? handler(value as T) : undefined);
    this.listen('event', ({ value }) => hear(value ?? null), 'parallel', handler);
  }
}

/**
 * Calls a function for each custom event of a name in the document, with the event's `detail`. A module of your own sends such events
 * by `dispatchEvent`; see `app.head` and `client.ts`.
 *
 * @example
 * ui.on<string>('seat-picked', (seat) => ui.notify(`Seat ${seat}`), { accepts: (value) => typeof value === 'string' });
 * // client.ts: document.dispatchEvent(new CustomEvent('seat-picked', { detail: 'A4' }));
 *
 * @param name the name of the event.
 * @param handler called with the event's `detail`, as plain data; null without one.
 * @throws {TypeError} for an empty name, or one with spaces.
 */
export function on<T extends Json = Json>(
  name: string,
  handler: (value: T) => unknown,
  options?: PageEventOptions<T>,
): PageEvent<T> {
  return new PageEvent(name, handler, options);
}
