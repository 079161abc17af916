import { renderToString } from 'preact-render-to-string';
import { partsOf as componentsOf, stillView } from '../../client/components/server.ts';
import type { NodeLiteral } from '../protocol/index.ts';
import { StillTree } from './still-tree.ts';

/**
 * Returns the first HTML of a page's tree, made by the components that take it over in the browser.
 * The HTML is readable without a script, and its links work.
 */
export function renderTree(tree: NodeLiteral): string {
  return renderToString(stillView(new StillTree(tree)));
}

/** Returns the names of all parts of the client that a tree needs: kinds and abilities. */
export function partsOf(tree: NodeLiteral): ReadonlySet<string> {
  return componentsOf(tree);
}
