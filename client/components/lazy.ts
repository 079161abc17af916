import { isKind, type Kind } from '../../src/protocol/index.ts';
import { core } from './core.ts';
import type { Show } from './shown.ts';

/** Components that come when a page first uses them, one chunk each. With {@link core}, every kind has one. */
export const lazy: { readonly [K in Exclude<Kind, keyof typeof core>]: () => Promise<Show<K>> } = {
  checkbox: async () => (await import('./checkbox.tsx')).Checkbox,
  select: async () => (await import('./select.tsx')).Select,
  notification: async () => (await import('./notification.tsx')).Notification,
  log: async () => (await import('./log.tsx')).Log,
  dialog: async () => (await import('./dialog.tsx')).Dialog,
  tabs: async () => (await import('./tabs.tsx')).Tabs,
};

/** Pauses between attempts to load a chunk, in milliseconds; the last one repeats. */
const pauses = [500, 2_000, 5_000, 15_000];

/** The component of a kind, `waiting` until it is loaded, `failing` while that goes wrong, `unknown` for a kind of a newer server. */
export type Found = Show<never> | 'waiting' | 'failing' | 'unknown';

/** Where a view finds components. */
export interface Finder {
  /** The component, or why there is none; then `changed` is called when that changes. */
  find(kind: string, changed: () => void): Found;
}

/** Components of the core, and lazy ones loaded on first use and kept. A chunk that fails is tried again for ever. */
export class Loader implements Finder {
  readonly #found = new Map<string, Found>();
  readonly #waiting = new Map<string, Set<() => void>>();

  find(kind: string, changed: () => void): Found {
    if (Object.hasOwn(core, kind)) return core[kind as keyof typeof core] as Show<never>;
    if (!isKind(kind)) return 'unknown';
    const found = this.#found.get(kind);
    if (typeof found === 'function') return found;
    const waiting = this.#waiting.get(kind) ?? new Set();
    waiting.add(changed);
    this.#waiting.set(kind, waiting);
    if (!found) {
      this.#found.set(kind, 'waiting');
      void this.#load(kind as keyof typeof lazy, 0);
    }
    return found ?? 'waiting';
  }

  /** Resolves once all these kinds are loaded, or one has failed so often that the page should not wait for it. */
  async ready(kinds: Iterable<string>): Promise<void> {
    await Promise.all(
      [...kinds].map(
        (kind) =>
          new Promise<void>((resolve) => {
            const check = (): void => {
              if (this.find(kind, check) !== 'waiting') resolve();
            };
            check();
          }),
      ),
    );
  }

  async #load(kind: keyof typeof lazy, attempt: number): Promise<void> {
    try {
      this.#set(kind, (await lazy[kind]()) as Show<never>);
    } catch {
      // The first retry is quiet; after that, what stands for the component says what is wrong.
      if (attempt > 0) this.#set(kind, 'failing');
      setTimeout(() => this.#load(kind, attempt + 1), pauses[Math.min(attempt, pauses.length - 1)]);
    }
  }

  #set(kind: string, found: Found): void {
    this.#found.set(kind, found);
    const waiting = this.#waiting.get(kind);
    this.#waiting.delete(kind);
    for (const changed of waiting ?? []) changed();
  }
}
