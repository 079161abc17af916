import {
  isSecret,
  isTwoWay,
  type Json,
  type JsonObject,
  type Kind,
  limits,
  type NodeId,
  type NodeLiteral,
  type Op,
  type Props,
  ruleOf,
  same,
} from '../protocol/index.ts';
import { isReadOnce, isUnrecorded } from '../reactive/index.ts';
import { describe } from './describe.ts';
import { DryRun, type RemovedNodes } from './dry-run.ts';
import { Checksum, childKey, type Key, rootKey } from './key.ts';
import type { Listener } from './listener.ts';
import { TreeNode } from './node.ts';
import { movesOf, staying } from './order.ts';
import { PropSignal } from './prop-signal.ts';
import type { Slot } from './slot.ts';
import { takeVariable } from './variable.ts';

/** The stored state of a node, for a rebuild. */
export interface SavedNode {
  /** Props that were set imperatively or by the user; undefined is a prop that was deleted. */
  readonly props?: Readonly<Record<string, Json | undefined>>;
  /** Keys of children that handlers removed. */
  readonly removed?: ReadonlySet<Key>;
}

/** The parts of a page that a tree uses. */
export interface TreeHost {
  /**
   * Returns the number of the node at a key: the same for the same key, distinct among stored
   * nodes.
   *
   * @param taken returns whether a node at another key has a number.
   */
  identify(key: Key, taken: (id: NodeId, key: Key) => boolean): NodeId;
  /** The stored states by key. */
  readonly saved: ReadonlyMap<Key, SavedNode>;
  /**
   * Stores a prop; undefined is stored as deleted.
   *
   * @param value as code gave it.
   * @param copy the same as the tree has it.
   * @throws {TypeError} for a value that cannot be stored.
   */
  storeProp(node: TreeNode, prop: string, value: Json | undefined, copy: Json | undefined): void;
  /** Deletes a stored prop, because it is computed again. */
  dropProp(node: TreeNode, prop: string): void;
  /**
   * Returns true when the builder's value of a two-way prop changed since the prop was set. The
   * builder's value then wins. Called only for saved props.
   */
  superseded(node: TreeNode, prop: string, value: Json | undefined): boolean;
  /** The builder gives a two-way prop a default only, which supersedes nothing. */
  defaults?(node: TreeNode, prop: string): void;
  /** Stores appended lines, or, below 0, that they are gone; `node.props` already has them. */
  storeLines(node: TreeNode, appended: number): void;
  /** Stores a node that a handler built. */
  storeNode(node: TreeNode): void;
  /** Stores that a handler removed a child, because the builder will make it again. The parent itself stands for all children. */
  storeRemoval(parent: TreeNode, child: TreeNode): void;
  /** Deletes everything stored for a removed node. */
  forget(node: TreeNode): void;
  /** Names the branch of an async page function that goes on; '' for none. */
  branch?(): string;
  /** The keys of elements of which a handler runs, also of those that were rebuilt meanwhile. */
  readonly busy?: Pick<ReadonlyMap<Key, unknown>, 'has'>;
  /** Called when a change needs a flush. */
  changed(): void;
  /** Has the browser call a method of the node's component once. @throws {TypeError} for arguments that cannot be stored. */
  call(node: TreeNode, method: string, args: readonly Json[]): void;
  /** Counts that the running code makes an element, n, or calls a method, !. @throws {Error} with which that was refused before a restart. */
  acts?(key: Key, what: 'n' | '!'): void;
  /** Records that what the running code does is refused. A replay refuses it, too. */
  refused?(key: Key, what: 'n' | '!', error: unknown): void;
  /** Returns the segment of the next node that a handler builds: unique in a page, but the same in a replay. */
  nextSegment(): string;
  /** True while the running code replays, so its changes already exist. */
  readonly replaying: boolean;
  /** Hears of reads and changes, in development. */
  readonly once?: { read(what: string): void; changed(what: string): void } | undefined;
  /** Called when the running code reads a prop. Returns the value to read instead of the live one, or undefined. */
  readsProp?(
    node: TreeNode,
    prop: string,
    live: Json | undefined,
    own: boolean,
  ): { readonly value: Json | undefined } | undefined;
  /** Called when the running code sets a prop to its present value. */
  unchanged?(node: TreeNode, prop: string, value: Json | undefined): void;
  /** Redirects a private write. Returns true when it did. */
  diverted?(node: TreeNode, prop: string, value: Json | undefined): boolean;
  /** Author code sets a prop of a removed element. */
  rewriteLost?(node: TreeNode, prop: string): void;
}

/**
 * The origin of a value, which decides whether it is durable. `author`: set imperatively.
 * `derived`: computed from signals. `bound`: from a signal that the user also writes. `user`:
 * entered in the browser, which already shows it. `passing`: valid only during this activation;
 * never stored.
 */
export type Origin = 'author' | 'derived' | 'bound' | 'user' | 'passing';

/** The identity of a new node among its siblings, and its position. */
export interface Place {
  /** The whole name of its place below its parent. Default: from `key` or `label`; without both, how many of its kind came before. */
  readonly segment?: string;
  /** The author's name for it. */
  readonly key?: string | number | undefined;
  /** True when `segment` is from a key of the author's. */
  readonly keyed?: boolean;
  /** Its constant text. */
  readonly label?: string;
  /** The index among its siblings. Default: the end. */
  readonly index?: number;
  /** Takes the node from the framework's own share of each cap of a page. */
  readonly reserved?: boolean;
}

/** The state of a builder that runs again for a node. */
interface Rebuild {
  /** Children of the last run that the new run has not requested yet. */
  readonly unclaimed: Map<Key, TreeNode>;
  /** Props of the last run that the new run has not set yet. */
  readonly stale: Set<string>;
  /** Where the next child goes. */
  cursor: number;
}

