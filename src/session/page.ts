import type { Timer } from '../clock/index.ts';
import { type PageHost, pageHost, type TimerSpec } from '../elements/index.ts';
import {
  type EventFrame,
  type HelloFrame,
  isKind,
  type Json,
  kindRules,
  limits,
  type NodeId,
  type NodeLiteral,
  type Op,
  type Paint,
  type PropsOf,
} from '../protocol/index.ts';
import { batch, State } from '../reactive/index.ts';
import { Scope } from '../scope/index.ts';
import { PageShares, type PageSharesHost, type Shares, sharedLimits } from '../shared/index.ts';
import type { DueRow, PageRow, Store } from '../storage/index.ts';
import { CancelledError, type JobKeeper, jobKeeper, journal, type TaskHost, taskHost } from '../tasks/index.ts';
import {
  checksum,
  type Key,
  type Listener,
  type SavedNode,
  type Slot,
  slot,
  Tree,
  type TreeHost,
  type TreeNode,
} from '../tree/index.ts';
import { Cells } from './cells.ts';
import { Handlers, type HandlersHost } from './handlers.ts';
import type { Link } from './link.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import type { LogEntry, PageDefinition, PageRequest, SessionHost, SocketMemory } from './ports.ts';
import type { Run } from './runs.ts';
import { Timers, type TimersHost } from './timers.ts';

/** Milliseconds of quiet after which a page counts as at rest. */
const restAfter = 1_000;
/** Milliseconds between two signs of life of a page that must not sleep. */
const awakeEvery = 5_000;
/** Notices of errors shown at a time; older ones go. */
const notices = 3;

/** What a page needs from its session. */
export interface PageOwner {
  readonly host: SessionHost;
  readonly tasks: TaskHost;
  readonly shares: Shares;
  readonly keeper: JobKeeper;
  /** Keeps a job from being forgotten; returns how to let go. */
  holdJob(id: string): () => void;
  /** The page lost its browser. */
  left(page: Page): void;
  /** Something waits to be committed. */
  commitSoon(page: Page): void;
}

/**
 * A live page: the author's builder, the tree it made, the durable cells, and the browser that watches.
 *
 * ```
 *   new ──build──► building ──► ready ◄──── greet / drop (a browser comes and goes)
 *                     │            │
 *                     └─► failed   └──► ended (by policy, or revoked)
 * ```
 *
 * A page is *kept* from the first hello on: before that nothing of it is written, so that a crawler leaves no row.
 */
export class Page implements TreeHost, PageHost, TimersHost, HandlersHost, PageSharesHost {
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
  readonly #outbox: Outbox;
  readonly #handlers: Handlers;
  /** What all code of the page finds in its surroundings. */
  readonly #scope: Scope;
  readonly #timers: Timers;
  readonly #shares: PageShares;
  /** What the page waits for before it is shown. */
  readonly #awaited = new Set<Promise<unknown>>();
  readonly #created: number;
  readonly #due = new Map<string, number>();
  readonly #duePending = new Map<string, number | undefined>();
  readonly #advised = new Set<string>();
  readonly #notices: TreeNode[] = [];
  #link: Link | undefined;
  #event = 0;
  /** Handlers that the last event has started. */
  #heard = 0;
  /** Another one each time the page is built. */
  readonly #life: number;
  /** Number of the last patch that brought new nodes. */
  #inserted = 0;
  #built = 0;
  #rest: number | null = null;
  #rowDirty = false;
  #turns = 0;
  #flushing = false;
  #volatile = 0;
  #awake: Timer | undefined;
  #resting: Timer | undefined;
  #slow: Timer | undefined;
  /** Runs while changes wait for their turn to be shown. */
  #paced: Timer | undefined;
  readonly #pace = new Pace();
  #trouble: TreeNode | undefined;
  #ended = false;
  /** True when the builder is done and has what it waited for. */
  #ready = false;
  /** The row of before the rebuild, when the rebuilt tree is exactly the one that was at rest then. */
  #proven: PageRow | undefined;

