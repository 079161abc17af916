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
    /** The view of the running code and the target of its writes; undefined for the live values. */
    readonly replay: ReplayView | undefined;
    /** The journal of the running code, when it is a handler's. */
    readonly current: { wrote(cell: string, value: unknown): void } | undefined;
    /** The running code reads a value. Returns what it is to see instead of the live one, or undefined. */
    reads(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined;
    /** A durable value changes; it had this text. */
    changes(cell: string, before: () => string, value: unknown): void;
  };
  readonly record: { readonly ended: boolean; touch(): void };
  readonly log: { advise(text: string): void };
}

interface Known {
  readonly node: TreeNode;
  readonly states: Map<string, Durable<unknown>>;
  /** A letter for the type of the first value of each state without a name, in their order. */
  types: string;
}

/** Begins the name of a state that was given none. */
const unnamed = '~';

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
    const branch = given === undefined ? tree.branchIn(node) : '';
    const order = given === undefined && branch === '' ? tree.ordinal(node, '~state') : undefined;
    const sort =
      given ?? (order === undefined ? `${branch}.${tree.ordinal(node, `~state${branch}`)}` : `${unnamed}${order}`);
    if (given !== undefined && tree.ordinal(node, `~state ${given}`) > 0) {
      throw new Error(
        `Two ui.state in the same place have the name ${JSON.stringify(given)}. Give each a name of its own.`,
      );
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
    // Whether a value is another state's shows when all of the slot are known; until then no code may meet one of another type.
    const fits =
      order === undefined || !cells.foreign || isSameType(saved?.value, initial, cells.types(node.key)?.[order]);
    const known = this.#at(node);
    const owner = new Durable(this.#page, known, sort, initial, saved && fits ? (saved.value as T) : initial);
    // Because an owner outside the tree is not built again.
    if (node.alive && !tree.isDryRun) {
      if (order !== undefined) known.types = known.types.slice(0, order) + typeLetter(initial);
      known.states.get(sort)?.succeededBy(owner.state as State<unknown>);
      known.states.set(sort, owner as Durable<unknown>);
    }
    return owner.state;
  }

  /**
   * Another build has made the page: values of states that are not there any more, or may be
   * another one's, go. A name tells which state a value is of. Where there is none, the number of
   * such states in the same place tells, and the type of their first values.
   *
   * @returns what was dropped, for people.
   */
  reconcile(): string[] {
    const { cells } = this.#page;
    const dropped: string[] = [];
    let nameless = 0;
    for (const { node, states, types } of this.#known.values()) {
      const before = cells.types(node.key);
      const shifted = before !== undefined && before.length !== types.length;
      for (const sort of cells.states(node.key)) {
        const owner = states.get(sort);
        const order = sort.startsWith(unnamed) ? Number(sort.slice(unnamed.length)) : undefined;
        const fits =
          owner &&
          (order === undefined ||
            (!shifted && isSameType(cells.state(node.key, sort)?.value, owner.initial, before?.[order])));
        if (fits) continue;
        cells.dropState(node.key, sort);
        owner?.reset();
        if (order === undefined) dropped.push(`the state "${sort}"`);
        else nameless++;
      }
      if (before !== undefined) cells.storeTypes(node.key, types);
    }
    if (nameless > 0) dropped.push(`${nameless} ui.state without a name`);
    return dropped;
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

  #at(node: TreeNode): Known {
    const known = this.#known.get(node.key);
    if (known?.node === node) return known;
    const fresh = { node, states: new Map(), types: '' };
    if (node.alive && !this.#page.tree.isDryRun) this.#known.set(node.key, fresh);
    return fresh;
  }
}

/** Null and undefined fit any type: they stand for what is not there yet. */
function isSameType(value: unknown, initial: unknown, before: string | undefined): boolean {
  const now = typeLetter(initial);
  return now === '?' || now === before || now === typeLetter(value);
}

const objectTypes: readonly [letter: string, is: (value: unknown) => boolean][] = [
  ['a', Array.isArray],
  ['m', (value) => value instanceof Map],
  ['t', (value) => value instanceof Set],
  ['d', (value) => value instanceof Date],
  ['y', ArrayBuffer.isView],
];

function typeLetter(value: unknown): string {
  if (value === undefined || value === null) return '?';
  if (typeof value !== 'object') return typeof value === 'bigint' ? 'i' : (typeof value).charAt(0);
  return objectTypes.find(([, is]) => is(value))?.[0] ?? 'o';
}

/** Stores the value of one signal. */
class Durable<T> implements StateOwner<T> {
  readonly state: State<T>;
  readonly initial: T;
  readonly #page: StatesHost;
  readonly #slot: Known;
  readonly #node: TreeNode;
  readonly #sort: string;
  readonly #cell: string;
  /** The signal of the rebuilt part. An earlier handler may still read and write through this one. */
  #successor: State<T> | undefined;

  constructor(page: StatesHost, slot: Known, sort: string, initial: T, value: T) {
    this.#page = page;
    this.#slot = slot;
    this.#node = slot.node;
    this.#sort = sort;
    this.#cell = Cells.stateCell(slot.node.key, sort);
    this.initial = initial;
    this.state = new State(value, this);
  }

  /** Drops the stored value, which belongs to another state. */
  reset(): void {
    this.state.adopt(this.initial);
  }

  succeededBy(state: State<T>): void {
    this.#successor = state;
  }

  seen(live: T, own: boolean): { readonly value: T } | undefined {
    if (this.#successor) return { value: this.#successor.value };
    return this.#page.handlers.reads(this.#cell, live, own) as { readonly value: T } | undefined;
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
    // Because the stored value is newer than the builder's.
    if (tree.constructing) return cells.state(this.#node.key, this.#sort) === undefined;
    // As it was written: code may have changed the object since.
    const before = cells.stateText(this.#cell);
    cells.storeState(this.#node.key, this.#sort, value);
    if (this.#sort.startsWith(unnamed)) cells.storeTypes(this.#node.key, this.#slot.types);
    handlers.changes(this.#cell, () => before ?? encode(this.state.present, 'A state'), value);
    record.touch();
    return true;
  }

  unchanged(value: T): void {
    const { handlers, tree } = this.#page;
    if (!tree.constructing) handlers.current?.wrote(this.#cell, value);
  }
}
