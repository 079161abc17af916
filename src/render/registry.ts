import { type ComponentRegistry, core, type ElementComponent, lazy } from '../../client/components/index.ts';

const entries = Object.entries<() => Promise<unknown>>(lazy);
const loaded = await Promise.all(entries.map(async ([kind, load]) => [kind, await load()] as const));
const components = new Map<string, unknown>([...Object.entries(core), ...loaded]);

/**
 * All components at once, since first paint waits for none. They are awaited here, and not imported by name, so that the list of
 * what is lazy is written once, and no module of the browser's bundle names them all.
 */
export const allComponents: ComponentRegistry = {
  lookup: (kind) => (components.get(kind) as ElementComponent<never> | undefined) ?? 'unknown',
};
