import type { List } from '../../collection/index.ts';
import type { Json } from '../../protocol/index.ts';
import type { TreeNode } from '../../tree/index.ts';
import { each } from '../each.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.sortable`. */
export interface SortableOptions<T> extends ElementOptions {
  /** Returns what names an item for assistive technology, as in "Move Milk". */
  readonly name: (item: T) => string;
  /** Returns true for an item that is shown. A function that reads a signal follows it. @default shows all items */
  readonly filter?: (item: T) => boolean;
  /** Names the list for assistive technology. @default none */
  readonly label?: string;
}

/** A list whose items a person puts in another order. */
export class Sortable<T> extends Element {
  readonly #list: List<T>;
  /** The keys of the items that are shown. */
  readonly #keys = new WeakMap<TreeNode, string>();

  /** @internal */
  constructor(list: List<T>, build: (item: T) => unknown, options: SortableOptions<T>) {
    const { label, name, filter = () => true } = options;
    super('sortable', own<'sortable'>({ ...(label && { label }) }), options);
    this.#list = list;
    this.add(() =>
      each(
        () => list.source.all.all.filter(({ value }) => filter(value as T)),
        ({ key }) => key,
        ({ key, value }) => {
          const move = (to: number, behind: boolean) => this.#move(key, to, behind);
          const item = new SortableItem(name(value as T), move, () => build(value as T));
          this.#keys.set(item.place, key);
        },
      ),
    );
  }

  /** Moves an item beside the one with a number. Of two who move at the same time, neither moves what the other has moved. */
  #move(key: string, to: number, behind: boolean): void {
    const other = this.tree.get(to);
    // The other item may have gone meanwhile.
    const beside = other && this.#keys.get(other);
    if (beside === undefined || beside === key) return;
    const others = this.#list.keys.filter((one) => one !== key);
    const index = others.indexOf(beside);
    if (index >= 0) this.#list.move(key, behind ? index + 1 : index);
  }
}

/** An item with a handle. */
class SortableItem extends Element {
  constructor(name: string, move: (to: number, behind: boolean) => void, build: () => unknown) {
    super('sortableItem', own<'sortableItem'>({ name }));
    const moved = ({ value }: { readonly value: Json | undefined }) => move(...(value as [number, boolean]));
    this.listen('move', moved, 'parallel');
    this.add(() => void build());
  }

  /** Where it is in the page. */
  get place(): TreeNode {
    return this.node;
  }
}

/**
 * Shows the items of a list, which a person puts in another order: with mouse, pen or finger by the handle of an item, or with the
 * arrow keys while the handle has the focus (APG: button). What several people move at the same time stays where each has put it.
 *
 * @example
 * const todos = ui.list([{ id: 1, text: 'Milk' }, { id: 2, text: 'Bread' }], 'id');
 * ui.sortable(todos, (todo) => ui.label(todo.text), { name: (todo) => todo.text, label: 'Shopping' });
 *
 * @param list a list of `ui.list`, `shared.list` or `storage`. Its order changes.
 * @param build makes the elements of one item, beside its handle.
 */
export function sortable<T>(list: List<T>, build: (item: T) => unknown, options: SortableOptions<T>): Sortable<T> {
  return new Sortable(list, build, options);
}
