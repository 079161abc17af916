import type { Clock } from '../../clock/index.ts';
import { AsyncContext } from '../../context/index.ts';
import { pageHost } from '../../elements/index.ts';
import { type FileReader, fileReader } from '../../file-ref/index.ts';
import type { FileEvent, Files } from '../../files/index.ts';
import type { EventFrame, HelloFrame, Moved, Paint } from '../../protocol/index.ts';
import type { SettledResult } from '../../rpc/index.ts';
import { PageShares, type Shares } from '../../shared/index.ts';
import { type DueRow, type PageRow, parked, type Store, type UnitOfWork } from '../../storage/index.ts';
import { PageValues, type Values } from '../../stores/index.ts';
import { type JobRegistry, jobRegistry, type TaskHost, taskHost } from '../../tasks/index.ts';
import { checksum, type Key, Tree } from '../../tree/index.ts';
import type { PageDefinition, PageRequest, SessionEntry, SessionHost, SocketMemory } from '../host.ts';
import type { ClientConnection } from '../sync/client-connection.ts';
import { Delivery } from '../sync/delivery.ts';
import { Inbox } from '../sync/inbox.ts';
import type { Traffic } from '../sync/traffic.ts';
import type { Visitor } from '../visitor.ts';
import { Answers } from './answers.ts';
import { Awake } from './awake.ts';
import { Build } from './build.ts';
import { CellValues } from './cell-values.ts';
import { Cells } from './cells.ts';
import { Commands } from './commands.ts';
import { PageDue } from './due.ts';
import { ElementHost } from './element-host.ts';
import { Handlers } from './handlers.ts';
import { InPlaceChanges } from './in-place.ts';
import { Notices } from './notices.ts';
import { OnceReads } from './once-reads.ts';
import { PageLog } from './page-log.ts';
import { PageRecord } from './page-record.ts';
import { PageTree } from './page-tree.ts';
import { Presence } from './presence.ts';
import { States } from './states.ts';
import { Timers } from './timers.ts';
import { TurnRunner } from './turn.ts';

/**
 * The key of a row that exists while a browser shows the page. It survives a crash, after which the
 * browser may not return.
 */
export const watchedDue = 'watched';

/** The parts of a session that a page uses. */
export interface PageOwner {
  readonly host: SessionHost;
  readonly tasks: TaskHost;
  readonly shares: Shares;
  readonly values: Values;
  readonly traffic: Traffic;
  readonly registry: JobRegistry;
  readonly files: Files;
  readonly fileReader: FileReader;
  readonly jobs: {
    /** Pins a job; returns the function that unpins it. */
    hold(id: string): () => void;
    /** Called when a page lost its browser. */
    left(page: string): void;
  };
  /** Called when a change waits for the next commit. */
  commitSoon(page: Page): void;
  /** Commits soon, and resolves when all present changes are durable. */
  durable(): Promise<void>;
  log(entry: SessionEntry): void;
  /** The visitor of the newest socket of a page. */
  visitorOf(page: string): Visitor | undefined;
  /** The checksum of the tree at rest that the newest socket of a page remembers. */
  restOf(page: string): number | undefined;
  readonly events: {
    /** Takes a stored event of `app.send`. */
    take(channel: string): SettledResult | undefined;
  };
}

/**
 * A live page: its parts, and what happens to several of them at once. The parts know each other;
 * nothing between two of them goes through the page.
 *
 * ```
 *   browser ──► inbox ──► handlers ──► elements, states ──► tree ──► delivery ──► browser
 *                 │           │               │               │
 *                 └─ runner: one turn         └──── cells ◄───┘ page tree      record, due: what waits for the commit
 *
 *   new ──build──► running ──► ready ◄──── greet / drop (a browser comes and goes)
 *                     │           │
 *                     └─► failure └──► ended (by policy, or revoked)
 * ```
 */
