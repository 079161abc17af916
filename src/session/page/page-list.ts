import { type ItemOp, type Items, type ItemsJournal, JournaledItems, RowedItems } from '../../collection/index.ts';
import type { TreeNode } from '../../tree/index.ts';
import { Cells } from './cells.ts';
import { parseCountedName, type StateTypes } from './state-types.ts';
import type { StatesHost } from './states.ts';

/** The parts of a page that its lists know. */
export interface PageListHost {
  readonly cells: Cells;
  readonly tree: { readonly constructing: boolean };
  readonly pageTree: { nextSegment(): string };
  readonly handlers: ItemsJournal & Pick<StatesHost['handlers'], 'rewriteLost'>;
  readonly record: { readonly ended: boolean; touch(): void };
}

/** The slot that a list belongs to. */
export interface ListSlot {
  readonly node: TreeNode;
  readonly types: StateTypes;
  /** False for a list of a handler, which lives in memory only. */
  readonly lasts: boolean;
}

/** The items of one `ui.list`, as cells of its slot. */
export class PageList extends JournaledItems {
  readonly what: string;
  readonly #page: PageListHost;
  readonly #slot: ListSlot;
  readonly #name: string;
  readonly #items: RowedItems;

  constructor(page: PageListHost, slot: ListSlot, name: string, initial: () => Items, stored: boolean) {
    super(Cells.listCell(slot.node.key, name), page.handlers);
    const shown = parseCountedName(name)?.group ?? name;
    this.what = shown === '' ? 'ui.list' : `ui.list(…, ${JSON.stringify(shown)})`;
    this.#page = page;
    this.#slot = slot;
    this.#name = name;
    const { cells } = page;
    const { key } = slot.node;
    const store = {
      base: (text: string) => cells.storeBase(key, name, text),
      item: (item: string, row: string | undefined) => cells.storeItem(key, name, item, row),
      drop: () => cells.dropList(key, name),
    };
    const first = slot.node.alive ? initial : () => asKnown(page.handlers, this.cell, initial());
    this.#items = new RowedItems(store, first, stored ? cells.list(key, name) : undefined);
  }

  get live(): Items {
    return this.#items.live;
  }

  /** The part was built again. Items that no handler has changed are those that its function now gives. */
  again(initial: () => Items): void {
    this.#items.again(initial);
    this.changed();
  }

  /** Drops what is stored, which belongs to another list. */
  reset(): void {
    this.#items.reset();
    this.changed();
  }

  newKey(): string {
    return this.#page.pageTree.nextSegment();
  }

  /** The replay of a handler has ended, which alone has this list of a removed part. */
  recall(): void {
    const { live } = this;
    const known = this.#page.handlers.replay?.knownItems(this.cell, live);
    if (known) live.replace(known.changes());
  }

  protected accepts(): boolean {
    const { record, tree } = this.#page;
    // Because stored items are newer than the builder's.
    return !record.ended && !(tree.constructing && this.#items.stored);
  }

  protected change(op: ItemOp, value: unknown): void {
    const { cells, handlers, record, tree } = this.#page;
    const { lasts, node, types } = this.#slot;
    const stores = lasts && node.alive && !tree.constructing;
    const first = stores && !this.#items.stored;
    this.#items.apply(op, value, stores, (key, next, before) => {
      if (node.alive) this.changing(key, next, before);
    });
    if (first && parseCountedName(this.#name)) cells.storeTypes(node.key, types.text);
    if (stores) record.touch();
    if (!node.alive) handlers.rewriteLost(node, { lists: [[this.cell, this.live]] });
    this.changed();
  }
}

/** Returns the items of a list of a removed part as the replayed handler knows them, which has that part still. */
function asKnown({ replay }: ItemsJournal, cell: string, items: Items): Items {
  return replay?.knownItems(cell, items) ?? items;
}
