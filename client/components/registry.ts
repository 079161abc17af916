import type { NodeLiteral } from '../../src/protocol/index.ts';
import { type Abilities, partsOf } from './abilities.ts';
import { loadChunk } from './chunk.ts';
import { core } from './core.gen.ts';
import { loaded } from './loaded.ts';
import type { ElementComponent } from './types.ts';

/** Why a part of the client is missing: it loads, loading fails, or it is of a newer server. */
export type Missing = 'waiting' | 'failing' | 'unknown';

/** What a registry has under a name: the component of a kind, or an ability. */
export type Part<Name extends string> = Name extends keyof Abilities ? Abilities[Name] : ElementComponent<never>;

/** The port by which a renderer finds parts of the client. */
export interface ComponentRegistry {
  /** Returns the part, or the reason why there is none. It then calls `changed` when that changes. */
  lookup<Name extends string>(name: Name, changed: () => void): Part<Name> | Missing;
}

/** The components of the core, and parts that are loaded on first use. It retries a failed chunk without end. */
export class ComponentLoader implements ComponentRegistry {
  readonly #results = new Map<string, unknown>(Object.entries(core));
  readonly #waiting = new Map<string, Set<() => void>>();

  lookup<Name extends string>(name: Name, changed: () => void): Part<Name> | Missing {
    const result = this.#results.get(name);
    if (result !== undefined && result !== 'waiting' && result !== 'failing') return result as Part<Name>;
    const waiting = this.#waiting.get(name) ?? new Set();
    waiting.add(changed);
    this.#waiting.set(name, waiting);
    if (!result) {
      this.#results.set(name, 'waiting');
      void this.#load(name);
    }
    return (result ?? 'waiting') as Missing;
  }

  /** Resolves when all parts that a tree needs are loaded, or one has failed so often that the page should not wait for it. */
  async ready(tree: NodeLiteral): Promise<void> {
    const all = () => Promise.all([...partsOf(tree)].map((name) => loaded(this, name, false)));
    await all();
    // What a kind needs beside its component is known with the list of the components.
    await all();
  }

  async #load(name: string): Promise<void> {
    const load = () => import('./lazy.ts').then((chunk) => chunk.loaders.get(name)?.());
    // The placeholder of the component shows the failure.
    this.#set(name, (await loadChunk(load, () => this.#set(name, 'failing'))) ?? 'unknown');
  }

  #set(name: string, result: unknown): void {
    this.#results.set(name, result);
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    for (const changed of waiting ?? []) changed();
  }
}
