import { expect } from 'vitest';
import { type ItemOp, type Items, type ItemsSource, JournaledItems } from '../../src/collection/index.ts';
import { type PageHost, PageLocation, PageVisitor, pageHost, type TimerSpec } from '../../src/elements/index.ts';
import {
  type Json,
  literalOf,
  Mirror,
  type MirrorHost,
  type NodeLiteral,
  type Op,
  type Props,
} from '../../src/protocol/index.ts';
import { batch, State } from '../../src/reactive/index.ts';
import { Cells } from '../../src/session/page/cells.ts';
import { MemoryStore } from '../../src/storage/index.ts';
import { type Key, type SavedNode, type Slot, slot, Tree, type TreeHost, type TreeNode } from '../../src/tree/index.ts';

/** A {@link MirrorHost} that draws nothing and notes everything. */
export class Watching implements MirrorHost {
  readonly heard: string[] = [];
  accept: (prop: string, event: number | undefined) => boolean = () => true;

  propsChanged(node: { readonly id: number }, prop: string | undefined): void {
    this.heard.push(`props ${node.id} ${prop ?? '*'}`);
  }

  childrenChanged(node: { readonly id: number }): void {
    this.heard.push(`children ${node.id}`);
  }

  removed(node: { readonly id: number }): void {
    this.heard.push(`removed ${node.id}`);
  }

  commanded(node: { readonly id: number }, number: number, method: string, args: readonly Json[]): void {
    this.heard.push(`commanded ${node.id} ${number} ${method} ${JSON.stringify(args)}`);
  }

  accepts(_node: unknown, prop: string, _value: Json | undefined, event: number | undefined): boolean {
    return this.accept(prop, event);
  }
}

/**
 * A page without its session: the real tree, elements and cells, and a mirror that gets what a browser would get.
 * It remembers like the session does and can be built again from its rows.
 */
export class Kit implements TreeHost, PageHost {
  readonly tree: Tree;
  readonly location: PageLocation;
  readonly cells = new Cells();
  readonly reports: unknown[] = [];
  readonly advice: string[] = [];
  readonly timers = new Map<TreeNode, TimerSpec>();
  readonly timerChanges: TreeNode[] = [];
  readonly watching = new Watching();
  readonly calls: (readonly [TreeNode, method: string, ...args: Json[]])[] = [];
  readonly unreadable: readonly string[];
  /** Ops that were taken so far. */
  readonly taken: (Op | number)[] = [];
  readonly mirror: Mirror;
  readonly id = 'kit';
  readonly returning = false;
  readonly development = true;
  readonly files = {
    offer: () => 'A page without its session stores no files.',
    withdraw: () => {},
    make: () => Promise.reject(new Error('A page without its session stores no files.')),
  };
  held = 0;
  event = 0;
  readonly #build: () => unknown;
  readonly #store: MemoryStore;
  #built: number;

  constructor(build: () => unknown, store = new MemoryStore()) {
    this.#build = build;
    this.#store = store;
    this.unreadable = this.cells.load(store.cells('p'));
    this.#built = Math.max(0, ...this.cells.builtNodes.map((node) => node.order));
    this.tree = new Tree(this);
    this.location = new PageLocation(this.tree, '/*', '/', () => new State('/', { written: () => true }));
    this.#within({ node: this.tree.root, structural: true }, () => batch(() => this.tree.construct(build)));
    for (const { key, parent, kind, props } of this.cells.builtNodes) {
      const into = this.tree.at(parent);
      if (into) this.tree.restore(into, key, kind as 'label', { ...props } as Props);
      else this.cells.forget(key);
    }
    this.tree.discard();
    this.mirror = new Mirror(wired(this.tree.literal()), this.watching);
  }

  fill(): void {}

  fillSubPage(): void {}

  readonly headers = new Headers();
  readonly timeZone = undefined;
  readonly visitor = new PageVisitor(this);

  awaits(): boolean {
    return false;
  }

  answer(): void {}