type Change =
  | { readonly op: 'set'; readonly node: TreeNode; readonly prop: string }
  | { readonly op: '+'; readonly parent: TreeNode; readonly index: number; readonly nodes: TreeNode[] }
  | { readonly op: '-'; readonly ids: readonly NodeId[] }
  | { readonly op: '>'; readonly node: TreeNode; readonly parent: TreeNode; readonly index: number }
  | { readonly op: '='; readonly parent: TreeNode; readonly ids: readonly NodeId[] }
  | { readonly op: 'a'; readonly node: TreeNode; readonly items: Json[] };

/**
 * The tree of one page. It records and merges changes, and returns them as ops when the page can
 * send. A page that cannot send gets fewer, merged ops later.
 */
export class Tree {
  readonly root: TreeNode;
  readonly #host: TreeHost;
  readonly #saved: TreeHost['saved'];
  readonly #busy: TreeHost['busy'];
  readonly #secrets = new Set<TreeNode>();
  readonly #nodes = new Map<NodeId, TreeNode>();
  /** How many of them are parts. */
  #parts = 0;
  /** Numbers of nodes removed since the last take, because a patch may add a node before it removes another. */
  readonly #leaving = new Map<NodeId, Key>();
  #changes: Change[] = [];
  readonly #appends = new Map<TreeNode, Json[]>();
  #lost = false;
  /** Above 0 while a builder runs, whose values need no storage because it can set them again. */
  #constructing = 0;
  readonly #rebuilds = new Map<TreeNode, Rebuild>();
  /** Restored nodes that no builder has claimed yet. */
  readonly #restored = new WeakSet<TreeNode>();
  #dryRun: DryRun | undefined;
  /** What the page function has made anew of elements that handlers had removed, for handlers that have them still. */
  readonly gone = new DryRun();
  /** The last value that builders set for each saved two-way prop. */
  readonly #said = new Map<TreeNode, Map<string, Json | undefined>>();

  constructor(host: TreeHost) {
    this.#host = host;
    this.#saved = host.saved;
    this.#busy = host.busy;
    this.root = new TreeNode(1, rootKey, 'root', {}, false, true);
    this.#nodes.set(1, this.root);
    const saved = this.#saved.get(rootKey);
    if (saved?.props) assign(this.root.props, saved.props);
    this.root.unsent = false;
  }

  get(id: NodeId): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  /** The node at a key, when it is there. */
  at(key: Key): TreeNode | undefined {
    if (key === rootKey) return this.root;
    const node = this.#nodes.get(this.#identify(key));
    return node?.key === key ? node : undefined;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** True when a number is in use for another key, or was until the last {@link Tree.take}. */
  readonly taken = (id: NodeId, key: Key): boolean => {
    const there = this.#nodes.get(id)?.key ?? this.#leaving.get(id);
    return there !== undefined && there !== key;
  };

  #identify(key: Key): NodeId {
    return this.#host.identify(key, this.taken);
  }

