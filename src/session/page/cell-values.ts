import { gone, type Items } from '../../collection/index.ts';
import { encode } from '../../storage/index.ts';
import { describe, type Tree, type TreeNode } from '../../tree/index.ts';
import type { CellsOfElement } from '../replay/journal.ts';
import type { LiveCell, LiveCells } from '../replay/overlay.ts';
import { textOf } from '../replay/recorded-values.ts';
import { Cells } from './cells.ts';
import { describeState } from './state-types.ts';
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
    const item = this.#item(cell);
    if (item) {
      const { key, items } = item;
      const what = `The item ${JSON.stringify(key)} of a ui.list`;
      return { value: items.get(key)?.value, text: () => items.get(key)?.text ?? gone, what };
    }
    const [key, type, name] = Cells.parse(cell) ?? [];
    const node = key === undefined ? undefined : tree.at(key);
    if (!node || name === undefined) return undefined;
    if (type === 's') {
      const state = states.get(node, name);
      if (!state) return undefined;
      return {
        value: state.present,
        // Nothing is stored of what has its first value.
        text: () => cells.stateText(cell) ?? states.firstText(node, name) ?? textOf(state.present),
        what: describeState(name),
      };
    }
    // Because a bound prop is not the value that was written last.
    if (node.bindings?.has(name) || isFollowing(node)) return undefined;
    if (!node.dynamic && !Object.hasOwn(cells.saved(node.key)?.props ?? {}, name)) return undefined;
    const value = name === 'total' ? node.storedLines.total : node.props[name];
    const what = `The ${name === 'total' ? 'number of lines' : name} of ${describe(node)}`;
    return { value, text: () => textOf(value), what };
  }

  /** The stored values of an element. */
  of(node: TreeNode): CellsOfElement {
    const { cells, states } = this.#page;
    const { key } = node;
    const values = states.namesOf(node).flatMap((name) => {
      const cell = Cells.stateCell(key, name);
      const text = cells.stateText(cell) ?? states.firstText(node, name);
      return text === undefined ? [] : [[cell, text] as const];
    });
    for (const prop of Object.keys(cells.saved(key)?.props ?? {})) {
      if (prop === 'lines' || prop === 'total') continue;
      values.push([Cells.propCell(key, prop), encode(node.props[prop], 'A prop')]);
    }
    const lists = states.listsOf(node).map(([name, items]) => [Cells.listCell(key, name), items] as const);
    return { values, lists };
  }

  firstText(cell: string): string | undefined {
    const { states, tree } = this.#page;
    const item = this.#item(cell);
    if (item) return item.items.get(item.key)?.text ?? gone;
    const [key, type, name] = Cells.parse(cell) ?? [];
    const node = type === 's' && key !== undefined ? tree.at(key) : undefined;
    return node && name !== undefined ? states.firstText(node, name) : undefined;
  }

  adopt(cell: string, value: unknown): void {
    const { states, tree } = this.#page;
    const item = this.#item(cell);
    item?.items.adopt(item.key, value);
    const [key, , name] = Cells.parse(cell) ?? [];
    const node = key === undefined ? undefined : tree.at(key);
    if (node && name !== undefined) states.get(node, name)?.adopt(value);
  }

  /** Returns the list of an item's cell, and the item's key there. */
  #item(cell: string): { readonly items: Items; readonly key: string } | undefined {
    const [slot, list = '', key = ''] = Cells.parseItem(cell) ?? [];
    const node = slot === undefined ? undefined : this.#page.tree.at(slot);
    const items = node && this.#page.states.listAt(node, list);
    return items && { items, key };
  }
}

/** True within a part that a handler made: it is made again whenever a signal changes. */
function isFollowing({ dynamic, parent }: TreeNode): boolean {
  for (let node = parent; dynamic && node; node = node.parent)
    if (node.kind === 'fragment' && node.dynamic) return true;
  return false;
}
