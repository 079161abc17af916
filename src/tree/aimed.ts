import {
  aroundOf,
  hasNumbers,
  type Level,
  levelsOf,
  saw,
  sawPlain,
  textOf,
  withoutNumbers,
} from '../protocol/index.ts';
import type { TreeNode } from './node.ts';
import type { Tree } from './tree.ts';

/** Nodes that are looked at to see whether something else looks the same. */
const mostNodes = 256;

/**
 * True when an aim was taken at what is there now. An element with another text is another one, but
 * for the numbers in a text that follows signals. One with the same text is another one when what
 * tells it from others is something else: what its row or card begins with, or what stands beside
 * it. What follows signals, what handlers have made or set, and what stands around a key does not
 * count: it may be another text for the same thing.
 */
export function isAimedAt(tree: Tree, node: TreeNode, aim: string): boolean {
  const text = textOf(node);
  if (!sawPlain(aim, text)) return false;
  const counts =
    !hasNumbers(text) ||
    node.keyed ||
    (!isFixed(tree, node) && !isTwin(node, node.parent?.children ?? [], withoutNumbers));
  return (counts || saw(aim, text)) && isSurroundedAs(tree, node, aim);
}

/**
 * The same for what outlives the moment of the event, as a handler does that waits.
 *
 * @param changed true when signals that the element's text may follow have changed since.
 */
export function isStillAimedAt(tree: Tree, node: TreeNode, aim: string, changed: boolean): boolean {
  if (isInKeyed(node)) return true;
  const text = textOf(node);
  const own = isFixed(tree, node) ? saw(aim, text) : changed || tree.overridden(node, 'text') || sawPlain(aim, text);
  return own && isSurroundedAs(tree, node, aim);
}

/** True when the page function says the text of a node, once and for all. */
export function isFixed(tree: Tree, node: TreeNode): boolean {
  const prop = node.props.text === undefined ? 'label' : 'text';
  return !node.dynamic && !node.bindings?.has(prop) && !tree.overridden(node, prop);
}

/** True when an author's key tells the node, or something that it is in, from its siblings. */
function isInKeyed(node: TreeNode): boolean {
  for (let at: TreeNode | undefined = node; at; at = at.parent) if (at.keyed) return true;
  return false;
}

function isSurroundedAs(tree: Tree, node: TreeNode, aim: string): boolean {
  const levels = levelsOf(node);
  let around: ReturnType<typeof aroundOf<TreeNode>> | undefined;
  for (const level of levels) {
    const { parent, child, first, before, after } = level;
    if (child.keyed || parent.keyed) return true;
    for (const text of [first, before, after]) {
      if (!text || !isFixed(tree, text)) continue;
      around ??= aroundOf(levels);
      const role = around.get(text);
      if (role === undefined) continue;
      // Because a repeated text counts once; nodes that handlers add or remove decide which one it
      // is.
      const other = before === text ? (role.startsWith('first') ? 'before' : 'first') : undefined;
      const said = textOf(text);
      if (saw(aim, said, role) || (other && saw(aim, said, role.replace(/^[a-z]+/, other)))) continue;
      // Last, because it looks at many nodes.
      if (distinctive(tree, node, level).includes(text)) return false;
    }
  }
  return true;
}

/** Returns the nodes of a level whose texts distinguish the node from others. */
function distinctive(tree: Tree, node: TreeNode, level: Level<TreeNode>): readonly (TreeNode | undefined)[] {
  const { parent, child, first, before, after } = level;
  const twin = hasTwin(node, child) || (parent.parent !== undefined && hasTwin(node, parent));
  // Because a key identifies an item, only repeated nodes must be distinguished within it, in a
  // page function, and where a label identifies a field.
  const inKeyed = isInKeyed(parent);
  if (!twin && (inKeyed || node.labelled || !node.inPart)) {
    const isRecord = parent.kind === 'row' || parent.kind === 'card';
    return isRecord && !inKeyed && !node.inPart ? [first] : [];
  }
  if (parent.kind === 'fragment' || parent.kind === 'root') return [first, before, after];
  return first && isFixed(tree, first) && !hasTwin(node, child) ? [first] : [first, before, after];
}

/** True when a sibling of `at`, which is the node or something around it, could be taken for it. */
function hasTwin(node: TreeNode, at: TreeNode): boolean {
  const siblings = at.parent?.children ?? [];
  if (at === node) return isTwin(node, siblings, withoutNumbers);
  const budget = { nodes: mostNodes };
  const within = ({ children }: TreeNode): boolean =>
    isTwin(node, children, withoutNumbers, budget) || children.some((child) => budget.nodes > 0 && within(child));
  return siblings.some((other) => other !== at && other.kind === at.kind && !other.keyed && within(other));
}

function isTwin(
  node: TreeNode,
  among: readonly TreeNode[],
  read: (text: string) => string,
  budget = { nodes: mostNodes },
): boolean {
  const text = read(textOf(node));
  return among.some(
    (other) =>
      --budget.nodes >= 0 && other !== node && other.kind === node.kind && !other.keyed && read(textOf(other)) === text,
  );
}
