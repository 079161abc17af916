import type { TreeNode } from '../tree/index.ts';
import type { PageHost } from './page-host.ts';

/** By the part of a page: the node that was made from each place in the code last. */
const made = new WeakMap<TreeNode, Map<string, TreeNode>>();

/**
 * Tells the author, while developing, of an element that hears something and that a loop makes without a key: nothing but its place
 * tells it from the others. Places in the code are told apart by their stacks, so that a function which is called twice is no loop.
 */
export function adviseKey(host: PageHost, node: TreeNode): void {
  if (node.keyed || node.dynamic) return;
  const within = partOf(node);
  // A label says which it is.
  if (node.labelled && node.parent === within) return;
  const places = made.get(within) ?? new Map<string, TreeNode>();
  made.set(within, places);
  const place = stack();
  const other = places.get(place);
  places.set(place, node);
  if (!other || other.key === node.key || !other.alive) return;
  host.advise(
    `A loop makes ui.${node.kind} without a key. When its list changes, the page refuses clicks that are on their way, and typed text ` +
      'may be lost. Give each element, or its row, a key, as in ui.row(build, { key: item.id }), or use ui.each.',
  );
}

/** What a key tells from others, or what is built again as a whole. */
function partOf(node: TreeNode): TreeNode {
  for (let at = node.parent; at; at = at.parent) {
    if (at.keyed || at.kind === 'fragment' || !at.parent) return at;
  }
  return node;
}

function stack(): string {
  const limits = Error as { stackTraceLimit?: number };
  const before = limits.stackTraceLimit;
  limits.stackTraceLimit = 60;
  const { stack = '' } = new Error('Where an element is made');
  if (before !== undefined) limits.stackTraceLimit = before;
  return stack;
}
