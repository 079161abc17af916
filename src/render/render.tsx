import { renderToString } from 'preact-render-to-string';
import { Renderer } from '../../client/components/index.ts';
import { Replica } from '../../client/tree/index.ts';
import { systemClock } from '../clock/index.ts';
import type { NodeLiteral } from '../protocol/index.ts';
import { allComponents } from './registry.ts';

/**
 * Returns the first HTML of a page's tree, made by the components that take it over in the browser.
 * The HTML is readable without a script, and its links work.
 */
export function renderTree(tree: NodeLiteral): string {
  const store = new Replica(tree, systemClock);
  return renderToString(new Renderer(store, allComponents).vnodeFor(store.root));
}
