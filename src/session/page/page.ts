import type { Timer } from '../../clock/index.ts';
import { AsyncContext } from '../../context/index.ts';
import { type PageHost, pageHost, type TimerSpec } from '../../elements/index.ts';
import { type EventFrame, type HelloFrame, isKind, type Json, type NodeId, type Paint } from '../../protocol/index.ts';
import { batch, type State } from '../../reactive/index.ts';
import { CancelledError, readable } from '../../rpc/index.ts';
import { PageShares, type PageSharesHost, type Shares, sharedLimits } from '../../shared/index.ts';
import { type DueRow, encode, type PageRow, type Store } from '../../storage/index.ts';
import { type JobRegistry, jobRegistry, journal, type TaskHost, taskHost } from '../../tasks/index.ts';
import {
  describe,
  type Key,
  type Listener,
  type SavedNode,
  type Slot,
  slot,
  Tree,
  type TreeHost,
  type TreeNode,
} from '../../tree/index.ts';
import type { PageDefinition, PageEntry, PageRequest, SessionHost, SocketMemory } from '../host.ts';
import type { LiveCell } from '../replay/overlay.ts';
import type { ClientConnection } from '../sync/client-connection.ts';
import { Delivery, type DeliveryHost } from '../sync/delivery.ts';
import { Inbox, type InboxHost } from '../sync/inbox.ts';
import { Cells } from './cells.ts';
import { Handlers, type HandlersHost } from './handlers.ts';
import { Notices, type NoticesHost } from './notices.ts';
import type { HandlerRun } from './runs.ts';
import { States, type StatesHost } from './states.ts';
import { Timers, type TimersHost } from './timers.ts';

/** Milliseconds between two signs of life of a page that must not sleep. */
const awakeEvery = 5_000;

/** What a page needs from its session. */
export interface PageOwner {
  readonly host: SessionHost;
  readonly tasks: TaskHost;
  readonly shares: Shares;
  readonly registry: JobRegistry;
  /** Keeps a job from being forgotten; returns how to let go. */
  holdJob(id: string): () => void;
  /** The page lost its browser. */
  left(page: Page): void;
  /** Something waits to be committed. */
  commitSoon(page: Page): void;
}

type PageParts = TreeHost &
  PageHost &
  TimersHost &
  HandlersHost &
  InboxHost &
  DeliveryHost &
  NoticesHost &
  StatesHost &
  PageSharesHost;

/**
 * A live page: the author's builder, the tree it made, and the durable cells. What else a page does has rooms of its own, which
 * meet here: {@link Inbox} takes events, {@link Handlers} run, {@link Delivery} shows what they changed, {@link Notices} what went wrong.
 *
 * ```
 *   new ──build──► building ──► ready ◄──── greet / drop (a browser comes and goes)
 *                     │            │
 *                     └─► failed   └──► ended (by policy, or revoked)
 * ```
 *
 * A page is *kept* from the first hello on: before that nothing of it is written, so that a crawler leaves no row.
 */
export class Page implements PageParts {
  readonly id: string;
  readonly definition: PageDefinition;
  readonly request: PageRequest;
  readonly tree: Tree;
  /** Settles when the builder is done; undefined as soon as it is. */
  building: Promise<void> | undefined;
  /** Why the page could not be built. */
  failure: Error | undefined;
  kept = false;
  seen: number;
  readonly #owner: PageOwner;
  readonly cells = new Cells();
  readonly #states = new States(this);
  readonly #inbox: Inbox;
  readonly #handlers: Handlers;
  readonly #delivery: Delivery;
  readonly #notices: Notices;
  /** What all code of the page finds in its surroundings. */
  readonly #scope: AsyncContext;
  readonly #timers: Timers;
  readonly #shares: PageShares;
  /** What the page waits for before it is shown. */
  readonly #awaited = new Set<Promise<unknown>>();
  readonly #created: number;
  readonly #due = new Map<string, number>();
  readonly #duePending = new Map<string, number | undefined>();
  readonly #advised = new Set<string>();
  /** Another one each time the page is built. */
  readonly #life: number;
  #built = 0;
  #ticks = 0;
  #rowDirty = false;
  #turns = 0;
  #volatile = 0;
  #awake: Timer | undefined;
  #ended = false;
  /** True when the builder is done and has what it waited for. */
  #ready = false;

