import { type Clock, type Timer, TokenBucket } from '../../clock/index.ts';
import { type CommandOp, encode, limits, type Op } from '../../protocol/index.ts';
import type { PageRow } from '../../storage/index.ts';
import type { Tree } from '../../tree/index.ts';
import type { PageEntry, SocketMemory } from '../host.ts';
import type { ClientConnection } from './client-connection.ts';
import { Outbox } from './outbox.ts';
import type { Traffic } from './traffic.ts';

/**
 * The rate at which a page sends changes without a user event: task reports, signals of other
 * pages, timers. With the burst, a second has at most 60 patches, the rate of a screen. The latest
 * value wins, and the last one always arrives.
 */
const unasked = { burst: 12, perSecond: 48 };
/** A page counts as at rest after this many milliseconds without a change, or up to twice as many. */
const restAfter = 1_000;

/** The parts of a page that its delivery uses. */
export interface DeliveryHost {
  readonly id: string;
  readonly clock: Clock;
  readonly tree: Tree;
  /** True when a change of the page waits for the next commit. */
  readonly dirty: boolean;
  readonly record: {
    /** True from the first hello on. */
    readonly persistent: boolean;
    readonly ended: boolean;
    /** True when the next commit stores the page's row. */
    readonly dirty: boolean;
    /** Called when the next commit must store the page's row. */
    touch(): void;
    /** Called when the page is at rest. */
    rested(): void;
  };
  readonly build: {
    /** Defined while the tree is being built and must not be shown. */
    readonly running: unknown;
  };
  readonly commands: {
    /** True when there is something to take. */
    readonly ready: boolean;
    /** Returns what has become ready since the last call, for the browser that shows the page. */
    take(): CommandOp[];
    /** Called when the browser needs all commands. */
    again(): void;
  };
  readonly answers: {
    /** True while a request for an answer must not be shown yet. */
    readonly unsafe: boolean;
  };
  readonly handlers: {
    /** The number of handlers that have not ended. */
    readonly count: number;
    /** Called when the page has come to rest. */
    rested(): void;
  };
  readonly inbox: {
    /** The number of the last event that was applied. */
    readonly event: number;
  };
  readonly log: { write(entry: PageEntry): void };
  readonly owner: {
    /** The budget of the session's browsers. */
    readonly traffic: Traffic;
    /** Returns the checksum at rest that the socket of a page remembers. */
    restOf(page: string): number | undefined;
  };
  /** Called when the browser that said hello has received the page. */
  watchedChanged(): void;
  /** Called when a connection is no longer usable. */
  drop(link: ClientConnection): void;
}

/**
 * Sends the changes of a page's tree to its browser: as patches, or as one snapshot when the
 * browser missed too many.
 *
 * ```
 *   tree ──take──► outbox ──► link ──► browser          behind: changes wait in the tree, merged
 *                    │                                  gone:   patches wait in the outbox, as far as there is room
 *                    └── since(n) ──► who returns       rest:   a checksum of the tree, so that waking costs nothing
 * ```
 */
export class Delivery {
  readonly #page: DeliveryHost;
  readonly #outbox: Outbox;
  /** The one browser that shows the page, because a page is one tab. */
  #link: ClientConnection | undefined;
  /** The number of the last patch that contained new nodes. */
  #inserted = 0;
  /** The checksum of the tree since the page came to rest; null while it changes. */
  #rest: number | null = null;
  /** The stored row, when the rebuilt tree equals the tree that was at rest. */
  #proven: PageRow | undefined;
  #flushing = false;
  #pace: TokenBucket | undefined;
  #resting: Timer | undefined;
  /** True when the session has committed since the rest timer started. */
  #restless = false;
  #slow: Timer | undefined;
  /** The timer that shows paced changes. */
  #paced: Timer | undefined;
  /** The number of the last snapshot. */
  #snapshot = 0;
  /** When the last snapshot was sent; undefined once a browser has acknowledged it. */
  #snapshotAt = Number.NEGATIVE_INFINITY;
  /** The timer that answers a hello later. */
  #welcoming: Timer | undefined;
  /** True once a document has the page. */
  #painted = false;

  /**
   * @param epoch names the run of patches that begins now.
   * @param frame the number of the last patch before this activation.
   */
  constructor(page: DeliveryHost, epoch: number, frame: number) {
    this.#page = page;
    this.#outbox = new Outbox(epoch, frame);
  }

