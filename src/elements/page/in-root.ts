import { slot } from '../../tree/index.ts';
import { pageHost } from '../page-host.ts';

/** Makes a node a child of the page's root, wherever the code stands, because the first paint looks for it there only. */
export function inRoot<T>(what: string, make: () => T): T {
  const { tree } = pageHost.require(what);
  const { structural } = slot.require(what);
  return slot.run({ node: tree.root, structural }, make);
}
