import { type ComponentRegistry, core, type ElementComponent, lazy, load } from '../../client/components/index.ts';

const kinds = Object.keys(lazy) as (keyof typeof lazy)[];
const loaded = await Promise.all(kinds.map(async (kind) => [kind, await load(kind)] as const));
const components = new Map<string, unknown>([...Object.entries(core), ...loaded]);

/**
 * All components at once, because first paint waits for none.
 * Loads them instead of importing each by name. So the list of lazy ones exists once, and no module of the
 * browser's bundle names them all.
 */
export const allComponents: ComponentRegistry = {
  lookup: (kind) => (components.get(kind) as ElementComponent<never> | undefined) ?? 'unknown',
};
