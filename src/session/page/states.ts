import { State, type StateOwner } from '../../reactive/index.ts';
import { encode } from '../../storage/index.ts';
import type { Key, Slot, TreeNode } from '../../tree/index.ts';
import { Cells } from './cells.ts';

/** What states need of their page. */
export interface StatesHost {
  readonly cells: Cells;
  readonly ended: boolean;
  /** True while a builder runs. */
  readonly constructing: boolean;
  /** True while one runs for nothing but its functions. */
  readonly isDryRun: boolean;
  /** What the running code sees of a cell instead of what is there; undefined when it sees that. */
  reads(cell: string): { readonly value: unknown } | undefined;
  /** Takes a write of the running code away from everybody else; true when it did. */
  rewrites(cell: string, value: unknown): boolean;
  /** A durable value changes; it had this text. */
  stateChanges(cell: string, before: () => string, value: unknown): void;
  touch(): void;
  advise(text: string): void;
}

interface Known {
  readonly node: TreeNode;
  readonly states: Map<string, Durable<unknown>>;
}

/** The durable signals of a page, each by the slot it belongs to and its name or count there. */
export class States {
  readonly #host: StatesHost;
  readonly #known = new Map<Key, Known>();

  constructor(host: StatesHost) {
    this.#host = host;
  }

  /** A signal that belongs to a slot. A part that is built again gets another one, which takes the place of the one before. */
  state<T>({ node, structural }: Slot, initial: T, given: string | undefined): State<T> {
    const sort = given ?? `~${node.ordinal('~state')}`;
    if (given !== undefined && node.ordinal(`~state ${given}`) > 0) {
      throw new Error(`Two ui.state in the same place have the name ${JSON.stringify(given)}. Each needs its own.`);
    }
    if (!structural || node.dynamic) {
      this.#host.advise(
        'ui.state was called in a handler: its value lives as long as the object, no longer. Make it in the page function.',
      );
      return new State(initial, { written: () => !this.#host.ended });
    }
    const there = this.#host.isDryRun ? this.get(node, sort) : undefined;
    if (there) return there as State<T>;
    const saved = this.#host.cells.state(node.key, sort);
    const owner = new Durable(this.#host, node, sort, saved ? (saved.value as T) : initial);
    // Whoever is not in the tree is not built again.
    if (node.alive && !this.#host.isDryRun) this.#keep(node, sort, owner as Durable<unknown>);
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
  readonly #host: StatesHost;
  readonly #node: TreeNode;
  readonly #sort: string;
  readonly #cell: string;
  /** What took its place when the part was built again: a handler of before may still read and write this one. */
  #successor: State<T> | undefined;

  constructor(host: StatesHost, node: TreeNode, sort: string, value: T) {
    this.#host = host;
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
    return this.#host.reads(this.#cell) as { readonly value: T } | undefined;
  }

  diverted(value: T): boolean {
    if (!this.#successor) return this.#host.rewrites(this.#cell, value);
    this.#successor.value = value;
    return true;
  }

  written(value: T): boolean {
    const host = this.#host;
    if (host.ended) return false;
    if (!this.#node.alive) return true;
    // While building, what was kept is newer than what the builder says.
    if (host.constructing) return host.cells.state(this.#node.key, this.#sort) === undefined;
    // As it was written: code may have changed the object since.
    const before = host.cells.stateText(this.#cell);
    host.cells.storeState(this.#node.key, this.#sort, value);
    host.stateChanges(this.#cell, () => before ?? encode(this.state.present, 'A state'), value);
    host.touch();
    return true;
  }
}
