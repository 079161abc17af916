import type { Items, ItemsJournal, ItemsSource } from '../../collection/index.ts';
import { isReadOnce, State, type StateOwner } from '../../reactive/index.ts';
import { encode } from '../../storage/index.ts';
import type { Key, Slot, Tree, TreeNode } from '../../tree/index.ts';
import type { CellsOfElement } from '../replay/journal.ts';
import { textOf } from '../replay/recorded-values.ts';
import type { ReplayView } from '../replay/replay-view.ts';
import { Cells } from './cells.ts';
import type { InPlaceChanges } from './in-place.ts';
import type { OnceReads } from './once-reads.ts';
import { PageList } from './page-list.ts';
import { type Counted, countedName, describeState, parseCountedName, StateTypes } from './state-types.ts';

/** The parts of a page that its states know. */
export interface StatesHost {
  readonly cells: Cells;
  readonly tree: Tree;
  readonly pageTree: { nextSegment(): string };
  readonly handlers: ItemsJournal & {
    /** The view of the running code and the target of its writes; undefined for the live values. */
    readonly replay: ReplayView | undefined;
    /** The journal of the running code, when it is a handler's. */
    readonly current: { wrote(cell: string, value: unknown): void } | undefined;
    /** The running code reads a value. Returns what it is to see instead of the live one, or undefined. */
    read(cell: string, live: unknown, own: boolean): { readonly value: unknown } | undefined;
    /** A durable value changes; it had this text. */
    recordWrite(cell: string, before: () => string, value: unknown): void;
    /** A write of the running code is refused. */
    refused(cell: string, error: unknown): void;
    /** Code writes cells of a removed element. */
    rewriteLost(node: TreeNode, cells: Partial<CellsOfElement>): void;
  };
  readonly record: { readonly ended: boolean; touch(): void };
  readonly log: { advise(text: string): void };
  /** Hears of reads and changes, in development. */
  readonly once: OnceReads | undefined;
  readonly inPlace: InPlaceChanges | undefined;
}

interface Known {
  readonly node: TreeNode;
  readonly states: Map<string, Durable<unknown>>;
  readonly lists: Map<string, PageList>;
  /** The types of the states that have a count in place of a name. */
  readonly types: StateTypes;
}

/** The durable signals of a page, each by the slot it belongs to and its name or count there. */
export class States {
  readonly #page: StatesHost;
  readonly #known = new Map<Key, Known>();
  /** States whose first value is an object without a text so far. */
  #unwritten: Durable<unknown>[] = [];

  constructor(page: StatesHost) {
    this.#page = page;
  }