  constructor(owner: PageOwner, id: string, definition: PageDefinition, request: PageRequest, row?: PageRow) {
    const { host } = owner;
    this.#owner = owner;
    this.id = id;
    this.definition = definition;
    this.request = request;
    this.seen = row?.seen ?? host.clock.now();
    this.#created = row?.created ?? this.seen;
    // Also names a new run of patches, until the rebuilt tree proves to be the one that browsers have; see `attach`.
    this.#life = 1 + Math.floor(host.clock.random() * 0x7ffffffe);
    this.#delivery = new Delivery(this, this.#life, row?.frame ?? 0);
    this.#inbox = new Inbox(this, row?.event ?? 0);
    this.#notices = new Notices(this);
    if (row) {
      this.kept = true;
      this.#built = row.built;
      for (const due of host.store.due()) if (due.page === id) this.#due.set(due.key, due.at);
      const unreadable = this.cells.load(host.store.cells(id), row.build !== host.build);
      if (unreadable.length > 0)
        this.log({
          level: 'warning',
          fault: 'framework',
          message: `Dropped unreadable cells ${unreadable.join(', ')}.`,
        });
    }
    this.#handlers = new Handlers(this);
    this.#scope = AsyncContext.empty.with(pageHost, this).with(taskHost, owner.tasks).with(jobRegistry, owner.registry);
    this.#timers = new Timers(this);
    this.#shares = new PageShares(this, owner.shares);
    this.tree = new Tree(this);
  }

  get development(): boolean {
    return this.#owner.host.development;
  }

  get clock() {
    return this.#owner.host.clock;
  }

  get watched(): boolean {
    return this.#delivery.watched;
  }

  /** Number of the last event that was applied. */
  get event(): number {
    return this.#inbox.event;
  }

  /** Names the present run of patches. */
  get epoch(): number {
    return this.#delivery.epoch;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get unfinished(): boolean {
    return this.building !== undefined;
  }

  get constructing(): boolean {
    return this.tree.constructing;
  }

  get isDryRun(): boolean {
    return this.tree.activeDryRun !== undefined;
  }

  get quiet(): boolean {
    return !this.dirty && this.#handlers.count === 0;
  }

  get unseen(): boolean {
    return this.#delivery.unseen;
  }

  // ---- building

