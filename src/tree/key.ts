/**
 * A structural key: a 53-bit hash of a node's path (its parent's key and its segment, such as
 * `button2` or `#invoice-7`). Two paths of one page collide with a chance of about n² / 10¹⁶, so no
 * text is stored.
 */
export type Key = number;

/** The key of the root. */
export const rootKey: Key = 1;

/** Bits of a key that make a node's number; numbers that collide are settled by the page, see `TreeHost.identify`. */
export const idMask = 0xfffff;

/** The key of a place below another. The mixing is cyrb53 (bryc, public domain). */
export function childKey(parent: Key, segment: string): Key {
  let high = 0xdeadbeef ^ (parent / 0x100000000);
  let low = 0x41c6ce57 ^ parent;
  for (let index = 0; index < segment.length; index++) {
    const code = segment.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/** A checksum of many pieces, because one text of a page would be garbage at each wake. */
export class Checksum {
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  /** @param type tells pieces apart that have the same text: 0 or 1. */
  text(text: string, type: 0 | 1): void {
    // The length is first, so that no two lists of pieces are the same.
    const length = text.length * 2 + type;
    let high = Math.imul(this.#high ^ length, 2654435761);
    let low = Math.imul(this.#low ^ length, 1597334677);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    this.#high = high;
    this.#low = low;
  }

  /** Adds two integers below 2³¹. */
  numbers(first: number, second: number): void {
    this.#high = Math.imul(Math.imul(this.#high ^ first, 2654435761) ^ second, 2654435761);
    this.#low = Math.imul(Math.imul(this.#low ^ first, 1597334677) ^ second, 1597334677);
  }

  get value(): number {
    return childKey(4294967296 * (2097151 & this.#high) + (this.#low >>> 0), '');
  }
}

/** Returns the channel of an event of the node at a key. */
export function channelOf(key: Key, event: string): string {
  return `${key.toString(36)}.${event}`;
}

/** A checksum of a text, by the same mixing. */
export function checksum(text: string): number {
  return childKey(0, text);
}
