import type { Clock } from '../../clock/index.ts';
import { AsyncContext } from '../../context/index.ts';
import { pageHost } from '../../elements/index.ts';
import type { EventFrame, HelloFrame, Paint } from '../../protocol/index.ts';
import type { SettledResult } from '../../rpc/index.ts';
import { PageShares, type Shares } from '../../shared/index.ts';
import { type DueRow, type PageRow, parked, type Store, type UnitOfWork } from '../../storage/index.ts';
import { type JobRegistry, jobRegistry, type TaskHost, taskHost } from '../../tasks/index.ts';
import { Tree } from '../../tree/index.ts';
import type { PageDefinition, PageRequest, SessionEntry, SessionHost, SocketMemory } from '../host.ts';
import type { ClientConnection } from '../sync/client-connection.ts';
import { Delivery } from '../sync/delivery.ts';
import { Inbox } from '../sync/inbox.ts';
import type { Traffic } from '../sync/traffic.ts';
import { Answers } from './answers.ts';
import { Awake } from './awake.ts';
import { Build } from './build.ts';
import { CellValues } from './cell-values.ts';
import { Cells } from './cells.ts';
import { PageDue } from './due.ts';
import { ElementHost } from './element-host.ts';
import { Handlers } from './handlers.ts';
import { Notices } from './notices.ts';
import { PageLog } from './page-log.ts';
import { PageRecord } from './page-record.ts';
import { PageTree } from './page-tree.ts';
import { States } from './states.ts';
import { Timers } from './timers.ts';
import { TurnRunner } from './turn.ts';

/**
 * The key of a row that exists while a browser shows the page. It survives a crash, after which the
 * browser may not return.
 */
export const watchedDue = 'watched';

/** Milliseconds after which a page is tried again that could not be stored. */
const retryAfter = 10_000;

/** The parts of a session that a page uses. */
export interface PageOwner {
  readonly host: SessionHost;
  readonly tasks: TaskHost;
  readonly shares: Shares;
  readonly traffic: Traffic;
  readonly registry: JobRegistry;
  /** Pins a job; returns the function that unpins it. */
  holdJob(id: string): () => void;
  /** The page lost its browser. */
  left(page: Page): void;
  /** Called when a change waits for the next commit. */
  commitSoon(page: Page): void;
  log(entry: SessionEntry): void;
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
  readonly request: PageRequest;
  readonly owner: PageOwner;
  readonly host: SessionHost;
  readonly clock: Clock;
  /** The context of all code of the page. */
  readonly scope: AsyncContext;
  readonly log: PageLog;
  readonly cells = new Cells();
  readonly record: PageRecord;
  readonly due: PageDue;
  readonly values = new CellValues(this);
  readonly runner = new TurnRunner(this);
  readonly notices = new Notices(this);
  readonly pageTree: PageTree;
  readonly answers: Answers;
  readonly handlers: Handlers;
  readonly states = new States(this);
  readonly timers: Timers;
  readonly awake = new Awake(this);
  readonly elements = new ElementHost(this);
  readonly build = new Build(this);
  readonly inbox: Inbox;
  readonly delivery: Delivery;
  readonly shares: PageShares;
  readonly tree: Tree;
  /** True while the page cannot be stored. */
  #stuck = false;

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
      .with(pageHost, this.elements)
      .with(taskHost, owner.tasks)
      .with(jobRegistry, owner.registry);
    this.due = new PageDue(this);
    this.log = new PageLog(owner, definition.pattern);
    this.record = new PageRecord(this, row, () => owner.commitSoon(this));
    // Names this stay in memory. It also names a new run of patches, until the rebuilt tree proves to be the one that browsers have.
    const activation = 1 + Math.floor(host.clock.random() * 0x7ffffffe);
    this.delivery = new Delivery(this, activation, row?.frame ?? 0);
    this.inbox = new Inbox(this, row?.event ?? 0);
    this.answers = new Answers(this);
    this.handlers = new Handlers(this, activation);
    this.timers = new Timers(this);
    this.shares = new PageShares(this, owner.shares, this.elements);
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

  /** The budget of the session's browsers. */
  get traffic(): Traffic {
    return this.owner.traffic;
  }

  /** Returns the data that a document needs to show the page. */
  paint(): Paint {
    const { delivery, tree } = this;
    delivery.flush();
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

  /** Handles a hello: applies the pending events, then sends what the browser missed. */
  greet(link: ClientConnection, hello: HelloFrame): void {
    const [, , , epoch, frame, events] = hello;
    this.delivery.take(link, epoch, frame);
    this.record.persistent = true;
    this.record.touch();
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
    this.delivery.welcome(link, epoch, frame);
  }

  /** The browser that said hello has the page, and watches it from now on. */
  welcomed(): void {
    this.#watchedChanged();
  }

  /** A browser whose socket outlived the object's sleep. */
  attach(link: ClientConnection, memory: SocketMemory): void {
    this.record.persistent = true;
    if (this.delivery.attach(link, memory)) this.#watchedChanged();
  }

  /** One event from the browser. */
  receive(link: ClientConnection, event: EventFrame): void {
    if (link === this.delivery.link) this.inbox.accept(link, event);
  }

  /** The socket is gone. */
  drop(link: ClientConnection): void {
    if (!this.delivery.release(link)) return;
    this.unwatchedSince = this.clock.now();
    this.record.left();
    this.#watchedChanged();
    this.owner.left(this);
  }

  #watchedChanged(): void {
    if (this.record.ended) return;
    const watched = this.delivery.watched ? parked : undefined;
    if (this.due.at(watchedDue) !== watched) this.due.set(watchedDue, watched);
    this.timers.watchedChanged();
    this.shares.watchedChanged();
    this.awake.changed();
  }

  // ---- durability

  /** True when something of the page waits to be committed. */
  get dirty(): boolean {
    const { build, record, cells, due } = this;
    return build.ready && record.persistent && !record.ended && (record.dirty || cells.dirty || due.dirty);
  }

  /**
   * Encodes the rows of all changes. A page that cannot be stored shows a notice, acknowledges
   * nothing, and is retried.
   */
  prepare(): boolean {
    try {
      this.handlers.save();
      this.cells.prepare();
      this.#stuck = false;
      return true;
    } catch (error) {
      if (this.#stuck) return false;
      this.#stuck = true;
      const message =
        'A page could not be saved. Its events stay unacknowledged until a retry succeeds; other pages are saved.';
      this.log.write({ level: 'error', fault: 'author', message, error });
      this.notices.trouble();
      this.#retry();
      return false;
    }
  }

  #retry(): void {
    this.clock.after(retryAfter, () => {
      if (!this.#stuck || this.record.ended) return;
      this.owner.commitSoon(this);
      this.#retry();
    });
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
    try {
      this.notices.relief();
      this.delivery.committed();
    } catch (error) {
      // Because other pages are in the same commit.
      this.log.write({ level: 'error', fault: 'framework', message: 'A commit could not be acknowledged.', error });
    }
    if (this.answers.show()) this.delivery.flush();
  }

  /** The transaction failed: nothing is acknowledged, and the page says so. */
  unpersisted(): void {
    this.answers.show();
    this.notices.trouble();
  }

  /** The alarm found a row of this page due. */
  dueNow({ key }: DueRow): void {
    if (this.handlers.dueNow(key) || this.timers.dueNow(key)) return;
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
    this.abandon();
  }

  /** Stops everything, silently. */
  abandon(): void {
    this.record.ended = true;
    this.delivery.end();
    this.awake.end();
    this.tree.dispose();
    this.shares.end();
  }
}