  /** Runs the builder, with the cells in place. `row` is what the page was before, when it was. */
  build(row?: PageRow): void {
    const run = () =>
      this.#within(this.tree.root, true, () => this.tree.construct(() => this.definition.build(this.request)));
    let result: unknown;
    try {
      result = batch(run);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!(result instanceof Promise) && this.#awaited.size === 0) {
      this.#completed(row);
      return;
    }
    const arrived = Promise.resolve(result).then(() => this.#arrived());
    const { clock, policy } = this.#owner.host;
    const bound = policy.build;
    this.building = new Promise((resolve) => {
      const timer = clock.after(bound, () => {
        const message = `The page ${this.definition.pattern} was not built within ${bound / 1000} s. `;
        this.#fail(new Error(`${message}Show the page first and load slow things in a handler or a timer.`));
        resolve();
      });
      arrived.then(
        () => {
          clock.clear(timer);
          if (!this.failure) this.#completed(row);
          resolve();
        },
        (error: unknown) => {
          clock.clear(timer);
          if (!this.failure) this.#fail(error);
          resolve();
        },
      );
    });
    this.#owner.host.keepAlive(this.building);
    void this.building.then(() => {
      this.building = undefined;
      this.#delivery.flush();
    });
  }

  await(promise: Promise<unknown>): void {
    if (!this.#ready) this.#awaited.add(promise);
  }

  /** Waits for what the page needs before it is shown, but not for long: what comes late is shown when it comes. */
  async #arrived(): Promise<void> {
    if (this.#awaited.size === 0) return;
    const { clock } = this.#owner.host;
    let late = false;
    let timer: Timer;
    const bound = new Promise<void>((resolve) => {
      timer = clock.after(sharedLimits.firstValue, () => {
        late = true;
        resolve();
      });
    });
    // A value that came may make parts that use others.
    for (let size = -1; !late && size !== this.#awaited.size; ) {
      size = this.#awaited.size;
      await Promise.race([bound, Promise.allSettled(this.#awaited)]);
    }
    clock.clear(timer);
    this.#awaited.clear();
  }

  #completed(row: PageRow | undefined): void {
    this.#ready = true;
    for (const node of this.cells.builtNodes) {
      const parent = this.at(node.parent);
      if (parent && isKind(node.kind)) {
        this.tree.restore(parent, node.key, node.kind, { ...node.props });
      } else {
        this.cells.forget(node.key);
        this.advise(`Dropped a ${node.kind} that a handler had built: the place it was in is gone.`);
      }
    }
    if (row && row.build !== this.#owner.host.build) this.#dropUnclaimed();
    this.tree.discard();
    if (row && row.build === this.#owner.host.build) this.#delivery.rebuilt(row);
    this.#handlers.resume(this.cells.openRuns, row?.build !== this.#owner.host.build);
  }

  /** After a deploy: what was kept for elements that the new builder does not make goes. */
  #dropUnclaimed(): void {
    const unclaimed = this.cells.keys().filter((key) => this.at(key) === undefined);
    for (const key of unclaimed) this.cells.forget(key);
    if (unclaimed.length === 0) return;
    this.touch();
    this.advise(
      `Dropped what was kept for ${unclaimed.length} elements that ${this.definition.pattern} no longer makes.`,
    );
  }

  #fail(thrown: unknown): void {
    const error = readable(thrown);
    this.failure = error instanceof Error ? error : new Error(String(error));
    const message = `The page ${this.definition.pattern} could not be built.`;
    this.log({ level: 'error', fault: 'author', message, error });
    this.#owner.host.onError?.(error, { session: this.#owner.host.name, page: this.definition.pattern });
  }

  // ---- browsers

  /** What a document needs to show the page. */
  paint(): Paint {
    const delivery = this.#delivery;
    delivery.flush();
    const title = this.tree.root.props.title;
    return {
      page: this.id,
      // The tree may be ahead of its patches, when they wait for a browser that does not read: epoch 0 asks for all of it.
      epoch: this.tree.dirty ? 0 : delivery.epoch,
      frame: delivery.frame,
      event: this.event,
      tree: this.tree.literal(),
      path: this.request.path,
      title: typeof title === 'string' ? title : '',
    };
  }

  /** A browser says hello: its pending events are applied, then it gets what it misses. */
  greet(link: ClientConnection, hello: HelloFrame): void {
    const [, , , epoch, frame, events] = hello;
    this.#delivery.take(link, epoch, frame);
    this.kept = true;
    this.touch();
    const first = events[0];
    if (first && first[0] > this.event + 1) {
      // Earlier events were acknowledged by a page that is no longer kept; what came after them was meant for that page. The
      // snapshot tells the browser that its numbers begin anew, and the browser tells its user.
      const message = `Dropped ${events.length} events of a page that is no longer kept.`;
      this.log({ level: 'info', fault: 'network', message });
    } else {
      for (const event of events) if (!this.#inbox.accept(link, event)) return;
    }
    this.#delivery.welcome(link, epoch, frame);
    this.#watchedChanged();
  }

  /** A browser whose socket outlived the object's sleep. */
  attach(link: ClientConnection, memory: SocketMemory): void {
    this.kept = true;
    if (this.#delivery.attach(link, memory)) this.#watchedChanged();
  }

  /** One event from the browser. */
  receive(link: ClientConnection, event: EventFrame): void {
    if (link === this.#delivery.link) this.#inbox.accept(link, event);
  }

  /** The browser has read patches up to that one. */
  acknowledge(link: ClientConnection, frame: number): void {
    this.#delivery.acknowledge(link, frame);
  }

  /** The socket is gone. */
  drop(link: ClientConnection): void {
    if (!this.#delivery.release(link)) return;
    this.seen = this.clock.now();
    this.#watchedChanged();
    this.#owner.left(this);
  }

  #watchedChanged(): void {
    if (this.#ended) return;
    this.#timers.watchedChanged();
    this.#shares.watchedChanged();
    this.#keepAwake();
  }

  // ---- turns

  /** One synchronous run of author code: one batch of signals, one flush. */
  turn<R>(fn: () => R): R {
    this.#turns++;
    try {
      return batch(fn);
    } finally {
      if (--this.#turns === 0) this.#delivery.flush();
    }
  }

  changed(): void {
    if (this.#turns === 0) this.#delivery.flushSoon();
  }

  hear(node: TreeNode, event: string, listener: Listener, value: Json | undefined): void {
    this.#handlers.hear(node, event, listener, value);
  }

  dismissed(node: TreeNode): void {
    this.#notices.dismissed(node);
  }

  inert(node: TreeNode): void {
    this.#notices.inert(node);
  }

  /** Runs an author's function in the slot of a node; what it throws is reported, never thrown on. */
  guarded(node: TreeNode, run: HandlerRun | undefined, fn: () => unknown): unknown {
    const failed = (thrown: unknown) => {
      const error = readable(thrown);
      // Somebody wanted it to stop: that is no fault, and whoever stopped it shows what there is to show.
      if (error instanceof CancelledError) return;
      this.report(error, node, run?.superseded);
    };
    try {
      const result = this.turn(() => this.#within(node.parent ?? node, node.dynamic, fn, false));
      // Whoever returns a job waits for it.
      return isThenable(result) ? Promise.resolve(result).then(undefined, failed) : result;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  #within<R>(node: TreeNode, structural: boolean, fn: () => R, builds = structural): R {
    // A scope of its own: whoever happened to start this, by a timer or a commit, must not lend it his journal.
    return this.#scope.with(slot, { node, structural: builds }).run(fn);
  }

  // ---- durability

  get dirty(): boolean {
    return this.kept && (this.#rowDirty || this.cells.dirty || this.#duePending.size > 0);
  }

  touch(): void {
    this.#rowDirty = true;
    this.#delivery.stir();
    this.seen = this.clock.now();
    if (this.kept && !this.#ended) this.#owner.commitSoon(this);
  }

  rested(): void {
    this.#rowDirty = true;
    this.#shares.rest();
    this.#owner.commitSoon(this);
  }

  /** Writes all that waits into the running transaction. */
  persist(store: Store): void {
    this.#handlers.note();
    this.cells.persist(store, this.id);
    for (const [key, at] of this.#duePending) {
      if (at === undefined) store.deleteDue(this.id, key);
      else store.writeDue({ page: this.id, key, at });
    }
    store.writePage({
      page: this.id,
      path: this.request.path,
      build: this.#owner.host.build,
      epoch: this.#delivery.epoch,
      frame: this.#delivery.frame,
      event: this.event,
      built: this.#built,
      rest: this.#delivery.rest,
      created: this.#created,
      seen: this.seen,
    });
  }

  /** The transaction succeeded: events whose effects it holds are acknowledged. */
  persisted(): void {
    this.cells.persisted();
    this.#duePending.clear();
    this.#rowDirty = false;
    this.#notices.relief();
    this.#delivery.committed();
  }

  /** The transaction failed: nothing is acknowledged, and the page says so. */
  unpersisted(): void {
    this.#notices.trouble();
  }

  /** What keeps the object in memory on behalf of this page. */
  whyAwake(): string[] {
    const reasons: string[] = [];
    if (this.dirty) reasons.push('changes that wait for their commit');
    if (this.building) reasons.push('a page function that has not returned');
    if (this.#handlers.count > 0) reasons.push(`${this.#handlers.count} handlers that have not ended`);
    if (this.#timers.pending > 0) reasons.push(`${this.#timers.pending} timers shorter than 10 s`);
    if (this.#awake !== undefined) reasons.push(`${this.#volatile} handlers on elements that handlers built`);
    return [...reasons, ...this.#delivery.whyAwake()];
  }

  /** Ends the page: its browser is told, its effects stop. The store is the session's business. */
  end(reason: 'gone' | 'revoked', message: string): void {
    if (this.#ended) return;
    this.#delivery.link?.end(reason, message);
    this.abandon();
  }

  /** Stops everything, silently. */
  abandon(): void {
    this.#ended = true;
    this.#delivery.end();
    if (this.#awake !== undefined) this.clock.clear(this.#awake);
    this.tree.dispose();
    this.#shares.end();
  }

  // ---- for the tree

  identify(key: Key): NodeId {
    if (key === 1) return 1;
    return this.cells.identify(key, (id) => this.tree.taken(id, key));
  }

  saved(key: Key): SavedNode | undefined {
    return this.cells.saved(key);
  }

  storeProp(node: TreeNode, prop: string, value: Json | undefined): void {
    this.cells.storeProp(node, prop, value);
    const before = node.props[prop];
    if (prop !== 'lines') this.changes(Cells.propCell(node.key, prop), before, value);
    this.touch();
  }

  dropProp(node: TreeNode, prop: string): void {
    if (this.cells.forgetProp(node, prop)) this.touch();
  }

  superseded(node: TreeNode, prop: string, value: Json | undefined): boolean {
    const was = this.cells.dirty;
    const superseded = this.cells.superseded(node, prop, value);
    if (this.cells.dirty && !was) this.touch();
    return superseded;
  }

  storeLines(node: TreeNode, appended: number): void {
    this.cells.storeLines(node, appended);
    const total = node.props.total as number;
    this.changes(Cells.propCell(node.key, 'total'), total - appended, total);
    this.touch();
  }

  storeNode(node: TreeNode): void {
    this.cells.storeNode(node, this.next());
    this.touch();
  }

  storeRemoval(parent: TreeNode, child: TreeNode): void {
    this.cells.storeRemoval(parent, child);
    this.touch();
  }

  forget(node: TreeNode): void {
    if (this.#ended) return;
    this.cells.forget(node.key);
    this.#states.forget(node);
  }

  nextSegment(): string {
    // With the life in its name: what is made again after an object died must not pass for what was lost with it.
    return this.#handlers.current?.nextSegment() ?? `+t${this.#life.toString(36)}.${this.next()}`;
  }

  changes(cell: string, before: unknown, value: unknown): void {
    this.stateChanges(cell, () => encode(before, 'A value'), value);
  }

  stateChanges(cell: string, before: () => string, value: unknown): void {
    this.#handlers.changes(cell, before, value);
  }

  get journal() {
    return this.#handlers.replay;
  }

  get replaying(): boolean {
    return this.#handlers.replay !== undefined;
  }

  reads(cell: string): { readonly value: unknown } | undefined {
    return this.#handlers.replay?.reads(cell);
  }

  rewrites(cell: string, value: unknown): boolean {
    const { replay } = this.#handlers;
    replay?.rewrites(cell, value);
    return replay !== undefined;
  }

  live(cell: string): LiveCell | undefined {
    const [key, sort, name] = Cells.parse(cell) ?? [];
    const node = key === undefined ? undefined : this.at(key);
    if (!node || name === undefined) return undefined;
    if (sort === 's') {
      const state = this.#states.get(node, name);
      const text = this.cells.stateText(cell);
      if (!state || text === undefined) return undefined;
      return { value: state.present, text, what: name.startsWith('~') ? 'A ui.state' : `The state "${name}"` };
    }
    // What follows signals is not what was written last.
    if (node.bindings?.has(name) || isFollowing(node)) return undefined;
    if (!node.dynamic && !Object.hasOwn(this.cells.saved(node.key)?.props ?? {}, name)) return undefined;
    const value = node.props[name];
    const what = `The ${name === 'total' ? 'number of lines' : name} of ${describe(node)}`;
    return { value, text: encode(value, 'A prop'), what };
  }

  adopt(cell: string, value: unknown): void {
    const [key, , name] = Cells.parse(cell) ?? [];
    const node = key === undefined ? undefined : this.at(key);
    if (node && name !== undefined) this.#states.get(node, name)?.adopt(value);
  }

  recalled(node: TreeNode, prop: string): { readonly value: Json | undefined } | undefined {
    return this.reads(Cells.propCell(node.key, prop)) as { value: Json | undefined } | undefined;
  }

  diverted(node: TreeNode, prop: string, value: Json | undefined): boolean {
    return this.rewrites(Cells.propCell(node.key, prop), value);
  }

  // ---- for handlers

  next(): number {
    return ++this.#built;
  }

  nextRun(): number {
    return this.#inbox.nextRun();
  }

  at(key: Key): TreeNode | undefined {
    const node = this.tree.get(this.identify(key));
    return node?.key === key ? node : undefined;
  }

  busy(key: Key, busy: boolean): void {
    const node = this.at(key);
    if (node) this.tree.set(node, 'busy', busy || undefined, 'passing');
  }

  isBusy(key: Key): boolean {
    return this.#handlers.isBusy(key);
  }

  holdJob(id: string): () => void {
    return this.#owner.holdJob(id);
  }

  // ---- for elements

  state<T>(into: Slot, initial: T, given: string | undefined): State<T> {
    return this.#states.state(into, initial, given);
  }

  now(): number {
    return this.#journaled('now', () => this.clock.now());
  }

  random(): number {
    return this.#journaled('random', () => this.clock.random());
  }

  /** A value that differs from call to call, except in the replay of a handler. */
  #journaled(sort: 'now' | 'random', make: () => number): number {
    const running = journal.get();
    const step = running?.interrupted ? undefined : running?.step(sort, '');
    const before = step?.before?.outcome;
    const value = before?.ok ? (before.value as number) : make();
    step?.consumed({ ok: true, value });
    return value;
  }

  following(start: () => () => void): () => void {
    return this.#handlers.replay?.following(start) ?? start();
  }

  listen(node: TreeNode, event: string, listener: Listener): void {
    node.listeners ??= new Map();
    const listeners = node.listeners.get(event);
    if (listeners) listeners.push(listener);
    else node.listeners.set(event, [listener]);
  }

  /** A handler on what a handler built: it cannot outlive the object, so the object stays while somebody watches. */
  holdAwake(node: TreeNode): void {
    this.#volatile++;
    node.own(() => {
      this.#volatile--;
    });
    this.#keepAwake();
    this.advise(
      `A handler was attached to a ${node.kind} that a handler built. It works, keeps the object awake while somebody ` +
        'watches, and is lost when the server restarts. Build it with ui.each, ui.show or ui.region to keep it.',
    );
  }

  #keepAwake(): void {
    if (this.#volatile === 0 || !this.watched) {
      if (this.#awake !== undefined) this.clock.clear(this.#awake);
      this.#awake = undefined;
      return;
    }
    if (this.#awake !== undefined) return;
    this.#awake = this.clock.after(awakeEvery, () => {
      this.#awake = undefined;
      if (!this.#ended) this.#keepAwake();
    });
  }

  timer(node: TreeNode, spec: TimerSpec): void {
    this.#timers.add(node, spec);
  }

  timerChanged(node: TreeNode): void {
    this.#timers.schedule(node);
  }

  tick(node: TreeNode, spec: TimerSpec): unknown {
    return this.#handlers.tick(node, tickerOf(spec), !spec.once);
  }

  ticker(node: TreeNode): Listener | undefined {
    const spec = this.#timers.spec(node);
    return spec && tickerOf(spec);
  }

  ticking(node: TreeNode, run: Promise<unknown>): void {
    this.#timers.running(node, run);
  }

  nextTick(): number {
    // With the life in its name, like what it builds.
    return this.#life * 2 ** 20 + this.#ticks++;
  }

  dueAt(key: string): number | undefined {
    return this.#due.get(key);
  }

  due(key: string, at: number | undefined): void {
    if (this.#ended) return;
    if (at === undefined) this.#due.delete(key);
    else this.#due.set(key, at);
    this.#duePending.set(key, at);
    if (this.kept) this.#owner.commitSoon(this);
  }

  /** The alarm found a row of this page due. */
  dueNow(row: DueRow): void {
    if (this.#handlers.dueNow(row.key) || this.#timers.dueNow(row.key)) return;
    this.due(row.key, undefined);
  }

  report(error: unknown, node: TreeNode | undefined, silent = false): void {
    const { host } = this.#owner;
    const element = node ? describe(node) : undefined;
    const message = `A handler${element ? ` of ${element}` : ''} failed.`;
    this.log({ level: 'error', fault: 'author', message, error, ...(element !== undefined && { element }) });
    host.onError?.(error, { session: host.name, page: this.definition.pattern, ...(element ? { element } : {}) });
    if (!silent) this.#notices.failed(error, node);
  }

  advise(text: string): void {
    if (!this.development || this.#advised.has(text)) return;
    this.#advised.add(text);
    this.log({ level: 'warning', fault: 'author', message: text });
  }

  log(entry: PageEntry): void {
    const { host } = this.#owner;
    host.log({ ...entry, session: host.name, page: this.definition.pattern });
  }
}

function tickerOf({ tick }: TimerSpec): Listener {
  return { hear: tick, whileRunning: 'parallel', author: tick };
}

/** True within a part that a handler made: it is made again whenever a signal changes. */
function isFollowing({ dynamic, parent }: TreeNode): boolean {
  for (let node = parent; dynamic && node; node = node.parent)
    if (node.kind === 'fragment' && node.dynamic) return true;
  return false;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
