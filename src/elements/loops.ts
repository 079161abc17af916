import type { TreeNode } from '../tree/index.ts';
import type { PageHost } from './page-host.ts';

interface Made {
  readonly node: TreeNode;
  /** Where. The runtime writes the text of a stack when it is first read, which takes most of the time. */
  readonly error: Error;
}

/** For each part of a page, what was made there, by its parent and its key. */
const parts = new WeakMap<TreeNode, Map<TreeNode | undefined, Map<TreeNode['key'], Made>>>();

/**
 * Warns the author, in development, of an element with a listener that a loop makes without a key. Only its position distinguishes
 * it from the others. Call sites are compared by their stacks, because a function that is called twice is no loop.
 */
export function adviseKey(host: PageHost, node: TreeNode): void {
  if (node.keyed || node.dynamic) return;
  const within = partOf(node);
  const made = parts.get(within) ?? new Map<TreeNode | undefined, Map<TreeNode['key'], Made>>();
  parts.set(within, made);
  const error = here();
  const isTwin = (other: Made) => other.node.key !== node.key && other.node.alive && other.error.stack === error.stack;
  const twin = made.entries().some(
    // A label identifies the element among those of its parent.
    ([parent, beside]) => !(node.labelled && parent === node.parent) && beside.values().some(isTwin),
  );
  const siblings = made.get(node.parent) ?? new Map<TreeNode['key'], Made>();
  made.set(node.parent, siblings.set(node.key, { node, error }));
  if (!twin) return;
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

function here(): Error {
  const limits = Error as { stackTraceLimit?: number };
  const before = limits.stackTraceLimit;
  limits.stackTraceLimit = 60;
  const error = new Error('Where an element is made');
  if (before !== undefined) limits.stackTraceLimit = before;
  return error;
}