  constructor(owner: PageOwner, id: string, definition: PageDefinition, request: PageRequest, row?: PageRow) {
    const { host } = owner;
    this.#owner = owner;
    this.id = id;
    this.definition = definition;
    this.request = request;
    this.seen = row?.seen ?? host.clock.now();
    this.#created = row?.created ?? this.seen;
    // A new run of patches until the rebuilt tree proves to be the one that browsers have; see `attach`.
    this.#life = 1 + Math.floor(host.clock.random() * 0x7ffffffe);
    this.#outbox = new Outbox(this.#life, row?.frame ?? 0);
    if (row) {
      this.kept = true;
      this.#event = row.event;
      this.#built = row.built;
      for (const due of host.store.due()) if (due.page === id) this.#due.set(due.key, due.at);
      const unreadable = this.cells.load(host.store.cells(id));
      if (unreadable.length > 0)
        this.#log('warning', 'framework', `Dropped unreadable cells ${unreadable.join(', ')}.`);
    }
    this.#handlers = new Handlers(this);
    this.#scope = Scope.empty.with(pageHost, this).with(taskHost, owner.tasks).with(jobKeeper, owner.keeper);
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
    return this.#link?.open === true && this.#link.greeted;
  }

  /** Number of the last event that was applied. */
  get event(): number {
    return this.#event;
  }

  /** Names the present run of patches. */
  get epoch(): number {
    return this.#outbox.epoch;
  }

  get ended(): boolean {
    return this.#ended;
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
      this.#flush();
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
    if (row?.rest != null && row.build === this.#owner.host.build && this.#sum() === row.rest) {
      this.#proven = row;
    }
    this.#handlers.resume(this.cells.openRuns);
  }

