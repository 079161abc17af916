import { abilities, all, type ComponentRegistry, type Part } from '../../client/components/server.ts';

/** All parts of the client at once, because first paint waits for none. No module of the browser's bundle names them all. */
export const allComponents: ComponentRegistry = {
  lookup: <Name extends string>(name: Name) => {
    const table: object = name.startsWith('+') ? abilities : all;
    return Object.hasOwn(table, name) ? (table as { readonly [N in Name]: Part<N> })[name] : 'unknown';
  },
};