  /** The name of the present run of patches. */
  get epoch(): number {
    return this.#outbox.epoch;
  }

  /** The number of the last patch. */
  get frame(): number {
    return this.#outbox.frame;
  }

  get rest(): number | null {
    return this.#rest;
  }

  get link(): ClientConnection | undefined {
    return this.#link;
  }

  get watched(): boolean {
    return this.#link?.open === true && this.#link.greeted;
  }

  /** True while the browser has not acknowledged the last patch that contained new nodes. */
  get unseen(): boolean {
    return this.#inserted > (this.#link?.acknowledged ?? 0);
  }

  /** Compares the rebuilt tree with the checksum of the tree that the browser has. */
  rebuilt(row: PageRow): void {
    const rest = this.#page.owner.restOf(this.#page.id) ?? row.rest;
    if (rest !== null && this.#page.tree.checksum() === rest) this.#proven = { ...row, rest };
  }

  // ---- browsers

  /**
   * Returns true when a snapshot on its way answers a hello of the browser: the hello names another
   * run of patches, so it was sent before the snapshot arrived.
   */
  hasAnswered(link: ClientConnection, epoch: number): boolean {
    const underWay = link === this.#link && link.greeted && this.#isSnapshotOnItsWay;
    return underWay && epoch !== 0 && epoch !== this.#outbox.epoch;
  }

  /** Starts to retain patches for a browser that said hello, while its events are applied. */
  take(link: ClientConnection, epoch: number, frame: number): void {
    if (this.#link && this.#link !== link) replaced(this.#link);
    this.#welcoming = this.#clear(this.#welcoming);
    link.greeted = false;
    this.#link = link;
    this.#page.commands.again();
    // Because patches continue the numbers of this activation.
    this.#proven = undefined;
    if (epoch !== this.#outbox.epoch || frame > this.#outbox.frame) return;
    link.acknowledged = frame;
    if (frame >= this.#snapshot) this.#snapshotAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Sends the browser, whose last patch was `frame` of `epoch`, what it missed: now, or when the
   * budget allows.
   */
  welcome(link: ClientConnection, epoch: number, frame: number): void {
    const { clock, owner, inbox } = this.#page;
    // Because a short hello asks for a whole page, a browser that never reads could request it
    // without end.
    const wait = Math.max(owner.traffic.welcomeWait(clock.now()), this.#isSnapshotOnItsWay ? limits.snapshotPause : 0);
    if (wait > 0) {
      this.#welcoming = clock.after(wait, () => {
        this.#welcoming = undefined;
        if (link === this.#link && link.open) this.welcome(link, epoch, frame);
      });
      return;
    }
    this.flush();
    link.greeted = true;
    const missed = epoch === this.#outbox.epoch ? this.#outbox.since(frame) : undefined;
    if (missed) {
      link.acknowledged = frame;
      link.sent = this.#outbox.frame;
      link.sendFrame(['w', this.#outbox.epoch, this.#outbox.frame - missed.length, inbox.event]);
      this.#sendMissed(link, missed);
    } else {
      this.#sendSnapshot(link);
    }
    this.#remember(link, -1);
    this.flush();
    this.#page.watchedChanged();
  }

  #sendMissed(link: ClientConnection, missed: readonly string[]): void {
    if (missed.length === 0) return;
    const { clock, owner } = this.#page;
    let frame = this.#outbox.frame - missed.length;
    for (const patch of missed) link.sendNumbered(++frame, patch);
    const bytes = missed.reduce((sum, patch) => sum + patch.length, 0);
    owner.traffic.welcomed(clock.now(), bytes);
  }

  /** Attaches a browser whose socket survived hibernation. @returns false when a newer one is attached. */
  attach(link: ClientConnection, memory: SocketMemory): boolean {
    if (this.watched && this.#link !== link) {
      // Because a browser that said hello after the wake is newer than one whose socket slept.
      replaced(link);
      return false;
    }
    this.#link = link;
    this.#page.commands.again();
    const proven = this.#proven;
    const missed =
      proven && proven.epoch === memory.epoch && proven.frame === memory.frame
        ? this.#outbox.since(memory.frame)
        : undefined;
    if (proven && missed) {
      // Because the browser has exactly this tree, the numbers continue.
      this.#outbox.epoch = proven.epoch;
      if (this.#outbox.frame === proven.frame) this.#rest = proven.rest;
      else this.#remember(link, -1);
      link.acknowledged = memory.acknowledged;
      this.#inserted = memory.frame;
      // Because the rebuilt page may have changed before its browser was attached.
      link.sent = this.#outbox.frame;
      this.#sendMissed(link, missed);
    } else {
      this.#sendSnapshot(link);
      this.#remember(link, -1);
    }
    this.flush();
    return true;
  }

  /** Records that the browser has read all patches up to `frame`. */
  acknowledge(link: ClientConnection, frame: number): void {
    if (link !== this.#link) return;
    if (frame > link.sent) {
      link.end('refused', `Patch ${frame} was acknowledged, but ${link.sent} is the last one sent.`);
      return;
    }
    const freed = link.received(frame);
    if (frame >= this.#snapshot) this.#snapshotAt = Number.NEGATIVE_INFINITY;
    if (frame <= link.acknowledged) {
      if (freed) this.flush();
      return;
    }
    link.acknowledged = frame;
    this.#outbox.trim(frame);
    if (this.#rest !== null) this.#remember(link, this.#outbox.frame);
    this.flush();
  }

  /** Detaches a browser. @returns false when another one is attached. */
  release(link: ClientConnection): boolean {
    link.open = false;
    if (link !== this.#link) return false;
    this.#link = undefined;
    this.#slow = this.#clear(this.#slow);
    this.#welcoming = this.#clear(this.#welcoming);
    return true;
  }

  // ---- patches

  /** Called when a document takes the page: its browser misses what changes from now on, until its hello. */
  painted(): void {
    this.flush();
    this.#painted = true;
  }

  /** Sends all changes now. */
  flush(): void {
    const { tree, build, record, inbox, answers, commands } = this.#page;
    const link = this.#link;
    const live = link?.open === true && link.greeted;
    if (!tree.dirty && !(live && commands.ready)) return;
    if (build.running || record.ended || answers.unsafe) return;
    if (live) {
      if (link.behind || (tree.overflowed && this.#isSnapshotOnItsWay)) {
        this.#holdBack(link);
        return;
      }
      if (tree.overflowed) this.#sendSnapshot(link);
      const ops = tree.take(inbox.event);
      const calls = commands.ready ? commands.take() : none;
      if (ops.length + calls.length > 0) {
        // Without the commands: a browser that returns gets those that are open, and no other.
        const retained = this.#push(ops);
        const { frame } = this.#outbox;
        link.sendNumbered(frame, calls.length === 0 ? retained : encode([frame, ...ops, ...calls]));
      }
    } else if (!record.persistent && !this.#painted) {
      // Because no browser knows the page yet.
      tree.discard();
    } else if (this.#outbox.roomy && !tree.overflowed) {
      const ops = tree.take(inbox.event);
      if (ops.length > 0) this.#push(ops);
    } else {
      tree.discard();
      this.#outbox.skip();
    }
    // Not again for the changes of an event, each of which has touched the record.
    if (!record.dirty || this.#rest !== null) record.touch();
  }

  /** Sends changes that no user event caused, when the running code yields the thread. */
  flushSoon(): void {
    if (this.#flushing || this.#page.record.ended) return;
    this.#flushing = true;
    // Because the end of code after an await cannot be observed, all it does before it yields is
    // one turn.
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flushPaced();
    });
  }

  /** Sends changes now, or at the next time that the rate allows. */
  #flushPaced(): void {
    const { clock, tree, record } = this.#page;
    if (!tree.dirty || this.#paced !== undefined || record.ended) return;
    this.#pace ??= new TokenBucket(unasked);
    const wait = this.watched ? this.#pace.take(clock.now()) : 0;
    if (wait === 0) {
      this.flush();
      return;
    }
    this.#paced = clock.after(wait, () => {
      this.#paced = undefined;
      this.#flushPaced();
    });
  }

  #push(ops: readonly (Op | number)[]): string {
    const text = this.#outbox.push(ops);
    if (ops.some((op) => typeof op !== 'number' && op[0] === '+')) this.#inserted = this.#outbox.frame;
    return text;
  }

  #sendSnapshot(link: ClientConnection): void {
    const { id, tree, inbox, record, clock, owner } = this.#page;
    tree.discard();
    this.#outbox.skip();
    const { epoch, frame } = this.#outbox;
    const text = encode(['s', id, epoch, frame, inbox.event, tree.literal()]);
    link.acknowledged = frame;
    link.sendNumbered(frame, text);
    this.#snapshot = frame;
    this.#snapshotAt = clock.now();
    owner.traffic.welcomed(this.#snapshotAt, text.length);
    record.touch();
  }

  get #isSnapshotOnItsWay(): boolean {
    const elapsed = this.#page.clock.now() - this.#snapshotAt;
    // Because a clock that was set back gives a negative number, and a browser must not wait for
    // hours.
    return elapsed >= 0 && elapsed < limits.snapshotPause;
  }

  /** Merges changes while the browser is behind, and disconnects it when it has read nothing for long. */
  #holdBack(link: ClientConnection): void {
    if (this.#slow !== undefined) return;
    const { clock } = this.#page;
    const seen = link.acknowledged;
    this.#slow = clock.after(1_000, () => {
      this.#slow = undefined;
      if (link !== this.#link || !link.open) return;
      const now = clock.now();
      if (link.acknowledged > seen || !link.behind) link.behindSince = undefined;
      else link.behindSince ??= now - 1_000;
      if (link.behindSince !== undefined && now - link.behindSince >= limits.slowClient) {
        this.#page.log.write({
          level: 'info',
          fault: 'network',
          message: 'Disconnected a browser that stopped reading.',
        });
        link.end('slow', 'The connection was too slow.');
        this.#page.drop(link);
        return;
      }
      this.flush();
    });
  }

  // ---- commits and rest

  /**
   * Records that the page changes. Call it before sending, because the checksum stored with the
   * socket becomes invalid.
   */
  stir(): void {
    if (this.#rest !== null && this.#link) this.#remember(this.#link, -1);
    this.#rest = null;
  }

  /** Acknowledges the events whose effects were committed. */
  committed(): void {
    const link = this.#link;
    const { event } = this.#page.inbox;
    if (link?.greeted && link.open && link.eventAcknowledged < event) {
      link.eventAcknowledged = event;
      link.sendFrame(['a', event]);
    }
    if (this.#rest === null) this.#restSoon();
  }

  /** Stores, after a quiet time, which tree the browser has, so that it needs nothing after a wake. */
  #restSoon(): void {
    // Because a new timer for each commit of a busy second would cost more than it saves.
    this.#restless = this.#resting !== undefined;
    this.#resting ??= this.#page.clock.after(restAfter, () => {
      this.#resting = undefined;
      if (this.#restless) {
        this.#restSoon();
        return;
      }
      const { record, build, handlers, tree, dirty } = this.#page;
      if (record.ended || build.running || tree.dirty || dirty) return;
      handlers.rested();
      if (handlers.count > 0) return;
      this.#rest = this.#page.tree.checksum();
      if (this.#link) this.#remember(this.#link, this.#outbox.frame);
      this.#page.record.rested();
    });
  }

  /** Stores with the socket which tree the browser has, for a wake from hibernation. */
  #remember(link: ClientConnection, frame: number): void {
    const { epoch } = this.#outbox;
    // With the socket, not in the row of the page: a row costs three hundred times as much as a request.
    const rest = frame < 0 || this.#rest === null ? {} : { rest: this.#rest };
    link.remember({ page: this.#page.id, epoch, frame, acknowledged: link.acknowledged, ...rest });
  }

  /** Returns why the browser prevents hibernation, as sentences. */
  whyAwake(): string[] {
    const reasons: string[] = [];
    if (this.#resting !== undefined) reasons.push('a page that has just come to rest');
    if (this.#slow !== undefined) reasons.push('a browser that reads slowly');
    if (this.#paced !== undefined) reasons.push('changes that wait to be shown');
    if (this.#welcoming !== undefined) reasons.push('a browser that waits for its page');
    return reasons;
  }

  /** Stops all timers, silently. */
  end(): void {
    for (const timer of [this.#resting, this.#slow, this.#paced, this.#welcoming]) this.#clear(timer);
  }

  #clear(timer: Timer | undefined): undefined {
    if (timer !== undefined) this.#page.clock.clear(timer);
  }
}

const none: readonly CommandOp[] = [];

function replaced(link: ClientConnection): void {
  link.end('replaced', 'Another window has opened this page.');
}