  /** Commits, and builds the same page again from what was kept. */
  again(build = this.#build): Kit {
    this.commit();
    this.tree.dispose();
    return new Kit(build, this.#store);
  }

  commit(): void {
    this.#store.transaction(() => this.cells.persist(this.#store, 'p'));
    this.cells.persisted();
  }

  get rows(): Record<string, string> {
    return Object.fromEntries(this.#store.cells('p').map(({ key, value }) => [key, value]));
  }

  /** Runs code as a handler does: new elements go beside `node`, or into the root. */
  handle<R>(fn: () => R, node?: TreeNode): R {
    return this.#within({ node: node?.parent ?? this.tree.root, structural: false }, () => batch(fn));
  }

  /** What a browser does: it changes a prop, or just says that something happened. */
  emit(node: TreeNode, event: string, value?: Json, prop = value === undefined ? undefined : event): unknown[] {
    this.event++;
    if (prop !== undefined) {
      this.mirror.write(node.id, prop, value as Json);
      this.tree.set(node, prop, value, 'user');
    }
    return [...(node.listeners?.get(event) ?? [])].map((listener) =>
      this.handle(() => listener.hear(value, event), node),
    );
  }

  /** Brings the mirror up to date by a patch, or by a snapshot when so much changed that there is none, and compares. */
  sync(): (Op | number)[] {
    let ops: (Op | number)[] = [];
    if (this.tree.overflowed) {
      this.tree.discard();
      this.mirror.reset(wired(this.tree.literal()), this.event);
    } else {
      ops = wired(this.tree.take(this.event));
      let event: number | undefined;
      for (const op of ops) {
        if (typeof op === 'number') event = op;
        else this.mirror.apply(op, event);
      }
      this.taken.push(...ops);
    }
    expect(literalOf(this.mirror.root)).toEqual(wired(this.tree.literal()));
    return ops;
  }

  /** All nodes of a kind, in the order of the document. */
  all(kind: string, from = this.tree.root): TreeNode[] {
    const below = from.children.flatMap((child) => this.all(kind, child));
    return from.kind === kind ? [from, ...below] : below;
  }

  one(kind: string): TreeNode {
    const [node, ...more] = this.all(kind);
    if (!node || more.length > 0) throw new Error(`There are ${node ? more.length + 1 : 0} nodes of the kind ${kind}.`);
    return node;
  }

  texts(kind = 'label'): unknown[] {
    return this.all(kind).map((node) => node.props.text);
  }

  #within<R>(into: Slot, fn: () => R): R {
    return pageHost.run(this, () => slot.run(into, fn));
  }

  // ---- for the tree

  identify(key: Key, taken: (id: number, key: Key) => boolean): number {
    return this.cells.identify(key, taken);
  }

  get saved(): ReadonlyMap<Key, SavedNode> {
    return this.cells.nodes;
  }

  storeProp(node: TreeNode, prop: string, value: Json | undefined): void {
    this.cells.storeProp(node, prop, value);
  }

  superseded(node: TreeNode, prop: string, value: Json | undefined): boolean {
    return this.cells.superseded(node, prop, value);
  }

  dropProp(node: TreeNode, prop: string): void {
    this.cells.forgetProp(node, prop);
  }

  storeLines(node: TreeNode, appended: number): void {
    this.cells.storeLines(node, appended);
  }

  storeNode(node: TreeNode): void {
    this.cells.storeNode(node, this.#built);
  }

  storeRemoval(parent: TreeNode, child: TreeNode): void {
    this.cells.storeRemoval(parent, child);
  }

  forget(node: TreeNode): void {
    this.cells.forget(node.key);
  }

  changed(): void {}

  call(node: TreeNode, method: string, args: readonly Json[]): void {
    this.calls.push([node, method, ...args]);
  }

  readonly replaying = false;

  nextSegment(): string {
    return `+${++this.#built}`;
  }

  // ---- for elements

  state<T>(into: Slot, initial: T, given: string | undefined): State<T> {
    const { node } = into;
    const stateName = given ?? `~${this.tree.ordinal(node, '~state')}`;
    if (!into.structural || node.dynamic) return new State<T>(initial, { written: () => true });
    const saved = this.cells.state(node.key, stateName);
    const written = (value: T) => {
      if (this.tree.constructing) return this.cells.state(node.key, stateName) === undefined;
      this.cells.storeState(node.key, stateName, value);
      return true;
    };
    return new State<T>(saved ? (saved.value as T) : initial, { written }, initial);
  }

  list(_into: Slot, initial: () => Items): ItemsSource {
    return new KitItems(initial(), () => this.nextSegment());
  }

  now(): number {
    return 0;
  }

  random(): number {
    return 0;
  }

  following(start: () => () => void): () => void {
    return start();
  }

  holdAwake(): () => void {
    this.held++;
    return () => {};
  }

  timer(node: TreeNode, spec: TimerSpec): void {
    this.timers.set(node, spec);
    this.tree.own(node, () => this.timers.delete(node));
  }

  timerChanged(node: TreeNode): void {
    this.timerChanges.push(node);
  }

  report(error: unknown): void {
    this.reports.push(error);
  }

  advise(text: string): void {
    this.advice.push(text);
  }

  readNothing(): undefined {}
}

/** A value as it arrives. */
export function wired<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** A literal without numbers, for comparing what is shown. */
export function shape([, kind, props, children]: NodeLiteral): unknown {
  return children ? [kind, props, children.map(shape)] : [kind, props];
}

/** The items of a list, in memory only. */
class KitItems extends JournaledItems {
  readonly what = 'ui.list';
  readonly live: Items;
  readonly newKey: () => string;

  constructor(live: Items, newKey: () => string) {
    super('list', {
      replay: undefined,
      read: () => undefined,
      readItems: () => undefined,
      readNumber: (_, read) => read(),
      recordWrite: () => {},
      refused: () => {},
      wroteItems: () => {},
      acts: () => {},
      current: undefined,
    });
    this.live = live;
    this.newKey = newKey;
  }

  protected accepts(): boolean {
    return true;
  }

  protected change(op: ItemOp, value: unknown): void {
    this.live.apply(op, value);
    this.changed();
  }
}