  /** A signal that belongs to a slot. A part that is built again gets another one, which takes the place of the one before. */
  state<T>({ node, structural }: Slot, initial: T, given: string | undefined, variable?: string): State<T> {
    const { cells, log, record, tree } = this.#page;
    const { name, counted } = this.#nameOf('ui.state', node, given, variable);
    if (!structural || node.dynamic) {
      log.advise(
        'ui.state was called in a handler: its value lives as long as the object, no longer. Make it in the page function.',
      );
      return new State(initial, { written: () => !record.ended });
    }
    const there = tree.isDryRun ? this.get(node, name) : undefined;
    if (there) return there as State<T>;
    const saved = node.alive
      ? cells.state(node.key, name)
      : this.#page.handlers.replay?.known(Cells.stateCell(node.key, name));
    // Whether a value is another state's shows when all of the slot are known; until then no code may meet one of another type.
    const fits =
      counted === undefined ||
      !node.alive ||
      !cells.foreign ||
      isSameType(saved?.value, initial, new StateTypes(cells.types(node.key)).of(counted));
    const known = this.#at(node);
    const owner = new Durable(
      this.#page,
      known,
      name,
      initial,
      saved && fits ? (saved.value as T) : initial,
      counted !== undefined,
    );
    if (!node.alive) {
      tree.recalls(node, () => {
        const last = this.#page.handlers.replay?.known(Cells.stateCell(node.key, name));
        if (last) owner.state.adopt(last.value as T);
      });
    }
    // Because an owner outside the tree is not built again.
    if (node.alive && !tree.isDryRun) {
      if (counted) known.types.set(counted, typeLetter(initial));
      known.states.get(name)?.succeededBy(owner.state as State<unknown>);
      known.states.set(name, owner as Durable<unknown>);
      if (saved === undefined && typeof initial === 'object') {
        this.#unwritten.push(owner as Durable<unknown>);
        if (this.#page.once) owner.settle();
      }
    }
    return owner.state;
  }

  /** The items of a list that belongs to a slot. A part that is built again gets the same ones. */
  list({ node, structural }: Slot, initial: () => Items, given: string | undefined, variable?: string): ItemsSource {
    const { cells, log, tree } = this.#page;
    const { name, counted } = this.#nameOf('ui.list', node, given, variable);
    const known = this.#at(node);
    const there = known.lists.get(name);
    const lasts = structural && !node.dynamic;
    const isMade = lasts && node.alive && !tree.isDryRun;
    if (isMade && counted) known.types.set(counted, listLetter);
    if (there) {
      if (!tree.isDryRun) there.again(initial);
      return there;
    }
    if (!lasts) {
      log.advise(
        'ui.list was called in a handler: its items live as long as the object, no longer. Make it in the page function.',
      );
    }
    const isSame = !counted || !cells.foreign || new StateTypes(cells.types(node.key)).of(counted) === listLetter;
    const stored = lasts && node.alive && isSame && cells.list(node.key, name) !== undefined;
    const list = new PageList(this.#page, { node, types: known.types, lasts }, name, initial, stored);
    if (isMade) known.lists.set(name, list);
    if (lasts && !node.alive) tree.recalls(node, () => list.recall());
    return list;
  }

  #nameOf(
    what: string,
    node: TreeNode,
    given: string | undefined,
    variable: string | undefined,
  ): { readonly name: string; readonly counted?: Counted } {
    const { tree } = this.#page;
    if (given !== undefined) {
      if (tree.ordinal(node, `~state ${given}`) === 0) return { name: given };
      throw new Error(
        `Two ${what} in the same place have the name ${JSON.stringify(given)}. Give each a name of its own.`,
      );
    }
    const branch = tree.branchIn(node);
    const group = variable ?? '';
    const order = tree.ordinal(node, `~state${branch} ${group}`);
    if (branch !== '') return { name: `${branch}.${group}${order}` };
    const counted = { group, order };
    return { name: countedName(counted), counted };
  }

  /**
   * Another build has made the page: values of states that are not there any more, or may be
   * another one's, go. A name tells which state a value is of. Where there is none, the variable tells, with
   * the number of its states in the same place and the type of their first values.
   *
   * @returns what was dropped, for people.
   */
  reconcile(): string[] {
    const { cells } = this.#page;
    const dropped: string[] = [];
    let nameless = 0;
    for (const { node, states, lists, types } of this.#known.values()) {
      const stored = cells.types(node.key);
      const before = new StateTypes(stored);
      for (const name of cells.lists(node.key)) {
        const list = lists.get(name);
        const counted = parseCountedName(name);
        if (list && (!counted || (before.isSameCount(types, counted) && before.of(counted) === listLetter))) continue;
        cells.dropList(node.key, name);
        list?.reset();
        if (counted?.group === '') nameless++;
        else dropped.push(`the list "${counted?.group ?? name}"`);
      }
      for (const name of cells.states(node.key)) {
        const owner = states.get(name);
        const counted = parseCountedName(name);
        const fits =
          owner &&
          (!counted ||
            (before.isSameCount(types, counted) &&
              isSameType(cells.state(node.key, name)?.value, owner.initial, before.of(counted))));
        if (fits) continue;
        cells.dropState(node.key, name);
        owner?.reset();
        if (counted?.group === '') nameless++;
        // Because the author knows nothing of states of the framework, such as where the page is.
        else if (counted || !name.startsWith('~')) dropped.push(`the state "${counted?.group ?? name}"`);
      }
      if (stored !== undefined) cells.storeTypes(node.key, types.text);
    }
    if (nameless > 0) dropped.push(`${nameless} ui.state without a name`);
    return [...new Set(dropped)];
  }

  /** The signal of a node that is there. */
  get(node: TreeNode, name: string): State<unknown> | undefined {
    const known = this.#known.get(node.key);
    return known?.node === node ? known.states.get(name)?.state : undefined;
  }

  /** The items of a list of a node that is there. */
  listAt(node: TreeNode, name: string): Items | undefined {
    const known = this.#known.get(node.key);
    return known?.node === node ? known.lists.get(name)?.live : undefined;
  }

  /** The names of the states of a node that is there, without those of secrets. */
  namesOf(node: TreeNode): string[] {
    const known = this.#known.get(node.key);
    if (known?.node !== node) return [];
    return [...known.states].flatMap(([name, { isConcealed }]) => (isConcealed ? [] : [name]));
  }

  /** The lists of a node that is there, by their names. */
  listsOf(node: TreeNode): (readonly [name: string, items: Items])[] {
    const known = this.#known.get(node.key);
    return known?.node === node ? [...known.lists].map(([name, { live }]) => [name, live]) : [];
  }

  /** Makes the texts of first values, because a handler that begins may change the objects in place. */
  settle(): void {
    if (this.#unwritten.length === 0) return;
    for (const state of this.#unwritten.splice(0)) state.settle();
  }

  /** Returns the text of the first value of a state; undefined when it is not there, or cannot be stored. */
  firstText(node: TreeNode, name: string): string | undefined {
    const known = this.#known.get(node.key);
    return known?.node === node ? known.states.get(name)?.firstText : undefined;
  }

  /** The node is gone. */
  forget(node: TreeNode): void {
    this.#known.delete(node.key);
  }

  #at(node: TreeNode): Known {
    const known = this.#known.get(node.key);
    if (known?.node === node) return known;
    const fresh = { node, states: new Map(), lists: new Map(), types: new StateTypes() };
    if (node.alive && !this.#page.tree.isDryRun) this.#known.set(node.key, fresh);
    return fresh;
  }
}

/** The letter of a list among the types of states. */
const listLetter = 'l';

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
  readonly #name: string;
  /** True when the name is a variable or none, so that a deploy compares types. */
  readonly #counted: boolean;
  readonly #cell: string;
  /** The text of the first value before code could change the object; null when it cannot be stored. */
  #firstText: string | null | undefined;
  /** True for a secret, which neither a cell nor a journal stores. */
  #concealed = false;
  /** The signal of the rebuilt part. An earlier handler may still read and write through this one. */
  #successor: State<T> | undefined;

  constructor(page: StatesHost, slot: Known, name: string, initial: T, value: T, counted: boolean) {
    this.#page = page;
    this.#slot = slot;
    this.#node = slot.node;
    this.#name = name;
    this.#counted = counted || parseCountedName(name) !== undefined;
    this.#cell = Cells.stateCell(slot.node.key, name);
    this.initial = initial;
    this.state = new State(value, this, initial);
  }

  /** True for a secret. */
  get isConcealed(): boolean {
    return this.#concealed;
  }

  get #what(): string {
    return describeState(this.#name);
  }

  /** Drops the stored value, which belongs to another state. */
  reset(): void {
    this.state.adopt(this.initial);
  }

  /** The text of the first value; undefined when it cannot be stored. */
  get firstText(): string | undefined {
    if (this.#firstText === undefined) this.settle();
    return this.#firstText ?? undefined;
  }

  settle(): void {
    try {
      this.#firstText ??= encode(this.initial, this.#what);
    } catch (error) {
      // In development, before a handler writes it.
      if (this.#page.once && this.#firstText === undefined) this.#page.log.advise((error as Error).message);
      this.#firstText = null;
    }
  }

  succeededBy(state: State<T>): void {
    this.#successor = state;
  }

  seen(live: T, own: boolean): { readonly value: T } | undefined {
    this.#page.once?.read(this.#what);
    if (this.#successor) return { value: this.#successor.value };
    if (this.#concealed) return undefined;
    const { cells, inPlace } = this.#page;
    inPlace?.read(this.#what, live, () => [
      this.#node.alive ? this.state.present : undefined,
      cells.stateText(this.#cell) ?? this.firstText,
    ]);
    return this.#page.handlers.read(this.#cell, live, own) as { readonly value: T } | undefined;
  }

  diverted(value: T): boolean {
    if (this.#successor) {
      this.#successor.value = value;
      return true;
    }
    const { replay } = this.#page.handlers;
    replay?.rewrite(this.#cell, value);
    return replay !== undefined;
  }

  conceal(): void {
    if (this.#concealed) return;
    this.#concealed = true;
    const { cells } = this.#page;
    if (cells.state(this.#node.key, this.#name) === undefined) return;
    // An earlier version of the page has stored it.
    cells.dropState(this.#node.key, this.#name);
    this.state.adopt(this.initial);
  }

  written(value: T): boolean {
    const { cells, handlers, record, tree } = this.#page;
    if (record.ended) return false;
    if (this.#concealed) return true;
    if (!this.#node.alive) {
      const text = textOf(value);
      if (text !== undefined) handlers.rewriteLost(this.#node, { values: [[this.#cell, text]] });
      return true;
    }
    // Because the stored value is newer than the builder's.
    if (tree.constructing) {
      if (isReadOnce()) {
        this.#page.log.advise(
          'A page function, or a part, has set a ui.state. A restart runs it again, and then what handlers have set prevails. Give ' +
            'ui.state its first value, or set it in a handler or a timer.',
        );
      }
      return cells.state(this.#node.key, this.#name) === undefined;
    }
    this.#page.once?.changed(this.#what);
    // As it was written: code may have changed the object since.
    const before = cells.stateText(this.#cell);
    try {
      cells.storeState(this.#node.key, this.#name, value, this.#cell);
    } catch (error) {
      handlers.refused(this.#cell, error);
      throw error;
    }
    if (this.#counted) cells.storeTypes(this.#node.key, this.#slot.types.text);
    handlers.recordWrite(this.#cell, () => before ?? this.firstText ?? encode(this.initial, 'A state'), value);
    record.touch();
    return true;
  }

  unchanged(value: T): boolean {
    const { cells, handlers, record, tree } = this.#page;
    if (tree.constructing || record.ended) return false;
    const isStored = this.#node.alive && !this.#concealed;
    if (isStored && typeof value === 'object' && value !== null) {
      const before = cells.stateText(this.#cell) ?? this.firstText;
      if (before === undefined || textOf(value) !== before) return this.written(value);
    }
    handlers.current?.wrote(this.#cell, value);
    return false;
  }
}
