import type { ComponentRegistry, Missing, Part } from './registry.ts';

/**
 * Resolves to a part of the client once it is there, or why there is none.
 *
 * @param patient false resolves also when it has failed so often that a page should not wait for it.
 */
export function loaded<Name extends string>(
  registry: ComponentRegistry,
  name: Name,
  patient = true,
): Promise<Part<Name> | Missing> {
  return new Promise((resolve) => {
    const check = (): void => {
      const found = registry.lookup(name, check);
      if (found !== 'waiting' && !(patient && found === 'failing')) resolve(found);
    };
    check();
  });
}
