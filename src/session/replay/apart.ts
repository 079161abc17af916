import { objectsIn } from './structural-sharing.ts';

/**
 * The objects that a handler has beside those of the page, after a restart: what it changes in them in place is lost. In
 * development, for advice.
 */
export class ApartObjects {
  /** What each held when the replay ended. */
  readonly #held = new Map<object, readonly unknown[]>();

  /** @param cells values of the handler, each with the page's. */
  constructor(cells: Iterable<readonly [mine: unknown, theirs: unknown]>) {
    const shared = new Set<object>();
    const all = [...cells];
    for (const [, theirs] of all) objectsIn(theirs, shared);
    for (const [mine] of all) {
      for (const part of objectsIn(mine)) if (!shared.has(part)) this.#held.set(part, held(part));
    }
  }

  /** True when the handler has changed one in place. */
  get changed(): boolean {
    return [...this.#held].some(([part, before]) => !isSame(held(part), before));
  }
}

/** Returns what an object itself holds. What a part of it holds is that part's. */
function held(part: object): readonly unknown[] {
  if (part instanceof Date) return [part.getTime()];
  return part instanceof Map || part instanceof Set ? [...part.entries()].flat() : Object.entries(part).flat();
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => Object.is(value, other[index]));
}
