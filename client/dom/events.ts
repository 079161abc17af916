import type { Attributes } from './attributes.ts';

/** A listener for Preact, whose prop is the event's name in lower case: `oninput`. */
export type EventListeners = Readonly<Record<`on${string}`, (event: never) => void>>;

/** Returns attributes in which a component's own listeners run before an author's listeners of the same events. */
export function withListeners(attributes: Attributes, own: EventListeners): Attributes {
  const all = { ...attributes };
  for (const [name, first] of Object.entries(own) as [string, (event: unknown) => void][]) {
    const then = all[name] as ((event: unknown) => void) | undefined;
    all[name] = then
      ? (event: unknown) => {
          first(event);
          then(event);
        }
      : first;
  }
  return all;
}

/**
 * Returns true for a key that belongs to a composition (IME). Safari reports the key that ends a composition after the composition,
 * with the code 229 of all keys that an IME has handled.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