export class Page implements UnitOfWork {
  readonly id: string;
  readonly definition: PageDefinition;
  /** The request that the page shows; another one of its pattern after {@link Page.move}. */
  request: PageRequest;
  readonly owner: PageOwner;
  readonly host: SessionHost;
  readonly clock: Clock;
  /** The context of all code of the page. */
  readonly scope: AsyncContext;
  readonly log: PageLog;
  /** Hears of reads and changes, in development. */
  readonly once: OnceReads | undefined;
  readonly inPlace: InPlaceChanges | undefined;
  readonly cells = new Cells();
  readonly record: PageRecord;
  readonly due: PageDue;
  readonly values = new CellValues(this);
  readonly runner = new TurnRunner(this);
  readonly notices = new Notices(this);
  readonly commands = new Commands(this);
  readonly pageTree: PageTree;
  readonly answers: Answers;
  readonly handlers: Handlers;
  readonly states = new States(this);
  readonly timers: Timers;
  readonly presence = new Presence(this);
  readonly awake = new Awake(this);
  readonly elements = new ElementHost(this);
  readonly build = new Build(this);
  readonly inbox: Inbox;
  readonly delivery: Delivery;
  readonly shares: PageShares;
  readonly stored: PageValues;
  readonly tree: Tree;

  /** When the page was built, or lost its last browser. */
  unwatchedSince: number;

  constructor(owner: PageOwner, id: string, definition: PageDefinition, request: PageRequest, row?: PageRow) {
    const { host } = owner;
    this.id = id;
    this.definition = definition;
    this.request = request;
    this.owner = owner;
    this.host = host;
    this.clock = host.clock;
    this.unwatchedSince = host.clock.now();
    this.scope = AsyncContext.empty
      .with(fileReader, owner.fileReader)
      .with(taskHost, owner.tasks)
      .with(jobRegistry, owner.registry)
      // Last, because each element looks for it.
      .with(pageHost, this.elements);
    this.due = new PageDue(this);
    this.log = new PageLog(owner, definition.pattern);
    if (host.development) {
      this.once = new OnceReads(this);
      this.inPlace = new InPlaceChanges(this);
    }
    this.record = new PageRecord(this, row, () => owner.commitSoon(this));
    // Names this stay in memory. It also names a new run of patches, until the rebuilt tree proves to be the one that browsers have.
    const activation = 1 + Math.floor(host.clock.random() * 0x7ffffffe);
    this.delivery = new Delivery(this, activation, row?.frame ?? 0);
    this.inbox = new Inbox(this, row?.event ?? 0);
    this.answers = new Answers(this);
    this.handlers = new Handlers(this, activation);
    this.timers = new Timers(this);
    this.shares = new PageShares(this, owner, this.elements);
    this.stored = new PageValues(this, owner.values, this.elements);
    this.pageTree = new PageTree(this, activation, row?.built ?? 0);
    if (row) this.#load(host.store, row.build !== host.build);
    this.tree = new Tree(this.pageTree);
  }

