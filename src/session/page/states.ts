import { State, type StateOwner } from '../../reactive/index.ts';
import { encode } from '../../storage/index.ts';
import type { Key, Slot, Tree, TreeNode } from '../../tree/index.ts';
import type { ReplayView } from '../replay/replay-view.ts';
import { Cells } from './cells.ts';

/** The parts of a page that its states know. */
export interface StatesHost {
  readonly cells: Cells;
  readonly tree: Tree;
  readonly handlers: {
    /** What the running code sees instead of what is there, and where its writes go; undefined when it sees what is there. */
    readonly replay: ReplayView | undefined;
    /** A durable value changes; it had this text. */
    changes(cell: string, before: () => string, value: unknown): void;
  };
  readonly record: { readonly ended: boolean; touch(): void };
  readonly log: { advise(text: string): void };
}

interface Known {
  readonly node: TreeNode;
  readonly states: Map<string, Durable<unknown>>;
}

/** The durable signals of a page, each by the slot it belongs to and its name or count there. */
export class States {
  readonly #page: StatesHost;
  readonly #known = new Map<Key, Known>();

  constructor(page: StatesHost) {
    this.#page = page;
  }

  /** A signal that belongs to a slot. A part that is built again gets another one, which takes the place of the one before. */
  state<T>({ node, structural }: Slot, initial: T, given: string | undefined): State<T> {
    const { cells, log, record, tree } = this.#page;
    const sort = given ?? `~${tree.ordinal(node, '~state')}`;
    if (given !== undefined && tree.ordinal(node, `~state ${given}`) > 0) {
      throw new Error(`Two ui.state in the same place have the name ${JSON.stringify(given)}. Each needs its own.`);
    }
    if (!structural || node.dynamic) {
      log.advise(
        'ui.state was called in a handler: its value lives as long as the object, no longer. Make it in the page function.',
      );
      return new State(initial, { written: () => !record.ended });
    }
    const there = tree.isDryRun ? this.get(node, sort) : undefined;
    if (there) return there as State<T>;
    const saved = cells.state(node.key, sort);
    const owner = new Durable(this.#page, node, sort, saved ? (saved.value as T) : initial);
    // Whoever is not in the tree is not built again.
    if (node.alive && !tree.isDryRun) this.#keep(node, sort, owner as Durable<unknown>);
    return owner.state;
  }

  /** The signal of a node that is there. */
  get(node: TreeNode, sort: string): State<unknown> | undefined {
    const known = this.#known.get(node.key);
    return known?.node === node ? known.states.get(sort)?.state : undefined;
  }

  /** The node is gone. */
  forget(node: TreeNode): void {
    this.#known.delete(node.key);
  }

  #keep(node: TreeNode, sort: string, owner: Durable<unknown>): void {
    let known = this.#known.get(node.key);
    if (known?.node !== node) this.#known.set(node.key, (known = { node, states: new Map() }));
    known.states.get(sort)?.succeededBy(owner.state);
    known.states.set(sort, owner);
  }
}

/** Keeps the value of one signal. */
class Durable<T> implements StateOwner<T> {
  readonly state: State<T>;
  readonly #page: StatesHost;
  readonly #node: TreeNode;
  readonly #sort: string;
  readonly #cell: string;
  /** What took its place when the part was built again: a handler of before may still read and write this one. */
  #successor: State<T> | undefined;

  constructor(page: StatesHost, node: TreeNode, sort: string, value: T) {
    this.#page = page;
    this.#node = node;
    this.#sort = sort;
    this.#cell = Cells.stateCell(node.key, sort);
    this.state = new State(value, this);
  }

  succeededBy(state: State<T>): void {
    this.#successor = state;
  }

  seen(): { readonly value: T } | undefined {
    if (this.#successor) return { value: this.#successor.value };
    return this.#page.handlers.replay?.reads(this.#cell) as { readonly value: T } | undefined;
  }

  diverted(value: T): boolean {
    if (this.#successor) {
      this.#successor.value = value;
      return true;
    }
    const { replay } = this.#page.handlers;
    replay?.rewrites(this.#cell, value);
    return replay !== undefined;
  }

  written(value: T): boolean {
    const { cells, handlers, record, tree } = this.#page;
    if (record.ended) return false;
    if (!this.#node.alive) return true;
    // While building, what was kept is newer than what the builder says.
    if (tree.constructing) return cells.state(this.#node.key, this.#sort) === undefined;
    // As it was written: code may have changed the object since.
    const before = cells.stateText(this.#cell);
    cells.storeState(this.#node.key, this.#sort, value);
    handlers.changes(this.#cell, () => before ?? encode(this.state.present, 'A state'), value);
    record.touch();
    return true;
  }
}
