import type { TreeNode } from './node.ts';

/** A node as a person would call it, for logs and notices. */
export function describe(node: TreeNode): string {
  if (node.kind === 'root') return 'the page';
  if (node.kind === 'fragment' && node.parent)
    return node.parent.kind === 'fragment' ? describe(node.parent) : `a part of ${describe(node.parent)}`;
  const text = node.props.text ?? node.props.label;
  return typeof text === 'string' && text !== '' ? `${node.kind} "${text.slice(0, 40)}"` : `${node.kind} ${node.id}`;
}
