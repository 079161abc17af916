import { learn } from '../tree/index.ts';
import { writes } from '../tree/writes.gen.ts';
import type { Abilities } from './abilities.ts';
import { lazy } from './lazy.gen.ts';
import type { ElementComponent } from './types.ts';

const abilities: { readonly [A in keyof Abilities]: () => Promise<Abilities[A]> } = {
  '+attributes': async () => (await import('../dom/sanitize.ts')).safeAttributes,
  '+modifiers': async () => (await import('../dom/modifiers.ts')).Modifiers,
  '+methods': async () => (await import('./methods.ts')).callMethod,
  '+edits': async () => (await import('../tree/edits.ts')).Edits,
};

learn(writes);

/**
 * The loaders of everything outside of the first script: of a component by its kind, of an ability by its name. The list is a
 * chunk, too, because a page of core components does not need it.
 */
export const loaders = new Map<string, () => Promise<unknown>>([
  ...Object.entries(abilities),
  ...Object.entries<() => Promise<object>>(lazy).map(([kind, load]) => {
    const name = kind.charAt(0).toUpperCase() + kind.slice(1);
    return [kind, async () => ((await load()) as { readonly [name: string]: ElementComponent<never> })[name]] as const;
  }),
]);
