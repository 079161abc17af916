import type { Check, Rules, Traits } from './kind.ts';

/** Elements that show many things of one kind. */
export interface DataKinds {
  /** Its first child is the row of headers and its last one stands below the table; the others are the rows between. */
  table: { readonly label?: string; readonly sticky?: boolean; readonly dense?: boolean };
  tableRow: { readonly selected?: boolean };
  /** With `order` its text is a button. */
  tableHeader: {
    readonly text: string;
    readonly align?: Align;
    readonly order?: 'none' | 'ascending' | 'descending';
  };
  /** Its text or its children. */
  tableCell: { readonly text?: string; readonly align?: Align; readonly span?: number };
  /** Sends `value` with the id of the selected node or null, and all ids that are `expanded` or `ticked`. */
  tree: {
    readonly nodes: readonly TreeItem[];
    readonly label: string;
    readonly value: string | null;
    readonly expanded: readonly string[];
    readonly tick?: 'leaf' | 'strict';
    readonly ticked: readonly string[];
  };
}

/** A node of a tree, with the nodes below it. */
export interface TreeItem {
  readonly id: string;
  readonly text: string;
  readonly icon?: string;
  readonly children?: readonly TreeItem[];
}

/** The side of its column on which a cell stands. */
export type Align = 'left' | 'center' | 'right';

export const dataRules: Rules<DataKinds> = {
  tree: { writes: ['value', 'expanded', 'ticked'] },
};

const flat = (nodes: readonly TreeItem[]): TreeItem[] => nodes.flatMap((node) => [node, ...flat(node.children ?? [])]);

/** Accepts different ids of nodes of the tree. */
const idsOfNodes: Check<DataKinds['tree']> = (value, { nodes }) => {
  if (!Array.isArray(value) || new Set(value).size !== value.length) return 'the value is no list of different nodes';
  const ids = new Set<unknown>(flat(nodes).map(({ id }) => id));
  return value.every((id) => ids.has(id)) ? undefined : 'the tree has no such node';
};

export const dataTraits: Traits<DataKinds> = {
  table: {},
  tableRow: { internal: 'made by table' },
  tableHeader: { internal: 'made by table' },
  tableCell: { internal: 'made by table' },
  tree: {
    texts: ({ nodes }) => flat(nodes).map(({ text }) => text),
    choices: ({ nodes }) => flat(nodes).map(({ id, text }) => ({ value: id, text })),
    checks: {
      value: (value, { nodes }) =>
        value === null || flat(nodes).some(({ id }) => id === value) ? undefined : 'the tree has no such node',
      expanded: idsOfNodes,
      ticked: (value, props) => (props.tick ? idsOfNodes(value, props) : 'the tree has no boxes'),
    },
  },
};