  /** @param otherBuild true when another build of the application has stored the page. */
  #load(store: Store, otherBuild: boolean): void {
    this.due.load(store);
    const unreadable = this.cells.load(store.cells(this.id), otherBuild);
    if (unreadable.length === 0) return;
    const message = `Dropped unreadable cells ${unreadable.join(', ')}.`;
    this.log.write({ level: 'warning', fault: 'framework', message });
  }

  // ---- browsers

  /** Returns the data that a document needs to show the page. */
  paint(): Paint {
    const { delivery, tree } = this;
    if (tree.hasSecrets) this.runner.turn(() => tree.forgetSecrets());
    delivery.painted();
    const title = tree.root.props.title;
    return {
      page: this.id,
      // The tree may be ahead of its patches, when they wait for a browser that does not read: epoch 0 asks for all of it.
      epoch: tree.dirty ? 0 : delivery.epoch,
      frame: delivery.frame,
      event: this.inbox.event,
      tree: tree.literal(),
      path: this.request.path,
      title: typeof title === 'string' ? title : '',
    };
  }

  /** The visitor who loaded the page. */
  opener: Visitor | undefined;

  /** The visitor whose browser shows the page, or has loaded it. */
  get visitor(): Visitor | undefined {
    return this.owner.visitorOf(this.id) ?? this.opener;
  }

  /** The number of sockets when the page moved last: what an older one asks for is out of date. */
  movedAt = 0;

  /** Returns true when the page can show another request in place. */
  canMove(definition: PageDefinition, request: PageRequest): boolean {
    const { build, record, elements } = this;
    if (!build.ready || build.running || record.ended || definition.pattern !== this.definition.pattern) return false;
    const own = (one: PageRequest) => JSON.stringify(Object.entries(one.params).sort());
    return own(request) === own(this.request) && elements.location.accepts(request.path);
  }

  /**
   * Shows another request in place, by the parts that follow the address.
   *
   * @throws {Redirect} from a sub page, which leaves the page as it was.
   */
  move(request: PageRequest): void {
    this.runner.turn(() => this.runner.inside(this.tree.root, true, () => this.elements.location.move(request.path)));
    this.request = request;
    this.record.touch();
  }

  /** Returns what a tab needs that shows the page already: which patch has its last change. */
  moved(): Moved {
    const { delivery } = this;
    delivery.flush();
    return { page: this.id, epoch: delivery.epoch, frame: delivery.frame, path: this.request.path };
  }

  /** Handles a hello: applies the pending events, then sends what the browser missed. */
  greet(link: ClientConnection, hello: HelloFrame): void {
    const [, , , epoch, frame, events] = hello;
    this.inbox.forget();
    const answered = this.delivery.hasAnswered(link, epoch);
    if (!answered) this.delivery.take(link, epoch, frame);
    this.record.persistent = true;
    this.record.shown();
    const first = events[0];
    if (first && first[0] > this.inbox.event + 1) {
      // Because these events were meant for an expired page, whose earlier events it acknowledged.
      // The snapshot tells the browser that its numbers begin anew, and the browser notifies its
      // user.
      const message = `Dropped ${events.length} events of an expired page.`;
      this.log.write({ level: 'info', fault: 'network', message });
    } else {
      for (const event of events) if (!link.admit(1) || !this.inbox.accept(link, event)) return;
    }
    if (!answered) this.delivery.welcome(link, epoch, frame);
  }

  /** A browser whose socket outlived the object's sleep. */
  attach(link: ClientConnection, memory: SocketMemory): void {
    this.record.persistent = true;
    if (this.delivery.attach(link, memory)) this.watchedChanged();
  }

  /** One event from the browser. */
  receive(link: ClientConnection, event: EventFrame): void {
    if (link === this.delivery.link) this.inbox.accept(link, event);
  }

  /**
   * Has an element hear events that the session itself sends.
   *
   * @param events returns them, in the same turn.
   * @returns false when the element is gone.
   */
  hear(key: Key, events: () => readonly FileEvent[]): boolean {
    const node = this.tree.at(key);
    if (!node?.alive) return false;
    this.record.touch();
    this.runner.turn(() => {
      for (const [event, name, value] of events()) {
        const listeners = [...(node.listeners?.get(event) ?? [])];
        for (const [index, listener] of listeners.entries()) {
          this.handlers.hear(node, event, listener, value, checksum(`${event} ${name} ${index}`));
        }
      }
    });
    return true;
  }

  /**
   * Gives a frame of its camera to an element. The handler runs without a journal, because a frame is not stored.
   *
   * @returns what settles when the handler has ended; undefined when the element takes no frame.
   */
  frame(id: number, bytes: Uint8Array): Promise<unknown> | undefined {
    const node = this.tree.get(id);
    const listener = node?.kind === 'camera' && node.shown && node.enabled && node.listeners?.get('frame')?.[0];
    if (!node || !listener) return undefined;
    return Promise.resolve(this.runner.guarded(node, undefined, () => listener.hear(bytes as never, 'frame')));
  }

  /** The socket is gone. */
  drop(link: ClientConnection): void {
    if (!this.delivery.release(link)) return;
    this.unwatchedSince = this.clock.now();
    this.record.left();
    this.watchedChanged();
    this.owner.jobs.left(this.id);
  }

  /** Adapts the page to whether a browser shows it. */
  watchedChanged(): void {
    if (this.record.ended) return;
    const watched = this.delivery.watched ? parked : undefined;
    if (this.due.at(watchedDue) !== watched) this.due.set(watchedDue, watched);
    this.timers.watchedChanged();
    this.presence.changed();
    this.shares.watchedChanged();
    this.awake.changed();
  }

  // ---- durability

  /** True when something of the page waits to be committed. */
  get dirty(): boolean {
    const { build, record, cells, due } = this;
    return build.ready && record.persistent && !record.ended && (record.dirty || cells.dirty || due.dirty);
  }

  /** Encodes the rows of all changes. What cannot be stored was refused where it was written. */
  prepare(): void {
    this.handlers.save();
    this.cells.prepare();
  }

  /** Writes all that waits into the running transaction. */
  persist(store: Store): void {
    this.cells.persist(store, this.id);
    this.due.persist(store);
    this.record.persist(store);
  }

  /** The transaction succeeded: events whose effects it holds are acknowledged. */
  persisted(): void {
    this.cells.persisted();
    this.due.persisted();
    this.record.persisted();
    this.commands.committed();
    if (this.answers.show() || this.commands.ready) this.delivery.flush();
    try {
      this.notices.committed();
      this.notices.relief();
      this.delivery.committed();
    } catch (error) {
      // Because other pages are in the same commit.
      this.log.write({ level: 'error', fault: 'framework', message: 'A commit could not be acknowledged.', error });
    }
  }

  /** The transaction failed: nothing is acknowledged, and the page says so. */
  unpersisted(): void {
    this.answers.show();
    this.notices.committed();
    this.notices.trouble();
  }

  /** The alarm found a row of this page due. */
  dueNow({ key }: DueRow): void {
    if (this.handlers.dueNow(key) || this.timers.dueNow(key) || this.presence.dueNow(key)) return;
    this.due.set(key, undefined);
  }

  /** True when nothing of the page would be lost with its memory. */
  get restful(): boolean {
    return this.awake.strays === 0 && this.whyAwake().length === 0;
  }

  /** Returns why the page prevents hibernation, as sentences. */
  whyAwake(): string[] {
    const { handlers, timers, awake } = this;
    const reasons: string[] = [];
    if (this.dirty) reasons.push('changes that wait for their commit');
    if (this.build.running) reasons.push('a page function that has not returned');
    if (handlers.atWork > 0) reasons.push(`${handlers.atWork} handlers that have not ended`);
    if (timers.pending > 0) reasons.push(`${timers.pending} timers shorter than 10 s, or made by a handler`);
    return [...reasons, ...awake.reasons, ...this.delivery.whyAwake()];
  }

  /** Called when the last open handler has ended. Its effects stay as long as the session stores pages. */
  workEnded(): void {
    if (!this.delivery.watched) this.due.set('idle', this.clock.now() + this.host.policy.pageIdle);
  }

  // ---- the end

  /** Ends the page: notifies its browser and stops its effects. The session deletes the rows. */
  end(reason: 'gone' | 'revoked', message: string): void {
    if (this.record.ended) return;
    this.delivery.link?.end(reason, message);
    this.handlers.halt();
    this.notices.committed();
    this.abandon();
  }

  /**
   * Gives the place to a page that another version of the application builds. From now on, nothing
   * that this one's code does has an effect. Returns what ends the subscriptions; call it when the
   * new page has its own.
   */
  retire(): () => void {
    this.record.retired = true;
    this.shares.retire();
    this.handlers.halt();
    this.#stop();
    this.build.stop();
    return () => this.shares.end();
  }

  /** Stops everything, silently. */
  abandon(): void {
    this.#stop();
    this.shares.end();
  }

  #stop(): void {
    this.record.ended = true;
    this.stored.end();
    this.inbox.forget();
    this.delivery.end();
    this.awake.end();
    this.tree.dispose();
  }
}