  /** After a deploy: what was kept for elements that the new builder does not make goes. */
  #dropUnclaimed(): void {
    const unclaimed = this.cells.keys().filter((key) => this.at(key) === undefined);
    for (const key of unclaimed) this.cells.forget(key);
    if (unclaimed.length === 0) return;
    this.#touch();
    this.advise(
      `Dropped what was kept for ${unclaimed.length} elements that ${this.definition.pattern} no longer makes.`,
    );
  }

  #fail(error: unknown): void {
    this.failure = error instanceof Error ? error : new Error(String(error));
    this.#log('error', 'author', `The page ${this.definition.pattern} could not be built.`, error);
    this.#owner.host.onError?.(error, { session: this.#owner.host.name, page: this.definition.pattern });
  }

  // ---- browsers

  /** What a document needs to show the page. */
  paint(): Paint {
    this.#flush();
    const title = this.tree.root.props.title;
    return {
      page: this.id,
      // The tree may be ahead of its patches, when they wait for a browser that does not read: epoch 0 asks for all of it.
      epoch: this.tree.dirty ? 0 : this.#outbox.epoch,
      frame: this.#outbox.frame,
      event: this.#event,
      tree: this.tree.literal(),
      path: this.request.path,
      title: typeof title === 'string' ? title : '',
    };
  }

  /** A browser says hello: its pending events are applied, then it gets what it misses. */
  greet(link: Link, hello: HelloFrame): void {
    const old = this.#link;
    if (old && old !== link) old.end('replaced', 'Another window took this page over.');
    link.greeted = false;
    this.#link = link;
    // Patches have the numbers of this life from now on.
    this.#proven = undefined;
    this.kept = true;
    this.#touch();
    const [, , , epoch, frame, events] = hello;
    if (epoch === this.#outbox.epoch && frame <= this.#outbox.frame) link.acknowledged = frame;
    const first = events[0];
    if (first && first[0] > this.#event + 1) {
      // Earlier events were acknowledged by a page that is no longer kept; what came after them was meant for that page. The
      // snapshot tells the browser that its numbers begin anew, and the browser tells its user.
      this.#log('info', 'network', `Dropped ${events.length} events of a page that is no longer kept.`);
    } else {
      for (const event of events) if (!this.#accept(event)) return;
    }
    this.#flush();
    link.greeted = true;
    const missed = epoch === this.#outbox.epoch ? this.#outbox.since(frame) : undefined;
    if (missed) {
      link.sendFrame(['w', this.#outbox.epoch, this.#outbox.frame - missed.length, this.#event]);
      for (const patch of missed) link.send(patch);
      link.acknowledged = frame;
      link.sent = this.#outbox.frame;
    } else {
      this.#sendSnapshot(link);
    }
    this.#remember(link, -1);
    this.#watchedChanged();
  }

  /** A browser whose socket outlived the object's sleep. */
  attach(link: Link, memory: SocketMemory): void {
    if (this.watched && this.#link !== link) {
      // A browser said hello since the object woke; the one whose socket slept is the older of the two.
      link.end('replaced', 'Another window took this page over.');
      return;
    }
    this.#link = link;
    this.kept = true;
    const proven = this.#proven;
    const missed =
      proven && proven.epoch === memory.epoch && proven.frame === memory.frame
        ? this.#outbox.since(memory.frame)
        : undefined;
    if (proven && missed) {
      // Nothing was lost and nothing differs: the numbers go on where they were.
      this.#outbox.epoch = proven.epoch;
      if (this.#outbox.frame === proven.frame) this.#rest = proven.rest;
      else this.#remember(link, -1);
      link.acknowledged = memory.acknowledged;
      this.#inserted = memory.frame;
      // What happened since the page was built again, and before its browser was given back.
      for (const patch of missed) link.send(patch);
      link.sent = this.#outbox.frame;
    } else {
      this.#sendSnapshot(link);
      this.#remember(link, -1);
    }
    this.#watchedChanged();
  }

  /** One event from the browser. */
  receive(link: Link, event: EventFrame): void {
    if (link !== this.#link) return;
    this.#accept(event);
  }

  /** The browser has read patches up to that one. */
  acknowledge(link: Link, frame: number): void {
    if (link !== this.#link) return;
    if (frame > link.sent) {
      link.end('refused', `Patch ${frame} was acknowledged and ${link.sent} is the last one sent.`);
      return;
    }
    if (frame <= link.acknowledged) return;
    link.acknowledged = frame;
    this.#outbox.trim(frame);
    if (this.#rest !== null) this.#remember(link, this.#outbox.frame);
    this.#flush();
  }

  /** Keeps with the socket, for the case that the object sleeps, what its browser has. */
  #remember(link: Link, frame: number): void {
    link.remember({ page: this.id, epoch: this.#outbox.epoch, frame, acknowledged: link.acknowledged });
  }

  /** The socket is gone. */
  drop(link: Link): void {
    link.open = false;
    if (link !== this.#link) return;
    this.#link = undefined;
    if (this.#slow !== undefined) this.clock.clear(this.#slow);
    this.#slow = undefined;
    this.seen = this.clock.now();
    this.#watchedChanged();
    this.#owner.left(this);
  }

  #sendSnapshot(link: Link): void {
    this.tree.discard();
    this.#outbox.skip();
    const { epoch, frame } = this.#outbox;
    link.sendFrame(['s', this.id, epoch, frame, this.#event, this.tree.literal()]);
    link.acknowledged = frame;
    link.sent = frame;
    this.#touch();
  }

  #watchedChanged(): void {
    if (this.#ended) return;
    this.#timers.watchedChanged();
    this.#shares.watchedChanged();
    this.#keepAwake();
  }

  // ---- events

  /** @returns false when the link was ended. */
  #accept(event: EventFrame): boolean {
    const [number, id, name, value] = event;
    const link = this.#link as Link;
    if (number <= this.#event) return true;
    if (number !== this.#event + 1) {
      link.end('refused', `Event ${number} came after event ${this.#event}.`);
      return false;
    }
    if (!link.admit()) {
      link.end('refused', 'Events came faster than the limit; send the rest again, slower.');
      return false;
    }
    this.#event = number;
    this.#heard = 0;
    this.#touch();
    this.turn(() => this.#dispatch(id, name, value));
    return true;
  }

  #dispatch(id: NodeId, name: string, value: Json | undefined): void {
    const node = this.tree.get(id);
    if (!node) {
      this.#log('info', 'network', `Dropped ${name} for element ${id}: it is gone.`);
      return;
    }
    const rule = kindRules[node.kind];
    const write = rule.writes && Object.hasOwn(rule.writes, name) ? rule.writes[name] : undefined;
    const own = rule.events && Object.hasOwn(rule.events, name) ? rule.events[name] : undefined;
    const listeners = node.listeners?.get(name);
    const refuse = (why: string, fault: LogEntry['fault'] = 'network') => {
      // The browser shows what it sent; put it right.
      if (write) this.tree.refresh(node, write.prop);
      this.#log('warning', fault, `Refused ${name} of ${describe(node)}: ${why}.`);
    };
    if (!listeners && !write && !own) {
      if (node.built && offers(node, name)) {
        this.#inert(node);
        return;
      }
      refuse('nobody listens to it');
      return;
    }
    if (!node.shown) return refuse('it is hidden');
    if (!node.enabled) return refuse('it is disabled');
    const check = write?.check ?? own;
    const wrong = (check as ((value: Json | undefined, props: PropsOf<never>) => string | undefined) | undefined)?.(
      value,
      node.props as unknown as PropsOf<never>,
    );
    if (wrong !== undefined) return refuse(wrong);
    if (write) {
      try {
        this.tree.set(node, write.prop, value as Json, 'user');
      } catch (error) {
        return refuse((error as Error).message);
      }
      // Made for a node that was taken away since, and came again under its number: the browser has the new one without the value.
      if (this.#inserted > (this.#link?.acknowledged ?? 0)) this.tree.refresh(node, write.prop);
    }
    if (node.kind === 'notification' && name === 'done') {
      // The page's own notice of trouble is no part of the page: dismissed, it comes again with the next trouble.
      this.tree.remove(node, node === this.#trouble);
      return;
    }
    for (const listener of [...(listeners ?? [])]) this.#handlers.hear(node, name, listener, value);
    if (!listeners && node.built && offers(node, name)) this.#inert(node);
  }

  /** Runs an author's function in the slot of a node; what it throws is reported, never thrown on. */
  guarded(node: TreeNode, run: Run | undefined, fn: () => unknown): unknown {
    const failed = (error: unknown) => {
      // Somebody wanted it to stop: that is no fault, and whoever stopped it shows what there is to show.
      if (error instanceof CancelledError) return;
      this.report(error, node);
    };
    try {
      const result = this.turn(() => this.#within(node.parent ?? node, node.built, fn, false));
      return result instanceof Promise ? result.then(undefined, failed) : result;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  #within<R>(node: TreeNode, structural: boolean, fn: () => R, builds = structural): R {
    // A scope of its own: whoever happened to start this, by a timer or a commit, must not lend it his journal.
    return this.#scope.with(slot, { node, structural: builds }).run(fn);
  }

  #inert(node: TreeNode): void {
    this.#notice(
      this.development
        ? `This ${node.kind} was built by a handler before a restart, and its own handler could not be kept. ` +
            'Build it with ui.each, ui.show or ui.region instead.'
        : 'This part is no longer active. Reload the page to use it.',
      'warning',
    );
  }

  // ---- turns and patches

  /** One synchronous run of author code: one batch of signals, one flush. */
  turn<R>(fn: () => R): R {
    this.#turns++;
    try {
      return batch(fn);
    } finally {
      if (--this.#turns === 0) this.#flush();
    }
  }

  changed(): void {
    if (this.#turns > 0 || this.#flushing || this.#ended) return;
    this.#flushing = true;
    // What runs after an await has no end that we see; all it does before it gives the thread back is one turn.
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flushPaced();
    });
  }

  /** Shows what was changed by something else than an event of the browser: at once, but not more often than a screen shows it. */
  #flushPaced(): void {
    if (!this.tree.dirty || this.#paced !== undefined || this.#ended) return;
    const wait = this.watched ? this.#pace.take(this.clock.now()) : 0;
    if (wait === 0) {
      this.#flush();
      return;
    }
    this.#paced = this.clock.after(wait, () => {
      this.#paced = undefined;
      this.#flushPaced();
    });
  }

  #flush(): void {
    if (!this.tree.dirty || this.building || this.#ended) return;
    const link = this.#link;
    if (link?.open && link.greeted) {
      if (link.behind) {
        this.#holdBack(link);
        return;
      }
      if (this.tree.lost) {
        this.#sendSnapshot(link);
        return;
      }
      const ops = this.tree.take(this.#event);
      if (ops.length > 0) {
        const text = this.#push(ops);
        link.sent = this.#outbox.frame;
        link.send(text);
      }
    } else if (this.kept && this.#outbox.roomy && !this.tree.lost) {
      const ops = this.tree.take(this.#event);
      if (ops.length > 0) this.#push(ops);
    } else {
      this.tree.discard();
      if (this.kept) this.#outbox.skip();
    }
    this.#touch();
  }

  #push(ops: readonly (Op | number)[]): string {
    const text = this.#outbox.push(ops);
    if (ops.some((op) => typeof op !== 'number' && op[0] === '+')) this.#inserted = this.#outbox.frame;
    return text;
  }

  /** The browser does not keep up: changes wait, merged; a browser that reads nothing for long is disconnected. */
  #holdBack(link: Link): void {
    if (this.#slow !== undefined) return;
    const seen = link.acknowledged;
    this.#slow = this.clock.after(1_000, () => {
      this.#slow = undefined;
      if (link !== this.#link || !link.open) return;
      const now = this.clock.now();
      if (link.acknowledged > seen || !link.behind) link.behindSince = undefined;
      else link.behindSince ??= now - 1_000;
      if (link.behindSince !== undefined && now - link.behindSince >= limits.slowClient) {
        this.#log('info', 'network', 'Disconnected a browser that does not read.');
        link.end('slow', 'The connection was too slow.');
        this.drop(link);
        return;
      }
      this.#flush();
    });
  }

  // ---- durability

  get dirty(): boolean {
    return this.kept && (this.#rowDirty || this.cells.dirty || this.#duePending.size > 0);
  }

  #touch(): void {
    this.#rowDirty = true;
    // Before anything is sent: what the socket remembers must not outlive it.
    if (this.#rest !== null && this.#link) this.#remember(this.#link, -1);
    this.#rest = null;
    this.seen = this.clock.now();
    if (this.kept && !this.#ended) this.#owner.commitSoon(this);
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
      epoch: this.#outbox.epoch,
      frame: this.#outbox.frame,
      event: this.#event,
      built: this.#built,
      rest: this.#rest,
      created: this.#created,
      seen: this.seen,
    });
  }

  /** The transaction succeeded: events whose effects it holds are acknowledged. */
  persisted(): void {
    this.cells.persisted();
    this.#duePending.clear();
    this.#rowDirty = false;
    if (this.#trouble) {
      const trouble = this.#trouble;
      this.#trouble = undefined;
      this.tree.remove(trouble, true);
    }
    const link = this.#link;
    if (link?.greeted && link.open && link.eventAcknowledged < this.#event) {
      link.eventAcknowledged = this.#event;
      link.sendFrame(['a', this.#event]);
    }
    if (this.#rest === null) this.#restSoon();
  }

  /** The transaction failed: nothing is acknowledged, and the page says so. */
  unpersisted(): void {
    // Said once for each stretch of trouble, whether or not the user has dismissed it meanwhile.
    if (this.#trouble || this.#ended) return;
    this.turn(() => {
      const text = 'Changes cannot be saved at the moment. They are kept in this window and tried again.';
      this.#trouble = this.tree.create(
        { node: this.tree.root, structural: true },
        'notification',
        { text, type: 'warning', timeout: 0 },
        { segment: '~trouble' },
      );
    });
  }

  /** After some quiet: remember which tree browsers have, so that waking from sleep costs them nothing. */
  #restSoon(): void {
    if (this.#resting !== undefined) this.clock.clear(this.#resting);
    this.#resting = this.clock.after(restAfter, () => {
      this.#resting = undefined;
      if (this.#ended || this.building || this.dirty || this.tree.dirty || this.#handlers.count > 0) return;
      this.#rest = this.#sum();
      this.#rowDirty = true;
      if (this.#link) this.#remember(this.#link, this.#outbox.frame);
      this.#owner.commitSoon(this);
    });
  }

  #sum(): number {
    return checksum(JSON.stringify(ordered(this.tree.literal())));
  }

  /** What keeps the object in memory on behalf of this page. */
  whyAwake(): string[] {
    const reasons: string[] = [];
    if (this.dirty) reasons.push('changes that wait for their commit');
    if (this.building) reasons.push('a page function that has not returned');
    if (this.#handlers.count > 0) reasons.push(`${this.#handlers.count} handlers that have not ended`);
    if (this.#timers.pending > 0) reasons.push(`${this.#timers.pending} timers shorter than 10 s`);
    if (this.#awake !== undefined) reasons.push(`${this.#volatile} handlers on elements that handlers built`);
    if (this.#resting !== undefined) reasons.push('a page that has just come to rest');
    if (this.#slow !== undefined) reasons.push('a browser that reads slowly');
    if (this.#paced !== undefined) reasons.push('changes that wait to be shown');
    return reasons;
  }

  /** Ends the page: its browser is told, its effects stop. The store is the session's business. */
  end(reason: 'gone' | 'revoked', message: string): void {
    if (this.#ended) return;
    this.#link?.end(reason, message);
    this.abandon();
  }

  /** Stops everything, silently. */
  abandon(): void {
    this.#ended = true;
    for (const timer of [this.#resting, this.#slow, this.#awake, this.#paced])
      if (timer !== undefined) this.clock.clear(timer);
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

  keepProp(node: TreeNode, prop: string, value: Json | undefined): void {
    this.cells.keepProp(node, prop, value);
    if (prop !== 'lines') this.#handlers.changes(Cells.propCell(node.key, prop), node.props[prop], value);
    this.#touch();
  }

  forgetProp(node: TreeNode, prop: string): void {
    this.cells.forgetProp(node, prop);
  }

  keepLines(node: TreeNode, appended: number): void {
    this.cells.keepLines(node, appended);
    this.#touch();
  }

  keepNode(node: TreeNode): void {
    this.cells.keepNode(node, this.next());
    this.#touch();
  }

  keepRemoval(parent: TreeNode, child: TreeNode): void {
    this.cells.keepRemoval(parent, child);
    this.#touch();
  }

  forget(node: TreeNode): void {
    if (this.#ended) return;
    this.cells.forget(node.key);
  }

  nextSegment(): string {
    // With the life in its name: what is made again after an object died must not pass for what was lost with it.
    return this.#handlers.current?.nextSegment() ?? `+t${this.#life.toString(36)}.${this.next()}`;
  }

  changes(cell: string, before: unknown, value: unknown): void {
    this.#handlers.changes(cell, before, value);
  }

  get journal() {
    return this.#handlers.current;
  }

  get replaying(): boolean {
    return this.#handlers.replaying;
  }

  recalled(node: TreeNode, prop: string): { readonly value: Json | undefined } | undefined {
    if (!this.replaying) return undefined;
    return this.#handlers.current?.reads(Cells.propCell(node.key, prop)) as { value: Json | undefined } | undefined;
  }

  diverted(node: TreeNode, prop: string, value: Json | undefined): boolean {
    if (!this.replaying) return false;
    this.#handlers.current?.rewrites(Cells.propCell(node.key, prop), value);
    return true;
  }

  // ---- for handlers

  next(): number {
    return ++this.#built;
  }

  nextRun(): number {
    // By the event: when that is sent again, what its handlers build has the places, and so the numbers, that the browser knows.
    return this.#event * 1_000 + this.#heard++;
  }

  at(key: Key): TreeNode | undefined {
    const node = this.tree.get(this.identify(key));
    return node?.key === key ? node : undefined;
  }

  busy(node: TreeNode, busy: boolean): void {
    this.tree.set(node, 'busy', busy || undefined, 'passing');
  }

  touch(): void {
    this.#touch();
  }

  holdJob(id: string): () => void {
    return this.#owner.holdJob(id);
  }

  // ---- for elements

  state<T>(into: Slot, initial: T, given: string | undefined): State<T> {
    const { node } = into;
    const sort = given ?? `~${node.ordinal('~state')}`;
    if (given !== undefined && node.ordinal(`~state ${given}`) > 0) {
      throw new Error(`Two ui.state in the same place have the name ${JSON.stringify(given)}. Each needs its own.`);
    }
    const durable = into.structural && !node.built;
    if (!durable) {
      this.advise(
        'ui.state was called in a handler: its value lives as long as the object, no longer. Make it in the page function.',
      );
    }
    const saved = durable ? this.cells.state(node.key, sort) : undefined;
    const cell = Cells.stateCell(node.key, sort);
    const state: State<T> = new State<T>(saved ? (saved.value as T) : initial, {
      written: (value) => {
        if (this.#ended) return false;
        if (durable && node.alive) {
          // While building, what was kept is newer than what the builder says.
          if (this.tree.constructing) return this.cells.state(node.key, sort) === undefined;
          this.cells.keepState(node.key, sort, value);
          this.#handlers.changes(cell, state.peek(), value);
          this.#touch();
        }
        return true;
      },
      seen: () => (this.replaying ? (this.#handlers.current?.reads(cell) as { value: T } | undefined) : undefined),
      diverted: (value) => {
        if (!durable || !this.replaying) return false;
        this.#handlers.current?.rewrites(cell, value);
        return true;
      },
    });
    return state;
  }

  now(): number {
    return this.#journaled('now', () => this.clock.now());
  }

  random(): number {
    return this.#journaled('random', () => this.clock.random());
  }

  /** A value that differs from call to call, except in the replay of a handler. */
  #journaled(sort: 'now' | 'random', make: () => number): number {
    const step = journal.get()?.step(sort, '');
    const before = step?.before?.outcome;
    const value = before?.ok ? (before.value as number) : make();
    step?.consumed({ ok: true, value });
    return value;
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
    return this.guarded(node, undefined, spec.tick);
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

  report(error: unknown, node: TreeNode | undefined): void {
    const { host } = this.#owner;
    const element = node ? describe(node) : undefined;
    this.#log('error', 'author', `A handler${element ? ` of ${element}` : ''} failed.`, error, element);
    host.onError?.(error, { session: host.name, page: this.definition.pattern, ...(element ? { element } : {}) });
    const text = this.development
      ? `${element ?? 'A handler'}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`
      : 'Something went wrong. Everything else on this page goes on working.';
    this.#notice(text, 'negative');
  }

  #notice(text: string, type: 'negative' | 'warning'): void {
    if (this.#ended) return;
    this.turn(() => {
      const old = this.#notices.filter((node) => node.alive);
      while (old.length >= notices) this.tree.remove(old.shift() as TreeNode, false);
      const into = { node: this.tree.root, structural: false };
      old.push(this.tree.create(into, 'notification', { text, type, timeout: 10_000 }));
      this.#notices.splice(0, this.#notices.length, ...old);
    });
  }

  advise(text: string): void {
    if (!this.development || this.#advised.has(text)) return;
    this.#advised.add(text);
    this.#log('warning', 'author', text);
  }

  #log(level: LogEntry['level'], fault: LogEntry['fault'], message: string, error?: unknown, element?: string): void {
    const { host } = this.#owner;
    host.log({
      level,
      fault,
      message,
      session: host.name,
      page: this.definition.pattern,
      ...(element === undefined ? {} : { element }),
      ...(error === undefined ? {} : { error }),
    });
  }
}

/** A tree without the order in which its props were set, which a rebuild does not repeat. */
function ordered([id, kind, props, children]: NodeLiteral): unknown[] {
  const entries = Object.entries(props).sort(([a], [b]) => (a < b ? -1 : 1));
  return [id, kind, entries, children?.map(ordered)];
}

/** A node as a person would call it. */
function describe(node: TreeNode): string {
  const text = node.props.text ?? node.props.label;
  return typeof text === 'string' && text !== '' ? `${node.kind} "${text.slice(0, 40)}"` : `${node.kind} ${node.id}`;
}

function offers(node: TreeNode, event: string): boolean {
  const on = node.props.on;
  return typeof on === 'object' && on !== null && Object.hasOwn(on, event);
}
