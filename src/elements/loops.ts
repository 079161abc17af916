import type { TreeNode } from '../tree/index.ts';
import type { PageHost } from './page-host.ts';

/** For each part of a page, the last node that each call site made. */
const made = new WeakMap<TreeNode, Map<string, TreeNode>>();

/**
 * Warns the author, in development, of an element with a listener that a loop makes without a key. Only its position distinguishes
 * it from the others. Call sites are compared by their stacks, because a function that is called twice is no loop.
 */
export function adviseKey(host: PageHost, node: TreeNode): void {
  if (node.keyed || node.dynamic) return;
  const within = partOf(node);
  // A label identifies the element.
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

/** Returns the nearest ancestor that has a key or is rebuilt as a whole. */
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