  /**
   * Returns a prop as the author's code reads it. Elements read only through this, {@link Tree.followed}
   * and {@link Tree.lines}, so a replay reads the same.
   *
   * @param own false for a read that is not the running handler's own.
   */
  value(node: TreeNode, prop: string, own = !isUnrecorded()): Json | undefined {
    // Because a journal stores what a handler reads, reads of a secret are not recorded.
    if (prop === 'value' && node.secret !== undefined) return node.secret;
    const live = node.props[prop];
    // Because a builder is no handler, it reads the live value.
    if (this.#constructing > 0 && !this.#host.replaying) return live;
    const seen = this.#host.readsProp?.(node, prop, live, own);
    return seen ? seen.value : live;
  }

  /**
   * Returns the same. A bound prop, a part or a computed signal whose function reads it follows the prop.
   *
   * @param read reads it; `own` is false for a read that is not the running handler's own.
   */
  followed(node: TreeNode, prop: string, read = (own: boolean) => this.value(node, prop, own)): Json | undefined {
    const once = isReadOnce() && this.#host.once;
    if (!once && !isUnrecorded()) return read(true);
    node.followed ??= new Map();
    const signal = node.followed.get(prop) ?? new PropSignal(read);
    node.followed.set(prop, signal);
    if (once) {
      const what = `The ${prop} of ${describe(node)}`;
      once.read(what);
      signal.outdated = () => once.changed(what);
    }
    return signal.value;
  }

  /**
   * Returns a prop as the running code sees it. While a builder runs again, values of its last run
   * do not count until it sets them.
   */
  known(node: TreeNode, prop: string): Json | undefined {
    const stale = this.#rebuilds.get(node)?.stale.has(prop) === true;
    const stored = stale && Object.hasOwn(this.#saved.get(node.key)?.props ?? {}, prop);
    return stale && !stored ? undefined : this.value(node, prop);
  }

  /**
   * Returns true when a handler set the prop to a plain value, which ends its binding. Never true
   * for props the user also writes, nor for accumulated ones.
   */
  overridden(node: TreeNode, prop: string): boolean {
    if (prop === 'class' || prop === 'attrs' || isTwoWay(node.kind, prop)) return false;
    return Object.hasOwn(this.#saved.get(node.key)?.props ?? {}, prop);
  }

  /** True while the running code does again what it did before a restart. */
  get replaying(): boolean {
    return this.#host.replaying;
  }

  /** True while a builder runs. */
  get constructing(): boolean {
    return this.#constructing > 0 || this.#dryRun !== undefined;
  }

  /** True during a dry run, in which a builder changes nothing in the tree. */
  get isDryRun(): boolean {
    return this.#dryRun !== undefined;
  }

  /**
   * Runs the builder of a part with present values, and changes nothing. It returns existing nodes,
   * or new ones without effect.
   *
   * @param removed elements that the builder gets as they were when they were removed, although others have their keys.
   * @returns undefined when it throws.
   */
  dryRun(part: TreeNode, removed?: RemovedNodes): DryRun | undefined {
    const run = new DryRun(removed);
    this.#dryRun = run;
    try {
      part.rebuild?.();
      return run;
    } catch {
      return undefined;
    } finally {
      this.#dryRun = undefined;
    }
  }

  /** Says in a dry run for which item of a list a node is built. */
  holds(node: TreeNode, item: unknown): void {
    if (this.#dryRun) this.#dryRun.at(node).item = item;
  }

  /** Says what to do when a removed node gets its last values. */
  recalls(node: TreeNode, recall: () => void): void {
    (this.#dryRun ?? this.gone).at(node).recalls.push(recall);
  }

  /** Makes all parts again in place that can be made again, because states have other objects now. */
  renewParts(within = this.root): void {
    for (const node of [...within.children]) {
      if (node.renew) node.renew();
      else this.renewParts(node);
    }
  }

  /** Runs a builder. Its elements and values need no storage, because a rebuild makes them again. */
  construct<R>(fn: () => R): R {
    this.#constructing++;
    let async = false;
    try {
      const result = fn();
      if (result instanceof Promise) {
        async = true;
        return result.finally(() => this.#constructed()) as R;
      }
      return result;
    } finally {
      if (!async) this.#constructed();
    }
  }

  /** Applies the two-way props whose builder value changed. */
  #constructed(): void {
    if (--this.#constructing > 0 || this.#said.size === 0) return;
    const said = [...this.#said];
    this.#said.clear();
    for (const [node, values] of said) {
      for (const [prop, value] of values) {
        if (!node.alive || !this.#isSaved(node, prop) || !this.#host.superseded(node, prop, value)) continue;
        this.#host.dropProp(node, prop);
        this.set(node, prop, value, 'passing');
      }
    }
  }

  #isSaved(node: TreeNode, prop: string): boolean {
    return Object.hasOwn(this.#saved.get(node.key)?.props ?? {}, prop);
  }

  #say(node: TreeNode, prop: string, value: Json | undefined): void {
    if (!isTwoWay(node.kind, prop)) return;
    const said = this.#said.get(node) ?? new Map<string, Json | undefined>();
    this.#said.set(node, said.set(prop, value));
  }

  /** Returns true when a user or handler set a two-way prop since the builder's value last changed. */
  prevails(node: TreeNode, prop: string, value: Json | undefined): boolean {
    return !this.#isSaved(node, prop) || !this.#host.superseded(node, prop, value);
  }

  /**
   * Makes a node at the end of a slot, or at `index`.
   *
   * @throws {RangeError} above the cap of elements or of parts.
   */
  create(into: Slot, kind: Kind, props: Props, place: Place = {}): TreeNode {
    const parent = into.node;
    const { reserved = false } = place;
    const built = !into.structural || parent.dynamic;
    const variable = takeVariable();
    const segment =
      place.segment ?? (into.structural ? this.#segment(parent, kind, place, variable) : this.#host.nextSegment());
    const key = childKey(parent.key, segment);
    const alive = parent.alive && !this.#wasRemoved(parent, key, into.structural && !parent.inPart);
    const id = this.#identify(key);
    const again = this.#dryRun || ((!into.structural || parent.dynamic) && this.#host.replaying);
    if (again) {
      if (built && !this.#dryRun) this.#host.acts?.(key, 'n');
      return this.#again(parent, kind, props, key, id, built);
    }
    const full = this.#full(kind, reserved);
    if (full) {
      if (built) this.#host.refused?.(key, 'n', full);
      throw full;
    }
    const rebuild = this.#rebuilds.get(parent);
    const old = rebuild?.unclaimed.get(key);
    if (rebuild && old?.alive && old.kind === kind) return this.#recycle(rebuild, old, props);
    if (old) this.remove(old, true);
    const restored = alive ? this.#nodes.get(id) : undefined;
    if (restored && this.#restored.delete(restored) && restored.kind === kind) {
      this.move(restored, place.index ?? parent.children.length - 1);
      return restored;
    }
    if (restored) {
      throw new Error(
        `Two elements share the key ${JSON.stringify(segment)} under the same parent. Give each a different key.`,
      );
    }
    const node = new TreeNode(id, key, kind, props, built, alive);
    node.enter(parent);
    node.reserved = reserved;
    // Because its run names a handler's node, it never collides with another.
    node.keyed = built || place.key !== undefined || place.keyed === true;
    node.labelled = segment === `${kind}=${place.label}`;
    if (!alive) {
      if (!built && !parent.inPart) this.gone.at(node);
      return node;
    }
    let copies: Props | undefined;
    for (const prop in props) {
      if (typeof props[prop] !== 'object') continue;
      copies ??= {};
      copies[prop] = sendable(kind, prop, props[prop]);
    }
    const saved = this.#saved.get(key);
    if (saved?.props) {
      if (!built) for (const prop in saved.props) this.#say(node, prop, props[prop]);
      assign(props, saved.props);
    }
    if (this.#busy?.has(key)) assign(props, { busy: true });
    // First, because it throws for a value that cannot be stored.
    if (built) this.#host.storeNode(node);
    for (const prop in copies) if (!Object.hasOwn(saved?.props ?? {}, prop)) props[prop] = copies[prop] as Json;
    this.#enter(node);
    const index = rebuild ? rebuild.cursor++ : (place.index ?? parent.children.length);
    insert(parent, index, node);
    this.#noteNode(parent, index, node);
    return node;
  }

  /**
   * Returns true for a child that a handler has removed, alone or with all others of its parent. What a handler has cleared stays
   * clear, whatever the page function makes of newer states there; a part that is built again fills its elements anew.
   */
  #wasRemoved(parent: TreeNode, key: Key, once: boolean): boolean {
    const removed = this.#saved.get(parent.key)?.removed;
    return removed !== undefined && (removed.has(key) || (once && removed.has(parent.key)));
  }

  #enter(node: TreeNode): void {
    this.#nodes.set(node.id, node);
    if (node.kind === 'fragment') this.#parts++;
  }

  /** Returns the error of a page that has no place for one more node of a kind. */
  #full(kind: Kind, reserved: boolean): RangeError | undefined {
    const isPart = kind === 'fragment';
    const count = isPart ? this.#parts : this.#nodes.size - this.#parts;
    const cap = isPart ? limits.parts : limits.nodes;
    if (count < cap + (reserved ? limits.reservedNodes : 0)) return undefined;
    const what = isPart ? 'parts, such as rows of ui.each' : 'elements';
    return new RangeError(
      `A page has at most ${cap} ${what}. Show fewer at a time, for instance a part of a long list.`,
    );
  }

  /** Returns the existing node, or one without effect when it is gone. */
  #again(parent: TreeNode, kind: Kind, props: Props, key: Key, id: NodeId, built: boolean): TreeNode {
    const known = this.#nodes.get(id);
    const removed = this.#dryRun?.removed;
    const last = removed?.has(key) ? removed.props(key) : undefined;
    if (known?.key === key && known.kind === kind && !last) return known;
    const gone = new TreeNode(id, key, kind, props, built, false);
    if (last) {
      this.#dryRun?.at(gone);
      assign(gone.props, last);
    }
    gone.enter(parent);
    return gone;
  }

  /**
   * Runs a builder again for a node. Requested children retain their node, number, position and
   * stored state; the others are removed.
   */
  rebuild<R>(node: TreeNode, fn: () => R): R {
    // Existing children stay.
    if (this.#dryRun || this.#host.replaying) return this.construct(fn);
    const outer = this.#rebuilds.size > 0;
    this.#reopen(node, false);
    try {
      return this.construct(fn);
    } finally {
      // Also when the builder throws, because its work so far stands, as after an error in a
      // handler.
      if (!outer) this.#closeRebuilds();
    }
  }

  #reopen(node: TreeNode, withProps: boolean): void {
    this.#rebuilds.set(node, {
      unclaimed: new Map(
        node.children.filter((child) => !child.dynamic || node.dynamic).map((child) => [child.key, child]),
      ),
      // Because no builder sets the busy flag.
      stale: new Set(withProps ? Object.keys(node.props).filter((prop) => prop !== 'busy') : []),
      cursor: 0,
    });
    node.ordinals = undefined;
  }

  #recycle(within: Rebuild, node: TreeNode, props: Props): TreeNode {
    within.unclaimed.delete(node.key);
    const index = within.cursor++;
    if (node.parent?.children[index] !== node) this.move(node, index);
    release(node);
    node.listeners = undefined;
    this.#reopen(node, true);
    this.#forgetIntroduced(node);
    for (const [prop, value] of Object.entries(props)) this.set(node, prop, value, 'author');
    return node;
  }

  /** Removes the lines of the builder, which runs again. */
  #forgetIntroduced(node: TreeNode): void {
    const { authored } = node;
    if (!authored) return;
    node.authored = undefined;
    node.introduced = 0;
    node.props.lines = [...authored.lines];
    node.props.total = authored.total;
    this.#noteAllLines(node);
  }

  #closeRebuilds(): void {
    this.#constructing++;
    for (const [node, { unclaimed, stale }] of this.#rebuilds) {
      for (const child of unclaimed.values()) this.remove(child, true);
      for (const prop of stale) this.set(node, prop, undefined, 'author');
    }
    this.#constructing--;
    this.#rebuilds.clear();
  }

  /** Restores a node that a handler built, with its stored number. */
  restore(parent: TreeNode, key: Key, kind: Kind, props: Props): TreeNode {
    const node = new TreeNode(this.#identify(key), key, kind, props, true, true);
    node.enter(parent);
    node.keyed = true;
    this.#restored.add(node);
    const saved = this.#saved.get(key);
    if (saved?.props) assign(props, saved.props);
    this.#enter(node);
    const index = parent.children.length;
    insert(parent, index, node);
    this.#noteNode(parent, index, node);
    return node;
  }

  /** Sets a prop; undefined deletes it. Nothing happens when the value is the same already. */
  set(node: TreeNode, prop: string, given: Json | undefined, origin: Origin): void {
    if (this.#dryRun) return;
    const { replaying } = this.#host;
    const value = () => sendable(node.kind, prop, given);
    if (origin === 'author' && replaying) this.#host.diverted?.(node, prop, value());
    else if (node.alive) this.#setLive(node, prop, given, origin);
    if (origin !== 'author' || node.alive) return;
    // What a handler writes to a removed element, it reads again.
    assign(node.props, { [prop]: value() });
    if (!replaying && !isSecret(node.kind, prop, node.props)) this.#host.rewriteLost?.(node, prop);
  }

  /**
   * Sets what a two-way prop has until a user or a handler sets it. From then on it does not matter what the default would be: the
   * first of some options may be another one after a restart.
   */
  setDefault(node: TreeNode, prop: string, value: Json | undefined): void {
    if (this.#dryRun || !node.alive || node.dynamic) return;
    this.#host.defaults?.(node, prop);
    this.#said.get(node)?.delete(prop);
    if (!this.#isSaved(node, prop) && !this.isBound(node, prop)) this.#setLive(node, prop, value, 'passing');
  }

  #setLive(node: TreeNode, prop: string, given: Json | undefined, origin: Origin): void {
    if (isSecret(node.kind, prop, node.props) && this.#setSecret(node, given, origin)) return;
    this.#rebuilds.get(node)?.stale.delete(prop);
    const said = origin === 'author' || origin === 'derived' || origin === 'bound';
    if (said && this.#constructing > 0 && this.#isSaved(node, prop)) {
      // Because a stored value is newer than the builder's, except for a two-way prop whose builder
      // value changed.
      if (!node.dynamic) this.#say(node, prop, given);
      return;
    }
    if (origin === 'derived' && !node.dynamic && this.#isSaved(node, prop)) {
      if (!this.#host.superseded(node, prop, given)) return;
      this.#host.dropProp(node, prop);
    }
    if (same(node.props[prop], given)) {
      if (origin === 'author' && this.#constructing === 0) this.#host.unchanged?.(node, prop, node.props[prop]);
      return;
    }
    const value = sendable(node.kind, prop, given);
    // First, because it throws for a value that cannot be stored, which must not be shown.
    if (origin !== 'passing' && (this.#constructing === 0 || node.dynamic)) {
      if (node.dynamic || (origin !== 'derived' && origin !== 'bound')) this.#host.storeProp(node, prop, given, value);
      else if (origin === 'bound') this.#host.dropProp(node, prop);
    }
    if (value === undefined) delete node.props[prop];
    else node.props[prop] = value;
    if (origin !== 'user') this.#noteSet(node, prop);
    // Last, because what follows the prop may run now.
    node.changed(prop);
  }

  /** Keeps a user's secret in memory only. @returns true when nothing else has to be set. */
  #setSecret(node: TreeNode, value: Json | undefined, origin: Origin): boolean {
    if (origin === 'user') {
      node.secret = value;
      this.#secrets.add(node);
      node.changed('value');
      return true;
    }
    const had = node.secret;
    // What the secret is bound to has it, too.
    if (had !== undefined && same(had, value)) return true;
    node.secret = undefined;
    this.#secrets.delete(node);
    // Because the browser shows the user's text, which no prop has.
    if (had !== undefined && same(node.props.value, value)) {
      this.#noteSet(node, 'value');
      node.changed('value');
    }
    return false;
  }

  /** True when users have entered secrets that a new document does not show. */
  get hasSecrets(): boolean {
    return this.#secrets.size > 0;
  }

  /** Forgets all secrets, because the fields of a new document are empty. */
  forgetSecrets(): void {
    for (const node of this.#secrets) {
      node.secret = undefined;
      if (node.alive) node.forget?.();
      node.changed('value');
    }
    this.#secrets.clear();
  }

  /**
   * Adds a listener to a node.
   *
   * @throws {TypeError} when the author's handler is no function: nobody could call it later.
   */
  listen(node: TreeNode, event: string, listener: Listener): void {
    if (typeof listener.author !== 'function') {
      throw new TypeError(
        `A handler of ${describe(node)} is a function, as in ui.button('Save', () => save(), { icon: 'save' }); ` +
          `its type was ${typeof listener.author}.`,
      );
    }
    if (this.#dryRun) {
      this.#dryRun.listen(node, event, listener);
      return;
    }
    node.listeners ??= new Map();
    const listeners = node.listeners.get(event);
    if (listeners) listeners.push(listener);
    else node.listeners.set(event, [listener]);
  }

  /** Calls `end` when the node is removed; at once when it is already gone. */
  own(node: TreeNode, dispose: () => void): void {
    if (!node.alive || this.#dryRun) {
      dispose();
      return;
    }
    node.owned ??= [];
    node.owned.push(dispose);
  }

  /**
   * Binds a prop of a node, and ends its previous binding.
   *
   * @param start begins to follow; returns how to end it.
   */
  bind(node: TreeNode, prop: string, start: () => () => void): void {
    if (this.#dryRun) return;
    const end = start();
    this.unbind(node, prop);
    if (!node.alive) {
      end();
      return;
    }
    node.bindings ??= new Map();
    node.bindings.set(prop, end);
  }

  /** True while a prop follows something. */
  isBound(node: TreeNode, prop: string): boolean {
    return node.bindings?.has(prop) === true;
  }

  /** Ends the binding of a prop. */
  unbind(node: TreeNode, prop: string): void {
    if (this.#dryRun) return;
    node.bindings?.get(prop)?.();
    node.bindings?.delete(prop);
  }

  /** Returns the segment of a node that a builder makes. */
  #segment(parent: TreeNode, kind: Kind, { key, label = '' }: Place, variable: string | undefined): string {
    if (key !== undefined) {
      const segment = `${kind}=${key}`;
      if (this.ordinal(parent, segment) === 0) return segment;
      throw new Error(
        `Two elements of ui.${kind} under the same parent have the key ${JSON.stringify(key)}. Give each a different key.`,
      );
    }
    const branch = this.branchIn(parent);
    // The label goes before the variable: a loop has one variable, and a label for each row.
    const named = label === '' && variable !== undefined;
    // Because a label in a rebuilt part may be a changing state: 'Done', then 'Undo'.
    if (!named && (label === '' || (parent.holdsPart && ruleOf(kind).writes === undefined))) {
      return `${kind}${branch}${this.ordinal(parent, kind + branch)}`;
    }
    const segment = named ? `${kind}:${variable}${branch}` : `${kind}=${label}${branch}`;
    const before = this.ordinal(parent, segment);
    return before === 0 ? segment : `${segment}~${before}`;
  }

  /** Names the branch of a page function that makes something in a node: branches that run at once come there in any order. */
  branchIn(node: TreeNode): string {
    return node.holdsPart ? '' : (this.#host.branch?.() ?? '');
  }

  /** Returns the next index for a kind of child, from 0. */
  ordinal(node: TreeNode, segment: string): number {
    node.ordinals ??= new Map();
    const ordinals = this.#dryRun?.at(node).ordinals ?? node.ordinals;
    const next = ordinals.get(segment) ?? 0;
    ordinals.set(segment, next + 1);
    return next;
  }

  /** Sends a prop's present value although it did not change: the browser shows something else. */
  refresh(node: TreeNode, prop: string): void {
    if (node.alive) this.#noteSet(node, prop);
  }

  /** A node's `lines` as the author's code reads them; see {@link Tree.value}. */
  lines(node: TreeNode): readonly string[] {
    const { lines } = linesOf(node);
    // Because lines are only appended, earlier lines are all but the last ones.
    const read = this.followed(node, 'total', (own) => this.#linesRead(node, own)) as number;
    const since = node.storedLines.total - read;
    return since > 0 ? lines.slice(0, -since) : lines;
  }

  /** Returns the number of stored lines as the running code reads it. */
  #linesRead(node: TreeNode, own = !isUnrecorded()): number {
    const { total } = node.storedLines;
    if (this.#constructing > 0 && !this.#host.replaying) return total;
    const seen = this.#host.readsProp?.(node, 'total', total, own);
    return seen ? ((seen.value as number | undefined) ?? 0) : total;
  }

  /**
   * Appends to a node's `lines`, which retain the newest `max`; `total` counts all.
   *
   * @param repeated true for lines of a builder, also after an await. They are not stored, because
   * the builder appends them again after a restart.
   */
  append(node: TreeNode, items: readonly string[], repeated = this.#constructing > 0): void {
    if (!node.alive || items.length === 0 || this.#dryRun) return;
    if (repeated && !node.dynamic) {
      this.#introduce(node, items);
      return;
    }
    // Because a handler that appends lines has read their count.
    const known = this.#linesRead(node);
    if (this.#host.diverted?.(node, 'total', known + items.length)) return;
    const { max, lines, total } = linesOf(node);
    const { authored } = node;
    if (authored) {
      node.authored = {
        lines: [...authored.lines, ...items].slice(-max),
        total: authored.total + items.length,
      };
    }
    node.props.lines = [...lines, ...items].slice(-max);
    node.props.total = total + items.length;
    try {
      this.#host.storeLines(node, items.length);
    } catch (error) {
      node.authored = authored;
      node.props.lines = lines;
      node.props.total = total;
      throw error;
    }
    this.#trimmed(node, lines.length + items.length - max);
    this.#noteLines(node, items, max);
  }

  /** Shows lines of a builder. Those that it appends at once stand before all that handlers have appended. */
  #introduce(node: TreeNode, items: readonly string[]): void {
    if (this.#constructing > 0 && !node.inPart && this.#saved.get(node.key)?.removed?.has(node.key)) return;
    const { max, lines, total } = linesOf(node);
    node.authored ??= { lines, total };
    const at = this.#constructing > 0 ? node.introduced : lines.length;
    const all = [...lines.slice(0, at), ...items, ...lines.slice(at)];
    node.props.lines = all.slice(-max);
    node.props.total = total + items.length;
    if (this.#constructing > 0) node.introduced += items.length;
    this.#trimmed(node, all.length - max);
    if (at === lines.length) this.#noteLines(node, items, max);
    else this.#noteAllLines(node);
  }

  #trimmed(node: TreeNode, dropped: number): void {
    if (dropped > 0) node.introduced = Math.max(0, node.introduced - dropped);
  }

  /**
   * Shows computed `lines`. New lines travel alone, and earlier ones stay until `max` newer ones
   * exist. They are not stored, because a rebuild computes them again.
   *
   * @param total the number that the next line after these would have.
   */
  follow(node: TreeNode, lines: readonly string[], total: number): void {
    if (!node.alive) return;
    const { max, lines: before, total: had } = linesOf(node);
    const first = total - lines.length;
    const begin = had - before.length;
    const goesOn =
      first <= had &&
      had <= total &&
      before.every((line, at) => begin + at < first || line === lines[begin + at - first]);
    if (!goesOn) {
      this.set(node, 'lines', lines.slice(-max), 'passing');
      this.set(node, 'total', total, 'passing');
      return;
    }
    const fresh = lines.slice(had - first);
    if (fresh.length === 0) return;
    node.props.lines = [...before, ...fresh].slice(-max);
    node.props.total = total;
    this.#noteLines(node, fresh, max);
  }

  /** Records appended lines, which `node.props` already has. */
  #noteLines(node: TreeNode, items: readonly string[], max: number): void {
    node.changed('total');
    if (node.unsent) return;
    const { noted: sets } = node;
    if (sets?.includes('lines') || sets?.includes('max')) {
      // The browser's lines are about to be others than those that this would append to.
      this.#noteAllLines(node);
      return;
    }
    let noted = this.#appends.get(node);
    if (!noted) {
      noted = [];
      this.#appends.set(node, noted);
      this.#note({ op: 'a', node, items: noted }, node);
    }
    noted.push(...items);
    if (noted.length > max) noted.splice(0, noted.length - max);
    this.#host.changed();
  }

  #noteAllLines(node: TreeNode): void {
    node.changed('total');
    this.#noteSet(node, 'lines');
    this.#noteSet(node, 'total');
  }

  /** Calls a method of the component once. */
  call(node: TreeNode, method: string, args: readonly Json[]): void {
    if (this.#host.replaying && !this.#dryRun) return this.#host.acts?.(node.key, '!');
    if (!node.alive || this.#dryRun || node.isParked) return;
    this.#host.call(node, method, args);
  }

  /**
   * Removes a node with all below it.
   *
   * @param structural true when a builder's own logic removes it (an item that left its list): a
   * rebuild will not make it.
   */
  remove(node: TreeNode, structural: boolean): void {
    const parent = node.parent;
    if (!node.alive || !parent || this.#dryRun || (!structural && this.#host.replaying)) return;
    const rebuild = this.#rebuilds.get(parent);
    if (rebuild && parent.children.indexOf(node) < rebuild.cursor) rebuild.cursor--;
    const shown = parent.children.includes(node);
    if (shown) parent.children = parent.children.filter((child) => child !== node);
    else parent.parked = parent.parked.filter((child) => child !== node);
    if (!structural && !node.dynamic && this.#constructing === 0) this.#host.storeRemoval(parent, node);
    if (shown) this.#note({ op: '-', ids: [node.id] }, parent);
    this.#drop(node);
  }

  /** Removes children that a builder's own logic no longer wants. */
  removeAll(parent: TreeNode, nodes: ReadonlySet<TreeNode>): void {
    if (!parent.alive || nodes.size === 0 || this.#dryRun) return;
    const rebuild = this.#rebuilds.get(parent);
    const { children } = parent;
    if (rebuild) rebuild.cursor -= children.slice(0, rebuild.cursor).filter((child) => nodes.has(child)).length;
    parent.children = children.filter((child) => !nodes.has(child));
    const alive = [...nodes].filter((node) => node.alive && node.parent === parent);
    if (alive.length > 0) this.#note({ op: '-', ids: alive.map(({ id }) => id) }, parent);
    for (const node of alive) this.#drop(node);
  }

  /**
   * Gives all children of a node an order. What need not move is not touched, and when most have to move, the order travels instead
   * of the moves.
   */
  arrange(parent: TreeNode, order: readonly TreeNode[]): void {
    if (!parent.alive || this.#dryRun) return;
    const places = new Map(parent.children.map((child, index) => [child, index]));
    const from = order.map((node) => places.get(node) ?? -1);
    const stay = staying(from);
    const moves = order.length - stay.size;
    if (moves === 0) return;
    // A move takes about three times the bytes of a number.
    if (moves > fewMoves && moves * 3 > order.length)
      this.#note({ op: '=', parent, ids: order.map(({ id }) => id) }, parent);
    else
      for (const { at, index } of movesOf(from, stay))
        this.#note({ op: '>', node: order[at] as TreeNode, parent, index }, parent);
    parent.children = [...order];
  }

  /** Removes all children of a node, see {@link Tree.remove}, and all lines of a log. */
  clear(node: TreeNode, structural: boolean): void {
    if (!node.alive || this.#dryRun) return;
    if (!structural && this.#host.replaying) {
      if (node.props.lines) this.#host.diverted?.(node, 'total', 0);
      return;
    }
    const children = node.children;
    node.children = [];
    const rebuild = this.#rebuilds.get(node);
    if (rebuild) rebuild.cursor = 0;
    // Because new children of a builder take the keys and numbers of the removed ones.
    if (structural) node.ordinals = undefined;
    for (const child of children) {
      if (!structural && !child.dynamic && this.#constructing === 0) this.#host.storeRemoval(node, child);
      this.#note({ op: '-', ids: [child.id] }, node);
      this.#drop(child);
    }
    for (const child of node.parked) this.#drop(child);
    node.parked = [];
    if (structural || this.#constructing > 0) return;
    if (!node.dynamic) this.#host.storeRemoval(node, node);
    if (node.props.lines) this.#clearLines(node);
  }

  #clearLines(node: TreeNode): void {
    const { total } = node.storedLines;
    node.authored = undefined;
    node.introduced = 0;
    node.props.lines = [];
    node.props.total = 0;
    this.#host.storeLines(node, -total);
    this.#noteAllLines(node);
  }

  /**
   * Takes a node out of the browser, with all below it. Its handlers, values and effects stay, and its events still count.
   */
  park(node: TreeNode): void {
    const { parent } = node;
    if (!node.alive || !parent || this.#dryRun || !parent.children.includes(node)) return;
    parent.children = parent.children.filter((child) => child !== node);
    parent.parked = [...parent.parked, node];
    const arriving = this.#changes.find((change) => change.op === '+' && change.nodes.includes(node));
    // Not noted as leaving, because its number stays in use.
    if (arriving?.op !== '+') this.#note({ op: '-', ids: [node.id] }, parent);
    else arriving.nodes.splice(arriving.nodes.indexOf(node), 1);
    settle(node, true);
  }

  /** Shows a parked node again, as the last child of its parent. */
  unpark(node: TreeNode): void {
    const { parent } = node;
    if (!node.alive || !parent || this.#dryRun || !parent.parked.includes(node)) return;
    parent.parked = parent.parked.filter((child) => child !== node);
    const index = parent.children.length;
    insert(parent, index, node);
    this.#noteNode(parent, index, node);
  }

  /** Moves a node among its siblings; the index counts after it was taken out. */
  move(node: TreeNode, index: number): void {
    const parent = node.parent;
    if (!node.alive || !parent || parent.children[index] === node) return;
    parent.children = parent.children.filter((child) => child !== node);
    insert(parent, index, node);
    this.#note({ op: '>', node, parent, index }, parent);
  }

  /** True when there is something to take. */
  get dirty(): boolean {
    return this.#lost || this.#changes.length > 0;
  }

  /** True when a snapshot is smaller than the recorded changes; {@link Tree.take} then returns nothing. */
  get overflowed(): boolean {
    return this.#lost;
  }

  /** Drops the recorded changes, so that the next reader gets a snapshot. */
  discard(): void {
    // Because a node that was made after the overflow is in no recorded change.
    if (this.#lost) settle(this.root, false);
    for (const change of this.#changes) if (change.op === '+') settleAll(change.nodes, false);
    this.#taken();
    this.#lost = false;
  }

  /**
   * The ops since the last call, merged.
   *
   * @param event number of the last applied event; it is put before the first op that sets what a
   * user may be typing into.
   */
  take(event: number): (Op | number)[] {
    const ops: (Op | number)[] = [];
    let marked = false;
    for (const change of this.#changes) {
      switch (change.op) {
        case 'set': {
          const { node, prop } = change;
          if (!node.alive) break;
          if (!marked && isTwoWay(node.kind, prop)) {
            ops.push(event);
            marked = true;
          }
          const value = node.props[prop];
          ops.push(value === undefined ? [node.id, prop] : [node.id, prop, value]);
          break;
        }
        case '+':
          if (change.nodes.length === 0) break;
          ops.push(['+', change.parent.id, change.index, ...change.nodes.map(fresh)]);
          break;
        case '-':
          ops.push(['-', ...change.ids]);
          break;
        case '>':
          ops.push(['>', change.node.id, change.parent.id, change.index]);
          break;
        case '=':
          ops.push(['=', change.parent.id, ...change.ids]);
          break;
        case 'a':
          if (change.node.alive) {
            ops.push(['a', change.node.id, change.items, change.node.props.total as number]);
          }
          break;
      }
    }
    this.#taken();
    return ops;
  }

  /** The whole tree as it travels. */
  literal(): NodeLiteral {
    return literal(this.root);
  }

  /** A checksum of the whole tree as it travels, whatever the order in which its props were set. */
  checksum(): number {
    const sum = new Checksum();
    addTo(sum, this.root);
    return sum.value;
  }

  /** Ends every effect and timer. The tree must not be used afterwards. */
  dispose(): void {
    this.#drop(this.root);
  }

  #taken(): void {
    for (const change of this.#changes) if (change.op === 'set') change.node.noted = undefined;
    this.#changes = [];
    // Because an empty map that is cleared makes a new table.
    for (const noted of [this.#appends, this.#leaving]) if (noted.size > 0) noted.clear();
  }

  #noteSet(node: TreeNode, prop: string): void {
    if (node.unsent) return;
    // On the node: the old tables of a map that each click fills and empties hold on to the newer ones.
    if (node.noted?.includes(prop)) return;
    if (!this.#lost) {
      node.noted ??= [];
      node.noted.push(prop);
    }
    this.#note({ op: 'set', node, prop }, undefined);
  }

  #noteNode(parent: TreeNode, index: number, node: TreeNode): void {
    const last = this.#changes.at(-1);
    // Neighbours that come one after the other travel together.
    if (last?.op === '+' && last.parent === parent && last.index + last.nodes.length === index && !this.#lost) {
      if (!parent.unsent) last.nodes.push(node);
    } else this.#note({ op: '+', parent, index, nodes: [node] }, parent);
  }

  /** Notes a change unless `within` is itself on its way in a `+`. */
  #note(change: Change, within: TreeNode | undefined): void {
    this.#host.changed();
    if (this.#lost || within?.unsent) return;
    this.#changes.push(change);
    if (this.#changes.length > limits.nodes) {
      this.discard();
      this.#lost = true;
    }
  }

  #drop(node: TreeNode): void {
    node.alive = false;
    this.#secrets.delete(node);
    if (this.#nodes.delete(node.id) && node.kind === 'fragment') this.#parts--;
    if (!this.#lost) this.#leaving.set(node.id, node.key);
    this.#host.forget(node);
    release(node);
    for (const child of node.children) this.#drop(child);
    for (const child of node.parked) this.#drop(child);
  }
}

/** The number of moves that always travel as moves. */
const fewMoves = 16;

/** Ends everything that a node owns. */
function release(node: TreeNode): void {
  for (const end of node.bindings?.values() ?? []) end();
  node.bindings = undefined;
  const { owned = [] } = node;
  // First, because what ends may own the node anew.
  node.owned = undefined;
  for (const dispose of owned) dispose();
}

function linesOf({ props }: TreeNode): { readonly max: number; readonly lines: string[]; readonly total: number } {
  const { max, lines = [], total = 0 } = props as { max: number; lines?: string[]; total?: number };
  return { max, lines, total };
}

/**
 * Returns a prop's value as a browser gets it: a copy, because code may change its own object later.
 *
 * @throws {TypeError} for what cannot travel, since a patch with it would fail as a whole.
 */
function sendable<V>(kind: Kind, prop: string, value: V): V {
  if (value === null || (typeof value !== 'object' && typeof value !== 'bigint')) return value;
  try {
    return (flatCopy(value) ?? JSON.parse(JSON.stringify(value))) as V;
  } catch (cause) {
    throw new TypeError(
      `The prop \`${prop}\` of a ${kind} cannot be sent to a browser: it holds a bigint, a cycle, or a getter that throws. ` +
        'Use plain data: text, numbers, booleans, arrays and objects of these.',
      { cause },
    );
  }
}

/** Returns a copy of a list or an object of simple values; undefined for another one. Every page has such props, and JSON costs more. */
function flatCopy(value: object | bigint): object | undefined {
  if (Array.isArray(value)) {
    for (const item of value) if (!isSimple(item)) return undefined;
    return [...value];
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  for (const name in value as object) if (!isSimple((value as JsonObject)[name])) return undefined;
  return { ...(value as object) };
}

function isSimple(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (Number.isInteger(value) && value !== 0);
}

function assign(props: Props, saved: Readonly<Record<string, Json | undefined>>): void {
  for (const [prop, value] of Object.entries(saved)) {
    if (value === undefined) delete props[prop];
    else props[prop] = value;
  }
  // Because whole rows of lines are stored, the oldest row may have lines that were dropped.
  const { max, lines } = props as { max?: Json; lines?: Json };
  if (typeof max === 'number' && Array.isArray(lines)) props.lines = lines.slice(-max);
}

function insert(parent: TreeNode, index: number, node: TreeNode): void {
  const { length } = parent.children;
  // A list with children is the node's own array; an empty one may be the shared constant.
  if (length === 0) parent.children = [node];
  else if (index === length) (parent.children as TreeNode[]).push(node);
  else (parent.children as TreeNode[]).splice(index, 0, node);
}

function literal(node: TreeNode): NodeLiteral {
  return node.children.length === 0
    ? [node.id, node.kind, { ...node.props }]
    : [node.id, node.kind, { ...node.props }, node.children.map(literal)];
}

/** Adds a node and all below it to a checksum. */
function addTo(sum: Checksum, { id, kind, props, children }: TreeNode): void {
  let count = 0;
  let last = '';
  for (const name in props) {
    count++;
    last = name;
  }
  sum.numbers(id, children.length * 256 + count);
  sum.text(kind, 0);
  // Most nodes have one prop: a list of names for each would be garbage at each wake.
  if (count === 1) addProp(sum, last, props[last]);
  if (count > 1) for (const name of Object.keys(props).sort()) addProp(sum, name, props[name]);
  for (let at = 0; at < children.length; at++) addTo(sum, children[at] as TreeNode);
}

function addProp(sum: Checksum, name: string, value: Json | undefined): void {
  sum.text(name, 0);
  if (typeof value === 'string') sum.text(value, 1);
  else sum.text(JSON.stringify(value) ?? '', 0);
}

/** Says of a node and all below it whether they are on their way: then their changes need no op of their own. */
function settle(node: TreeNode, unsent: boolean): void {
  node.unsent = unsent;
  if (node.children.length > 0) settleAll(node.children, unsent);
}

/** By index, because each step of an iterator is garbage, and a wake settles a page. */
function settleAll(nodes: readonly TreeNode[], unsent: boolean): void {
  for (let at = 0; at < nodes.length; at++) settle(nodes[at] as TreeNode, unsent);
}

/** The literal of a fresh node, which is fresh no more. */
function fresh(node: TreeNode): NodeLiteral {
  settle(node, false);
  return literal(node);
}
