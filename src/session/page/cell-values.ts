import { encode } from '../../storage/index.ts';
import { describe, type Tree, type TreeNode } from '../../tree/index.ts';
import type { LiveCell, LiveCells } from '../replay/overlay.ts';
import { Cells } from './cells.ts';
import type { States } from './states.ts';

/** The parts of a page that hold the values of its cells. */
export interface CellValuesHost {
  readonly cells: Cells;
  readonly states: States;
  readonly tree: Tree;
}

/** The values of a page's cells by the names of the cells, for replays to compare with. */
export class CellValues implements LiveCells {
  readonly #page: CellValuesHost;

  constructor(page: CellValuesHost) {
    this.#page = page;
  }

  live(cell: string): LiveCell | undefined {
    const { cells, states, tree } = this.#page;
    const [key, sort, name] = Cells.parse(cell) ?? [];
    const node = key === undefined ? undefined : tree.at(key);
    if (!node || name === undefined) return undefined;
    if (sort === 's') {
      const state = states.get(node, name);
      if (!state) return undefined;
      return {
        value: state.present,
        // Nothing is stored of what has its first value.
        text: () => cells.stateText(cell) ?? encode(state.present, 'A state'),
        what: name.startsWith('~') ? 'A ui.state' : `The state "${name}"`,
      };
    }
    // Because a bound prop is not the value that was written last.
    if (node.bindings?.has(name) || isFollowing(node)) return undefined;
    if (!node.dynamic && !Object.hasOwn(cells.saved(node.key)?.props ?? {}, name)) return undefined;
    const value = node.props[name];
    const what = `The ${name === 'total' ? 'number of lines' : name} of ${describe(node)}`;
    return { value, text: () => encode(value, 'A prop'), what };
  }

  adopt(cell: string, value: unknown): void {
    const { states, tree } = this.#page;
    const [key, , name] = Cells.parse(cell) ?? [];
    const node = key === undefined ? undefined : tree.at(key);
    if (node && name !== undefined) states.get(node, name)?.adopt(value);
  }
}

/** True within a part that a handler made: it is made again whenever a signal changes. */
function isFollowing({ dynamic, parent }: TreeNode): boolean {
  for (let node = parent; dynamic && node; node = node.parent)
    if (node.kind === 'fragment' && node.dynamic) return true;
  return false;
}
