import { core, lazy } from './components.gen.ts';
import type { ElementComponent } from './types.ts';

/** Pauses between attempts to load a chunk, in milliseconds; the last one repeats. */
const pauses = [500, 2_000, 5_000, 15_000];

/** The component of a kind, `waiting` while it loads, `failing` while loading fails, `unknown` for a kind of a newer server. */
export type Lookup = ElementComponent<never> | 'waiting' | 'failing' | 'unknown';

/** A function that loads a component outside of the core. */
export async function load(kind: keyof typeof lazy): Promise<ElementComponent<never>> {
  const module = (await lazy[kind]()) as unknown as { readonly [name: string]: ElementComponent<never> };
  return module[kind[0]?.toUpperCase() + kind.slice(1)] as ElementComponent<never>;
}

/** The port by which a renderer finds components. */
export interface ComponentRegistry {
  /** Returns the component, or the reason why there is none. It then calls `changed` when that changes. */
  lookup(kind: string, changed: () => void): Lookup;
}

/** The components of the core, and lazy components, each loaded on first use. It retries a failed chunk without end. */
export class ComponentLoader implements ComponentRegistry {
  readonly #results = new Map<string, Lookup>();
  readonly #waiting = new Map<string, Set<() => void>>();

  lookup(kind: string, changed: () => void): Lookup {
    if (Object.hasOwn(core, kind)) return core[kind as keyof typeof core] as ElementComponent<never>;
    if (!Object.hasOwn(lazy, kind)) return 'unknown';
    const result = this.#results.get(kind);
    if (typeof result === 'function') return result;
    const waiting = this.#waiting.get(kind) ?? new Set();
    waiting.add(changed);
    this.#waiting.set(kind, waiting);
    if (!result) {
      this.#results.set(kind, 'waiting');
      void this.#load(kind as keyof typeof lazy, 0);
    }
    return result ?? 'waiting';
  }

  /** Resolves when all these kinds are loaded, or one has failed so often that the page should not wait for it. */
  async ready(kinds: Iterable<string>): Promise<void> {
    await Promise.all(
      [...kinds].map(
        (kind) =>
          new Promise<void>((resolve) => {
            const check = (): void => {
              if (this.lookup(kind, check) !== 'waiting') resolve();
            };
            check();
          }),
      ),
    );
  }

  async #load(kind: keyof typeof lazy, attempt: number): Promise<void> {
    try {
      this.#set(kind, await load(kind));
    } catch {
      // The first retry is silent. After it, the placeholder of the component shows the failure.
      if (attempt > 0) this.#set(kind, 'failing');
      setTimeout(() => this.#load(kind, attempt + 1), pauses[Math.min(attempt, pauses.length - 1)]);
    }
  }

  #set(kind: string, result: Lookup): void {
    this.#results.set(kind, result);
    const waiting = this.#waiting.get(kind);
    this.#waiting.delete(kind);
    for (const changed of waiting ?? []) changed();
  }
}
