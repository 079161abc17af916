import type { TreeItem } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import { iconName } from '../icon-names.ts';

/** A node of `ui.tree`, with the nodes below it. */
export interface TreeEntry {
  /** Identifies the node in the whole tree. */
  readonly id: string | number;
  /** Its text. @default the id */
  readonly label?: string;
  /** Name of an icon before the text, in Lucide or Material. @default none */
  readonly icon?: string;
  /** The nodes below it. @default none */
  readonly children?: readonly TreeEntry[];
}

/** Options of `ui.tree`. */
export interface TreeOptions extends ElementOptions {
  /** Names the tree for assistive technology. @default 'Tree' */
  readonly label?: string;
  /** The id of the selected node, or a signal that it is bound to in both directions. @default null (none) */
  readonly value?: MaybeReactive<string | null>;
  /** The ids of the nodes that are open at first; true opens all. @default none */
  readonly expanded?: readonly (string | number)[] | true;
  /** Shows check boxes. With `leaf`, the box of a node ticks all leaves below it; with `strict`, only itself. @default none */
  readonly tick?: 'leaf' | 'strict';
  /** The ids of the nodes that are ticked at first. @default none */
  readonly ticked?: readonly (string | number)[];
  /** Called with the id of the selected node, or null, after the user has selected. @default none */
  readonly onSelect?: (id: string | null) => unknown;
  /** Called with the ids of all open nodes after the user has opened or closed one. @default none */
  readonly onExpand?: (ids: readonly string[]) => unknown;
  /** Called with the ids of all ticked nodes after the user has ticked. @default none */
  readonly onTick?: (ids: readonly string[]) => unknown;
}

/** Nodes below nodes. The `value` is the id of the selected one. */
export class NodeTree extends ValueElement<string | null> {
  constructor(nodes: readonly TreeEntry[], options: TreeOptions = {}) {
    const { label = 'Tree', value = null, expanded = [], tick, ticked = [], onSelect, onExpand, onTick } = options;
    const items = nodes.map(itemOf);
    const ids = idsOf(items);
    const twice = ids.find((id, index) => ids.indexOf(id) < index);
    if (twice !== undefined) {
      throw new TypeError(`Two nodes of ui.tree have the id ${JSON.stringify(twice)}. Give each a different id.`);
    }
    const open = expanded === true ? ids : expanded.map(String);
    const flags = { ...(tick && { tick }), ticked: ticked.map(String), expanded: open };
    super('tree', own<'tree'>({ value: null, nodes: items, label, ...flags }), value, options);
    if (onSelect) this.onChange((event) => onSelect(event.value));
    if (onExpand) this.listen('expanded', () => onExpand(this.expanded), 'parallel', onExpand);
    if (onTick) this.listen('ticked', () => onTick(this.ticked), 'parallel', onTick);
  }

  /** The ids of the open nodes. */
  get expanded(): readonly string[] {
    return this.get<string[]>('expanded');
  }

  set expanded(ids: MaybeReactive<readonly string[]>) {
    this.bind('expanded', ids);
  }

  /** The ids of the ticked nodes. */
  get ticked(): readonly string[] {
    return this.get<string[]>('ticked');
  }

  set ticked(ids: MaybeReactive<readonly string[]>) {
    this.bind('ticked', ids);
  }
}

function itemOf({ id, label, icon, children }: TreeEntry): TreeItem {
  return {
    id: String(id),
    text: label ?? String(id),
    ...(icon && { icon: iconName(icon) }),
    ...(children && children.length > 0 && { children: children.map(itemOf) }),
  };
}

function idsOf(items: readonly TreeItem[]): string[] {
  return items.flatMap(({ id, children = [] }) => [id, ...idsOf(children)]);
}

/**
 * Shows nodes below nodes, which the user opens, selects and ticks. Arrow keys move between the nodes and open them, Enter selects,
 * Space ticks (APG: tree view).
 *
 * @example
 * ui.tree(
 *   [
 *     { id: 'fruit', label: 'Fruit', children: [{ id: 'apple', label: 'Apple' }, { id: 'pear', label: 'Pear' }] },
 *     { id: 'bread', label: 'Bread' },
 *   ],
 *   { onSelect: (id) => ui.notify(id ?? 'nothing'), tick: 'leaf' },
 * );
 *
 * @param nodes the nodes of the first level, each with those below it.
 * @throws {TypeError} when two nodes have the same id.
 */
export function tree(nodes: readonly TreeEntry[], options?: TreeOptions): NodeTree {
  return new NodeTree(nodes, options);
}
