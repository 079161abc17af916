/** Functions that a server may call, by name. */
export type ClientFunctions = { readonly [name: string]: (...args: never[]) => unknown };

/** The functions of the author's client modules, by the names of these. */
export const modules = new Map<string, ClientFunctions>();

/**
 * Lets handlers call functions of the browser by `page.call('NAME.FUNCTION', …)`. Call it in the application's client module.
 * Arguments and results are plain data.
 *
 * @example
 * // client.ts
 * import { expose } from 'edgewise/client';
 *
 * export const screen = { width: () => window.innerWidth };
 * expose('screen', screen);
 */
export function expose(name: string, functions: ClientFunctions): void {
  modules.set(name, functions);
}
